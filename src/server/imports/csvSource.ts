import type { Encoding } from '../../contract/localData.ts';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { parse, type CsvError, type Parser } from 'csv-parse';
import { textOf } from './textFile.ts';

export const delimiters = [',', ';', '\t', '|'] as const;

export interface CsvOptions {
  encoding: Encoding;
  delimiter: string;
}

/** A quotation mark was never closed, or the file is no CSV at all: what follows it cannot be told. */
export class UnreadableRemainderError extends Error {}

/** A row by its column names, with the line of the file that it begins in; or why it is none. */
export type SourceRow = { line: number; cells: Record<string, string> } | { line: number; reason: string };

/** The delimiter that is in the first line most often, outside quotation marks. */
export function detectDelimiter(start: string): string {
  const named = /^\ufeff?sep=(.)\r?\n/i.exec(start)?.[1];
  if (named !== undefined) return named;
  const bare = start.replace(/"(?:[^"]|"")*"/g, '');
  const [line = ''] = bare.split(/\r?\n/, 1);
  const counts = delimiters.map((delimiter) => line.split(delimiter).length);
  return delimiters[counts.indexOf(Math.max(...counts))] ?? ',';
}

/** The rows of a CSV file with its malformed ones. @param onHeader told of the columns' names before the first row. */
export async function* csvRows(
  path: string,
  { encoding, delimiter }: CsvOptions,
  onHeader: (columns: string[]) => void,
  onBytes?: (bytes: number) => void,
): AsyncGenerator<SourceRow[]> {
  let faults: SourceRow[] = [];
  let end: Error | undefined;
  /** Lines of the file that the parser does not see. */
  let left = 0;
  const parser = parserFor(
    delimiter,
    onHeader,
    (fault) => faults.push({ ...fault, line: fault.line + left }),
    // The parser drops all that follows in the file, and says no more.
    (error) => (end ??= error),
  );
  const reading = pipeline(
    Readable.from(withoutSeparatorLine(textOf(path, encoding, onBytes), () => (left = 1))),
    parser,
  );
  // Whoever reads the parser is told of what went wrong as well.
  reading.catch(() => undefined);
  let rows: SourceRow[] = [];
  for await (const { record, info } of parser as AsyncIterable<{
    record: Record<string, string>;
    info: { lines: number };
  }>) {
    rows.push(...faults, { line: left + info.lines - breaksIn(record), cells: record });
    faults = [];
    if (rows.length < rowsAtOnce) continue;
    yield rows;
    rows = [];
  }
  await reading;
  yield [...rows, ...faults];
  if (end !== undefined)
    throw new UnreadableRemainderError('What follows is one record without an end.', { cause: end });
}

/** The parser says in which line a record ends. */
const breaksIn = (record: Readonly<Record<string, string>>): number =>
  Object.values(record).reduce((sum, cell) => (cell.includes('\n') ? sum + cell.split('\n').length - 1 : sum), 0);

/** A transaction of more is faster, and keeps others waiting for longer. */
const rowsAtOnce = 4_000;

function parserFor(
  delimiter: string,
  onHeader: (columns: string[]) => void,
  onFault: (fault: SourceRow) => void,
  onEnd: (error: Error) => void,
): Parser {
  return parse({
    bom: true,
    delimiter,
    columns: (header: string[]) => {
      const columns = numbered(header.map((name) => name.trim()));
      onHeader(columns);
      return columns;
    },
    info: true,
    relax_quotes: true,
    // Some put a space behind each comma.
    ltrim: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: 1024 * 1024,
    on_skip: (error: CsvError | undefined) => {
      if (error?.code === 'CSV_MAX_RECORD_SIZE') onEnd(error);
      onFault({ line: Number(error?.['lines'] ?? 0), reason: reasonOf(error) });
      return undefined;
    },
  });
}

/** A second column of the same name would take the place of the first. */
function numbered(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  });
}

/** Excel writes the delimiter into a line of its own. @param onLeftOut told where there is one. */
async function* withoutSeparatorLine(text: AsyncIterable<string>, onLeftOut: () => void): AsyncGenerator<string> {
  let isFirst = true;
  for await (const piece of text) {
    const rest: string = isFirst ? piece.replace(/^\ufeff?sep=.\r?\n/i, '') : piece;
    if (rest !== piece) onLeftOut();
    yield rest;
    isFirst &&= piece === '';
  }
}

function reasonOf(error: CsvError | undefined): string {
  switch (error?.code) {
    case 'CSV_RECORD_INCONSISTENT_COLUMNS':
    case 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH':
      return 'it does not have as many cells as the first line';
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'a quotation mark is not closed';
    default:
      return 'it is not valid CSV';
  }
}
