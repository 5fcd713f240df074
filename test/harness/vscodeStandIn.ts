#!/usr/bin/env node
/**
 * Takes a desktop VS Code's arguments for extension tests and runs them in a VS Code from the npm registry, opened
 * in a browser. `@vscode/test-electron` starts it in place of the desktop, where that cannot be downloaded.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { launchChromium } from './chromium.ts';
import { waitForServer, freePort, spawnGroup, stopTree } from './processes.ts';
import { vscodeHost, type VSCodeVersion } from './vscodeHosts.ts';

const limitMs = 10 * 60_000;

const values = new Map<string, string>();
let workspace = '';
for (const argument of process.argv.slice(2)) {
  const [, name, value] = /^--([\w-]+)(?:=(.*))?$/s.exec(argument) ?? [];
  if (name === undefined) workspace = argument;
  else if (value !== undefined) values.set(name, value);
}

const required = (name: string): string => {
  const value = values.get(name);
  if (value === undefined) throw new Error(`--${name} is missing`);
  return value;
};

const host = await vscodeHost((process.env['VSCODE_TEST_VERSION'] ?? '1.139') as VSCodeVersion);
const port = await freePort();
const data = required('user-data-dir');
mkdirSync(join(data, 'data'), { recursive: true });
const server = spawnGroup(host.node, [
  host.serverMain,
  '--host',
  '127.0.0.1',
  '--port',
  String(port),
  '--without-connection-token',
  '--accept-server-license-terms',
  '--enable-smoke-test-driver',
  '--server-data-dir',
  data,
  '--telemetry-level',
  'off',
]);
const browser = await launchChromium();
const code = await runInBrowser().catch((error: unknown) => {
  console.error(error);
  return 1;
});
await browser.close();
await stopTree(server);
process.exit(code);

async function runInBrowser(): Promise<number> {
  await waitForServer(`http://127.0.0.1:${port}/`, 60_000);
  const remote = (path: string): string => `vscode-remote://127.0.0.1:${port}${path}`;
  const payload = [
    ['extensionDevelopmentPath', remote(required('extensionDevelopmentPath'))],
    ['extensionTestsPath', remote(required('extensionTestsPath'))],
    ['skipWelcome', 'true'],
  ];
  const query = new URLSearchParams({ folder: workspace, payload: JSON.stringify(payload) });
  const page = await browser.newPage();
  const ended = new Promise<number>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`The tests took over ${limitMs} ms.`)), limitMs);
    const finish = (exitCode: number): void => {
      clearTimeout(timer);
      resolve(exitCode);
    };
    void page.exposeFunction('codeAutomationLog', (_type: string, parts: unknown[]) => console.log(...parts));
    void page.exposeFunction('codeAutomationExit', finish);
  });
  await page.goto(`http://127.0.0.1:${port}/?${query.toString()}`);
  return ended;
}
