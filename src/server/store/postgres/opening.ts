/** What is done once with a database, before it is used. */
import { setTimeout } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import { StoreError } from '../errors.ts';
import { migrations } from './migrations.ts';
import { inTransaction } from './transactions.ts';

/** Any number, the same in every server: who holds it may change the schema. */
const migrationLock = 7_042_005;

/** @throws {StoreError} for a database in which what this server promises would not hold. */
export async function throwUnlessUsable(client: PoolClient): Promise<void> {
  const { rows } = await client.query<{ version: number; encoding: string; is_above: boolean }>(
    `SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding,
       rolsuper OR rolbypassrls AS is_above FROM pg_roles WHERE rolname = current_user`,
  );
  const [found] = rows;
  if (found === undefined || found.version < 150_000) throw new StoreError('PostgreSQL 15 or later is needed.');
  if (found.encoding !== 'UTF8') throw new StoreError('The database must have the encoding UTF8.');
  if (found.is_above) {
    throw new StoreError(
      'The database is opened as a role that no row-level security holds for. Use one that is no superuser and has no BYPASSRLS.',
    );
  }
}

export const slowSearches =
  'Searches and imports read all contacts: PostgreSQL keeps some functions from an index beside row-level security, until a superuser has marked them LEAKPROOF, as docs/team-server.md says.';

/**
 * A policy comes before whatever might tell what a row holds, such as an index of texts; these functions tell nothing.
 * The first three find texts, the others e-mail addresses.
 */
export const leakproofFunctions = [
  'textlike(text, text)',
  'strpos(text, text)',
  'arraycontains(anyarray, anyarray)',
  'lower(text)',
  'left(text, integer)',
] as const;

/** Whether all of them are marked. */
export async function canSearchByIndex(client: PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ leakproof: boolean }>(
    'SELECT bool_and(proleakproof) AS leakproof FROM pg_proc WHERE oid = ANY ($1::regprocedure[])',
    [leakproofFunctions.map((each) => `pg_catalog.${each}`)],
  );
  return rows[0]?.leakproof === true;
}

/** Others have what a step wants, or waited for each other with it. */
const lockFaults = /^(?:55P03|40001|40P01)$/;
const stepWaitsMs = 300;
/** Those who have waited for it meanwhile come first. */
const triesAgainMs = 300;
const saysSoAfter = 5;

/**
 * Takes the steps that are missing, one by one; of several servers that start at once, one does, and the others wait.
 *
 * Behind a step that waits for a table everybody else waits too, and where those who work hold what it wants, one of
 * them would be ended. So it waits for a moment only, and is tried again later: an import may take minutes.
 * @param onWait told once, where that takes long.
 */
export async function migrate(client: PoolClient, onWait: () => void): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      if (!(await takeStep(client))) return;
    } catch (error) {
      if (!lockFaults.test((error as { code?: string }).code ?? '')) throw error;
      if (tries === saysSoAfter) onWait();
      await setTimeout(triesAgainMs * (1 + Math.random()));
    }
  }
}

/** @returns whether there was one to take. */
const takeStep = (client: PoolClient): Promise<boolean> =>
  inTransaction(client, async () => {
    await client.query(
      `SET LOCAL lock_timeout = ${stepWaitsMs}; SET LOCAL statement_timeout = 0; SET LOCAL client_min_messages = warning`,
    );
    await client.query('SELECT pg_advisory_xact_lock($1)', [migrationLock]);
    await client.query('CREATE TABLE IF NOT EXISTS schema_version (step integer PRIMARY KEY)');
    const { rows } = await client.query<{ taken: number }>('SELECT count(*)::int AS taken FROM schema_version');
    const step = rows[0]?.taken ?? 0;
    const sql = migrations[step];
    if (sql === undefined) return false;
    await client.query(sql);
    await client.query('INSERT INTO schema_version VALUES ($1)', [step]);
    return true;
  });
