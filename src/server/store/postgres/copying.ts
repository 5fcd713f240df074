import type { PoolClient } from 'pg';
import { to } from 'pg-copy-streams';
import { StoreUnavailableError } from '../errors.ts';
import { patienceMs } from './transactions.ts';
import { nul } from './values.ts';

/** How long whoever reads a copy may pause. */
const takenWithinMs = 600_000;

/**
 * What a statement copies out, in pieces, as it was when it began. Ends with the connection given back, or closed where
 * the copy was not read to its end.
 * @throws {StoreUnavailableError} when the database goes silent, or nobody reads for too long.
 */
export async function* copiedOut(client: PoolClient, statement: string): AsyncGenerator<Uint8Array> {
  const copy = client.query(to(statement));
  let isReleased = false;
  const release = (fault?: Error): void => {
    if (!isReleased) client.release(fault);
    isReleased = true;
  };
  const endAfter = (limitMs: number, why: string): NodeJS.Timeout =>
    setTimeout(() => {
      const fault = new StoreUnavailableError(why);
      copy.destroy(fault);
      release(fault);
    }, limitMs);
  const waitForDatabase = (): NodeJS.Timeout => endAfter(patienceMs.statement, 'The database does not answer.');
  let timer = waitForDatabase();
  let isWhole = false;
  try {
    for await (const piece of copy) {
      clearTimeout(timer);
      timer = endAfter(takenWithinMs, 'Nobody took what was exported.');
      yield piece as Uint8Array;
      clearTimeout(timer);
      timer = waitForDatabase();
    }
    isWhole = true;
  } finally {
    clearTimeout(timer);
    release(isWhole ? undefined : new Error('A copy was broken off.'));
  }
}

const nulBytes = Buffer.from(nul);

/** The pieces of a text, with NUL again where a column has its stand-in. */
export async function* withNul(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  // A piece may end within the stand-in.
  let held = Buffer.alloc(0);
  for await (const piece of pieces) {
    const bytes = Buffer.concat([held, piece]);
    const begun = [3, 2, 1].find((count) => bytes.subarray(-count).equals(nulBytes.subarray(0, count))) ?? 0;
    held = bytes.subarray(bytes.length - begun);
    yield replaced(bytes.subarray(0, bytes.length - begun));
  }
  if (held.length > 0) yield held;
}

const replaced = (bytes: Buffer): Buffer =>
  bytes.includes(nulBytes)
    ? Buffer.from(bytes.toString('latin1').replaceAll(nulBytes.toString('latin1'), '\0'), 'latin1')
    : bytes;
