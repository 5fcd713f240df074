import { rmSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { temporaryDirectory } from '../node/support/app.ts';
import { startServer, type ServerProcess } from '../node/support/serverProcess.ts';
import { benchToken, type Million } from './million.ts';
import { sizeRow, spreadOf, type BenchRow } from './statistics.ts';
import { statSync } from 'node:fs';
import { join } from 'node:path';

const fewer = 65_000;
const maxMs = { [fewer]: 10, 1_000_000: 25 };
const maxRatio = 3;
const runs = 25;
const maxSeedingMs = 90_000;
const maxBytesEach = 1_500;

/** What people type: names, parts of them, of one letter and many, in six scripts, phones, addresses, and nonsense. */
const queries = [
  'nguyen', 'Nguyễn Văn', 'do thuy linh', 'linh', 'an', 'a', 'o', 'qz', 'zz', 'x',
  '王', '王伟', '晓', '赵晓东', '민준', '최', '佐藤', 'さくら', 'Иван', 'петров дмитрий',
  'العتيبي', 'muller', 'garcia', 'james fletcher', 'fletcher james', 'lotus', 'lotus retail', 'northwind', 'example', '@',
  'linh.nguyen', '+84 92', '0920589218', '(0)20 7946', '999', '7', 'con_', 'vip', 'nobody at all', 'zhang nguyen',
]; // prettier-ignore

/** Server search over HTTP, at two sizes. */
export async function benchSearch(million: Million): Promise<BenchRow[]> {
  const directory = temporaryDirectory();
  const small = await startServer(directory, '--seed', String(fewer), '--token', benchToken);
  const fewerTimes = await timesOf(small);
  await small.kill();
  rmSync(directory, { recursive: true, force: true });
  const times = await timesOf(million.server);
  const ratio = spreadOf(times.all).median / spreadOf(fewerTimes.all).median;
  const bytes = statSync(join(million.directory, 'contacts.db')).size / 1_000_001;
  return [
    worst(fewer, fewerTimes),
    worst(1_000_000, times),
    {
      name: 'search: median at 1,000,000 for each of 65,000',
      unit: 'x',
      spread: spreadOf([ratio]),
      bound: { text: `under ${maxRatio}`, holds: ratio < maxRatio },
    },
    sizeRow('database: bytes a contact, history and index included', Math.round(bytes), maxBytesEach),
    ...(million.seeding === undefined
      ? []
      : [
          {
            name: 'database: seeding 1,000,000',
            unit: 'ms' as const,
            spread: spreadOf([million.seeding]),
            bound: { text: 'under 90 s', holds: million.seeding < maxSeedingMs },
          },
        ]),
  ];
}

interface Times {
  all: number[];
  worst: { query: string; times: number[] };
}

function worst(contacts: keyof typeof maxMs, { worst: { query, times } }: Times): BenchRow {
  const spread = spreadOf(times);
  const bound = { text: `p95 under ${maxMs[contacts]} ms`, holds: spread.p95 < (maxMs[contacts] ?? 0) };
  return {
    name: `search of ${contacts.toLocaleString('en')}: the worst of ${queries.length}, “${query}”`,
    unit: 'ms',
    spread,
    bound,
  };
}

async function timesOf(server: ServerProcess): Promise<Times> {
  const agent = new Agent({ keepAlive: true });
  const all: number[] = [];
  let slowest = { query: '', times: [0] };
  for (const query of queries) {
    const times: number[] = [];
    for (let run = -2; run < runs; run++) {
      const started = performance.now();
      await search(server, query, agent);
      if (run >= 0) times.push(performance.now() - started);
    }
    all.push(...times);
    if (spreadOf(times).p95 > spreadOf(slowest.times).p95) slowest = { query, times };
    if (process.env['BENCH_VERBOSE'] !== undefined)
      console.log(query, spreadOf(times).median.toFixed(2), spreadOf(times).p95.toFixed(2));
  }
  agent.destroy();
  return { all, worst: slowest };
}

const search = (server: ServerProcess, query: string, agent: Agent): Promise<void> =>
  new Promise((resolve, reject) => {
    const url = `${server.url}/channel-service/v1/contacts/_search?limit=50&type=text&q=${encodeURIComponent(query)}`;
    get(url, { agent, headers: { 'x-access-token': server.token } }, (response) => {
      response.on('data', () => undefined);
      response.on('end', () => (response.statusCode === 200 ? resolve() : reject(new Error(query))));
    }).on('error', reject);
  });
