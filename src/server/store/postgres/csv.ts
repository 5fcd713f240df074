/** Contacts as CSV that PostgreSQL makes itself: the same cells as `../csv.ts` makes of records. */
import type { ExportColumn } from '../../../contract/exportColumns.ts';
import { labelSeparator } from '../csv.ts';
import { nul } from './values.ts';

/** As `formulaEscaping.ts` has it; PostgreSQL counts fewer signs as space. */
const spaces = String.raw`\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff`;
const formulaStart = String.raw`[${spaces}"'']*[=+\-@\t\r${nul}＝＋－＠]`;

/** Almost every text is none by its first byte, and a phone number by a comparison: a pattern costs several of these. */
const isNoFormula = (text: string): string =>
  `(${text} BETWEEN 'A' AND '{' OR ${text} BETWEEN '0' AND ':' OR ${text} = '' OR ${isPlainPhone(text)})`;

/** As `formulaEscaping.ts` has it: a plus and 3 to 15 digits. */
const isPlainPhone = (text: string): string =>
  `(${text} BETWEEN '+0' AND '+:' AND octet_length(${text}) BETWEEN 4 AND 16 AND translate(${text}, '0123456789', '') = '+')`;

const escaped = (text: string): string =>
  `CASE WHEN ${isNoFormula(text)} THEN ${text} WHEN ${text} ~ '^${formulaStart}' THEN '''' || ${text} ELSE ${text} END`;

const labels = 'contact.labels';
/** Of labels as JSON in which nothing is escaped; with most there is nothing to be read. */
const plainLabels = `replace(substr(${labels}, 3, length(${labels}) - 4), '","', '${labelSeparator}')`;
/** JSON may name what is no text to PostgreSQL: NUL, and half of a pair of UTF-16. Whole pairs are written as they are. */
const withoutEscaped = (json: string, escape: string, stand: string): string =>
  String.raw`regexp_replace(${json}, '(?<!\\)((?:\\\\)*)\\u${escape}', '\1${stand}', 'g')`;
const readable = withoutEscaped(withoutEscaped(labels, '0000', nul), 'd[89a-f][0-9a-f]{2}', '\ufffd');
const readLabels = `SELECT coalesce(string_agg(label, '${labelSeparator}' ORDER BY place), '') COLLATE "C" AS joined
  FROM json_array_elements_text((${readable})::json) WITH ORDINALITY AS listed (label, place)`;

function labelsCell(isExact: boolean): string {
  const isPlain = `strpos(${labels}, '\\') = 0`;
  const isSafe = isExact ? '' : `AND (${labels} BETWEEN '["A' AND '["{' OR ${labels} !~ '^\\["${formulaStart}')`;
  const cell = isExact ? 'joined' : escaped('joined');
  return `CASE WHEN ${labels} = '[]' THEN '' WHEN ${isPlain} ${isSafe} THEN ${plainLabels}
    ELSE (SELECT ${cell} FROM (${readLabels}) AS joined) END`;
}

/**
 * What a copy of contacts selects.
 * @param columnOf what a field is called in the table.
 */
export function csvCells(
  fields: readonly ExportColumn[],
  isExact: boolean,
  columnOf: (field: string) => string,
): string {
  const cellOf = (field: ExportColumn): string => {
    if (field === 'labels') return labelsCell(isExact);
    const text = `contact.${columnOf(field)}`;
    return isExact ? text : escaped(text);
  };
  return fields.map((field) => `${cellOf(field)} AS ${field}`).join(', ');
}
