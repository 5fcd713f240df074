import { rmSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { temporaryDirectory } from '../node/support/app.ts';
import { startServer } from '../node/support/serverProcess.ts';
import { spreadOf, type BenchRow } from './statistics.ts';

const warmUps = 60;
const runs = 600;
const maxRatio = 1.05;

type Call = [name: string, path: string, viaService: () => Promise<unknown>];

/** The service beside the least that can be done: `http.get` and `JSON.parse` of the same address. */
export async function benchApi(): Promise<BenchRow[]> {
  const directory = temporaryDirectory();
  const server = await startServer(directory, '--seed', '1000');
  const service = server.service();
  const agent = new Agent({ keepAlive: true });
  const headers = { 'x-access-token': server.token };
  const [contact] = (await service.list({ limit: 1 })).items;
  const id = contact?.id ?? '';
  const base = `${server.url}/channel-service/v1`;
  const bare = (path: string): Promise<unknown> =>
    new Promise((resolve, reject) => {
      get(`${base}${path}`, { agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString('utf8'))));
      }).on('error', reject);
    });
  const whole = async (path: string): Promise<unknown> => (await fetch(`${base}${path}`, { headers })).json();
  const ids = (await service.list({ limit: 500 })).items.map((each) => each.id);
  // A call of the same again may be answered as unchanged; one of something else is answered in full.
  let turn = 0;
  const next = (): string => ids[turn++ % ids.length] ?? id;
  const skip = (): number => (turn++ * 7) % 900;
  const calls: Call[] = [
    ['list(100)', '/contacts?sort=-created_at&limit=100', () => service.list({ limit: 100 })],
    ['get', `/contacts/${id}`, () => service.get(id)],
    ['search', '/contacts/_search?q=nguyen&limit=50&type=text', () => service.search({ q: 'nguyen', limit: 50 })],
  ];
  const fresh: [name: string, viaService: () => Promise<unknown>, path: () => string][] = [
    [
      'list(100), another page each time',
      () => service.list({ limit: 100, skip: skip() }),
      () => `/contacts?sort=-created_at&limit=100&skip=${skip()}`,
    ],
    ['get, another contact each time', () => service.get(next()), () => `/contacts/${next()}`],
  ];
  const rows: BenchRow[] = [];
  const compare = async (name: string, viaService: () => Promise<unknown>, path: () => string): Promise<void> => {
    const times = await alternately({ service: viaService, fetch: () => whole(path()), bare: () => bare(path()) });
    const ours = spreadOf(times.service);
    const global = spreadOf(times.fetch);
    const bound = { text: `at most ${maxRatio} x fetch()`, holds: ours.median <= global.median * maxRatio };
    rows.push(
      { name: `${name}: service`, unit: 'ms', spread: ours, bound },
      { name: `${name}: fetch().json()`, unit: 'ms', spread: global },
      { name: `${name}: http.get + JSON.parse`, unit: 'ms', spread: spreadOf(times.bare) },
    );
  };
  for (const [name, path, viaService] of calls) await compare(name, viaService, () => path);
  for (const [name, viaService, path] of fresh) await compare(name, viaService, path);
  rows.push(await socketGrowth(() => service.get(next())));
  agent.destroy();
  service.dispose();
  await server.kill();
  rmSync(directory, { recursive: true, force: true });
  return rows;
}

/** How many more sockets are open after 200 calls, than after the first. */
async function socketGrowth(call: () => Promise<unknown>): Promise<BenchRow> {
  const sockets = (): number => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
  await call();
  const before = sockets();
  for (let run = 0; run < 200; run++) await call();
  const growth = sockets() - before;
  return {
    name: 'sockets after 200 calls, more than after one',
    unit: 'sockets',
    spread: spreadOf([growth]),
    bound: { text: 'none', holds: growth <= 0 },
  };
}

/**
 * Times each kind in turn, so that a busy moment of the machine falls on all, and in every order, because what one
 * leaves behind (garbage, a socket to put away) falls on the next.
 */
async function alternately<Kind extends string>(
  kinds: Record<Kind, () => Promise<unknown>>,
): Promise<Record<Kind, number[]>> {
  const names = Object.keys(kinds) as Kind[];
  const orders = permutationsOf(names);
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Kind, number[]>;
  for (let run = -warmUps; run < runs; run++) {
    for (const name of orders[(run + warmUps) % orders.length] ?? names) {
      const started = performance.now();
      await kinds[name]();
      if (run >= 0) times[name].push(performance.now() - started);
    }
  }
  return times;
}

const permutationsOf = <T>(items: readonly T[]): T[][] =>
  items.length === 0
    ? [[]]
    : items.flatMap((first) => permutationsOf(items.filter((item) => item !== first)).map((rest) => [first, ...rest]));
