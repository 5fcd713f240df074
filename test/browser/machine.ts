/** What all tests of one process share: a browser, and VS Code's extensions as they are installed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { launchChromium } from '../harness/chromium.ts';
import { installExtensions } from '../harness/codeServer.ts';

let profile: Promise<BrowserContext> | undefined;
let root: string | undefined;
const installed = new Map<string, Promise<string>>();

/**
 * One browser, with one profile: a page of VS Code costs a third less to load where another was loaded before
 * it from the same address, in the same process. `forget` empties it.
 */
export function sharedProfile(): Promise<BrowserContext> {
  profile ??= launchChromium('--renderer-process-limit=1').then(async (browser) => {
    const context = await browser.newContext({ viewport: { width: 1200, height: 800 } });
    // Keeps the process.
    await context.newPage();
    return context;
  });
  return profile;
}

/** Closes the windows of `origin` and what they opened, and removes what they kept, so that the next one begins empty. */
export async function forget(origin: string, others: readonly string[]): Promise<void> {
  const context = await sharedProfile();
  const [keeper, ...pages] = context.pages();
  const isOthers = (url: string): boolean => others.some((other) => url.startsWith(other));
  await Promise.all(pages.filter((page) => !isOthers(page.url())).map((page) => page.close()));
  await context.clearPermissions();
  if (keeper === undefined) return;
  const session = await context.newCDPSession(keeper);
  const storageTypes = 'cookies,file_systems,indexeddb,local_storage,service_workers,cache_storage';
  await session.send('Storage.clearDataForOrigin', { origin, storageTypes });
  await session.detach();
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
