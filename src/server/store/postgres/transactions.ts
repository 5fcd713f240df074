import type { PoolClient } from 'pg';
import { CommitUncertainError, StoreUnavailableError } from '../errors.ts';
import { isBroken } from './faults.ts';

/** How long PostgreSQL lets a statement, a wait for others, and a transaction that does nothing take. */
export const patienceMs = { statement: 30_000, lock: 10_000, idle: 60_000 };
/** A database that has gone silent is one that is gone: a little longer than it lets a statement take. */
export const answeredInTime = { query_timeout: patienceMs.statement + 5_000 };

/** @param begin what begins it. @throws {CommitUncertainError} and whatever `work` throws; nothing was written then. */
export async function inTransaction<T>(client: PoolClient, work: () => Promise<T>, begin = 'BEGIN'): Promise<T> {
  await client.query({ text: begin, ...answeredInTime });
  let isCommitting = false;
  try {
    const result = await work();
    isCommitting = true;
    // After a statement that failed, PostgreSQL takes all back and says so, without an error.
    const { command } = await client.query({ text: 'COMMIT', ...answeredInTime });
    if (command !== 'COMMIT') throw new Error('A statement of the transaction had failed.');
    return result;
  } catch (error) {
    if (isCommitting && isBroken(error)) {
      throw new CommitUncertainError('The database stopped answering while it committed.', { cause: error });
    }
    // Of a database that has gone silent the connection is closed, which ends it too: no answer would come.
    if (!isBroken(error)) await rollBack(client, error);
    throw error;
  }
}

/** @throws {StoreUnavailableError} when no answer comes: nobody else is to get that connection. */
async function rollBack(client: PoolClient, why: unknown): Promise<void> {
  try {
    await client.query({ text: 'ROLLBACK', ...answeredInTime });
  } catch (error) {
    if (isBroken(error)) throw new StoreUnavailableError('The database does not answer.', { cause: why });
  }
}
