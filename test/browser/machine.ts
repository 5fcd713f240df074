/** What all tests of one process share: a browser, and VS Code's extensions as they are installed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../harness/chromium.ts';
import { installExtensions } from '../harness/codeServer.ts';

let browser: Promise<Browser> | undefined;
let root: string | undefined;
const installed = new Map<string, Promise<string>>();

/** One browser; each window is a profile of its own, which begins empty. */
export function sharedBrowser(): Promise<Browser> {
  browser ??= launchChromium();
  return browser;
}

/** A folder with the packaged extension and `helpers` in it, installed once. */
export function sharedExtensions(helpers: readonly string[]): Promise<string> {
  root ??= temporaryRoot();
  const key = helpers.join('\n');
  const folder = join(root, String(installed.size));
  const known = installed.get(key) ?? installExtensions(folder, helpers).then(() => folder);
  installed.set(key, known);
  return known;
}

function temporaryRoot(): string {
  const folder = mkdtempSync(join(tmpdir(), 'contact-lookup-extensions-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
