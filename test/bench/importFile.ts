import { createWriteStream, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ImportRuns } from '../../src/server/imports/importRuns.ts';
import { previewOf } from '../../src/server/imports/preview.ts';
import { SqliteStore } from '../../src/server/store/sqlite/sqliteStore.ts';
import { temporaryDirectory } from '../node/support/app.ts';
import { spreadOf, type BenchRow } from './statistics.ts';

const rowCount = 1_000_000;
const maxMs = 90_000;

/** An import of 1,000,000 rows of a CSV of Google Contacts, each looked up by e-mail and phone. */
export async function benchImport(): Promise<BenchRow[]> {
  const directory = temporaryDirectory();
  const path = join(directory, 'people.csv');
  await writePeople(path);
  const store = SqliteStore.open(join(directory, 'data'));
  try {
    const runs = new ImportRuns(store);
    const started = performance.now();
    const { format, encoding, delimiter, mapping } = await previewOf(path);
    const id = await runs.start(path, { format, encoding, delimiter, mapping, duplicates: 'skip' });
    const run = await runs.ended(id);
    const milliseconds = performance.now() - started;
    if (run?.added !== rowCount) throw new Error(`The import has added ${run?.added}: ${run?.fault}`);
    const bound = { text: `under ${maxMs / 1_000} s`, holds: milliseconds < maxMs };
    return [{ name: 'import of 1,000,000 rows', unit: 'ms', spread: spreadOf([milliseconds]), bound }];
  } finally {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A million people as a CSV of Google Contacts. */
export const writePeople = (path: string): Promise<void> => pipeline(Readable.from(rows()), createWriteStream(path));

function* rows(): Generator<string> {
  yield 'First Name,Last Name,E-mail 1 - Value,Phone 1 - Value,Organization Name,Notes\n';
  for (let index = 0; index < rowCount; index++) {
    const phone = `+8490${String(index).padStart(7, '0')}`;
    const email = `person${index}@host${index % 31}.example`;
    yield `Vorname${index % 977},Nachname${index % 3_571},${email},${phone},Company ${index % 211},\n`;
  }
}
