import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

/** Marks a file as a store of this server: the letters `CTLU`. */
const applicationId = 0x43_54_4c_55;
const busyTimeoutMs = 5000;

/** SQLite's primary result code, where `error` is one of SQLite's. */
const resultCode = (error: unknown): number => Number((error as { errcode?: unknown }).errcode) & 0xff;

/** Somebody else holds the file (SQLITE_BUSY, SQLITE_LOCKED). */
export const isBusy = (error: unknown): boolean => [5, 6].includes(resultCode(error));

/** There is no room for the write (SQLITE_FULL, or the disk itself). */
export const isFull = (error: unknown): boolean =>
  resultCode(error) === 13 || (error as NodeJS.ErrnoException).code === 'ENOSPC';

/** Which file it is, and the steps that made its tables. */
export interface Schema {
  fileName: string;
  migrations: readonly string[];
}

export type Row = Record<string, unknown>;

/** The store cannot be opened; the message says why and holds no contents. */
export class StoreError extends Error {}

/** It was written by a version that comes after this one. */
export class NewerStoreError extends StoreError {}

/**
 * One SQLite file and its prepared statements.
 *
 * Several processes may hold the same file. A write is therefore always one `BEGIN IMMEDIATE` transaction: a
 * deferred one fails under two writers even with a busy timeout.
 */
export class Database {
  private readonly statements = new Map<string, StatementSync>();

  private readonly sqlite: DatabaseSync;

  private constructor(sqlite: DatabaseSync) {
    this.sqlite = sqlite;
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
      throw new StoreError(`${file} is empty or gone, though something was stored in it before.`);
    }
    const sqlite = new DatabaseSync(file, {
      timeout: busyTimeoutMs,
      enableForeignKeyConstraints: true,
      enableDoubleQuotedStringLiterals: false,
      allowExtension: false,
      defensive: true,
    });
    try {
      const database = new Database(sqlite);
      database.configure();
      database.migrate(file, schema.migrations);
      writeFileSync(marker, '');
      return database;
    } catch (error) {
      sqlite.close();
      throw error;
    }
  }

  all(sql: string, ...parameters: SQLInputValue[]): Row[] {
    return this.prepared(sql).all(...parameters);
  }

  get(sql: string, ...parameters: SQLInputValue[]): Row | undefined {
    return this.prepared(sql).get(...parameters);
  }

  iterate(sql: string, ...parameters: SQLInputValue[]): Iterable<Row> {
    return this.prepared(sql).iterate(...parameters);
  }

  /** Runs one statement and returns how many rows it changed. Only inside `write`. */
  run(sql: string, ...parameters: SQLInputValue[]): number {
    return Number(this.prepared(sql).run(...parameters).changes);
  }

  /** Runs one INSERT and returns the number of its row. Only inside `write`. */
  insert(sql: string, ...parameters: SQLInputValue[]): number {
    return Number(this.prepared(sql).run(...parameters).lastInsertRowid);
  }

  /** Runs `work` in one transaction; when this returns, what it wrote is on disk. */
  write<T>(work: () => T): T {
    this.sqlite.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.sqlite.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.sqlite.isTransaction) this.sqlite.exec('ROLLBACK');
      throw error;
    }
  }

  /** Another text after every change, whichever process made it. */
  get version(): string {
    const elsewhere = this.prepared('PRAGMA data_version').get()?.['data_version'];
    const here = this.prepared('SELECT total_changes() AS changes').get()?.['changes'];
    return `${Number(elsewhere)}.${Number(here)}`;
  }

  close(): void {
    this.sqlite.close();
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
      PRAGMA temp_store = MEMORY;
      PRAGMA cache_size = -65536;
      PRAGMA wal_autocheckpoint = 16000;
      PRAGMA mmap_size = 2147418112;
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

  private migrate(file: string, migrations: readonly string[]): void {
    this.write(() => {
      const version = this.pragma('user_version');
      const owner = this.pragma('application_id');
      const tables = this.sqlite.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()?.['tables'];
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
