import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../harness/chromium.ts';
import { startCodeServer, type CodeServer, type CodeServerOptions } from '../harness/codeServer.ts';
import { Workbench } from './workbench.ts';

export interface Desk {
  home: string;
  workspace: string;
  server: CodeServer;
  browser: Browser;
  workbench: Workbench;
  leave(): Promise<void>;
}

/** A user's machine: VS Code with the packaged extension and nothing else, opened in a browser. */
export async function sitDown(options: Partial<CodeServerOptions> = {}): Promise<Desk> {
  const home = mkdtempSync(join(tmpdir(), 'contact-lookup-desk-'));
  const workspace = join(home, 'workspace');
  const server = await startCodeServer({ home, workspace, ...options });
  const browser = await launchChromium();
  const workbench = await Workbench.open(browser, server.url);
  return {
    home,
    workspace,
    server,
    browser,
    workbench,
    leave: async () => {
      await browser.close();
      await server.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Signs in to a contact server elsewhere, with its secret for an API key. */
export async function signInWithKey(workbench: Workbench, url: string, key: string): Promise<void> {
  await workbench.runCommand('Contacts: Sign In…');
  await workbench.pick('Other Server').click();
  await workbench.answerPrompt('Address of the contact server', url);
  await workbench.pick('API Key').click();
  await workbench.answerPrompt('API key (api_', key);
}
