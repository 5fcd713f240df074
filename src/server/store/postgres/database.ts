import { Pool, type CustomTypesConfig, type PoolClient, type PoolConfig } from 'pg';
import { StoreBusyError, StoreError, StoreFullError, StoreUnavailableError } from '../errors.ts';
import { migrations } from './migrations.ts';

export type Row = Readonly<Record<string, unknown>>;
export type Value = string | number | boolean | null | Uint8Array | readonly string[] | readonly number[];

/** Statements about one organization, which is `$1` in each of them. */
export interface Tables {
  all(sql: string, ...values: readonly Value[]): Promise<Row[]>;
  get(sql: string, ...values: readonly Value[]): Promise<Row | undefined>;
}

/** Statements of one transaction. */
export interface Writer extends Tables {
  /** Returns how many rows were written. */
  run(sql: string, ...values: readonly Value[]): Promise<number>;
}

export interface Transaction extends Writer {
  /** Tells that so many rows were added. */
  noteGrowth(rows: number): Promise<void>;
}

const connections = { most: 10, forExports: 4, waitMs: 5_000, idleMs: 30_000 };
/** How long PostgreSQL lets a statement, a wait for others, and a transaction that does nothing take. */
const patienceMs = { statement: 30_000, lock: 10_000, idle: 60_000 };
/** Every statement here has its index; without this, what was planned while a table was small reads all of it. */
const planning = ['enable_seqscan=off'];
/** The index of searches takes in new texts together, which is much less work the more they are: kB. */
const indexing = ['work_mem=65536', 'gin_pending_list_limit=16384'];
/**
 * After so many new rows there are statistics again. PostgreSQL itself makes them once a minute and after a commit; until
 * then an import into an empty database would go by plans for a table with nothing in it.
 */
const growths = [1_000, 10_000, 100_000];
const growing = 'contact, search_entry, conversation, comment, file, activity';
/** Any number, the same in every server: who holds it may change the schema. */
const migrationLock = 7_042_005;

/**
 * A database of a team's contacts, of all organizations in it.
 *
 * A connection belongs to one organization at a time, which the policies of the tables go by: a statement that forgets
 * its organization finds nothing of another.
 */
export class PostgresDatabase {
  private readonly pool: Pool;
  /** What is exported goes out as fast as somebody takes it, and must not keep the others waiting. */
  private readonly exports: Pool;
  private readonly organizations = new WeakMap<PoolClient, string>();
  /** Names of statements, which a connection then has to plan only once. */
  private readonly names = new Map<string, string>();
  private rowsAdded = 0;
  private readonly lastTurns = new Map<string, Promise<unknown>>();

  private constructor(url: string) {
    const config: PoolConfig = {
      connectionString: url,
      application_name: 'contact-lookup',
      connectionTimeoutMillis: connections.waitMs,
      idleTimeoutMillis: connections.idleMs,
      keepAlive: true,
      statement_timeout: patienceMs.statement,
      lock_timeout: patienceMs.lock,
      idle_in_transaction_session_timeout: patienceMs.idle,
      types: columnTypes,
      options: [...planning, ...indexing].map((setting) => `-c ${setting}`).join(' '),
    };
    this.pool = new Pool({ ...config, max: connections.most });
    this.exports = new Pool({ ...config, max: connections.forExports, connectionTimeoutMillis: patienceMs.idle });
    for (const pool of [this.pool, this.exports]) {
      // A connection that breaks while nobody uses it is of no interest: the next statement gets another.
      pool.on('error', () => undefined);
      // One that breaks in use is told to its statement, and here again.
      pool.on('connect', (client) => client.on('error', () => undefined));
    }
  }

  /**
   * Opens the database and brings its schema up to date.
   * @throws {StoreError} when it cannot be used, {StoreUnavailableError} when nobody answers.
   */
  static async open(url: string): Promise<PostgresDatabase> {
    const database = new PostgresDatabase(url);
    try {
      await database.onConnection(database.pool, async (client) => {
        await throwUnlessUsable(client);
        await migrate(client);
      });
      return database;
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  /** What is read and written of one organization, each statement on its own. */
  of(organizationId: string): Tables {
    const all = (sql: string, ...values: readonly Value[]): Promise<Row[]> =>
      this.onConnection(this.pool, async (client) => {
        await this.enter(client, organizationId);
        return (await this.query(client, sql, [organizationId, ...values])).rows;
      });
    return { all, get: async (sql, ...values) => (await all(sql, ...values))[0] };
  }

  /** Whether it answers. */
  async isUp(): Promise<boolean> {
    return this.common('SELECT 1').then(
      () => true,
      () => false,
    );
  }

  /** A statement about what no organization has for itself: sign-ins, and the organizations. */
  async common(sql: string, ...values: readonly Value[]): Promise<{ rows: Row[]; written: number }> {
    return this.onConnection(this.pool, (client) => this.query(client, sql, values));
  }

  /**
   * Runs `work` in a transaction. Those of one organization wait for each other in this process, so that they need one
   * connection.
   */
  transaction<T>(organizationId: string, work: (tables: Transaction) => Promise<T>): Promise<T> {
    const turn = (this.lastTurns.get(organizationId) ?? Promise.resolve()).then(() =>
      this.onConnection(this.pool, async (client) => {
        await this.enter(client, organizationId);
        return inTransaction(client, () => work(this.writerOn(client, organizationId)));
      }),
    );
    const settled = turn.catch(() => undefined);
    this.lastTurns.set(organizationId, settled);
    void settled.then(() => {
      if (this.lastTurns.get(organizationId) === settled) this.lastTurns.delete(organizationId);
    });
    return turn;
  }

  /** The rows of a query as they were when it began, in batches, however long somebody takes over them. */
  async *stream(organizationId: string, sql: string, batchSize: number): AsyncGenerator<Row[]> {
    const client = await this.connect(this.exports);
    let fault: Error | undefined;
    try {
      await this.enter(client, organizationId);
      await client.query('BEGIN READ ONLY');
      await client.query('SET LOCAL idle_in_transaction_session_timeout = 600000');
      // A cursor's plan counts on its first rows being wanted only.
      await client.query('SET LOCAL cursor_tuple_fraction = 1');
      await client.query(`DECLARE streamed NO SCROLL CURSOR FOR ${sql}`, [organizationId]);
      for (;;) {
        const { rows } = await client.query<Row>(`FETCH ${batchSize} FROM streamed`);
        if (rows.length === 0) break;
        yield rows;
      }
      await client.query('COMMIT');
    } catch (error) {
      fault = error as Error;
      throw toStoreError(error);
    } finally {
      // Also where nobody wants the rest.
      await client.query('ROLLBACK').catch((error: Error) => (fault = error));
      client.release(isBroken(fault) ? fault : undefined);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.lastTurns.values());
    await Promise.all([this.pool.end(), this.exports.end()]);
  }

  private async connect(pool: Pool): Promise<PoolClient> {
    try {
      return await pool.connect();
    } catch (error) {
      throw toStoreError(error);
    }
  }

  private async onConnection<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.connect(pool);
    let fault: unknown;
    try {
      return await work(client);
    } catch (error) {
      fault = error;
      throw toStoreError(error);
    } finally {
      client.release(isBroken(fault) ? (fault as Error) : undefined);
    }
  }

  private async enter(client: PoolClient, organizationId: string): Promise<void> {
    if (this.organizations.get(client) === organizationId) return;
    this.organizations.delete(client);
    await client.query("SELECT set_config('contact_lookup.organization', $1, false)", [organizationId]);
    this.organizations.set(client, organizationId);
  }

  private writerOn(client: PoolClient, organizationId: string): Transaction {
    const query = (sql: string, values: readonly Value[]): Promise<{ rows: Row[]; written: number }> =>
      this.query(client, sql, [organizationId, ...values]);
    return {
      all: async (sql, ...values) => (await query(sql, values)).rows,
      get: async (sql, ...values) => (await query(sql, values)).rows[0],
      run: async (sql, ...values) => (await query(sql, values)).written,
      noteGrowth: async (rows) => {
        const before = this.rowsAdded;
        this.rowsAdded += rows;
        if (!growths.some((growth) => before < growth && growth <= this.rowsAdded)) return;
        await client.query(`ANALYZE (SKIP_LOCKED) ${growing}`);
      },
    };
  }

  private async query(
    client: PoolClient,
    text: string,
    values: readonly Value[],
  ): Promise<{ rows: Row[]; written: number }> {
    const config = { text, values: values.map(toColumn), ...this.nameOf(text) };
    const { rows, rowCount } = await client.query<Row>(config);
    return { rows, written: rowCount ?? 0 };
  }

  /** Statements of a search differ with its words: these are planned anew, with their values. */
  private nameOf(text: string): { name?: string } {
    if (text.startsWith(plannedAnew)) return {};
    const known = this.names.get(text) ?? `s${this.names.size}`;
    this.names.set(text, known);
    return { name: known };
  }
}

/** What a statement begins with that is to be planned for its values, every time. */
export const plannedAnew = '/* planned anew */';

/** PostgreSQL keeps no NUL in a text; this code point means nothing in Unicode. */
const nul = '\u{10fffe}';
/** A text as a column can hold it. */
export const toText = (text: string): string => text.toWellFormed().replaceAll('\0', nul);
const fromText = (text: string): string => (text.includes(nul) ? text.replaceAll(nul, '\0') : text);

const toColumn = (value: Value): unknown => {
  if (typeof value === 'string') return toText(value);
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return Array.isArray(value) ? value.map((each: unknown) => (typeof each === 'string' ? toText(each) : each)) : value;
};

const typeIds = { boolean: 16, bytes: 17, bigint: 20, smallint: 21, integer: 23, text: 25 };
const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  [typeIds.boolean]: (text) => text === 't',
  [typeIds.bytes]: (text) => Buffer.from(text.slice(2), 'hex'),
  [typeIds.bigint]: Number,
  [typeIds.smallint]: Number,
  [typeIds.integer]: Number,
};
const columnTypes: CustomTypesConfig = {
  getTypeParser: ((id: number) => parsers[id] ?? fromText) as CustomTypesConfig['getTypeParser'],
};

/** @throws {StoreError} for a database in which what this server promises would not hold. */
async function throwUnlessUsable(client: PoolClient): Promise<void> {
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

/** Takes the steps that are missing; of several servers that start at once, one does, and the others wait. */
async function migrate(client: PoolClient): Promise<void> {
  await inTransaction(client, async () => {
    await client.query(
      'SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0; SET LOCAL client_min_messages = warning',
    );
    await client.query('SELECT pg_advisory_xact_lock($1)', [migrationLock]);
    await client.query('CREATE TABLE IF NOT EXISTS schema_version (step integer PRIMARY KEY)');
    const { rows } = await client.query<{ taken: number }>('SELECT count(*)::int AS taken FROM schema_version');
    for (const [step, sql] of migrations.entries()) {
      if (step < (rows[0]?.taken ?? 0)) continue;
      await client.query(sql);
      await client.query('INSERT INTO schema_version VALUES ($1)', [step]);
    }
  });
}

async function inTransaction<T>(client: PoolClient, work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN');
  try {
    const result = await work();
    // After a statement that failed, PostgreSQL takes all back and says so, without an error.
    const { command } = await client.query('COMMIT');
    if (command !== 'COMMIT') throw new Error('A statement of the transaction had failed.');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

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
    codes: /^(?:08...|57P0.|53300|25P03|55000|25006|E[A-Z]+)$/,
    fault: (cause) => new StoreUnavailableError('The database does not answer.', { cause }),
  },
  {
    codes: /^(?:28...|3D000)$/,
    fault: (cause) =>
      new StoreError('The database cannot be opened: no such database, or not for this user.', { cause }),
  },
];

/** What the pool and the client say themselves, without a code. */
const lostConnection =
  /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error|not queryable|connection ended/i;

function toStoreError(error: unknown): unknown {
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

const isBroken = (fault: unknown): boolean =>
  fault instanceof StoreUnavailableError || toStoreError(fault) instanceof StoreUnavailableError;
