import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { ApiError } from '../../src/api/apiError.ts';
import { Random } from '../../src/server/seed/random.ts';
import { apiPrefix } from '../../src/contract/vocabulary.ts';
import { startPostgres, type PostgresServer } from '../harness/postgres.ts';
import { poll } from '../harness/processes.ts';
import { jsonInit } from '../node/support/app.ts';
import { randomSeed } from '../node/support/randomSeed.ts';
import { startTeamServer, type ServerProcess } from '../node/support/serverProcess.ts';
import { teamDatabaseOn, type TeamDatabase } from '../node/support/teamDatabase.ts';

const writers = 64;
const kills = Number(process.env['KILLS'] ?? 4);
const restarts = Number(process.env['RESTARTS'] ?? 1);
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

  it('say that they do not know when the database was gone while it committed, and nobody writes twice', async () => {
    const [first] = servers;
    assert.ok(first);
    const proxy = await cutAtCommit(new URL(database.url));
    const server = await startTeamServer(proxy.url, '--token', token);
    const service = server.service();
    try {
      const { id } = (await service.list({ limit: 1 })).items[0] ?? { id: '' };
      proxy.cutNext();
      await assert.rejects(
        service.addComment(id, 'once'),
        (error) => error instanceof ApiError && error.kind === 'server' && error.mayHaveBeenApplied,
      );
      const { items } = await service.getComments(id, { limit: 50 });
      assert.equal(items.filter(({ text }) => text === 'once').length, 1);
    } finally {
      service.dispose();
      await server.kill();
      proxy.close();
    }
  });

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

/** Stands before a database, and passes on the next COMMIT but not what is said to it. */
async function cutAtCommit(target: URL): Promise<{ url: string; cutNext: () => void; close: () => void }> {
  let isCutting = false;
  const open = new Set<Socket>();
  const server = createServer((client) => {
    let isCut = false;
    const upstream = connect(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => open.delete(socket));
    }
    client.on('data', (chunk: Buffer) => {
      upstream.write(chunk);
      if (!isCutting || !chunk.includes('COMMIT')) return;
      isCutting = false;
      isCut = true;
    });
    upstream.on('data', (chunk: Buffer) => {
      if (!isCut) return void client.write(chunk);
      client.destroy();
      return upstream.destroy();
    });
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(target);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    cutNext: () => (isCutting = true),
    close: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
