/** Whether a store is what was written into it. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StoreDamagedError } from '../errors.ts';
import { searchedFields, searchText, type SearchedContact } from '../searchText.ts';
import { tableWithDamagedRow } from './checksums.ts';
import { parseColumn } from '../jsonColumns.ts';
import { toStoreError, type Database, type Reader, type Schema, type Writer } from './database.ts';
import { SearchEntries } from './searchEntries.ts';

/** Bytes. A larger store is looked at while it is in use already. */
export const maxInspectedAtOpening = 50_000_000;

/** Holds what was found in a store: it is not to be used until somebody has done something. */
const findingFile = (file: string): string => `${file}.damaged`;

/** Marks a store as damaged, so that it is not opened again until it is repaired. */
export function recordDamage({ file, message }: StoreDamagedError): void {
  writeFileSync(findingFile(file), message.slice(file.length + 1));
}

/** @throws {StoreDamagedError} where damage was found before. */
export function throwIfMarkedDamaged(file: string): void {
  if (existsSync(findingFile(file))) throw new StoreDamagedError(file, readFileSync(findingFile(file), 'utf8'));
}

/** Whether a store is too large to be inspected when it is opened. */
export const isLarge = (directory: string, { fileName }: Schema): boolean =>
  (statSync(join(directory, fileName), { throwIfNoEntry: false })?.size ?? 0) > maxInspectedAtOpening;

/**
 * Looks at every page, index and row.
 * @throws {StoreDamagedError} whose message says what was found, and holds no contents.
 */
export function inspect(tables: Reader, file: string): void {
  const [first] = tables.all('PRAGMA integrity_check(1)');
  const finding = first?.['integrity_check'];
  if (finding !== 'ok') throw new StoreDamagedError(file, `is damaged: ${withoutContents(finding)}.`);
  const table = tableWithDamagedRow(tables);
  if (table !== undefined) throw new StoreDamagedError(file, `is damaged: a row of "${table}" has changed.`);
}

/** SQLite names a page, tree, table or index; a longer text could hold more. */
const withoutContents = (finding: unknown): string =>
  typeof finding === 'string' ? (finding.split('\n')[0] ?? '').slice(0, 120) : 'it could not be looked at';

/**
 * Rebuilds the search index if it does not match the contacts; it holds no data of its own.
 * @returns whether it was rebuilt.
 */
export function repairSearchIndex(database: Database): boolean {
  if (database.tryOut(isSearchSound)) return false;
  database.write((tables) => new SearchEntries(tables).rebuild());
  return true;
}

function isSearchSound(tables: Writer): boolean {
  try {
    // The index against the texts, and the texts against the contacts.
    tables.run("INSERT INTO search_trigram (search_trigram, rank) VALUES ('integrity-check', 1)");
    const rows = tables.iterate(
      `SELECT ${searchedFields.join(', ')}, text FROM contact LEFT JOIN search_entry ON contact_seq = seq`,
    );
    for (const row of rows) {
      const labels = parseColumn(row['labels']) as string[];
      if (row['text'] !== searchText({ ...(row as SearchedContact), labels })) return false;
    }
    const counts = tables.get('SELECT (SELECT count(*) FROM contact) = (SELECT count(*) FROM search_entry) AS same');
    return counts?.['same'] === 1;
  } catch (error) {
    if (toStoreError(error, '') instanceof StoreDamagedError) return false;
    throw error;
  }
}
