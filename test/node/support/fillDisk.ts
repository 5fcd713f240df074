/**
 * Writes to a workspace on a disk that becomes full, at many points, and says what went wrong; nothing where all is
 * well. It mounts the disk itself, so it needs a mount namespace of its own.
 *
 *     unshare --map-root-user --mount node fillDisk.ts FOLDER POINTS SEED
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiPrefix } from '../../../src/contract/vocabulary.ts';
import { ImportRuns } from '../../../src/server/imports/importRuns.ts';
import { Random } from '../../../src/server/seed/random.ts';
import { StoreFullError } from '../../../src/server/store/errors.ts';
import { jsonInit, sqliteApp, uploadInit, type TestApp } from './app.ts';
import { png } from './pictures.ts';

const [folder = '', points = '50', seed = '1'] = process.argv.slice(2);
const disk = join(folder, 'disk');
const ample = 256 * 1024;
const pageSize = 4;
/** Kilobytes: as much as some tens of writes need, with the log and its index. */
const maxRoom = 400;
const rowsOfImport = 40;
const random = new Random(Number(seed));
const wrong: string[] = [];
/** What the server has answered with success, by the path that it can be read at. */
const acknowledged = new Map<string, string>();
const importedNames = new Set<string>();
const refusals = { writes: 0, openings: 0, imports: 0 };

function mount(...options: string[]): void {
  const { status, stderr } = spawnSync('mount', options, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

const resize = (kilobytes: number): void => mount('-o', `remount,size=${kilobytes}k`, disk);

function leave(kilobytes: number): void {
  const { blocks, bfree, bsize } = statfsSync(disk);
  resize(Math.ceil(((blocks - bfree) * bsize) / 1024 / pageSize) * pageSize + kilobytes);
}

/** One write by HTTP. @returns whether it was taken. */
async function write(app: TestApp, path: string, init: RequestInit): Promise<Record<string, unknown> | undefined> {
  const response = await app.request(`${apiPrefix}${path}`, init);
  const body = (await response.json()) as Record<string, unknown>;
  if (response.ok) return body;
  refusals.writes++;
  const isFull = response.status === 507 && /disk is full/.test(String(body['message']));
  if (!isFull) wrong.push(`${path}: ${response.status} ${JSON.stringify(body)}`);
  return undefined;
}

async function fill(app: TestApp, point: number): Promise<void> {
  for (let n = 0; n < 200; n++) {
    const name = `Person ${point}.${n} ${'x'.repeat(random.between(0, 2_000))}`;
    const made = await write(app, '/contacts', jsonInit('POST', { name }));
    if (made === undefined) return;
    const path = `/contacts/${String(made['id'])}`;
    acknowledged.set(path, name);
    const remark = 'y'.repeat(random.between(1, 4_000));
    const kind = random.between(0, 2);
    if (kind === 0) {
      const comment = await write(app, `${path}/comments`, jsonInit('POST', { text: remark }));
      if (comment === undefined) return;
      acknowledged.set(`${path}/comment/${String(comment['_id'])}`, remark);
    } else if (kind === 1) {
      if ((await write(app, path, jsonInit('PUT', { remark }))) === undefined) return;
      acknowledged.set(path, remark);
    } else {
      // Bytes after the end of a picture belong to nobody, and make it another one.
      const content = Buffer.concat([png(), Buffer.from(`${name}${remark}`)]);
      const uploaded = await write(app, '/contacts/_fileupload', uploadInit(content));
      if (uploaded === undefined) return;
      acknowledged.set(new URL(String(uploaded['url'])).pathname.slice(apiPrefix.length), remark);
    }
  }
  wrong.push(`${point}: the disk was never full`);
}

/** What of the acknowledged writes is not there. */
async function findLost(app: TestApp, when: string, among: Iterable<[string, string]>): Promise<void> {
  for (const [path, text] of among) {
    const response = await app.request(`${apiPrefix}${path}`);
    const isThere = response.ok && Buffer.from(await response.arrayBuffer()).includes(text);
    if (!isThere) wrong.push(`${when}: ${path} is ${response.status}`);
  }
}

/** An import that meets the full disk, and goes on when there is room again. */
async function importAt(point: number, app: TestApp): Promise<void> {
  const file = join(folder, `${point}.csv`);
  const names = Array.from({ length: rowsOfImport }, (_, n) => `Row ${point}.${n} ${'z'.repeat(1_000)}`);
  writeFileSync(file, `name\n${names.join('\n')}\n`);
  const options: Parameters<ImportRuns['start']>[1] = {
    format: 'csv',
    encoding: 'utf-8',
    delimiter: ',',
    mapping: { display_name: ['name'] },
    duplicates: 'both',
  };
  leave(random.between(0, maxRoom / pageSize) * pageSize);
  const runs = new ImportRuns(app.store);
  const id = await runs.start(file, options).catch((error: unknown) => {
    if (!(error instanceof StoreFullError)) throw error;
    return undefined;
  });
  const run = id === undefined ? undefined : await runs.ended(id);
  if (run?.state !== 'done') refusals.imports++;
  resize(ample);
  if (id === undefined) return;
  if (run?.state !== 'done') await runs.resume(id);
  const ended = await runs.ended(id);
  if (ended?.state !== 'done') wrong.push(`${point}: the import is ${ended?.state} ${ended?.fault}`);
  for (const name of names) importedNames.add(name);
}

mkdirSync(disk);
mount('-t', 'tmpfs', '-o', `size=${ample}k`, 'tmpfs', disk);
const data = join(disk, 'data');
let app = await sqliteApp(10, data);
for (let point = 0; point < Number(points); point++) {
  const room = random.between(0, maxRoom / pageSize) * pageSize;
  if (point % 5 === 4) {
    // The disk is full before the store is opened.
    await app.store.close();
    leave(random.between(0, 20) * pageSize);
    const opened = await sqliteApp(10, data).catch((error: unknown) => {
      refusals.openings++;
      if (!(error instanceof StoreFullError)) wrong.push(`${point}: opening said ${String(error)}`);
      return undefined;
    });
    if (opened === undefined) resize(ample);
    app = opened ?? (await sqliteApp(10, data));
  }
  leave(room);
  await fill(app, point);
  await findLost(app, `${point}, while it is full`, [...acknowledged].slice(-20));
  resize(ample);
  if (point % 10 === 0) await importAt(point, app);
  if (point % 2 === 0) {
    await app.store.close();
    app = await sqliteApp(10, data);
  }
}
await app.store.close();
app = await sqliteApp(10, data);
await findLost(app, 'in the end', acknowledged);
const { items } = await app.store.contacts.list({ column: 'id', descending: false }, { limit: 100_000, skip: 0 });
const kept = items.map(({ display_name }) => display_name).filter((name) => name.startsWith('Row '));
if (kept.length !== importedNames.size || kept.some((name) => !importedNames.has(name))) {
  wrong.push(`${kept.length} of ${importedNames.size} imported rows are there`);
}
await app.store.close();
console.log(JSON.stringify({ wrong, acknowledged: acknowledged.size, imported: importedNames.size, ...refusals }));
