import { rmSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { temporaryDirectory } from '../node/support/app.ts';
import { startServer } from '../node/support/serverProcess.ts';
import { spreadOf, type BenchRow } from './statistics.ts';

const warmUps = 60;
const runs = 600;

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
  const calls = [
    ['list(100)', () => service.list({ limit: 100 }), '/contacts?sort=-created_at&limit=100'],
    ['get', () => service.get(id), `/contacts/${id}`],
    ['search', () => service.search({ q: 'nguyen', limit: 50 }), '/contacts/_search?q=nguyen&limit=50&type=text'],
  ] as const;
  const rows: BenchRow[] = [];
  for (const [name, viaService, path] of calls) {
    const times = await alternately({ service: viaService, fetch: () => whole(path), bare: () => bare(path) });
    const ours = spreadOf(times.service);
    const global = spreadOf(times.fetch);
    const bound = { text: 'at most 1.1 x fetch()', holds: ours.median <= global.median * 1.1 };
    rows.push(
      { name: `${name}: service`, unit: 'ms', spread: ours, bound },
      { name: `${name}: fetch().json()`, unit: 'ms', spread: global },
      { name: `${name}: http.get + JSON.parse`, unit: 'ms', spread: spreadOf(times.bare) },
    );
  }
  agent.destroy();
  service.dispose();
  await server.kill();
  rmSync(directory, { recursive: true, force: true });
  return rows;
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
