import type { ImportProblem, ImportRun } from '../../contract/imports.ts';
import { identifiesContacts } from './columns.ts';
import { ImportRuns } from './importRuns.ts';
import { previewOf } from './preview.ts';
import type { WorkspaceStore } from '../store/workspaceStore.ts';

export interface ImportReport {
  added: number;
  updated: number;
  /** Rows left out, by their line in the file, with the reason in words. */
  rejected: ImportProblem[];
}

/** The file as a whole cannot be imported. */
export class ImportError extends Error {}

const problemsAtOnce = 1_000;

/**
 * Imports a CSV file or vCards as the extension does, where a row about somebody who is there changes them, and waits
 * for the end. A malformed row is left out and reported; the rest is in.
 * @throws {ImportError} when the file cannot be read or its header names nothing that is known.
 */
export async function importFile(store: WorkspaceStore, file: string): Promise<ImportReport> {
  const preview = await previewOf(file).catch((error: unknown) => {
    throw new ImportError(`${file} cannot be read.`, { cause: error });
  });
  const { format, encoding, delimiter, columns, mapping } = preview;
  if (format === 'csv' && columns.length === 0) throw new ImportError(`${file} is empty.`);
  if (format === 'csv' && !identifiesContacts(mapping)) {
    throw new ImportError(`${file} has no column of a name, e-mail address or phone number.`);
  }
  const runs = new ImportRuns(store);
  const id = await runs.start(file, { format, encoding, delimiter, mapping, duplicates: 'update' });
  const run = await runs.ended(id);
  if (run?.state !== 'done') throw new ImportError(`${file}: ${faultOf(run)}`);
  const rejected: ImportProblem[] = [];
  while (rejected.length < run.rejected) {
    rejected.push(...(await runs.problems(id, { limit: problemsAtOnce, skip: rejected.length })));
  }
  return { added: run.added, updated: run.updated, rejected };
}

const faultOf = (run: ImportRun | undefined): string =>
  run === undefined ? 'the import is gone.' : `${run.fault}; ${run.added + run.updated} contacts before that are in.`;
