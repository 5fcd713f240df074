import type { Encoding } from '../../contract/localData.ts';
import { stat } from 'node:fs/promises';
import type { ImportPreview, Mapping } from '../../contract/imports.ts';
import { draftOf, inferMapping, identifiesContacts } from './columns.ts';
import { csvRows, detectDelimiter, UnreadableRemainderError } from './csvSource.ts';
import { detectEncoding, textOf } from './textFile.ts';
import { vcardRows } from './vcardSource.ts';
import type { ContactDraft } from '../store/records.ts';

const previewed = 5;

/** What a file is, and who the first in it are. @throws where it cannot be read. */
export async function previewOf(path: string, wanted: Mapping = {}): Promise<ImportPreview> {
  const { size: bytes } = await stat(path);
  const encoding = await detectEncoding(path);
  const start = await startOf(path, encoding);
  if (/^\ufeff?\s*BEGIN:VCARD/i.test(start)) {
    const contacts: ContactDraft[] = [];
    for await (const rows of vcardRows(path, encoding)) {
      contacts.push(...rows.flatMap((row) => ('draft' in row ? [row.draft] : [])));
      if (contacts.length >= previewed) break;
    }
    const shown = contacts.slice(0, previewed);
    return { format: 'vcard', encoding, delimiter: '', columns: [], mapping: {}, contacts: shown, bytes };
  }
  const delimiter = detectDelimiter(start);
  let columns: string[] = [];
  const cells: Record<string, string>[] = [];
  try {
    for await (const rows of csvRows(path, { encoding, delimiter }, (header) => (columns = header))) {
      cells.push(...rows.flatMap((row) => ('cells' in row ? [row.cells] : [])));
      if (cells.length >= previewed) break;
    }
  } catch (error) {
    // The import says so; the first rows may be sound.
    if (!(error instanceof UnreadableRemainderError)) throw error;
  }
  const mapping = identifiesContacts(wanted) ? wanted : inferMapping(columns);
  const contacts = cells.slice(0, previewed).map((row) => draftOf(row, mapping));
  return { format: 'csv', encoding, delimiter, columns, mapping, contacts, bytes };
}

async function startOf(path: string, encoding: Encoding): Promise<string> {
  for await (const piece of textOf(path, encoding)) return piece;
  return '';
}
