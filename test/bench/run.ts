/** `npm run bench [-- --json FILE]`: a table for people, the same as JSON for machines. */
import { readdir, stat, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageExtension } from '../harness/packageExtension.ts';
import { projectRoot, vsixPath } from '../harness/paths.ts';
import { startFiles } from '../harness/startFiles.ts';
import { benchActivation } from './activation.ts';
import { benchApi } from './api.ts';
import { benchConversation } from './conversation.ts';
import { benchExport } from './export.ts';
import { benchGateway } from './gateway.ts';
import { benchImport } from './importFile.ts';
import { benchList } from './list.ts';
import { fewContacts, manyContacts, startSeeded } from './seededServer.ts';
import { benchMirror } from './mirror.ts';
import { benchPanels } from './panels.ts';
import { benchSearch } from './search.ts';
import { sizeRow, type BenchRow } from './statistics.ts';
import { benchTeam, benchTeamImport } from './team.ts';
import { benchTyping } from './typing.ts';
import { benchWriters } from './writers.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    /** Parts to run, all where none is named. */
    only: { type: 'string', multiple: true },
    /** A folder that keeps the 1,000,000 contacts between runs. */
    data: { type: 'string' },
  },
});

await packageExtension();
const isWanted = (part: string): boolean => values.only === undefined || values.only.includes(part);
const rows: BenchRow[] = [];
// What was measured is there also where a later part fails.
process.once('exit', () => printTable(rows));
if (isWanted('sizes')) rows.push(...(await benchSizes()));
if (isWanted('api')) rows.push(...(await benchApi()));
const onMany = { export: benchExport, list: benchList, typing: benchTyping, panels: benchPanels };
if (['search', ...Object.keys(onMany)].some(isWanted)) {
  const many = await startSeeded(manyContacts, values.data);
  if (['search', 'list'].some(isWanted)) {
    const few = await startSeeded(fewContacts);
    if (isWanted('search')) rows.push(...(await benchSearch(few, many)));
    if (isWanted('list')) rows.push(...(await benchList(few)));
    await few.close();
  }
  for (const [part, bench] of Object.entries(onMany)) if (isWanted(part)) rows.push(...(await bench(many)));
  await many.close();
}
if (isWanted('team')) rows.push(...(await benchTeam(manyContacts)));
if (isWanted('teamImport')) rows.push(...(await benchTeamImport()));
if (isWanted('conversation')) rows.push(...(await benchConversation()));
if (isWanted('mirror')) rows.push(...(await benchMirror()));
if (isWanted('gateway')) rows.push(...(await benchGateway()));
if (isWanted('writers')) rows.push(...(await benchWriters()));
if (isWanted('import')) rows.push(...(await benchImport()));
if (isWanted('activation')) rows.push(...(await benchActivation()));
const machine = `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
console.log(`\nNode ${process.versions.node}, ${process.platform}, ${machine}`);
if (values.json !== undefined) {
  await writeFile(values.json, `${JSON.stringify({ date: new Date().toISOString(), machine, rows }, null, 2)}\n`);
}

async function benchSizes(): Promise<BenchRow[]> {
  const dist = join(projectRoot, 'dist');
  const webview = await readdir(join(dist, 'webview'));
  const size = async (...parts: string[]): Promise<number> => (await stat(join(dist, ...parts))).size;
  const startBytes = async (entry: string): Promise<number> =>
    [...(await startFiles(join(dist, entry))).values()].reduce((sum, source) => sum + Buffer.byteLength(source), 0);
  return [
    sizeRow('bundle: what the start of VS Code reads', await startBytes('extension.js'), 90_000),
    sizeRow('bundle: what the start of a local workspace’s server reads', await startBytes('server.js')),
    sizeRow('bundle: api.mjs', await size('api.mjs')),
    sizeRow(
      'bundle: webview, all of it',
      (await Promise.all(webview.map((name) => size('webview', name)))).reduce((sum, each) => sum + each, 0),
      200_000,
    ),
    sizeRow('package: contact-lookup.vsix', (await stat(vsixPath)).size, 1_500_000),
  ];
}

function printTable(all: readonly BenchRow[]): void {
  const lines = all.map(({ name, unit, spread, bound }) => {
    const digits = unit === 'ms' || unit === 'x' ? 2 : 0;
    const number = (value: number): string =>
      value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
    const range = spread.runs === 1 ? '' : `${number(spread.min)} – ${number(spread.max)}`;
    const p95 = spread.runs === 1 ? '' : number(spread.p95);
    const verdict = bound === undefined ? '' : `${bound.holds ? 'ok' : 'NOT'}  ${bound.text}`;
    return [name, number(spread.median), unit, p95, range, String(spread.runs), verdict];
  });
  const table = [['', 'median', '', 'p95', 'range', 'runs', 'bound'], ...lines];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((line) => line[column]?.length ?? 0))) ?? [];
  for (const line of table) {
    const cells = line.map((cell, column) =>
      [1, 3].includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
    );
    console.log(cells.join('  ').trimEnd());
  }
}
