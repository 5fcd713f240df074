import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { Agent, get } from 'node:http';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { apiPrefix, csvColumns } from '../../src/contract/vocabulary.ts';
import { PostgresDatabase } from '../../src/server/store/postgres/database.ts';
import { PostgresOrganizations } from '../../src/server/store/postgres/organizations.ts';
import { PostgresStore } from '../../src/server/store/postgres/postgresStore.ts';
import { startPostgres } from '../harness/postgres.ts';
import { addContacts, temporaryDirectory } from '../node/support/app.ts';
import { startTeamServer, type ServerProcess } from '../node/support/serverProcess.ts';
import { teamDatabaseOn } from '../node/support/teamDatabase.ts';
import { writePeople } from './importFile.ts';
import { timesOf } from './search.ts';
import { sizeRow, spreadOf, type BenchRow } from './statistics.ts';

const token = 'api_for_the_bench';
const otherOrganizations = 1_000;
const contactsOfOthers = 20;
const clients = 200;
const requestsOfClient = 40;
const runs = 400;
/** All of the contacts as CSV are twice as much and more. */
const maxGrowth = 64_000_000;

/** The server of a team over PostgreSQL: one large organization among many small ones. */
export async function benchTeam(contacts: number): Promise<BenchRow[]> {
  const postgres = await startPostgres();
  const database = await teamDatabaseOn(postgres.url);
  const start = (...parameters: string[]): Promise<ServerProcess> =>
    startTeamServer(database.url, '--token', token, ...parameters);
  try {
    const started = performance.now();
    await (await start('--seed', String(contacts))).kill();
    const seeding = performance.now() - started;
    await addOthers(database.url);
    const servers = [await start(), await start()] as const;
    const [server, second] = servers;
    const rows = [
      bounded(`team: seeding ${contacts.toLocaleString('en')}`, [seeding], 120_000),
      ...(await benchReads(server, database.url)),
      ...(await benchSearches(server)),
      ...(await benchExport(server, database.url)),
      ...(await benchClients(server, second)),
    ];
    for (const each of servers) await each.kill();
    return rows;
  } finally {
    await postgres.stop();
  }
}

async function addOthers(url: string): Promise<void> {
  const database = await PostgresDatabase.open(url);
  const organizations = new PostgresOrganizations(database);
  for (let n = 0; n < otherOrganizations; n++) {
    const { id } = await organizations.findOrCreate(`Organization ${n}`);
    const drafts = Array.from({ length: contactsOfOthers }, (_, index) => ({ display_name: `Nguyen ${n} ${index}` }));
    await addContacts(new PostgresStore(database, id), ...drafts);
  }
  await database.close();
}

/** One contact by its id, beside a prepared statement that does the same; and a list's first page. */
async function benchReads(server: ServerProcess, url: string): Promise<BenchRow[]> {
  const agent = new Agent({ keepAlive: true });
  const list = async (): Promise<string> => ask(server, '/contacts?limit=50', agent);
  const { data } = JSON.parse(await ask(server, '/contacts?limit=500', agent)) as { data: { id: string }[] };
  const client = new Client({ connectionString: url });
  await client.connect();
  const organization = (
    await client.query<{ id: string }>('SELECT organization_id AS id FROM organization ORDER BY created_at LIMIT 1')
  ).rows[0]?.id;
  await client.query("SELECT set_config('contact_lookup.organization', $1, false)", [organization]);
  const times: Record<'get' | 'select' | 'list', number[]> = { get: [], select: [], list: [] };
  const timed = async (kind: keyof typeof times, work: () => Promise<unknown>): Promise<void> => {
    const started = performance.now();
    await work();
    times[kind].push(performance.now() - started);
  };
  for (let run = 0; run < runs; run++) {
    const { id } = data[run % data.length] ?? { id: '' };
    await timed('get', () => ask(server, `/contacts/${id}`, agent));
    await timed('select', () =>
      client.query({
        name: 'one',
        text: 'SELECT * FROM contact WHERE organization_id = $1 AND id = $2',
        values: [organization, id],
      }),
    );
    await timed('list', list);
  }
  await client.end();
  agent.destroy();
  const ratio = spreadOf(times.get).median / spreadOf(times.select).median;
  return [
    { name: 'team: one contact', unit: 'ms', spread: spreadOf(times.get) },
    { name: 'team: a prepared SELECT of it', unit: 'ms', spread: spreadOf(times.select) },
    {
      name: 'team: one contact for each prepared SELECT, median',
      unit: 'x',
      spread: spreadOf([ratio]),
      bound: { text: 'at most 2.5', holds: ratio <= 2.5 },
    },
    bounded('team: the list’s first page', times.list, 10),
  ];
}

async function benchSearches(server: ServerProcess): Promise<BenchRow[]> {
  const { all, worst } = await timesOf({ ...server, token });
  return [
    bounded('team: search, all queries', all, 25),
    bounded(`team: search, the worst of 40, “${worst.query}”`, worst.times, 60),
  ];
}

/** A million people from a file, into a database of their own, with the start of the server. */
export async function benchTeamImport(): Promise<BenchRow[]> {
  const postgres = await startPostgres();
  const directory = temporaryDirectory();
  const file = join(directory, 'people.csv');
  await writePeople(file);
  const database = await teamDatabaseOn(postgres.url);
  try {
    const started = performance.now();
    const server = await startTeamServer(database.url, '--token', token, '--import', file);
    const milliseconds = performance.now() - started;
    await server.kill();
    const bound = { text: 'under 120 s', holds: milliseconds < 120_000 };
    return [{ name: 'team: import of 1,000,000 rows', unit: 'ms', spread: spreadOf([milliseconds]), bound }];
  } finally {
    await postgres.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

/** The most memory of a process while `work` runs, more than before it, in bytes. */
async function growthDuring(pid: number, work: () => Promise<void>): Promise<number> {
  const residentNow = async (): Promise<number> => {
    const [, kB = '0'] = /^VmRSS:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kB) * 1_024;
  };
  const before = await residentNow();
  let most = before;
  const end = new AbortController();
  const watch = async (): Promise<void> => {
    while (!end.signal.aborted) {
      most = Math.max(most, await residentNow());
      await setTimeout(200);
    }
  };
  const watching = watch();
  await work();
  end.abort();
  await watching;
  return most - before;
}

/** Every contact as CSV, beside what PostgreSQL itself copies out of the same columns. */
async function benchExport(server: ServerProcess, url: string): Promise<BenchRow[]> {
  const directory = temporaryDirectory();
  const timeOf = async (work: () => Promise<void>): Promise<number> => {
    const started = performance.now();
    await work();
    return performance.now() - started;
  };
  let ours = 0;
  const download = async (): Promise<void> => {
    const response = await fetch(`${server.url}${apiPrefix}/contacts/_export_csv`, {
      headers: { 'x-access-token': token },
    });
    const file = createWriteStream(join(directory, 'ours.csv'));
    for await (const chunk of response.body ?? []) if (!file.write(chunk)) await once(file, 'drain');
    await new Promise<void>((resolve) => file.end(resolve));
  };
  const growth = await growthDuring(server.child.pid ?? 0, async () => {
    ours = await timeOf(download);
  });
  const theirs = await timeOf(() => copyOut(url, join(directory, 'theirs.csv'))).catch(() => undefined);
  await rm(directory, { recursive: true, force: true });
  const rows: BenchRow[] = [
    { name: 'team: export of all', unit: 'ms', spread: spreadOf([ours]) },
    sizeRow('team: memory of its server, more than before', growth, maxGrowth),
  ];
  // Not every machine has a psql.
  if (theirs === undefined) return rows;
  const ratio = ours / theirs;
  const bound = { text: 'at most 1.3', holds: ratio <= 1.3 };
  return [
    ...rows,
    { name: 'team: COPY of the same to a file', unit: 'ms', spread: spreadOf([theirs]) },
    { name: 'team: export for each COPY', unit: 'x', spread: spreadOf([ratio]), bound },
  ];
}

async function copyOut(url: string, file: string): Promise<void> {
  const sql = `SELECT set_config('contact_lookup.organization', (SELECT organization_id FROM organization ORDER BY created_at LIMIT 1), false);
\\copy (SELECT ${csvColumns.join(', ')} FROM contact WHERE organization_id = current_setting('contact_lookup.organization') ORDER BY created_at DESC, seq DESC) TO '${file}' CSV HEADER`;
  const run = promisify(execFile)('psql', ['--quiet', '--no-psqlrc', '--dbname', url]);
  run.child.stdin?.end(sql);
  await run;
}

/** As many clients as one office has, on one server and on two. */
async function benchClients(server: ServerProcess, second: ServerProcess): Promise<BenchRow[]> {
  const agent = new Agent({ keepAlive: true });
  const { data } = JSON.parse(await ask(server, '/contacts?limit=500', agent)) as { data: { id: string }[] };
  const perSecond = async (servers: readonly ServerProcess[]): Promise<number> => {
    const started = performance.now();
    await Promise.all(
      Array.from({ length: clients }, async (_, client) => {
        for (let n = 0; n < requestsOfClient; n++) {
          const at = servers[client % servers.length] ?? server;
          await ask(at, `/contacts/${data[(client * requestsOfClient + n) % data.length]?.id}`, agent);
        }
      }),
    );
    return (clients * requestsOfClient * 1_000) / (performance.now() - started);
  };
  await perSecond([server, second]);
  const one = await perSecond([server]);
  const two = await perSecond([server, second]);
  agent.destroy();
  const ratio = two / one;
  return [
    {
      name: `team: ${clients} clients, requests a second of two servers for each of one (${Math.round(one)})`,
      unit: 'x',
      spread: spreadOf([ratio]),
      bound: { text: 'at least 1', holds: ratio >= 1 },
    },
  ];
}

function bounded(name: string, times: readonly number[], maxMs: number): BenchRow {
  const spread = spreadOf(times);
  return { name, unit: 'ms', spread, bound: { text: `p95 at most ${maxMs} ms`, holds: spread.p95 <= maxMs } };
}

const ask = (server: ServerProcess, path: string, agent: Agent): Promise<string> =>
  new Promise((resolve, reject) => {
    get(`${server.url}${apiPrefix}${path}`, { agent, headers: { 'x-access-token': token } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => (response.statusCode === 200 ? resolve(text) : reject(new Error(text))));
    }).on('error', reject);
  });
