import { CommitUncertainError, StoreBusyError, StoreFullError, StoreUnavailableError } from '../errors.ts';

/** What PostgreSQL and the connection to it say, by their codes: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const meanings: readonly { codes: RegExp; fault: (error: Error) => Error }[] = [
  {
    // Another transaction had what this one waited for, or both waited for each other.
    codes: /^(?:55P03|40001|40P01)$/,
    fault: (cause) => new StoreBusyError('The database is busy.', { cause }),
  },
  { codes: /^57014$/, fault: (cause) => new StoreBusyError('A statement took too long.', { cause }) },
  { codes: /^53100$/, fault: (cause) => new StoreFullError('The database’s disk is full.', { cause }) },
  {
    // Also a database that takes no connections, and one that has become a copy of another.
    codes: /^(?:08...|57P0.|53300|25P03|55000|25006|E[A-Z_]+)$/,
    fault: (cause) => new StoreUnavailableError('The database does not answer.', { cause }),
  },
  {
    // It was opened once: its password is being changed, or it is being put back.
    codes: /^(?:28...|3D000)$/,
    fault: (cause) => new StoreUnavailableError('The database does not let this server in.', { cause }),
  },
];

/** What the pool and the client say themselves, without a code. */
const lostConnection =
  /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error|not queryable|connection ended|query read timeout/i;

/** What a statement failed with, as the stores say it; what is unknown as it is. */
export function toStoreError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = codeOf(error);
  const known = code === undefined ? undefined : meanings.find(({ codes }) => codes.test(code));
  if (known !== undefined) return known.fault(error);
  return lostConnection.test(error.message)
    ? new StoreUnavailableError('The database does not answer.', { cause: error })
    : error;
}

/** Of several addresses that were tried, what the last said. */
const codeOf = (error: Error): string | undefined => {
  const tried: unknown = error instanceof AggregateError ? error.errors.at(-1) : error;
  return (tried as { code?: string }).code;
};

/** Whether the connection is worth nothing any more. */
export const isBroken = (fault: unknown): boolean =>
  fault instanceof StoreUnavailableError ||
  fault instanceof CommitUncertainError ||
  toStoreError(fault) instanceof StoreUnavailableError;
