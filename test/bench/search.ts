import { statSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { join } from 'node:path';
import type { ServerProcess } from '../node/support/serverProcess.ts';
import { busyContact, type SeededServer } from './seededServer.ts';
import { sizeRow, spreadOf, type BenchRow } from './statistics.ts';

const maxRatio = 3;
const runs = 60;
const maxSeedingMs = 80_000;
const maxBytesEach = 1_500;

/** What people type: names, parts of them, of one letter and many, in six scripts, phones, addresses, and nonsense. */
const queries = [
  'nguyen', 'Nguyễn Văn', 'do thuy linh', 'linh', 'an', 'a', 'o', 'qz', 'zz', 'x',
  '王', '王伟', '晓', '赵晓东', '민준', '최', '佐藤', 'さくら', 'Иван', 'петров дмитрий',
  'العتيبي', 'muller', 'garcia', 'james fletcher', 'fletcher james', 'lotus', 'lotus retail', 'northwind', 'example', '@',
  'linh.nguyen', '+84 92', '0920589218', '(0)20 7946', '999', '7', 'con_', 'vip', 'nobody at all', 'zhang nguyen',
]; // prettier-ignore

/** Server search over HTTP, at two sizes. */
export async function benchSearch(few: SeededServer, many: SeededServer): Promise<BenchRow[]> {
  const fewTimes = await timesOf(few.server);
  const times = await timesOf(many.server);
  const service = many.server.service();
  const changedTimes = await timesOf(many.server, () =>
    service.update(busyContact.id, { remark: new Date().toISOString() }),
  );
  service.dispose();
  const ratio = spreadOf(times.all).median / spreadOf(fewTimes.all).median;
  const bytes = statSync(join(many.directory, 'contacts.db')).size / many.contacts;
  return [
    worst(few, fewTimes, 10),
    worst(many, times, 25),
    worst(many, changedTimes, undefined, ', each for the first time since a change'),
    {
      name: `search: median at ${countText(many)} for each of ${countText(few)}`,
      unit: 'x',
      spread: spreadOf([ratio]),
      bound: { text: `under ${maxRatio}`, holds: ratio < maxRatio },
    },
    sizeRow('database: bytes a contact, history and index included', Math.round(bytes), maxBytesEach),
    ...(many.seeding === undefined
      ? []
      : [
          {
            name: `database: seeding ${countText(many)}`,
            unit: 'ms' as const,
            spread: spreadOf([many.seeding]),
            bound: { text: `under ${maxSeedingMs / 1_000} s`, holds: many.seeding < maxSeedingMs },
          },
        ]),
  ];
}

export interface Times {
  all: number[];
  worst: { query: string; times: number[] };
}

const countText = ({ contacts }: SeededServer): string => contacts.toLocaleString('en');

function worst(
  server: SeededServer,
  { worst: { query, times } }: Times,
  maxMs: number | undefined,
  how = '',
): BenchRow {
  const spread = spreadOf(times);
  const bound = maxMs === undefined ? undefined : { text: `p95 under ${maxMs} ms`, holds: spread.p95 < maxMs };
  const name = `search of ${countText(server)}: the worst of ${queries.length}, “${query}”${how}`;
  return { name, unit: 'ms', spread, bound };
}

/** @param beforeRound what is done before the queries are made once more. */
export async function timesOf(
  server: ServerProcess,
  beforeRound = (): Promise<unknown> => Promise.resolve(),
): Promise<Times> {
  const agent = new Agent({ keepAlive: true });
  const timesBy = new Map<string, number[]>(queries.map((query) => [query, []]));
  // In turn, as people ask: what stops the machine for a moment is not one query's doing.
  for (let run = -2; run < runs; run++) {
    await beforeRound();
    for (const [query, times] of timesBy) {
      const started = performance.now();
      await search(server, query, agent);
      if (run >= 0) times.push(performance.now() - started);
    }
  }
  agent.destroy();
  const slowestFirst = [...timesBy].sort(([, one], [, other]) => spreadOf(other).p95 - spreadOf(one).p95);
  const [query, times] = slowestFirst[0] ?? ['', []];
  return { all: [...timesBy.values()].flat(), worst: { query, times } };
}

const search = (server: ServerProcess, query: string, agent: Agent): Promise<void> =>
  new Promise((resolve, reject) => {
    const url = `${server.url}/channel-service/v1/contacts/_search?limit=50&type=text&q=${encodeURIComponent(query)}`;
    get(url, { agent, headers: { 'x-access-token': server.token } }, (response) => {
      response.on('data', () => undefined);
      response.on('end', () => (response.statusCode === 200 ? resolve() : reject(new Error(query))));
    }).on('error', reject);
  });
