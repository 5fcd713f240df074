/**
 * Maintenance of a store in use: a daily backup, and a daily inspection if it is too large to inspect when it is
 * opened.
 */
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { StoreDamagedError } from '../errors.ts';
import { Database } from './database.ts';
import { inspect, isLarge } from './inspection.ts';
import { backUpDaily } from './recovery.ts';
import { storeSchema, type SqliteStore } from './sqliteStore.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** @param onDamage told what was found. @returns the timer; the work keeps no process alive. */
export function startMaintenance(store: SqliteStore, onDamage: (damage: StoreDamagedError) => void): NodeJS.Timeout {
  let isRunning = false;
  let notBefore = 0;
  const look = async (): Promise<void> => {
    if (isRunning || Date.now() < notBefore) return;
    isRunning = true;
    try {
      // Never a backup of what is damaged over one of what was sound.
      const finding = isDue(store.directory) ? await findingIn(store.directory) : undefined;
      if (finding !== undefined) onDamage(new StoreDamagedError(join(store.directory, storeSchema.fileName), finding));
      else await backUpDaily(store);
    } catch (error) {
      if (error instanceof StoreDamagedError) onDamage(error);
      // A disk that is full or busy is not to be written to again and again.
      notBefore = Date.now() + hour;
    } finally {
      isRunning = false;
    }
  };
  return setInterval(() => void look(), minute).unref();
}

/** Where it is noted when a large store was last found sound. */
const inspectionStamp = (directory: string): string => join(directory, `${storeSchema.fileName}.inspected`);

function isDue(directory: string): boolean {
  if (!isLarge(directory, storeSchema)) return false;
  const last = statSync(inspectionStamp(directory), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return Date.now() - last > day;
}

/** Looks at a store in a thread of its own. */
function findingIn(directory: string): Promise<string | undefined> {
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { directory } });
  worker.unref();
  return new Promise((resolve, reject) => {
    worker.once('message', (finding: string | undefined) => {
      if (finding === undefined) writeFileSync(inspectionStamp(directory), '');
      resolve(finding);
    });
    worker.once('error', reject);
  });
}

/** What a thread does that `findingIn` has started: this file, or the bundle that it is in. */
export function inspectInWorker(): void {
  const { directory } = workerData as { directory: string };
  const file = join(directory, storeSchema.fileName);
  const database = Database.openReader(directory, storeSchema);
  let finding: string | undefined;
  try {
    inspect(database, file);
  } catch (error) {
    if (!(error instanceof StoreDamagedError)) throw error;
    finding = error.message.slice(file.length + 1);
  } finally {
    database.close();
  }
  parentPort?.postMessage(finding);
}
