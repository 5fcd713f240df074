import { randomBytes, randomUUID } from 'node:crypto';
import { copyFileSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import type { BackupReport } from '../../../contract/imports.ts';
import { NewerStoreError, StoreDamagedError, StoreError } from '../errors.ts';
import { insertChecked } from './checksums.ts';
import { CommitCount } from './commitCount.ts';
import { Database } from './database.ts';
import { inspect } from './inspection.ts';
import { SearchEntries } from './searchEntries.ts';
import { storeSchema, type SqliteStore } from './sqliteStore.ts';

/**
 * Writes all of a workspace, pictures and files too, to one file, as it is at one moment; others may write meanwhile.
 * The file is written beside `target` and moved over it when it is whole.
 */
export async function backUp(store: SqliteStore, target: string): Promise<BackupReport> {
  const temporary = `${target}.${randomBytes(4).toString('hex')}.part`;
  try {
    const source = new DatabaseSync(join(store.directory, storeSchema.fileName), { readOnly: true, timeout: 5_000 });
    try {
      source.prepare('VACUUM INTO ?').run(temporary);
    } finally {
      source.close();
    }
    const copy = new DatabaseSync(temporary);
    let contacts: number;
    try {
      await addMedia(copy, store);
      contacts = Number(copy.prepare('SELECT count(*) AS n FROM contact').get()?.['n']);
    } finally {
      copy.close();
    }
    renameSync(temporary, target);
    return { contacts, bytes: statSync(target).size };
  } catch (error) {
    for (const end of ['', '-journal', '-wal', '-shm']) rmSync(`${temporary}${end}`, { force: true });
    throw error;
  }
}

async function addMedia(copy: DatabaseSync, { media }: SqliteStore): Promise<void> {
  copy.exec('BEGIN; CREATE TABLE backup_media (key TEXT PRIMARY KEY, content BLOB NOT NULL) STRICT, WITHOUT ROWID');
  const add = copy.prepare('INSERT INTO backup_media (key, content) VALUES (?, ?)');
  for (const row of copy.prepare('SELECT key FROM media').all()) {
    const key = String(row['key']);
    const content = await media.content(key);
    if (content !== undefined) add.run(key, content);
  }
  copy.exec('COMMIT');
}

/**
 * Puts a backup in the place of all that a workspace has, for every process that has it open. An older backup is
 * brought up to date first; the file itself is not touched.
 * @throws {StoreError} for a file that is no backup, is damaged, or is of a newer version.
 */
export async function restore(store: SqliteStore, file: string): Promise<BackupReport> {
  const folder = mkdtempSync(join(store.directory, 'restore-'));
  const commitsBefore = await store.commits();
  try {
    const path = join(folder, storeSchema.fileName);
    copyFileSync(file, path);
    // Checks whose it is and of which version, and brings it up to date.
    const opened = openBackup(folder, file);
    let contacts: number;
    try {
      contacts = await restoreMedia(opened, store, file);
      opened.write((tables) => {
        new SearchEntries(tables).ensure();
        insertChecked(tables, 'setting', { name: 'restored', value: randomUUID() });
        // More than were ever noted beside the workspace, which keeps its note.
        tables.run('UPDATE commit_count SET n = ?', commitsBefore + commitsMeanwhile);
      });
    } finally {
      opened.close();
    }
    const source = new DatabaseSync(path);
    try {
      const target = join(store.directory, storeSchema.fileName);
      await store.runExclusive(() => backup(source, target, { rate: pagesAtOnce }));
      CommitCount.set(target, commitsBefore + commitsMeanwhile);
    } finally {
      source.close();
    }
    return { contacts, bytes: statSync(file).size };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** More than other processes make while a backup is being restored. */
const commitsMeanwhile = 1_000_000;

/** All of any workspace: a copy in steps would begin anew with each write of another process. */
const pagesAtOnce = 2_147_483_647;

function openBackup(folder: string, file: string): Database {
  try {
    return Database.open(folder, storeSchema);
  } catch (error) {
    if (!(error instanceof StoreError) || error instanceof StoreDamagedError)
      throw new StoreError(`${file} is no backup, or it is damaged.`, { cause: error });
    // It speaks of the copy, which nobody knows.
    const message = error.message.replace(join(folder, storeSchema.fileName), file);
    throw error instanceof NewerStoreError ? new NewerStoreError(message) : new StoreError(message);
  }
}

async function restoreMedia(opened: Database, store: SqliteStore, file: string): Promise<number> {
  const isBackup = opened.get("SELECT 1 FROM sqlite_schema WHERE name = 'backup_media'") !== undefined;
  if (!isBackup) throw new StoreError(`${file} is no backup, or it is damaged.`);
  inspect(opened, file);
  for (const row of opened.iterate('SELECT key, content FROM backup_media')) {
    await store.media.restore(String(row['key']), row['content'] as Uint8Array);
  }
  opened.write((tables) => tables.run('DROP TABLE backup_media'));
  return Number(opened.get('SELECT count(*) AS n FROM contact')?.['n']);
}
