/**
 * `npm start`: the extension in a real VS Code, on a local workspace with sample contacts.
 *
 *     npm start [-- --port N] [-- --no-open] [-- --import FILE.csv] [-- --desktop] [-- --gateway]
 */
import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { localWorkspaceIn, startCodeServer } from './codeServer.ts';
import { startDesktop } from './desktop.ts';
import { startGateway } from './gateway/startGateway.ts';
import { packageExtension } from './packageExtension.ts';
import { cacheRoot, serverModule } from './paths.ts';
import { exitOf } from './processes.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    open: { type: 'boolean', default: true },
    import: { type: 'string' },
    desktop: { type: 'boolean', default: false },
    /** Signed in to a stand-in for the hosted gateway. */
    gateway: { type: 'boolean', default: false },
  },
  allowNegative: true,
});

// Keeps the user's own contacts apart from the sample contacts.
const home = join(
  cacheRoot,
  values.gateway ? 'start-gateway' : values.import === undefined ? 'start' : 'start-imported',
);
const workspace = join(home, 'workspace');
await mkdir(workspace, { recursive: true });
await packageExtension();
if (values.import !== undefined) await importContacts(resolve(process.env['INIT_CWD'] ?? '.', values.import));

if (values.desktop) {
  await startDesktop(home, workspace);
} else {
  const gateway = values.gateway ? await startGateway() : undefined;
  const port = Number(values.port);
  const shown = { opensContacts: true, opensWalkthrough: true, ...(gateway && { gateway }) };
  const server = await startCodeServer({ home, workspace, port, ...shown });
  const stop = (): void => {
    void Promise.all([server.stop(), gateway?.stop()]).then(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.on('SIGHUP', stop);
  console.log(`ready ${server.url}`);
  if (values.open) openInBrowser(server.url);
}

/** Lets the contact server itself import the file into the workspace that the extension will open. */
async function importContacts(file: string): Promise<void> {
  const data = localWorkspaceIn(home);
  await mkdir(data, { recursive: true });
  console.log(`Importing ${basename(file)}…`);
  const server = spawn(process.execPath, [serverModule, '--data', data, '--import', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = exitOf(server);
  createInterface({ input: server.stdout }).once('line', () => server.kill('SIGTERM'));
  if ((await ended) !== 0) process.exit(1);
}

function openInBrowser(url: string): void {
  const [command, ...parameters] = {
    darwin: ['open', url],
    win32: ['cmd', '/c', 'start', '', url],
  }[process.platform as 'darwin' | 'win32'] ?? ['xdg-open', url];
  // A machine without a browser still has the address on the line above.
  spawn(command ?? 'xdg-open', parameters, { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref();
}
