import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ImportRuns } from '../../src/server/imports/importRuns.ts';
import { Random } from '../../src/server/seed/random.ts';
import { SqliteStore } from '../../src/server/store/sqlite/sqliteStore.ts';
import { temporaryDirectory } from './support/app.ts';
import { randomSeed } from './support/randomSeed.ts';

const script = fileURLToPath(new URL('support/importUntilKilled.ts', import.meta.url));
/** One more than are taken in at once, so that there are two transactions of contacts. */
const cards = 501;
/** How many contacts there are at least after so many transactions that were answered. */
const afterCommits = [0, 0, 500, 501, 501];
/** How many calls to kill it at, beside those around each COMMIT; `KILLS=all` takes each in turn. */
const kills = process.env['KILLS'] ?? '6';

describe('an import whose process is killed', () => {
  let file: string;
  let calls: string[];
  before(() => {
    file = join(temporaryDirectory(), 'people.vcf');
    const card = (n: number): string => `BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Person ${n}\r\nEND:VCARD\r\n`;
    writeFileSync(file, Array.from({ length: cards }, (_, n) => card(n)).join(''));
    calls = JSON.parse(/\[.*\]/s.exec(run())?.[0] ?? '[]') as string[];
  });
  after(() => rmSync(join(file, '..'), { recursive: true, force: true }));

  /** Runs the import in a folder of its own, or in `folder`. @returns what it said. */
  function run(folder = temporaryDirectory(), ...parameters: string[]): string {
    const { stdout, stderr } = spawnSync(process.execPath, [script, folder, file, ...parameters], { encoding: 'utf8' });
    assert.equal(stderr, '');
    if (parameters.length === 0) rmSync(folder, { recursive: true, force: true });
    return stdout;
  }

  /** Kills it at one call. @returns whether all that it had said was on disk is there. */
  async function isKept(call: number, ...control: string[]): Promise<boolean> {
    const folder = temporaryDirectory();
    const commits = run(folder, String(call), ...control).split('committed').length - 1;
    const store = SqliteStore.open(folder);
    const count = async (): Promise<number> =>
      (await store.contacts.list({ column: 'id', descending: false }, { limit: 1, skip: 0 })).matching;
    const contacts = await count();
    const [noted] = await store.imports.latest(1);
    assert.equal(contacts, noted?.position ?? 0, `killed at ${call}: as many as the import knows of`);
    if (noted !== undefined) {
      const runs = new ImportRuns(store);
      if (noted.state !== 'done') await runs.resume(noted.id);
      assert.equal((await runs.ended(noted.id))?.state, 'done');
      assert.equal(await count(), cards, `killed at ${call}: each once`);
    }
    await store.close();
    rmSync(folder, { recursive: true, force: true });
    return contacts >= (afterCommits[commits] ?? cards) && (commits === 0 || noted !== undefined);
  }

  it(`has all that was committed, ${kills} times and around each COMMIT, and goes on`, async () => {
    const random = new Random(randomSeed());
    const commits = calls.flatMap((sql, index) => (sql === 'COMMIT' ? [index, index + 1] : []));
    assert.equal(commits.length, (afterCommits.length - 1) * 2);
    const some = Array.from({ length: Number(kills) || 0 }, () => random.between(0, calls.length - 1));
    for (const call of kills === 'all' ? calls.keys() : [...commits.slice(0, -1), ...some]) {
      assert.ok(await isKept(call), `killed at ${call} of ${calls.length}: ${calls[call]}`);
    }
  });

  it('is seen to lose what is answered before COMMIT', async () => {
    const commits = calls.flatMap((sql, index) => (sql === 'COMMIT' ? [index] : []));
    const kept = await Promise.all(commits.slice(0, 2).map((call) => isKept(call, 'tooEarly')));
    assert.deepEqual(kept, [false, false]);
  });
});
