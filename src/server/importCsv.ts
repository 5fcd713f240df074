import { changesFrom } from './imports/columns.ts';
import { draftOf, faultOf, namesSomebody } from './imports/columns.ts';
import { csvRows, UnreadableRestError, type SourceRow } from './imports/csvSource.ts';
import { previewOf } from './imports/preview.ts';
import type { ImportProblem } from '../contract/localData.ts';
import type { Store } from './store/store.ts';

export interface ImportReport {
  added: number;
  updated: number;
  /** Rows left out, by their line in the file, with the reason in words. */
  rejected: ImportProblem[];
}

/** The file as a whole cannot be imported. */
export class ImportError extends Error {}

/**
 * Adds the contacts of a CSV file, of any kind that `previewOf` knows. A row about a contact of the same id, or of the
 * same name and e-mail address, changes it. A malformed row is left out and reported; the rest is in.
 * @throws {ImportError} when the file cannot be read or its header names nothing that is known.
 */
export async function importCsv(store: Store, file: string): Promise<ImportReport> {
  const report: ImportReport = { added: 0, updated: 0, rejected: [] };
  const preview = await previewOf(file).catch((error: unknown) => {
    throw new ImportError(`${file} cannot be read.`, { cause: error });
  });
  const { columns, mapping } = preview;
  if (columns.length === 0) throw new ImportError(`${file} is empty.`);
  if (!namesSomebody(mapping))
    throw new ImportError(`${file} has no column of a name, e-mail address or phone number.`);
  const started = Date.now();
  try {
    for await (const rows of csvRows(file, preview, () => undefined)) addRows(rows);
  } catch (error) {
    if (!(error instanceof UnreadableRestError)) throw error;
    throw new ImportError(`${file}: a quotation mark is not closed; ${report.added} rows before it are in.`);
  }
  return report;

  function addRows(rows: readonly SourceRow[]): void {
    store.database.write(() => {
      for (const row of rows) {
        if ('reason' in row) report.rejected.push(row);
        else addRow(row.cells, row.line);
      }
    });
  }

  function addRow(cells: Record<string, string>, line: number): void {
    const draft = draftOf(cells, mapping);
    const fault = faultOf(draft);
    if (fault !== undefined) {
      report.rejected.push({ line, reason: fault });
      return;
    }
    const same = store.contacts.findSame(draft);
    if (same === undefined) {
      // Each a moment before the last, so that 'newest first' keeps the order of the file.
      const created_at = draft.created_at || new Date(started - report.added).toISOString();
      store.contacts.insert({ ...draft, created_at, organization_id: store.organizationId });
      report.added++;
    } else {
      store.contacts.applyChanges(same, changesFrom(draft, same));
      report.updated++;
    }
  }
}
