/** The server of one machine's workspace, in a folder of it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DamageReport } from '../contract/damage.ts';
import { removalMark } from '../contract/mirror.ts';
import { Accounts } from './accounts/accounts.ts';
import { fileDirectory } from './accounts/userDirectory.ts';
import { readUsersFile } from './accounts/usersFile.ts';
import { createApp } from './app.ts';
import { listen } from './listen.ts';
import type { LocalOptions } from './options.ts';
import { announce, faultText, importAndReport, onEnd, report, tellCode } from './reports.ts';
import { seedWorkspace } from './seed/seedWorkspace.ts';
import { StoreDamagedError, StoreIncompleteError } from './store/errors.ts';
import { SqliteAccounts } from './store/sqlite/accounts.ts';
import { backUp, restore } from './store/sqlite/backup.ts';
import { recordDamage } from './store/sqlite/inspection.ts';
import { startMaintenance } from './store/sqlite/maintenance.ts';
import { openOrganizations } from './store/sqlite/organizations.ts';
import { acceptLoss, isDamaged, newestBackup, recover, removeStore, setAside } from './store/sqlite/recovery.ts';
import { storeSchema } from './store/sqlite/sqliteStore.ts';

const lookForRemovalMs = 500;
/** What the process ends with when what is stored is damaged. */
export const damagedExitCode = 3;

export async function runLocalServer(options: LocalOptions): Promise<void> {
  const file = options.users === undefined ? undefined : readUsersFile(options.users);
  if ((options.restore !== undefined || options.setAside) && (await isDamaged(options.data))) {
    if (options.restore === undefined) setAside(options.data);
    else await recover(options.data, options.restore);
  }
  if (options.acceptLoss) acceptLoss(options.data);
  // Nothing is in a mirror that cannot be had again.
  if (options.mirror && (await isDamaged(options.data))) removeStore(options.data);
  const { own, organizations } = openOrganizations(options.data, file?.organizations ?? []);
  for (const [index, { store }] of organizations.entries()) await seedWorkspace(store, options.seed, new Date(), index);
  const { store } = own;
  const signIns = file && new SqliteAccounts(options.data);
  const accounts =
    signIns &&
    new Accounts({
      store: signIns,
      users: fileDirectory(file.users, organizations),
      deliverCode: tellCode,
    });
  const onError = (error: unknown): void => {
    if (error instanceof StoreDamagedError) endWithDamage(options.data, error);
    else report(faultText(error));
  };
  const backups = {
    backUp: (path: string) => backUp(store, path),
    restore: (path: string) => restore(store, path),
  };
  if (options.import !== undefined) await importAndReport(store, options.import);
  const listening = await listen(
    (host) =>
      createApp({
        own: {
          store,
          secret: options.token,
          ...(options.mirror ? { mirror: store.mirror } : { files: { backups, samples: store.samples } }),
        },
        accounts,
        host,
        onError,
      }),
    { port: options.port },
  );
  let maintenance: NodeJS.Timeout | undefined;
  const end = onEnd(async () => {
    clearInterval(maintenance);
    await listening.close();
    await signIns?.close();
    for (const organization of organizations) await organization.store.close();
  });
  maintenance = options.mirror
    ? onceRemoved(options.data, end)
    : startMaintenance(store, (damage) => endWithDamage(options.data, damage));
  announce(`http://${listening.host}`, options.token);
}

/** Calls `end` once the mirror is to be removed, which may have been said in another window. */
function onceRemoved(directory: string, end: () => void): NodeJS.Timeout {
  const isThere = (name: string): boolean => existsSync(join(directory, name));
  return setInterval(() => {
    if (isThere(removalMark) || !isThere(storeSchema.fileName)) end();
  }, lookForRemovalMs).unref();
}

/** Says what was found, to whoever reads and to the process that forked this one, and ends for good. */
function endWithDamage(directory: string, damage: StoreDamagedError): void {
  recordDamage(damage);
  tellDamage(directory, damage);
  // The answers that are under way still go out.
  setTimeout(() => process.exit(damagedExitCode), 200);
}

/** Only the server's own workspace has backups, and is put right by a start. */
export function tellDamage(directory: string, damage: StoreDamagedError): void {
  const { file, kind, message: finding } = damage;
  const missing = damage instanceof StoreIncompleteError ? damage.missing : undefined;
  const isUsable = missing !== undefined;
  report(finding);
  if (file !== join(directory, storeSchema.fileName)) return;
  const backup = newestBackup(directory);
  report(
    backup === undefined
      ? 'There is no sound backup. Start with --set-aside to begin anew; what is damaged is kept beside it.'
      : `The newest sound backup is of ${backup.at}, with ${backup.contacts} contacts. Start with --restore "${backup.path}" to put it in its place; what is damaged is kept beside it.`,
  );
  if (isUsable) report('Start with --accept-loss to use the contacts without these changes.');
  process.send?.({ damaged: { kind, missing, finding, isUsable, backup } } satisfies DamageReport);
}
