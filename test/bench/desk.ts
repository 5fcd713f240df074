import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { signInWithKey } from '../browser/support.ts';
import { Workbench } from '../browser/workbench.ts';
import { launchChromium } from '../harness/chromium.ts';
import { startCodeServer } from '../harness/codeServer.ts';
import { extensionId } from '../harness/manifest.ts';
import { poll } from '../harness/processes.ts';
import { benchToken, busyContact, type SeededServer } from './seededServer.ts';
import { spreadOf, type BenchRow } from './statistics.ts';

/** VS Code signed in to the server, with the probe in it. */
export interface BenchDesk {
  workbench: Workbench;
  workspace: string;
  /** Where the contacts of accounts are kept, a folder for each. */
  kept: string;
  /** Where the probe and the bench leave each other files. */
  folder: string;
  /** Asks the probe for something, and gives what it has written of it. */
  probe<T>(question: object): Promise<T>;
  leave(): Promise<void>;
}

export const openBenchDesk = ({ server }: SeededServer): Promise<BenchDesk> =>
  sitAt(server.url, benchToken, busyContact.name);

/** @param firstName whose row is there when the list is. */
export async function sitAt(
  url: string,
  key: string,
  firstName: string,
  keepContacts: 'ask' | 'never' = 'never',
): Promise<BenchDesk> {
  const home = mkdtempSync(join(tmpdir(), 'contact-lookup-bench-'));
  const workspace = join(home, 'workspace');
  const settings = {
    'contactLookup.environment': 'custom',
    'contactLookup.serverUrl': url,
    // Most of what is measured is the way to the server.
    'contactLookup.keepContacts': keepContacts,
  };
  const helpers = [fileURLToPath(new URL('probe', import.meta.url))];
  const host = await startCodeServer({ home, workspace, settings, helpers });
  const browser = await launchChromium();
  const workbench = await Workbench.open(browser, host.url);
  await workbench.showContacts();
  await signInWithKey(workbench, url, key);
  await workbench.row('Contacts', firstName).first().waitFor({ timeout: 60_000 });
  const folder = join(host.userData, 'User', 'globalStorage', 'contact-lookup.probe');
  return {
    workbench,
    workspace,
    kept: join(host.userData, 'User', 'globalStorage', extensionId, 'kept'),
    folder,
    probe: async (question) => {
      const answer = join(folder, 'answer.json');
      rmSync(answer, { force: true });
      writeFileSync(join(folder, 'question.json'), JSON.stringify(question));
      await poll('an answer of the probe', 180_000, () => existsSync(answer));
      return JSON.parse(readFileSync(answer, 'utf8')) as never;
    },
    leave: async () => {
      await browser.close();
      await host.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

export function within(name: string, times: readonly number[], maxMs: number): BenchRow {
  const spread = spreadOf(times);
  return { name, unit: 'ms', spread, bound: { text: `p95 under ${maxMs} ms`, holds: spread.p95 < maxMs } };
}
