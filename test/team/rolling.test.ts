import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { SignInService } from '../../src/api/signInService.ts';
import { apiPrefix } from '../../src/contract/vocabulary.ts';
import { projectRoot, serverModule } from '../harness/paths.ts';
import { freePort, poll } from '../harness/processes.ts';
import { jsonInit, temporaryDirectory } from '../node/support/app.ts';
import { admin } from '../node/support/engine.ts';
import { startRollingProxy, type RollingProxy } from '../node/support/rollingProxy.ts';
import { startServerOf, type ServerProcess } from '../node/support/serverProcess.ts';
import { asAdmin, teamDatabase, type TeamDatabase } from '../node/support/teamDatabase.ts';

const clients = 64;
/** How often all servers are exchanged for those of the next version, and for those of this one again. */
const rolls = Number(process.env['ROLLS'] ?? 1);
const publicHost = 'contacts.example';
const an = { email: 'an@team.example', password: 'mật khẩu của An 1' };

/** What next versions do to the tables of this one: they add. */
const nextStep = `
  ALTER TABLE contact ADD COLUMN nickname text COLLATE "C" NOT NULL DEFAULT '';
  ALTER TABLE comment ADD COLUMN pinned_at text COLLATE "C" NOT NULL DEFAULT '';
  CREATE INDEX contact_by_nickname ON contact (organization_id, nickname) WHERE nickname <> '';
  CREATE TABLE reminder (
    organization_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    PRIMARY KEY (organization_id, id)
  );`;
const laterStep = `ALTER TABLE comment ADD COLUMN color text COLLATE "C" NOT NULL DEFAULT '';`;

describe('servers whose version is changed one by one', () => {
  let database: TeamDatabase;
  let proxy: RollingProxy;
  let nextModule: string;
  let headers: Record<string, string>;
  const servers: { port: number; server: ServerProcess }[] = [];
  before(async () => {
    database = await teamDatabase();
    await admin(database.url, ['create-organization', 'Alpha']);
    await admin(database.url, ['add-user', an.email, '--organization', 'Alpha'], an.password);
    nextModule = await buildVersion(temporaryDirectory(), nextStep);
    proxy = await startRollingProxy(publicHost);
    for (let n = 0; n < 2; n++) await bring(serverModule, '--seed', '20');
    headers = await signedIn(proxy.url);
  });
  after(async () => {
    proxy.close();
    for (const { server } of servers) await server.kill('SIGKILL');
    await database.drop();
  });

  const bring = async (module: string, ...parameters: string[]): Promise<void> => {
    const port = await freePort();
    const where = ['--listen', `127.0.0.1:${port}`, '--public-url', `https://${publicHost}`];
    servers.push({ port, server: await startServerOf(module, database.url, ...where, ...parameters) });
    proxy.add(port);
    await poll('the new server in use', 60_000, () => proxy.isUsed(port));
  };
  const endOldest = async (): Promise<void> => {
    const oldest = servers.shift();
    assert.equal(await oldest?.server.kill('SIGTERM'), 0);
  };

  const answers = new Map<string, number>();
  const refused: string[] = [];
  const ask = async (path: string, init: RequestInit = {}): Promise<string> => {
    const response = await fetch(`${proxy.url}${apiPrefix}${path}`, {
      ...init,
      headers: { ...init.headers, ...headers },
    });
    const text = await response.text();
    const what = `${init.method ?? 'GET'} ${response.status}`;
    answers.set(what, (answers.get(what) ?? 0) + 1);
    if (!response.ok) refused.push(text);
    return text;
  };

  it('answer every request meanwhile', async () => {
    const { data } = JSON.parse(await ask('/contacts?limit=20')) as { data: { id: string }[] };
    const ids = data.map(({ id }) => id);
    const end = new AbortController();
    const written = new Set<string>();
    let asked = 0;
    const work = async (client: number): Promise<void> => {
      const id = ids[client % ids.length] ?? '';
      for (let n = 0; !end.signal.aborted; n++) {
        const text = `${client}.${n}`;
        await ask(`/contacts/${id}/comments`, jsonInit('POST', { content: text }));
        written.add(text);
        await ask(`/contacts/${id}`, jsonInit('PUT', { remark: text }));
        await ask(`/contacts/${id}`);
        await ask('/contacts?limit=20&q=a');
        asked += 1;
      }
    };
    const all = Promise.all(Array.from({ length: clients }, (_, client) => work(client)));
    const goesOn = async (): Promise<void> => {
      const before = asked;
      await poll('further answers', 60_000, () => asked > before + clients / 2);
    };
    for (let roll = 0; roll < rolls; roll++) {
      // Forward, and back, since a new version may turn out to be wrong.
      for (const module of [nextModule, nextModule, serverModule, serverModule]) {
        await bring(module);
        await goesOn();
        await endOldest();
        await goesOn();
      }
    }
    end.abort();
    await all;
    assert.deepEqual(
      [...answers.keys()].toSorted(),
      ['GET 200', 'POST 201', 'PUT 200'],
      [...answers, ...refused].join(' '),
    );
    const found = new Set<string>();
    for (const id of ids) {
      for (let skip = 0, hasMore = true; hasMore; skip += 500) {
        const page = JSON.parse(await ask(`/contacts/${id}/comments?limit=500&skip=${skip}`)) as {
          data: { text: string }[];
          has_more: boolean;
        };
        for (const { text } of page.data) found.add(text);
        hasMore = page.has_more;
      }
    }
    assert.deepEqual(
      [...written].filter((text) => !found.has(text)),
      [],
    );
    process.stdout.write(`      ${[...answers].map(([what, count]) => `${what}: ${count}`).join(', ')}\n`);
  });

  it('hold up nobody while a next one waits for what is being written', async () => {
    const later = await buildVersion(temporaryDirectory(), nextStep, laterStep);
    const { data } = JSON.parse(await ask('/contacts?limit=1')) as { data: { id: string }[] };
    const comments = `/contacts/${data[0]?.id ?? ''}/comments`;
    const isWaiting = (): Promise<boolean> =>
      asAdmin(database.adminUrl, async (client) => {
        const waiting = `SELECT FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND NOT granted
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
        return (await client.query(waiting)).rowCount === 1;
      });
    answers.clear();
    let coming: Promise<void> | undefined;
    await asAdmin(database.adminUrl, async (client) => {
      // As an import does, which may take minutes.
      await client.query('BEGIN; LOCK TABLE comment IN ROW EXCLUSIVE MODE');
      coming = bring(later);
      coming.catch(() => undefined);
      for (let seen = 0; seen < 3; seen++) {
        await poll('the new server to wait', 60_000, isWaiting);
        await Promise.all([ask(comments), ask(comments, jsonInit('POST', { content: `beside it ${seen}` }))]);
      }
      await client.query('COMMIT');
    });
    await coming;
    assert.deepEqual(Object.fromEntries(answers), { 'GET 200': 3, 'POST 201': 3 }, refused.join(' '));
  });
});

/** This version with further steps, as a file that can be started. */
async function buildVersion(folder: string, ...steps: string[]): Promise<string> {
  const outfile = join(folder, 'server.js');
  await build({
    entryPoints: [join(projectRoot, 'src/server/main.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
    },
    outfile,
    plugins: [
      {
        name: 'next-version',
        setup: (hooks) =>
          hooks.onLoad({ filter: /postgres\/migrations\.ts$/ }, async ({ path }) => {
            const source = await readFile(path, 'utf8');
            const end = source.lastIndexOf('];');
            assert.ok(end > 0);
            const more = steps.map((step) => `${JSON.stringify(step)},`).join('');
            return { contents: `${source.slice(0, end)}${more}];`, loader: 'ts' };
          }),
      },
    ],
  });
  return outfile;
}

async function signedIn(url: string): Promise<Record<string, string>> {
  const signIn = new SignInService({ origin: url });
  try {
    const login = await signIn.authenticate(an.email, { password: an.password });
    const [organization] = login.organizations;
    const token = await signIn.exchange(login, organization?.id ?? '');
    return { 'x-access-token': token };
  } finally {
    signIn.dispose();
  }
}
