import { stringify } from 'csv-stringify/sync';
import type { CsvStream } from '../../api/contactService.ts';
import type { ExportColumn } from '../../contract/exportColumns.ts';

const lineFeed = 0x0a;

/**
 * The server's CSV with `header` in place of its header row.
 * @returns `undefined` if the server ignored `columns` and sent its own (contract, section 4.8); its response is then
 * discarded.
 */
export async function withHeader(
  csv: CsvStream,
  columns: readonly ExportColumn[],
  header: readonly string[],
): Promise<AsyncIterable<Uint8Array> | undefined> {
  const chunks = csv[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  const expected = `${columns.join(',')}\n`;
  while (head.length < expected.length && !head.includes(lineFeed)) {
    const { value, done } = await chunks.next();
    if (done === true) break;
    head = Buffer.concat([head, value]);
  }
  if (head.subarray(0, expected.length).toString('latin1') !== expected) {
    await chunks.return?.();
    return undefined;
  }
  const rest = head.subarray(expected.length);
  return (async function* (): AsyncGenerator<Uint8Array> {
    try {
      yield Buffer.from(stringify([[...header]]));
      if (rest.length > 0) yield rest;
      for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
    } finally {
      await chunks.return?.();
    }
  })();
}
