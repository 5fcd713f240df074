import assert from 'node:assert/strict';
import { Random } from '../../src/server/seed/random.ts';
import { apiPrefix } from '../../src/contract/vocabulary.ts';
import { startPostgres, type PostgresServer } from '../harness/postgres.ts';
import { poll } from '../harness/processes.ts';
import { jsonInit } from './support/app.ts';
import { randomSeed } from './support/randomSeed.ts';
import { startTeamServer, type ServerProcess } from './support/serverProcess.ts';
import { teamDatabaseOn, type TeamDatabase } from './support/teamDatabase.ts';

const writers = 64;
const kills = Number(process.env['KILLS'] ?? 6);
const restarts = Number(process.env['RESTARTS'] ?? 2);
const token = 'opens the first organization';

interface Outcome {
  /** What the comment said, which no other says. */
  text: string;
  isAcknowledged: boolean;
}

describe('two servers over one database', () => {
  let postgres: PostgresServer;
  let database: TeamDatabase;
  const servers: ServerProcess[] = [];
  before(async () => {
    // One of its own: no other test is to see it crash.
    postgres = await startPostgres();
    database = await teamDatabaseOn(postgres.url);
    for (let n = 0; n < 2; n++) servers.push(await start());
  });
  after(async () => {
    for (const server of servers) await server.kill('SIGKILL');
    await postgres.stop();
  });

  const start = (): Promise<ServerProcess> => startTeamServer(database.url, '--token', token, '--seed', '5');
  const ask = (server: ServerProcess, path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${server.url}${apiPrefix}${path}`, { ...init, headers: { ...init.headers, 'x-access-token': token } });

  it('lose nothing that was answered, and do nothing twice, while they and the database are killed', async () => {
    const random = new Random(randomSeed());
    const [first] = servers;
    assert.ok(first);
    const { data } = (await (await ask(first, '/contacts?limit=5')).json()) as { data: { id: string }[] };
    const contacts = data.map(({ id }) => id);
    const outcomes: Outcome[] = [];
    const answers = new Map<number, number>();
    const end = new AbortController();
    const write = async (writer: number): Promise<void> => {
      for (let n = 0; !end.signal.aborted; n++) {
        const text = `${writer}.${n}`;
        const server = servers[(writer + n) % servers.length] ?? first;
        const contact = contacts[writer % contacts.length] ?? '';
        let status = 0;
        try {
          const response = await ask(server, `/contacts/${contact}/comments`, jsonInit('POST', { content: text }));
          ({ status } = response);
          await response.text();
        } catch {
          // The server was killed: whether it wrote is not known.
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        outcomes.push({ text, isAcknowledged: status === 201 });
        answers.set(status, (answers.get(status) ?? 0) + 1);
      }
    };
    const all = Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
    const acknowledged = (): number => outcomes.filter(({ isAcknowledged }) => isAcknowledged).length;
    const goesOn = async (): Promise<void> => {
      const before = acknowledged();
      await poll('further answers', 60_000, () => acknowledged() > before + writers);
    };
    const recoveries: number[] = [];
    const faults = [
      ...Array.from({ length: kills }, () => 'kill'),
      ...Array.from({ length: restarts }, () => 'restart'),
    ];
    while (faults.length > 0) {
      await goesOn();
      const [fault] = faults.splice(random.between(0, faults.length - 1), 1);
      const began = performance.now();
      if (fault === 'kill') {
        const at = random.between(0, servers.length - 1);
        await servers[at]?.kill('SIGKILL');
        servers[at] = await start();
      } else {
        await postgres.restart();
        await poll('both servers to be ready', 60_000, async () =>
          (await Promise.all(servers.map(({ url }) => fetch(`${url}/readyz`)))).every(({ status }) => status === 200),
        );
        recoveries.push(Math.round(performance.now() - began));
      }
    }
    await goesOn();
    end.abort();
    await all;
    const [server = first] = servers;
    const found = new Map<string, number>();
    for (const contact of contacts) {
      for (let skip = 0; ; skip += 500) {
        const response = await ask(server, `/contacts/${contact}/comments?limit=500&skip=${skip}`);
        const page = (await response.json()) as { data: { text: string }[]; has_more: boolean };
        for (const { text } of page.data) found.set(text, (found.get(text) ?? 0) + 1);
        if (!page.has_more) break;
      }
    }
    const lost = outcomes.filter(({ text, isAcknowledged }) => isAcknowledged && found.get(text) !== 1);
    const twice = outcomes.filter(({ text }) => (found.get(text) ?? 0) > 1);
    assert.deepEqual([lost, twice], [[], []]);
    // 0 is a connection that broke off with its server.
    assert.deepEqual(
      [...answers.keys()].filter((status) => ![201, 503, 0].includes(status)),
      [],
      [...answers].join(' '),
    );
    assert.ok(acknowledged() > writers * (kills + restarts), String(acknowledged()));
    process.stdout.write(
      `      ${acknowledged()} writes, ${answers.get(503) ?? 0} times 503, ready again after ${recoveries.join(', ')} ms\n`,
    );
  });
});
