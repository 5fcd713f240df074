import { stringify } from 'csv-stringify/sync';
import type { ExportColumn } from '../../contract/exportColumns.ts';
import { escapeFormula } from '../../contract/formulaEscaping.ts';
import type { ExportedContact, ExportRequest } from './records.ts';

/** Between the labels of a contact, in their cell. */
export const labelSeparator = '; ';

const textOf = (contact: ExportedContact, column: ExportColumn): string =>
  column === 'labels' ? (contact.labels ?? []).join(labelSeparator) : (contact[column] ?? '');

/** Contacts as CSV, with the names of the columns first. */
export async function* csvOf(
  batches: AsyncIterable<ExportedContact[]>,
  { columns, isExact }: ExportRequest,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  const cell = isExact ? (text: string): string => text : escapeFormula;
  yield encoder.encode(stringify([[...columns]]));
  for await (const batch of batches) {
    yield encoder.encode(stringify(batch.map((contact) => columns.map((column) => cell(textOf(contact, column))))));
  }
}
