import { CsvGuard } from './csvGuard.ts';

/** Without it, Excel takes UTF-8 for something else. */
const byteOrderMark = Buffer.from('\ufeff');
/** Between two reports of progress; more often nobody could read them. */
const reportEveryMs = 200;

export interface OutputOptions {
  /** Leaves texts as they are, formulas too. */
  isExact: boolean;
  hasByteOrderMark?: boolean;
  onProgress?: (rows: number, bytes: number) => void;
}

/** Passes a CSV on, safe for spreadsheets where it is to be, and counts what it has passed. */
export class CountedOutput implements AsyncIterable<Uint8Array> {
  bytes = 0;
  private readonly source: AsyncIterable<Uint8Array>;
  private readonly options: OutputOptions;
  private readonly guard = new CsvGuard();
  private reportedAt = 0;

  constructor(source: AsyncIterable<Uint8Array>, options: OutputOptions) {
    this.source = source;
    this.options = options;
  }

  get rows(): number {
    return this.guard.rows;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    const { isExact, hasByteOrderMark = false } = this.options;
    let isFirst = true;
    for await (const chunk of this.source) {
      // Some servers write one themselves.
      const hasOne = byteOrderMark.equals(chunk.subarray(0, byteOrderMark.length));
      if (isFirst && hasByteOrderMark && !hasOne) yield* this.counted([byteOrderMark]);
      isFirst = false;
      const safe = this.guard.push(chunk);
      yield* this.counted(isExact ? [chunk] : safe);
    }
    const rest = this.guard.end();
    if (!isExact) yield* this.counted(rest);
  }

  private *counted(chunks: readonly Uint8Array[]): Generator<Uint8Array> {
    for (const chunk of chunks) {
      this.bytes += chunk.length;
      yield chunk;
    }
    if (performance.now() - this.reportedAt < reportEveryMs) return;
    this.reportedAt = performance.now();
    this.options.onProgress?.(this.rows, this.bytes);
  }
}
