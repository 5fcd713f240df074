import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NotificationChange } from './notificationChanges.ts';

/** Changes of a window that is gone, for the account that made them. */
export interface JournalEntry {
  accountId: string;
  change: NotificationChange;
}

/**
 * The changes that a window holds back, on disk, for when the window ends before it could send them. Only ids and
 * times are in it. Every method is synchronous: a window that closes has no time for more.
 */
export class PendingChangesJournal {
  private readonly folder: string;
  private readonly path: string;

  constructor(folder: string) {
    this.folder = folder;
    this.path = join(folder, `${randomUUID()}.json`);
  }

  /** Keeps these entries and no others. @throws where the folder cannot be written. */
  keep(entries: readonly JournalEntry[]): void {
    if (entries.length === 0) return rmSync(this.path, { force: true });
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    writeWhole(this.path, entries);
  }

  /** Takes over an account's changes from windows that have not touched theirs for `olderThanMs`: they are gone. */
  takeOver(accountId: string, olderThanMs: number): NotificationChange[] {
    return this.files().flatMap((path) => {
      try {
        const isAbandoned = path !== this.path && Date.now() - statSync(path).mtimeMs >= olderThanMs;
        if (!isAbandoned || !entriesIn(path).some((entry) => entry.accountId === accountId)) return [];
        const claimed = `${path}.${randomUUID()}.claimed`;
        // Of several windows, one gets the file.
        renameSync(path, claimed);
        const entries = entriesIn(claimed);
        const others = entries.filter((entry) => entry.accountId !== accountId);
        if (others.length > 0) writeFileSync(join(this.folder, `${randomUUID()}.json`), JSON.stringify(others));
        rmSync(claimed, { force: true });
        return entries.filter((entry) => entry.accountId === accountId).map(({ change }) => change);
      } catch {
        return [];
      }
    });
  }

  /** Removes an account's changes, also of windows that are gone. */
  forget(accountId: string): void {
    for (const path of this.files()) {
      try {
        const entries = entriesIn(path);
        const others = entries.filter((entry) => entry.accountId !== accountId);
        if (others.length === entries.length) continue;
        if (others.length === 0) rmSync(path, { force: true });
        else writeWhole(path, others);
      } catch {
        // Another window has taken it over, which has it in its own.
      }
    }
  }

  private files(): string[] {
    try {
      return readdirSync(this.folder)
        .filter((name) => /^[\w-]+\.json$/.test(name))
        .map((name) => join(this.folder, name));
    } catch {
      return [];
    }
  }
}

function writeWhole(path: string, entries: readonly JournalEntry[]): void {
  const part = `${path}.part`;
  writeFileSync(part, JSON.stringify(entries), { mode: 0o600 });
  renameSync(part, path);
}

function entriesIn(path: string): JournalEntry[] {
  const entries = JSON.parse(readFileSync(path, 'utf8')) as unknown;
  return Array.isArray(entries) ? entries.filter(isEntry) : [];
}

function isEntry(value: unknown): value is JournalEntry {
  const { accountId, change } = (value ?? {}) as { accountId?: unknown; change?: unknown };
  const { action, ids, upTo, type } = (change ?? {}) as Record<string, unknown>;
  const isAction = action === 'read' || action === 'unread' || action === 'dismiss';
  const isSome = Array.isArray(ids) && ids.every((id) => typeof id === 'string');
  const isAll = action !== 'unread' && typeof upTo === 'string' && (type === undefined || typeof type === 'number');
  return typeof accountId === 'string' && isAction && (isSome || isAll);
}
