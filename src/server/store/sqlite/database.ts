import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { NewerStoreError, StoreBusyError, StoreDamagedError, StoreError, StoreFullError } from '../errors.ts';
import { CommitCount } from './commitCount.ts';

/** Marks a file as a store of this server: the letters `CTLU`. */
const applicationId = 0x43_54_4c_55;
const busyTimeoutMs = 5000;
const maxRetryMs = 4;
const memoryPragmas = 'PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536; PRAGMA mmap_size = 2147418112;';

/** SQLite's primary result code, where `error` is one of SQLite's. */
const resultCode = (error: unknown): number => Number((error as { errcode?: unknown }).errcode) & 0xff;

/** Somebody else holds the file (SQLITE_BUSY, SQLITE_LOCKED). */
const isBusy = (error: unknown): boolean => [5, 6].includes(resultCode(error));

/** There is no room for the index of the log, which is the first file that a connection writes. */
const ioerrShmsize = 4874;

/** There is no room for the write (SQLITE_FULL, or the disk itself). */
const isFull = (error: unknown): boolean =>
  resultCode(error) === 13 ||
  (error as { errcode?: unknown }).errcode === ioerrShmsize ||
  (error as NodeJS.ErrnoException).code === 'ENOSPC';

/** The file is not what SQLite has written (SQLITE_CORRUPT, SQLITE_NOTADB). */
const isDamaged = (error: unknown): boolean => [11, 26].includes(resultCode(error));

const goneFinding = 'is empty or gone, though something was stored in it before.';

/**
 * A failure of SQLite or of the disk as one of a store, where it is one that somebody can do something about.
 * @param file where it arose.
 */
export function toStoreError(error: unknown, file: string): unknown {
  if (isDamaged(error)) {
    return new StoreDamagedError(file, 'is damaged: a part of it cannot be read.', { cause: error });
  }
  if (isFull(error)) return new StoreFullError('The disk is full.', { cause: error });
  return isBusy(error) ? new StoreBusyError('The store is busy.', { cause: error }) : error;
}

/** Which file it is, and the steps that made its tables. */
export interface Schema {
  fileName: string;
  migrations: readonly string[];
}

export type Row = Record<string, unknown>;

/** What a read of tables needs. */
export interface Reader {
  all(sql: string, ...parameters: SQLInputValue[]): Row[];
  get(sql: string, ...parameters: SQLInputValue[]): Row | undefined;
  iterate(sql: string, ...parameters: SQLInputValue[]): Iterable<Row>;
}

/** What a write needs; of use while its transaction is under way. */
export interface Writer extends Reader {
  /** Runs one statement and returns how many rows it changed. */
  run(sql: string, ...parameters: SQLInputValue[]): number;
  /** Runs one INSERT and returns the number of its row. */
  insert(sql: string, ...parameters: SQLInputValue[]): number;
}

/**
 * One connection to a SQLite file, and its prepared statements.
 *
 * Several processes may hold the same file. A write is therefore always one `BEGIN IMMEDIATE` transaction: a
 * deferred one fails under two writers even with a busy timeout.
 */
export class Database implements Reader {
  private readonly statements = new Map<string, StatementSync>();

  private readonly sqlite: DatabaseSync;
  private readonly file: string;
  private commits: CommitCount | undefined;

  private constructor(sqlite: DatabaseSync, file: string) {
    this.sqlite = sqlite;
    this.file = file;
  }

  /**
   * Opens, or creates, the file of `schema` in `directory`, and brings its tables up to date.
   * @throws {StoreError} when the file belongs to something else, is newer than this server, or has been emptied.
   */
  static open(directory: string, schema: Schema): Database {
    const file = join(directory, schema.fileName);
    // Kept beside the database, because SQLite opens an emptied file as a valid empty database.
    const marker = `${file}.created`;
    // The marker first: another process may be making both right now, and it makes the file before the marker.
    const wasCreated = existsSync(marker);
    const isEmpty = !existsSync(file) || statSync(file).size === 0;
    if (wasCreated && isEmpty) {
      throw new StoreDamagedError(file, goneFinding, { kind: 'gone' });
    }
    CommitCount.check(file);
    const sqlite = new DatabaseSync(file, {
      timeout: busyTimeoutMs,
      enableForeignKeyConstraints: true,
      enableDoubleQuotedStringLiterals: false,
      allowExtension: false,
      defensive: true,
    });
    try {
      const database = new Database(sqlite, file);
      database.configure();
      database.migrate(file, schema.migrations, wasCreated);
      writeFileSync(marker, '');
      database.commits = CommitCount.of(sqlite, file);
      return database;
    } catch (error) {
      sqlite.close();
      throw toStoreError(error, file);
    }
  }

  /** Opens a second connection, which sees what others have committed and writes nothing, to a file that is open. */
  static openReader(directory: string, { fileName }: Schema): Database {
    const file = join(directory, fileName);
    const sqlite = new DatabaseSync(file, {
      timeout: busyTimeoutMs,
      readOnly: true,
      enableDoubleQuotedStringLiterals: false,
      allowExtension: false,
      defensive: true,
    });
    sqlite.exec(`PRAGMA trusted_schema = OFF; ${memoryPragmas}`);
    return new Database(sqlite, file);
  }

  all(sql: string, ...parameters: SQLInputValue[]): Row[] {
    try {
      return this.prepared(sql).all(...parameters);
    } catch (error) {
      throw toStoreError(error, this.file);
    }
  }

  get(sql: string, ...parameters: SQLInputValue[]): Row | undefined {
    try {
      return this.prepared(sql).get(...parameters);
    } catch (error) {
      throw toStoreError(error, this.file);
    }
  }

  *iterate(sql: string, ...parameters: SQLInputValue[]): Iterable<Row> {
    try {
      yield* this.prepared(sql).iterate(...parameters);
    } catch (error) {
      throw toStoreError(error, this.file);
    }
  }

  /** Runs `work` in one transaction; when this returns, what it wrote is on disk. Holds up the thread meanwhile. */
  write<T>(work: (writer: Writer) => T): T {
    return this.inTransaction(work, () => this.commit());
  }

  /** Runs `work`, and undoes what it wrote: FTS5 takes even a check of its index as an INSERT. */
  tryOut<T>(work: (writer: Writer) => T): T {
    return this.inTransaction(work, () => this.rollBack());
  }

  /**
   * Like `write`, for asynchronous work; the caller keeps everything else in this process off the connection meanwhile.
   * @throws {StoreBusyError} if another process has been writing for five seconds.
   */
  async transaction<T>(work: (writer: Writer) => Promise<T>): Promise<T> {
    await this.begin();
    const writer = new OpenTransaction(this, (sql) => this.prepared(sql));
    try {
      this.commits?.begin();
      const result = await work(writer);
      this.commit();
      return result;
    } catch (error) {
      this.rollBack();
      throw toStoreError(error, this.file);
    } finally {
      writer.end();
    }
  }

  /** Changes whenever another connection has committed something. */
  get version(): number {
    return Number(this.prepared('PRAGMA data_version').get()?.['data_version']);
  }

  /** Takes what is in the log into the file, as far as nobody else reads it. */
  truncateLog(): void {
    this.sqlite.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  close(): void {
    this.commits?.close();
    this.sqlite.close();
  }

  /** SQLite's own wait would hold up every other request, and backs off until others always come first. */
  private async begin(): Promise<void> {
    const end = performance.now() + busyTimeoutMs;
    this.sqlite.exec('PRAGMA busy_timeout = 0');
    try {
      for (;;) {
        try {
          this.sqlite.exec('BEGIN IMMEDIATE');
          return;
        } catch (error) {
          if (!isBusy(error) || performance.now() > end) throw toStoreError(error, this.file);
          await setTimeout(1 + Math.random() * maxRetryMs);
        }
      }
    } finally {
      this.sqlite.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
    }
  }

  private inTransaction<T>(work: (writer: Writer) => T, end: () => void): T {
    const writer = new OpenTransaction(this, (sql) => this.prepared(sql));
    try {
      this.sqlite.exec('BEGIN IMMEDIATE');
      this.commits?.begin();
      const result = work(writer);
      end();
      return result;
    } catch (error) {
      this.rollBack();
      throw toStoreError(error, this.file);
    } finally {
      writer.end();
    }
  }

  private commit(): void {
    const count = this.commits?.add();
    this.sqlite.exec('COMMIT');
    if (count !== undefined) this.commits?.noteDown(count);
  }

  private rollBack(): void {
    if (this.sqlite.isTransaction) this.sqlite.exec('ROLLBACK');
  }

  private prepared(sql: string): StatementSync {
    let statement = this.statements.get(sql);
    if (statement === undefined) {
      statement = this.sqlite.prepare(sql);
      this.statements.set(sql, statement);
    }
    return statement;
  }

  private configure(): void {
    // Set here and not left to defaults, which differ between versions of Node and SQLite.
    this.sqlite.exec('PRAGMA trusted_schema = OFF');
    this.useWriteAheadLog();
    this.sqlite.exec(`
      PRAGMA synchronous = FULL;
      PRAGMA fullfsync = ON;
      PRAGMA journal_size_limit = 67108864;
      PRAGMA wal_autocheckpoint = 16000;
      ${memoryPragmas}
    `);
  }

  /** SQLite does not wait for another process that is just changing the same file to this mode. */
  private useWriteAheadLog(): void {
    const end = performance.now() + busyTimeoutMs;
    for (;;) {
      try {
        this.sqlite.exec('PRAGMA journal_mode = WAL');
        return;
      } catch (error) {
        if (!isBusy(error) || performance.now() > end) throw error;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5 + Math.random() * 20);
      }
    }
  }

  private migrate(file: string, migrations: readonly string[], wasCreated: boolean): void {
    // A file that needs nothing is not written to: it may be damaged, and is then to be left as it is.
    if (this.pragma('application_id') === applicationId && this.pragma('user_version') === migrations.length) return;
    this.write(() => {
      const version = this.pragma('user_version');
      const owner = this.pragma('application_id');
      const tables = this.sqlite.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()?.['tables'];
      // All was in the log beside it, which is gone.
      if (wasCreated && tables === 0) {
        throw new StoreDamagedError(file, goneFinding, { kind: 'gone' });
      }
      if (owner !== applicationId && tables !== 0) {
        throw new StoreError(`${file} is not a contact store.`);
      }
      if (version > migrations.length) {
        throw new NewerStoreError(`${file} was written by a newer version of Contact Lookup.`);
      }
      for (const migration of migrations.slice(version)) this.sqlite.exec(migration);
      this.sqlite.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${migrations.length};`);
    });
  }

  private pragma(name: 'user_version' | 'application_id'): number {
    return Number(this.sqlite.prepare(`PRAGMA ${name}`).get()?.[name]);
  }
}

/** Writes of one transaction, and none after its end. */
class OpenTransaction implements Writer {
  private readonly database: Database;
  private readonly prepared: (sql: string) => StatementSync;
  private isOpen = true;

  constructor(database: Database, prepared: (sql: string) => StatementSync) {
    this.database = database;
    this.prepared = prepared;
  }

  all(sql: string, ...parameters: SQLInputValue[]): Row[] {
    return this.database.all(sql, ...parameters);
  }

  get(sql: string, ...parameters: SQLInputValue[]): Row | undefined {
    return this.database.get(sql, ...parameters);
  }

  iterate(sql: string, ...parameters: SQLInputValue[]): Iterable<Row> {
    return this.database.iterate(sql, ...parameters);
  }

  run(sql: string, ...parameters: SQLInputValue[]): number {
    return Number(this.statement(sql).run(...parameters).changes);
  }

  insert(sql: string, ...parameters: SQLInputValue[]): number {
    return Number(this.statement(sql).run(...parameters).lastInsertRowid);
  }

  end(): void {
    this.isOpen = false;
  }

  private statement(sql: string): StatementSync {
    if (!this.isOpen) throw new Error('The transaction has ended.');
    return this.prepared(sql);
  }
}
