import type { Encoding } from '../../contract/localData.ts';
import type { ImportProblem, Mapping } from '../../contract/imports.ts';
import type { ContactDraft } from '../store/records.ts';
import { draftOf } from './columns.ts';
import { csvRows } from './csvSource.ts';
import { vcardRows } from './vcardSource.ts';

/** How a file is to be read. */
export interface SourceOptions {
  format: 'csv' | 'vcard';
  encoding: Encoding;
  delimiter: string;
  mapping: Mapping;
}

export interface ParsedContact {
  /** Of the file, where the contact begins. */
  line: number;
  draft: ContactDraft;
  photo?: Uint8Array | undefined;
}

/** As many contacts as are taken in at once, and what in the file between them is none. */
export interface Batch {
  problems: ImportProblem[];
  incoming: ParsedContact[];
}

/** The contacts of a file. @param onBytes told of how much was read. */
export async function* sourceOf(
  file: string,
  { format, encoding, delimiter, mapping }: SourceOptions,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Batch> {
  if (format === 'vcard') {
    for await (const rows of vcardRows(file, encoding, onBytes)) {
      yield { problems: rows.filter((row) => 'reason' in row), incoming: rows.filter((row) => 'draft' in row) };
    }
    return;
  }
  for await (const rows of csvRows(file, { encoding, delimiter }, () => undefined, onBytes)) {
    const incoming = rows.flatMap((row) =>
      'cells' in row ? [{ line: row.line, draft: draftOf(row.cells, mapping) }] : [],
    );
    yield { problems: rows.filter((row) => 'reason' in row), incoming };
  }
}
