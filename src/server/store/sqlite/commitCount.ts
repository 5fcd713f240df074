/**
 * Counts a store's commits, in the store and in a file beside it. SQLite takes a log that was cut off or removed for one
 * that ends there, and goes on without what came after; the file then knows of more commits than the store.
 */
import { closeSync, constants, existsSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { StoreIncompleteError } from '../errors.ts';

const digits = 16;
const noteOf = (file: string): string => `${file}.commits`;

const notedCount = (file: string): number =>
  existsSync(noteOf(file)) ? Number(readFileSync(noteOf(file), 'utf8')) : 0;

export class CommitCount {
  private readonly note: number;
  private readonly changes: StatementSync;
  private readonly next: StatementSync;
  private changesBefore = 0;

  private constructor(sqlite: DatabaseSync, file: string) {
    this.note = openSync(noteOf(file), constants.O_RDWR | constants.O_CREAT, 0o600);
    this.changes = sqlite.prepare('SELECT total_changes() AS n');
    this.next = sqlite.prepare('UPDATE commit_count SET n = n + 1 RETURNING n');
  }

  /** The count of a store that is open for writing; `undefined` for one that keeps none. */
  static of(sqlite: DatabaseSync, file: string): CommitCount | undefined {
    const table = sqlite.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'commit_count'").get();
    if (table === undefined) return undefined;
    const noted = notedCount(file);
    const stored = Number(sqlite.prepare('SELECT n FROM commit_count').get()?.['n']);
    const count = new CommitCount(sqlite, file);
    // The note of another store, which was here before this one counted.
    if (noted > stored) count.noteDown(stored);
    return count;
  }

  /** Looks at a store before it is opened for writing, since that lets SQLite change its log. @throws {StoreIncompleteError} */
  static check(file: string): void {
    if (!existsSync(noteOf(file)) || !existsSync(file)) return;
    // First: another process may commit meanwhile, and notes it afterwards.
    const noted = notedCount(file);
    const sqlite = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
    let stored: number;
    try {
      stored = Number(sqlite.prepare('SELECT n FROM commit_count').get()?.['n']);
    } catch {
      // Damaged in another way, which is found when it is opened.
      return;
    } finally {
      sqlite.close();
    }
    if (noted > stored) throw new StoreIncompleteError(file, noted - stored);
  }

  /** Notes a count that a store has by other means than a commit. */
  static set(file: string, count: number): void {
    writeFileSync(noteOf(file), String(count).padStart(digits), { mode: 0o600 });
  }

  /** From now on the store is whole as it is. */
  static reset(file: string): void {
    rmSync(noteOf(file), { force: true });
  }

  /** In a transaction, before anything is written. */
  begin(): void {
    this.changesBefore = this.changed();
  }

  /** In a transaction, before COMMIT. @returns what to note after it; `undefined` where nothing was written. */
  add(): number | undefined {
    return this.changed() === this.changesBefore ? undefined : Number(this.next.get()?.['n']);
  }

  /** After COMMIT. A count that could not be noted is one that is not looked for. */
  noteDown(count: number): void {
    try {
      writeSync(this.note, String(count).padStart(digits), 0);
    } catch {
      // The write itself is safe.
    }
  }

  close(): void {
    closeSync(this.note);
  }

  private changed(): number {
    return Number(this.changes.get()?.['n']);
  }
}
