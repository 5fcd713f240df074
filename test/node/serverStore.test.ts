import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../../src/server/store/errors.ts';
import { Database } from '../../src/server/store/sqlite/database.ts';
import { Random } from '../../src/server/seed/random.ts';
import { migrations } from '../../src/server/store/sqlite/migrations.ts';
import { SqliteStore, storeSchema } from '../../src/server/store/sqlite/sqliteStore.ts';
import { serverModule } from '../harness/paths.ts';
import { exitOf } from '../harness/processes.ts';
import { temporaryDirectory } from './support/app.ts';
import { randomSeed } from './support/randomSeed.ts';
import { startServer } from './support/serverProcess.ts';

/** How often the server is killed while it writes. */
const rounds = Number(process.env['ROUNDS'] ?? 20);

describe('the store', () => {
  let directory: string;
  let file: string;
  beforeEach(() => {
    directory = temporaryDirectory();
    file = join(directory, 'contacts.db');
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('is in WAL mode, synchronous, with an owner and a version', () => {
    const database = Database.open(directory, storeSchema);
    const value = (pragma: string): unknown => Object.values(database.get(`PRAGMA ${pragma}`) ?? {})[0];
    assert.equal(value('journal_mode'), 'wal');
    assert.equal(value('synchronous'), 2);
    assert.equal(value('foreign_keys'), 1);
    assert.equal(value('trusted_schema'), 0);
    assert.equal(value('busy_timeout'), 5000);
    assert.equal(value('application_id'), 0x43544c55);
    assert.equal(value('user_version'), migrations.length);
    assert.throws(() => database.write((tables) => tables.run("UPDATE sqlite_schema SET sql = ''")), 'defensive mode');
    database.close();
  });

  it('is never begun anew when its file has been emptied or removed', async () => {
    await SqliteStore.open(directory).close();
    truncateSync(file, 0);
    assert.throws(() => SqliteStore.open(directory), StoreError);
    rmSync(file);
    assert.throws(() => SqliteStore.open(directory), StoreError);
  });

  it('leaves a database of another program alone', () => {
    const other = new DatabaseSync(file);
    other.exec('CREATE TABLE theirs (x)');
    other.close();
    const size = statSync(file).size;
    assert.throws(() => SqliteStore.open(directory), StoreError);
    assert.equal(statSync(file).size, size);
    writeFileSync(file, 'no database at all, but long enough to be looked at'.repeat(20));
    assert.throws(() => SqliteStore.open(directory));
  });

  it('brings a store of the first version up to date, and finds its contacts', async () => {
    const first = Database.open(directory, { fileName: 'contacts.db', migrations: migrations.slice(0, 1) });
    first.write((tables) =>
      tables.run(
        "INSERT INTO contact (id, display_name, labels, created_at) VALUES ('con_old', 'Đỗ Cũ', '[\"vip\"]', '2026-01-01T00:00:00.000Z')",
      ),
    );
    first.close();
    const store = SqliteStore.open(directory);
    assert.equal((await store.contacts.get('con_old'))?.display_name, 'Đỗ Cũ');
    for (const query of ['do cu', 'vip', 'con_old']) {
      const { items } = await store.contacts.search(query, undefined, { limit: 10, skip: 0 });
      assert.deepEqual(
        items.map(({ id }) => id),
        ['con_old'],
      );
    }
    await store.close();
  });

  it('does not touch a store of a newer version', async () => {
    await SqliteStore.open(directory).close();
    const newer = new DatabaseSync(file);
    newer.exec('PRAGMA user_version = 99');
    newer.close();
    assert.throws(() => SqliteStore.open(directory), /newer version/);
  });

  it('loses no write of two windows', async () => {
    const servers = await Promise.all([startServer(directory), startServer(directory)]);
    const services = servers.map((server) => server.service());
    const [first] = services;
    assert.ok(first);
    const { id } = await first.create({ display_name: 'Shared' });
    await Promise.all(
      services.flatMap((service, window) =>
        Array.from({ length: 100 }, (_, n) => service.addComment(id, `${window}:${n}`)),
      ),
    );
    const seen = new Set<string>();
    for (let skip = 0; skip < 200; skip += 100) {
      for (const comment of (await first.getComments(id, { limit: 100, skip })).items) seen.add(comment.text);
    }
    assert.equal(seen.size, 200);
    for (const service of services) service.dispose();
    await Promise.all(servers.map((server) => server.kill()));
  });

  it('opens for all who make it at the same moment', async function () {
    const script = fileURLToPath(new URL('support/openAtOnce.ts', import.meta.url));
    const count = 60;
    const start = Date.now() + 2_000;
    const processes = Array.from({ length: 3 }, () =>
      spawn(process.execPath, [script, directory, String(start), String(count)], {
        stdio: ['ignore', 'ignore', 'pipe'],
      }),
    );
    const errors = processes.map(async (child) => {
      let text = '';
      child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
      return (await exitOf(child)) === 0 ? '' : text;
    });
    assert.deepEqual(await Promise.all(errors), ['', '', '']);
    assert.equal(readdirSync(directory).length, count);
  });

  it('is seeded once, whoever starts at the same moment', async () => {
    const servers = await Promise.all(Array.from({ length: 4 }, () => startServer(directory, '--seed', '30')));
    for (const server of servers) {
      const service = server.service();
      assert.equal((await service.list({ limit: 1 })).totalMatching, 30);
      service.dispose();
      await server.kill();
    }
  });
});

describe('the store, when its server is killed', () => {
  it('has all of its sample contacts after another start, or was never begun', async function () {
    let killedBefore = 0;
    // From the first byte, over the tables and the samples' files, to the transaction that is being written.
    for (const afterBytes of [1, 4_096, 200_000, 230_000, 250_000, 290_000, 500_000, 1_000_000]) {
      const directory = temporaryDirectory();
      const child = spawn(process.execPath, [serverModule, '--data', directory, '--seed', '400'], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      let isReady = false;
      child.stdout.once('data', () => (isReady = true));
      const ended = exitOf(child);
      await written(directory, afterBytes, () => isReady);
      child.kill('SIGKILL');
      await ended;
      if (!isReady) killedBefore++;
      const again = await startServer(directory, '--seed', '400');
      const service = again.service();
      assert.equal((await service.list({ limit: 1 })).totalMatching, 400, `killed after ${afterBytes} bytes`);
      assert.equal((await service.listNotifications({ limit: 1 })).totalMatching, 40);
      service.dispose();
      await again.kill();
      rmSync(directory, { recursive: true, force: true });
    }
    assert.ok(killedBefore >= 5, `${killedBefore} were killed before they were done`);
  });

  it(`has every update that was answered, ${rounds} times over, and is whole`, async function () {
    const directory = temporaryDirectory();
    const contacts = 16;
    let confirmed = 0;
    const random = new Random(randomSeed());
    for (let round = 0; round < rounds; round++) {
      const server = await startServer(directory, '--seed', String(contacts));
      const service = server.service({ backoffBase: 1 });
      const ids = (await service.list({ limit: contacts })).items.map((contact) => contact.id);
      const answered = new Map<string, number>();
      const ended = server.child.once('exit', () => undefined);
      const writers = ids.map(async (id) => {
        for (let n = 1; ; n++) {
          // The connection breaks in the middle of one of these; that one was not answered.
          const done = await service.update(id, { remark: `${round}.${n}` }).then(
            () => true,
            () => false,
          );
          if (!done) return;
          answered.set(id, n);
          confirmed++;
        }
      });
      const stopAfter = 3 + random.between(0, 119);
      await new Promise<void>((resolve) => {
        const check = (): void => {
          const total = [...answered.values()].reduce((sum, n) => sum + n, 0);
          if (total >= stopAfter) resolve();
          else setImmediate(check);
        };
        check();
      });
      ended.kill('SIGKILL');
      await Promise.all(writers);
      service.dispose();
      const after = await startServer(directory);
      const reader = after.service();
      for (const [id, n] of answered) {
        const { remark = '' } = await reader.get(id);
        const [keptRound, kept] = remark.split('.').map(Number);
        assert.equal(keptRound, round);
        assert.ok((kept ?? 0) >= n, `answered ${n}, kept ${remark}`);
      }
      reader.dispose();
      await after.kill();
      const sqlite = new DatabaseSync(join(directory, 'contacts.db'));
      assert.equal(sqlite.prepare('PRAGMA integrity_check').get()?.['integrity_check'], 'ok');
      sqlite.close();
    }
    assert.ok(confirmed > 100, `${confirmed} updates were confirmed`);
    rmSync(directory, { recursive: true, force: true });
  });
});

/** Resolves when the files of a folder have so many bytes, or when that is not to be waited for any more. */
function written(folder: string, bytes: number, isOver: () => boolean): Promise<void> {
  const size = (): number =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).reduce(
      (sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
  return new Promise((resolve) => {
    const look = (): void => {
      if (isOver() || size() >= bytes) resolve();
      else setImmediate(look);
    };
    look();
  });
}
