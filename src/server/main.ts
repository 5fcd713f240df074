/**
 * The contact server as a process.
 *
 *     node dist/server.js [--data DIR] [--port N] [--token T] [--seed N] [--import FILE] [--users FILE.json]
 *                         [--restore BACKUP | --set-aside | --accept-loss]
 *
 * The last three are for a store that is damaged; else they do nothing.
 *
 * Prints `{"url","token"}` as one line when it is ready, and stops on SIGTERM, on SIGINT, and when the process that
 * forked it is gone.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isMainThread } from 'node:worker_threads';
import type { DamageReport } from '../contract/damage.ts';
import { Accounts } from './accounts/accounts.ts';
import type { AccountStore } from './accounts/accountStore.ts';
import { readUsersFile, UsersFileError, type User } from './accounts/usersFile.ts';
import { createApp, type Organization } from './app.ts';
import { importFile, ImportError } from './imports/importFile.ts';
import { listen } from './listen.ts';
import { seedWorkspace } from './seed/seedWorkspace.ts';
import { StoreDamagedError, StoreError, StoreIncompleteError } from './store/errors.ts';
import { SqliteAccounts } from './store/sqlite/accounts.ts';
import { backUp, restore } from './store/sqlite/backup.ts';
import { recordDamage } from './store/sqlite/inspection.ts';
import { openOrganizations } from './store/sqlite/organizations.ts';
import { acceptLoss, isDamaged, newestBackup, recover, setAside } from './store/sqlite/recovery.ts';
import { storeSchema } from './store/sqlite/sqliteStore.ts';
import { inspectInWorker, startMaintenance } from './store/sqlite/maintenance.ts';
import type { WorkspaceStore } from './store/workspaceStore.ts';

class UsageError extends Error {}

const maxReportedRows = 20;

async function main(): Promise<void> {
  const options = readOptions();
  // What is stored here is about people; it is nobody else's to read.
  process.umask(0o077);
  let isStopping = false;
  const file = options.users === undefined ? undefined : readUsersFile(options.users);
  if ((options.restore !== undefined || options.setAside) && (await isDamaged(options.data))) {
    if (options.restore === undefined) setAside(options.data);
    else await recover(options.data, options.restore);
  }
  if (options.acceptLoss) acceptLoss(options.data);
  const { own, organizations } = openOrganizations(options.data, file?.organizations ?? []);
  for (const [index, { store }] of organizations.entries()) await seedWorkspace(store, options.seed, new Date(), index);
  const { store } = own;
  const signIns = file && new SqliteAccounts(options.data);
  const accounts = signIns && accountsOver(signIns, file.users, organizations);
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
    (host) => createApp({ store, backups, secret: options.token, accounts, host, onError }),
    options.port,
  );
  let maintenance: NodeJS.Timeout | undefined;
  const stop = async (): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    clearInterval(maintenance);
    await listening.close();
    await signIns?.close();
    for (const organization of organizations) await organization.store.close();
    process.exit(0);
  };
  process.on('SIGTERM', () => void stop());
  process.on('SIGINT', () => void stop());
  process.on('disconnect', () => void stop());
  maintenance = startMaintenance(store, (damage) => endWithDamage(options.data, damage));
  process.stdout.write(`${JSON.stringify({ url: `http://${listening.host}`, token: options.token })}\n`);
}

interface Options {
  data: string;
  port: number;
  token: string;
  seed: number;
  import: string | undefined;
  users: string | undefined;
  restore: string | undefined;
  setAside: boolean;
  acceptLoss: boolean;
}

function readOptions(): Options {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        data: { type: 'string', default: join(process.cwd(), 'contact-data') },
        port: { type: 'string', default: '0' },
        token: { type: 'string' },
        seed: { type: 'string', default: '0' },
        import: { type: 'string' },
        users: { type: 'string' },
        restore: { type: 'string' },
        'set-aside': { type: 'boolean', default: false },
        'accept-loss': { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  if (values.token === '') throw new UsageError('--token must not be empty');
  return {
    data: values.data,
    port: wholeNumber('--port', values.port, 65_535),
    token: values.token ?? randomBytes(32).toString('base64url'),
    seed: wholeNumber('--seed', values.seed, 10_000_000),
    import: values.import,
    users: values.users,
    restore: values.restore,
    setAside: values['set-aside'],
    acceptLoss: values['accept-loss'],
  };
}

function wholeNumber(name: string, text: string, max: number): number {
  const value = /^\d{1,8}$/.test(text) ? Number(text) : NaN;
  if (!(value <= max)) throw new UsageError(`${name} must be a whole number up to ${max}`);
  return value;
}

const accountsOver = (
  store: AccountStore,
  users: readonly User[],
  organizations: readonly Organization[],
): Accounts<Organization> =>
  new Accounts({
    store,
    users,
    organizations,
    deliverCode: (email, code) => report(`sign-in code for ${email}: ${code}`),
  });

async function importAndReport(store: WorkspaceStore, file: string): Promise<void> {
  const { added, updated, rejected } = await importFile(store, file);
  report(`import: ${added} added, ${updated} updated, ${rejected.length} left out`);
  for (const { line, reason } of rejected.slice(0, maxReportedRows)) report(`import: line ${line}: ${reason}`);
  if (rejected.length > maxReportedRows) report(`import: and ${rejected.length - maxReportedRows} more`);
}

/** Only what kind of fault it was and where: a message may quote somebody's data. */
function faultText(error: unknown): string {
  if (!(error instanceof Error)) return 'fault';
  const code = (error as NodeJS.ErrnoException).code ?? error.name;
  const frame = error.stack?.split('\n').find((line) => line.trimStart().startsWith('at '));
  return `fault: ${code} ${frame?.trim() ?? ''}`;
}

function report(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Says what was found, to whoever reads and to the process that forked this one, and ends for good. */
function endWithDamage(directory: string, damage: StoreDamagedError): void {
  recordDamage(damage);
  tellDamage(directory, damage);
  // The answers that are under way still go out.
  setTimeout(() => process.exit(exitCodes.damaged), 200);
}

/** Only the server's own workspace has backups, and is put right by a start. */
function tellDamage(directory: string, damage: StoreDamagedError): void {
  const { file, message: finding } = damage;
  const isUsable = damage instanceof StoreIncompleteError;
  report(finding);
  if (file !== join(directory, storeSchema.fileName)) return;
  const backup = newestBackup(directory);
  report(
    backup === undefined
      ? 'There is no sound backup. Start with --set-aside to begin anew; what is damaged is kept beside it.'
      : `The newest sound backup is of ${backup.at}, with ${backup.contacts} contacts. Start with --restore "${backup.path}" to put it in its place; what is damaged is kept beside it.`,
  );
  if (isUsable) report('Start with --accept-loss to use the contacts without these changes.');
  process.send?.({ damaged: { finding, isUsable, backup } } satisfies DamageReport);
}

const exitCodes = { failed: 1, usage: 2, damaged: 3 };

if (isMainThread) {
  main().catch((error: unknown) => {
    const isExpected = [UsageError, StoreError, ImportError, UsersFileError].some((kind) => error instanceof kind);
    const isPortTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
    if (error instanceof StoreDamagedError) tellDamage(readOptions().data, error);
    else if (isExpected) report((error as Error).message);
    else report(isPortTaken ? 'The port is in use by another program.' : faultText(error));
    const { usage, damaged, failed } = exitCodes;
    process.exitCode = error instanceof UsageError ? usage : error instanceof StoreDamagedError ? damaged : failed;
    // What was said to the parent is on its way.
    if (process.connected) process.disconnect();
    else process.exit();
  });
} else {
  inspectInWorker();
}
