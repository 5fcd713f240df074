import { stringify } from 'csv-stringify/sync';
import type { Contact } from '../../api/decode/contact.ts';
import { escapeFormula } from '../../contract/formulaEscaping.ts';
import type { ExportColumn } from '../../contract/exportColumns.ts';

/**
 * A header and a row for each contact.
 * @param header what `columns` are called in it.
 * @param isExact leaves texts as they are, formulas too.
 */
export async function* contactsAsCsv(
  batches: AsyncIterable<readonly Contact[]>,
  columns: readonly ExportColumn[],
  header: readonly string[],
  isExact: boolean,
): AsyncGenerator<Uint8Array> {
  yield Buffer.from(stringify([[...header]]));
  for await (const contacts of batches) {
    const rows = contacts.map((contact) =>
      columns.map((column) => {
        const text = column === 'labels' ? contact.labels.join('; ') : (contact[column] ?? '');
        return isExact ? text : escapeFormula(text);
      }),
    );
    if (rows.length > 0) yield Buffer.from(stringify(rows));
  }
}
