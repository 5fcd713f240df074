/**
 * The contact server as a process.
 *
 *     node dist/server.js [--data DIR] [--port N] [--token T] [--seed N] [--import FILE] [--users FILE.json]
 *                         [--restore BACKUP | --set-aside | --accept-loss] [--mirror]
 *
 * `--restore`, `--set-aside` and `--accept-loss` are for a store that is damaged; else they do nothing. With `--mirror`
 * the contacts are another server's, and whoever started this one fills it.
 *
 *     node dist/server.js --database postgres://… [--port N | --listen ADDRESS:PORT] [--public-url https://…]
 *                         [--trusted-proxy ADDRESS]… [--metrics ADDRESS:PORT] [--token T] [--seed N] [--import FILE]
 *     node dist/server.js admin …
 *
 * Prints `{"url","token"}` as one line when it is ready, and stops on SIGTERM, on SIGINT, and when the process that
 * forked it is gone.
 */
import { isMainThread } from 'node:worker_threads';
import { UsersFileError } from './accounts/usersFile.ts';
import { ImportError } from './imports/importFile.ts';
import { damagedExitCode, runLocalServer, tellDamage } from './localServer.ts';
import { readOptions, UsageError } from './options.ts';
import { faultText, report } from './reports.ts';
import { StoreBusyError, StoreDamagedError, StoreError, StoreUnavailableError } from './store/errors.ts';
import { inspectInWorker } from './store/sqlite/maintenance.ts';

async function main(parameters: readonly string[]): Promise<void> {
  // What is stored here is about people; it is nobody else's to read.
  process.umask(0o077);
  // Whoever has a local workspace does not wait for what only a team's server needs.
  if (parameters[0] === 'admin') return (await import('./teamAdmin.ts')).runAdmin(parameters.slice(1));
  const options = readOptions(parameters);
  if ('team' in options) return (await import('./teamServer.ts')).runTeamServer(options.team);
  await runLocalServer(options.local).catch((error: unknown) => {
    if (error instanceof StoreDamagedError) tellDamage(options.local.data, error);
    throw error;
  });
}

const exitCodes = { failed: 1, usage: 2 };

/** @returns what the process ends with. */
function tell(error: unknown): number {
  if (error instanceof StoreDamagedError) return damagedExitCode;
  const isExpected = [UsageError, StoreError, StoreBusyError, StoreUnavailableError, ImportError, UsersFileError].some(
    (kind) => error instanceof kind,
  );
  const isPortTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
  if (isExpected) report((error as Error).message);
  else report(isPortTaken ? 'The port is in use by another program.' : faultText(error));
  return error instanceof UsageError ? exitCodes.usage : exitCodes.failed;
}

if (isMainThread) {
  main(process.argv.slice(2)).catch((error: unknown) => {
    process.exitCode = tell(error);
    // What was said to the parent is on its way.
    if (process.connected) process.disconnect();
    else process.exit();
  });
} else {
  inspectInWorker();
}
