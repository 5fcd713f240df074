import pLimit from 'p-limit';
import { Pool, type PoolClient, type PoolConfig } from 'pg';
import { StoreBusyError } from '../errors.ts';
import { copiedOut, withNul } from './copying.ts';
import { isBroken, toStoreError } from './faults.ts';
import { canSearchByIndex, migrate, slowSearches, throwUnlessUsable } from './opening.ts';
import { answeredInTime, inTransaction, patienceMs } from './transactions.ts';
import { columnTypes, toColumn, type Value } from './values.ts';

export type Row = Readonly<Record<string, unknown>>;

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
  /** The rows of a query as they are now, in batches; others may be written meanwhile. One query at a time. */
  batches(sql: string, batchSize: number): AsyncGenerator<Row[]>;
  /** Tells that so many rows were added. */
  noteGrowth(rows: number): Promise<void>;
}

/** To answer requests in time, or to take in what may be a million rows. */
export type Purpose = 'requests' | 'filling';

const connections = { most: 10, forExports: 4, waitMs: 5_000, idleMs: 30_000 };
const settings = [
  // Every statement here has its index; without this, what was planned while a table was small reads all of it.
  'enable_seqscan=off',
  // kB. The index of searches takes in new texts together, which is a third of the work where they have room.
  'work_mem=65536',
];
/** What the role or the database has for it would count where the connection says nothing. */
const unlimitedStatements = 'statement_timeout=0';
const optionsOf = (...parameters: string[]): string => parameters.map((each) => `-c ${each}`).join(' ');
/**
 * After so many new rows, and each time that there are four times as many, statistics are made. PostgreSQL itself makes
 * them once a minute and after a commit; until then an import into an empty database would go by plans for a table with
 * nothing in it.
 */
const firstGrowth = 1_000;
const makeStatistics = 'ANALYZE (SKIP_LOCKED) contact, search_entry, conversation, comment, file, activity';

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
  /** Whether the database answers is another question than whether all are busy. */
  private readonly health: Pool;
  private readonly organizations = new WeakMap<PoolClient, string>();
  /** Names of statements, which a connection then has to plan only once. */
  private readonly names = new Map<string, string>();
  /** What whoever runs the server should know. */
  readonly warnings: string[] = [];
  private rowsAdded = 0;
  private nextGrowth = firstGrowth;
  private readonly lastTurns = new Map<string, Promise<unknown>>();
  private readonly purpose: Purpose;
  private statistics: Promise<unknown> = Promise.resolve();

  private constructor(url: string, purpose: Purpose) {
    this.purpose = purpose;
    const config: PoolConfig = {
      connectionString: url,
      application_name: 'contact-lookup',
      connectionTimeoutMillis: connections.waitMs,
      idleTimeoutMillis: connections.idleMs,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      lock_timeout: patienceMs.lock,
      idle_in_transaction_session_timeout: patienceMs.idle,
      types: columnTypes,
    };
    const unlimited = { statement_timeout: false as const, options: optionsOf(...settings, unlimitedStatements) };
    const limited = { statement_timeout: patienceMs.statement, options: optionsOf(...settings) };
    const forExports = { max: connections.forExports, connectionTimeoutMillis: patienceMs.idle };
    this.pool = new Pool({ ...config, ...(purpose === 'filling' ? unlimited : limited), max: connections.most });
    this.exports = new Pool({ ...config, ...unlimited, ...forExports });
    this.health = new Pool({ ...config, ...limited, max: 1 });
    for (const pool of [this.pool, this.exports, this.health]) {
      // A connection that breaks while nobody uses it is of no interest: the next statement gets another.
      pool.on('error', () => undefined);
      // One that breaks in use is told to its statement, and here again.
      pool.on('connect', (client) => client.on('error', () => undefined));
    }
  }

  /**
   * Opens the database and brings its schema up to date.
   * @param onWait told where that waits for what somebody else does with the database.
   * @throws {StoreError} when it cannot be used, {StoreUnavailableError} when nobody answers.
   */
  static async open(
    url: string,
    onWait: () => void = () => undefined,
    purpose: Purpose = 'requests',
  ): Promise<PostgresDatabase> {
    const database = new PostgresDatabase(url, purpose);
    try {
      await database.onConnection(database.pool, async (client) => {
        await throwUnlessUsable(client);
        if (!(await canSearchByIndex(client))) database.warnings.push(slowSearches);
        await migrate(client, onWait);
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

  get connections(): { total: number; idle: number; waiting: number } {
    const { totalCount: total, idleCount: idle, waitingCount: waiting } = this.pool;
    return { total, idle, waiting };
  }

  /** Whether it answers. */
  async isUp(): Promise<boolean> {
    return this.onConnection(this.health, (client) => this.query(client, 'SELECT 1', [])).then(
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
   * @throws {StoreBusyError} when that took too long: whoever wanted it may have given up.
   */
  transaction<T>(organizationId: string, work: (tables: Transaction) => Promise<T>): Promise<T> {
    const wanted = performance.now();
    const turn = (this.lastTurns.get(organizationId) ?? Promise.resolve()).then(() => {
      const isLate = performance.now() - wanted > patienceMs.lock;
      if (isLate && this.purpose === 'requests') throw new StoreBusyError('Others were writing for too long.');
      return this.onConnection(this.pool, async (client) => {
        await this.enter(client, organizationId);
        let isGrown = false;
        const tables = this.writerOn(client, organizationId, () => (isGrown = true));
        const result = await inTransaction(client, () => work(tables));
        if (isGrown) this.statistics = this.common(makeStatistics).catch(() => undefined);
        return result;
      });
    });
    const settled = turn.catch(() => undefined);
    this.lastTurns.set(organizationId, settled);
    void settled.then(() => {
      if (this.lastTurns.get(organizationId) === settled) this.lastTurns.delete(organizationId);
    });
    return turn;
  }

  /** Waits until the transactions of an organization that are under way here have ended. */
  async settled(organizationId: string): Promise<void> {
    await this.lastTurns.get(organizationId);
  }

  /** Runs `work`, whose statements all see the same moment. */
  snapshot<T>(organizationId: string, work: (tables: Tables) => Promise<T>): Promise<T> {
    return this.onConnection(this.pool, async (client) => {
      await this.enter(client, organizationId);
      const moment = 'BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY';
      return inTransaction(client, () => work(this.writerOn(client, organizationId)), moment);
    });
  }

  /** What a query selects as CSV (UTF-8), with a line of names, as it was when it began. */
  async *copyOut(organizationId: string, sql: string): AsyncGenerator<Uint8Array> {
    const client = await this.connect(this.exports);
    try {
      await this.enter(client, organizationId);
    } catch (error) {
      client.release(error as Error);
      throw toStoreError(error);
    }
    // A copy takes no values.
    const query = sql.replaceAll('$1', () => client.escapeLiteral(organizationId));
    // What is empty is no NULL, and goes without quotes.
    const statement = `COPY (${query}) TO STDOUT (FORMAT csv, HEADER, NULL '\\N')`;
    try {
      yield* withNul(copiedOut(client, statement));
    } catch (error) {
      throw toStoreError(error);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.lastTurns.values());
    await this.statistics;
    await Promise.all([this.pool.end(), this.exports.end(), this.health.end()]);
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
    const text = "SELECT set_config('contact_lookup.organization', $1, false)";
    await client.query({ text, values: [organizationId], ...answeredInTime });
    this.organizations.set(client, organizationId);
  }

  /** @param onGrown told where statistics are due once the transaction has ended. */
  private writerOn(client: PoolClient, organizationId: string, onGrown: () => void = () => undefined): Transaction {
    // A connection takes one statement at a time; rows are written while the next are read and made ready.
    const inTurn = pLimit(1);
    const query = (sql: string, values: readonly Value[]): Promise<{ rows: Row[]; written: number }> =>
      inTurn(() => this.query(client, sql, [organizationId, ...values]));
    return {
      all: async (sql, ...values) => (await query(sql, values)).rows,
      get: async (sql, ...values) => (await query(sql, values)).rows[0],
      run: async (sql, ...values) => (await query(sql, values)).written,
      batches: (sql, batchSize) =>
        fetched((...statement) => inTurn(() => client.query<Row>(...statement)), organizationId, sql, batchSize),
      noteGrowth: async (rows) => {
        this.rowsAdded += rows;
        if (this.rowsAdded < this.nextGrowth) return;
        this.nextGrowth = this.rowsAdded * 4;
        // Nobody who adds a contact waits for all of them to be looked at.
        if (this.purpose === 'filling') await inTurn(() => client.query(makeStatistics));
        else onGrown();
      },
    };
  }

  private async query(
    client: PoolClient,
    text: string,
    values: readonly Value[],
  ): Promise<{ rows: Row[]; written: number }> {
    const patience = this.purpose === 'filling' ? {} : answeredInTime;
    const config = { text, values: values.map(toColumn), ...this.nameOf(text), ...patience };
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

/** By a cursor, which ends with its transaction. */
async function* fetched(
  query: (sql: string, values?: unknown[]) => Promise<{ rows: Row[] }>,
  organizationId: string,
  sql: string,
  batchSize: number,
): AsyncGenerator<Row[]> {
  // The plan of a cursor counts on its first rows alone being wanted.
  await query('SET LOCAL cursor_tuple_fraction = 1');
  await query(`DECLARE streamed NO SCROLL CURSOR FOR ${sql}`, [organizationId]);
  const fetch = (): Promise<{ rows: Row[] }> => query(`FETCH ${batchSize} FROM streamed`);
  // The next are on their way while these are being used.
  let following = fetch();
  try {
    for (;;) {
      const { rows } = await following;
      if (rows.length === 0) break;
      following = fetch();
      // Until it is waited for, here or where nobody wants the rest.
      following.catch(() => undefined);
      yield rows;
    }
  } finally {
    await following.catch(() => undefined);
  }
  await query('CLOSE streamed');
}
