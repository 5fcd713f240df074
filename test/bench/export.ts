import { execFile } from 'node:child_process';
import { createReadStream, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parse } from 'csv-parse';
import { manyContacts, type SeededServer } from './seededServer.ts';
import { sizeRow, spreadOf, type BenchRow } from './statistics.ts';

const run = promisify(execFile);
const rounds = 3;
const exporter = fileURLToPath(new URL('exportToFile.ts', import.meta.url));

/** An export of 1,000,000 contacts to disk, beside `curl -o` on the same address. */
export async function benchExport({ server, directory }: SeededServer): Promise<BenchRow[]> {
  const file = join(directory, 'export.csv');
  const ours: number[] = [];
  const curls: number[] = [];
  let growth = 0;
  for (let round = 0; round < rounds; round++) {
    const { stdout } = await run(process.execPath, ['--expose-gc', exporter, server.url, server.token, file]);
    const result = JSON.parse(stdout) as { milliseconds: number; growth: number };
    ours.push(result.milliseconds);
    growth = Math.max(growth, result.growth);
    const rows = await rowsIn(file);
    if (rows !== manyContacts + 2) throw new Error(`The export has ${rows} rows.`);
    curls.push(
      await curl(`${server.url}/channel-service/v1/contacts/_export_csv?sort=-created_at`, server.token, file),
    );
  }
  rmSync(file);
  const [spread, reference] = [spreadOf(ours), spreadOf(curls)];
  const bound = { text: 'at most 1.2 x curl -o', holds: spread.median <= reference.median * 1.2 };
  return [
    { name: 'export of 1,000,000 to disk: service', unit: 'ms', spread, bound },
    { name: 'export of 1,000,000 to disk: curl -o', unit: 'ms', spread: reference },
    sizeRow('export of 1,000,000: growth in memory', growth, 40_000_000),
  ];
}

/** Milliseconds. The secret goes over standard input: arguments are for everybody to read. */
async function curl(url: string, token: string, file: string): Promise<number> {
  const started = performance.now();
  const process = run('curl', ['--silent', '--fail', '--config', '-', '--output', file, url]);
  process.child.stdin?.end(`header = "x-access-token: ${token}"\n`);
  await process;
  return performance.now() - started;
}

async function rowsIn(file: string): Promise<number> {
  let rows = 0;
  for await (const row of createReadStream(file).pipe(parse())) rows += (row as unknown[]).length > 0 ? 1 : 0;
  return rows;
}
