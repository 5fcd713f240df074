/** Contacts as CSV that PostgreSQL makes itself: the same cells as `../csv.ts` makes of records. */
import type { ExportColumn } from '../../../contract/exportColumns.ts';
import { labelSeparator } from '../csv.ts';

/** As `formulaEscaping.ts` has them; PostgreSQL counts fewer signs as space, and has no text with a zero in it. */
const spaces = String.raw`\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff`;
const formulaStart = String.raw`'^[${spaces}"'']*[=+\-@\t\r＝＋－＠]'`;
const plainPhone = String.raw`'^\+[0-9]{3,15}$'`;

/** Almost every text begins with a letter or a digit, which is seen without a pattern. */
const escaped = (text: string): string =>
  `CASE WHEN ${text} = '' OR ${text} BETWEEN '0' AND ':' OR ${text} BETWEEN 'A' AND '{' THEN ${text}
    WHEN ${text} ~ ${formulaStart} AND ${text} !~ ${plainPhone} THEN '''' || ${text} ELSE ${text} END`;

/** @param cell what becomes of a text. */
const labels = (cell: (text: string) => string): string =>
  `CASE WHEN contact.labels = '[]' THEN '' ELSE (SELECT ${cell('joined')} FROM (
    SELECT coalesce(string_agg(label, '${labelSeparator}' ORDER BY place), '') COLLATE "C" AS joined
    FROM json_array_elements_text(contact.labels::json) WITH ORDINALITY AS listed (label, place)) AS joined) END`;

/**
 * What a copy of contacts selects.
 * @param columnOf what a field is called in the table.
 */
export function csvCells(
  fields: readonly ExportColumn[],
  isExact: boolean,
  columnOf: (field: string) => string,
): string {
  const cell = isExact ? (text: string): string => text : escaped;
  return fields
    .map((field) => `${field === 'labels' ? labels(cell) : cell(`contact.${columnOf(field)}`)} AS ${field}`)
    .join(', ');
}
