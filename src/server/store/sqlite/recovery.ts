/** What becomes of a store that is damaged: it is set aside, and a backup takes its place. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { StoreDamagedError, StoreError, StoreIncompleteError } from '../errors.ts';
import { backUp, restore } from './backup.ts';
import { CommitCount } from './commitCount.ts';
import { Database } from './database.ts';
import { inspect } from './inspection.ts';
import { SqliteStore, storeSchema } from './sqliteStore.ts';

const folderName = 'backups';
const keptBackups = 3;
const dayMs = 24 * 60 * 60 * 1000;
/** Bytes. Whoever has a larger store is to say where its backups go. */
const maxBackedUp = 200_000_000;
const namePattern = /^contacts-(\d{4}-\d{2}-\d{2})T(\d{2})-(\d{2})-(\d{2})Z\.contacts-backup$/;

/** A backup that can be read. */
export interface KnownBackup {
  path: string;
  /** When it was made, ISO 8601. */
  at: string;
  contacts: number;
}

/** Backs up a workspace unless that was done within a day, and keeps the newest few. @returns whether it did. */
export async function backUpDaily(store: SqliteStore, now = new Date()): Promise<boolean> {
  const file = join(store.directory, storeSchema.fileName);
  const [newest] = backupFiles(store.directory);
  const isRecent = newest !== undefined && now.getTime() - Date.parse(timeOf(newest)) < dayMs;
  if (isRecent || statSync(file).size > maxBackedUp || (await store.contacts.count()) === 0) return false;
  const folder = join(store.directory, folderName);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const name = `contacts-${now.toISOString().slice(0, 19).replaceAll(':', '-')}Z.contacts-backup`;
  await backUp(store, join(folder, name));
  for (const old of backupFiles(store.directory).slice(keptBackups)) rmSync(join(folder, old), { force: true });
  return true;
}

/** The newest of the daily backups that is sound. */
export function newestBackup(directory: string): KnownBackup | undefined {
  for (const name of backupFiles(directory)) {
    const path = join(directory, folderName, name);
    const contacts = contactsIn(path);
    if (contacts !== undefined) return { path, at: timeOf(name), contacts };
  }
  return undefined;
}

/** Newest first. */
function backupFiles(directory: string): string[] {
  const folder = join(directory, folderName);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => namePattern.test(name))
    .toSorted()
    .toReversed();
}

const timeOf = (name: string): string => name.replace(namePattern, '$1T$2:$3:$4Z');

/** How many contacts are in a backup; `undefined` where it is not sound. */
function contactsIn(path: string): number | undefined {
  try {
    const database = Database.openReader(dirname(path), { fileName: basename(path), migrations: [] });
    try {
      inspect(database, path);
      return Number(database.get('SELECT count(*) AS n FROM contact')?.['n']);
    } finally {
      database.close();
    }
  } catch {
    return undefined;
  }
}

/**
 * Moves a damaged store to a folder of its own beside where it was, whole, for whoever can save more of it.
 * @returns the folder.
 */
export function setAside(directory: string, now = new Date()): string {
  const folder = folderForDamaged(directory, now);
  const names = readdirSync(directory).filter((name) => name.startsWith(storeSchema.fileName));
  for (const name of names) renameSync(join(directory, name), join(folder, name));
  return folder;
}

/** Removes a store whose contents are to be had elsewhere. */
export function removeStore(directory: string): void {
  const names = readdirSync(directory).filter((name) => name.startsWith(storeSchema.fileName));
  for (const name of names) rmSync(join(directory, name), { recursive: true, force: true });
}

function folderForDamaged(directory: string, now = new Date()): string {
  const folder = join(directory, `damaged-${now.toISOString().slice(0, 19).replaceAll(':', '-')}Z`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** Lets a store be used without the changes that it has lost, if it has; what is left of its log is kept. */
export function acceptLoss(directory: string): void {
  const file = join(directory, storeSchema.fileName);
  try {
    CommitCount.check(file);
  } catch (error) {
    if (!(error instanceof StoreIncompleteError)) throw error;
    const folder = folderForDamaged(directory);
    const log = `${file}-wal`;
    if (existsSync(log)) copyFileSync(log, join(folder, basename(log)));
    CommitCount.reset(file);
  }
}

/** Whether a store would not be opened as it is. Another window may have put it right by now. */
export async function isDamaged(directory: string): Promise<boolean> {
  try {
    await SqliteStore.open(directory).close();
    return false;
  } catch (error) {
    if (error instanceof StoreDamagedError) return true;
    throw error;
  }
}

/** Sets a damaged store aside, and opens a backup in its place. @throws {StoreError} for a backup that is none. */
export async function recover(directory: string, backupFile: string): Promise<void> {
  if (contactsIn(backupFile) === undefined) throw new StoreError(`${backupFile} is no backup, or it is damaged.`);
  setAside(directory);
  const store = SqliteStore.open(directory);
  try {
    await restore(store, backupFile);
  } finally {
    await store.close();
  }
}
