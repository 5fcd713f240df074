import { escapeFormula } from '../../contract/formulaEscaping.ts';

const [comma, lineFeed, carriageReturn, quote, plus, apostrophe] = [0x2c, 0x0a, 0x0d, 0x22, 0x2b, 0x27];
const firstDigit = 0x30;
const lastDigit = 0x39;
const minPhoneDigits = 3;
const maxPhoneDigits = 15;

/** First bytes of a cell that a spreadsheet may take for a formula, or behind which one may begin. */
const suspicious = new Uint8Array(256);
for (const character of '=+-@\t\r\n\0" ') suspicious[character.charCodeAt(0)] = 1;
// What begins a space or a full-width sign in UTF-8.
for (const byte of [0x0b, 0x0c, 0xc2, 0xe1, 0xe2, 0xe3, 0xef]) suspicious[byte] = 1;

type State = 'start' | 'bare' | 'quoted' | 'quoteInQuoted';

/**
 * Makes CSV (RFC 4180, UTF-8) safe for spreadsheets while it passes: a cell that would be a formula gets an apostrophe
 * before it, and all other bytes stay as they are. A cell that has one already is left alone. Counts the rows.
 *
 * Bytes are looked at and not taken apart into cells, so that an export is as fast as its transfer.
 */
export class CsvGuard {
  private state: State = 'start';
  private carried: Buffer = Buffer.alloc(0);
  private lines = 0;
  private isInLine = false;

  /** Rows so far, the header not counted. */
  get rows(): number {
    return Math.max(0, this.lines + (this.isInLine ? 1 : 0) - 1);
  }

  /** What comes out for a piece that comes in; the rest of an unfinished cell comes with the next. */
  push(chunk: Uint8Array): Buffer[] {
    const bytes =
      this.carried.length === 0
        ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
        : Buffer.concat([this.carried, chunk]);
    return this.pass(bytes, false);
  }

  /** What is left at the end. */
  end(): Buffer[] {
    return this.pass(this.carried, true);
  }

  private pass(bytes: Buffer, isLast: boolean): Buffer[] {
    const out: Buffer[] = [];
    let copied = 0;
    let at = 0;
    this.carried = Buffer.alloc(0);
    while (at < bytes.length) {
      if (this.state === 'start') {
        const cell = this.look(bytes, at, isLast);
        if (cell === undefined) {
          this.carried = Buffer.from(bytes.subarray(at));
          break;
        }
        if (cell.replacement !== undefined) {
          out.push(bytes.subarray(copied, at), cell.replacement);
          copied = cell.end;
        }
        this.isInLine ||= bytes[at] !== lineFeed && bytes[at] !== carriageReturn;
        at = cell.end;
      }
      at = this.skip(bytes, at);
    }
    const end = bytes.length - this.carried.length;
    if (copied < end) out.push(bytes.subarray(copied, end));
    return out;
  }

  /** Goes on to the start of the next cell, or to the end of what is there. */
  private skip(bytes: Buffer, from: number): number {
    let at = from;
    while (at < bytes.length && this.state !== 'start') {
      const byte = bytes[at];
      if (this.state === 'quoted') {
        at = bytes.indexOf(quote, at);
        if (at < 0) return bytes.length;
        this.state = 'quoteInQuoted';
        at++;
      } else if (this.state === 'quoteInQuoted') {
        this.state = byte === quote ? 'quoted' : 'bare';
        if (byte === quote) at++;
      } else {
        if (byte === comma) this.state = 'start';
        if (byte === lineFeed) {
          this.state = 'start';
          this.lines += this.isInLine ? 1 : 0;
          this.isInLine = false;
        }
        if (byte === comma) this.isInLine = true;
        at++;
      }
    }
    return at;
  }

  /**
   * Looks at the cell that begins at `start`. `undefined` where it does not end in what is there; else where to go on,
   * with what is to stand in its place if it is not safe.
   */
  private look(bytes: Buffer, start: number, isLast: boolean): { end: number; replacement?: Buffer } | undefined {
    const isQuoted = bytes[start] === quote;
    const first = start + (isQuoted ? 1 : 0);
    if (first >= bytes.length && !isLast) return undefined;
    const byte = bytes[first] ?? comma;
    if (suspicious[byte] === 0 || byte === apostrophe) {
      this.state = isQuoted ? 'quoted' : 'bare';
      return { end: first };
    }
    const end = isQuoted ? endOfQuoted(bytes, first) : endOfBare(bytes, first);
    if (end === undefined && !isLast) return undefined;
    const stop = end ?? bytes.length;
    this.state = 'bare';
    if (byte === plus && isPlainPhone(bytes, first, isQuoted ? stop - 1 : stop)) return { end: stop };
    const raw = bytes.toString('utf8', start, stop);
    const text = isQuoted
      ? raw.slice(1, end === undefined ? undefined : -1).replaceAll('""', '"')
      : raw.replace(/\r$/, '');
    const safe = escapeFormula(text);
    if (safe === text) return { end: stop };
    const tail = !isQuoted && raw.endsWith('\r') ? '\r' : '';
    return { end: stop, replacement: Buffer.from(`"${safe.replaceAll('"', '""')}"${tail}`) };
  }
}

function isPlainPhone(bytes: Buffer, start: number, stop: number): boolean {
  const end = bytes[stop - 1] === carriageReturn ? stop - 1 : stop;
  const digits = end - start - 1;
  if (digits < minPhoneDigits || digits > maxPhoneDigits) return false;
  for (let at = start + 1; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte < firstDigit || byte > lastDigit) return false;
  }
  return true;
}

/** Behind the quotation mark that closes a cell; `undefined` where it may be the first of two. */
function endOfQuoted(bytes: Buffer, start: number): number | undefined {
  for (let at = bytes.indexOf(quote, start); at >= 0; at = bytes.indexOf(quote, at + 2)) {
    if (at + 1 >= bytes.length) return undefined;
    if (bytes[at + 1] !== quote) return at + 1;
  }
  return undefined;
}

function endOfBare(bytes: Buffer, start: number): number | undefined {
  for (let at = start; at < bytes.length; at++) if (bytes[at] === comma || bytes[at] === lineFeed) return at;
  return undefined;
}
