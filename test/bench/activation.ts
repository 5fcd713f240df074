import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Workbench } from '../browser/workbench.ts';
import { launchChromium } from '../harness/chromium.ts';
import { startCodeServer } from '../harness/codeServer.ts';
import { poll } from '../harness/processes.ts';
import { spreadOf, type BenchRow } from './statistics.ts';

const windows = 9;
const maxActivationMs = 15;

/** Activation as VS Code itself measures it, beside its built-in `git` and `npm` in the same extension host. */
export async function benchActivation(): Promise<BenchRow[]> {
  const home = mkdtempSync(join(tmpdir(), 'contact-lookup-bench-'));
  const workspace = join(home, 'workspace');
  mkdirSync(workspace);
  // What wakes the npm extension.
  writeFileSync(join(workspace, 'package.json'), '{ "name": "bench", "scripts": { "a": "true" } }');
  const server = await startCodeServer({ home, workspace });
  const browser = await launchChromium();
  const times = { 'Contact Lookup': [] as number[], Git: [] as number[], 'NPM support for VS Code': [] as number[] };
  try {
    // The first window starts with cold caches; it is not counted.
    for (let window = 0; window <= windows; window++) {
      const workbench = await Workbench.open(browser, server.url);
      await workbench.runCommand('Developer: Show Running Extensions');
      for (const [name, values] of Object.entries(times)) {
        const time = await poll(`the activation of ${name}`, 30_000, () => activationOf(workbench, name));
        if (window > 0) values.push(time);
      }
      await workbench.close();
    }
  } finally {
    await browser.close();
    await server.stop();
    rmSync(home, { recursive: true, force: true });
  }
  const ours = spreadOf(times['Contact Lookup']);
  const git = spreadOf(times.Git);
  const holds = ours.median < maxActivationMs && ours.median < git.median;
  return [
    {
      name: 'activation: Contact Lookup',
      unit: 'ms',
      spread: ours,
      bound: { text: `under ${maxActivationMs} ms and below git`, holds },
    },
    { name: 'activation: built-in git', unit: 'ms', spread: git },
    { name: 'activation: built-in npm', unit: 'ms', spread: spreadOf(times['NPM support for VS Code']) },
  ];
}

async function activationOf(workbench: Workbench, name: string): Promise<number | undefined> {
  const rows = await workbench.page.locator('.runtime-extensions-editor .monaco-list-row').allInnerTexts();
  const row = rows.find((text) => text.startsWith(name));
  const time = /Activation: (\d+)ms/.exec(row ?? '')?.[1];
  return time === undefined ? undefined : Number(time);
}
