import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pLimit from 'p-limit';
import type { BrowserContext } from 'playwright-core';
import type { ContactService } from '../../src/api/contactService.ts';
import { seedWorkspace } from '../../src/server/seed/seedWorkspace.ts';
import type { ContactDraft } from '../../src/server/store/records.ts';
import { SqliteStore } from '../../src/server/store/sqlite/sqliteStore.ts';
import { helpersOf, startCodeServer, type CodeServer, type CodeServerOptions } from '../harness/codeServer.ts';
import { freePort } from '../harness/processes.ts';
import { addContacts, temporaryDirectory, testDay } from '../node/support/app.ts';
import { startServer } from '../node/support/serverProcess.ts';
import { forget, sharedExtensions, sharedProfile } from './machine.ts';
import { Workbench } from './workbench.ts';

export interface Desk {
  home: string;
  workspace: string;
  server: CodeServer;
  /** The browser as this user has it. */
  profile: BrowserContext;
  workbench: Workbench;
  /** Adds to the user's settings, which are read when the window is loaded again. */
  configure(settings: Record<string, unknown>): Promise<void>;
  leave(): Promise<void>;
}

/** Nothing moves that no test looks at: on a machine without a graphics card, drawing is most of the work. */
const calmSettings = {
  'workbench.reduceMotion': 'on',
  'editor.cursorBlinking': 'solid',
  'editor.minimap.enabled': false,
  'git.enabled': false,
  // A question that only the tests of its subject answer.
  'contactLookup.keepContacts': 'never',
};

/** The first of this process: from the same address as before, a browser need not read VS Code anew. */
let usualPort: number | undefined;
/** One at a time: two that look at once would find the same port free. */
const startOneByOne = pLimit(1);

/** Those that were not left yet. */
export const openDesks = new Set<Desk>();

/**
 * A user's machine: VS Code with the packaged extension and nothing else, opened in a browser. Data, settings, workspace
 * and browser profile are new; what costs time and keeps nothing of a test is shared (`machine.ts`).
 */
export async function openDesk(options: Partial<CodeServerOptions> = {}): Promise<Desk> {
  const home = mkdtempSync(join(tmpdir(), 'contact-lookup-desk-'));
  const workspace = join(home, 'workspace');
  const [profile, extensions] = await Promise.all([sharedProfile(), sharedExtensions(helpersOf(options))]);
  const settings = { ...calmSettings, ...options.settings };
  const own = { home, workspace, userHome: home, extensions, hasFewBuiltIns: true };
  const server = await startOneByOne(async () => {
    const port = await freePort(usualPort);
    usualPort ??= port;
    return startCodeServer({ ...own, port, ...options, settings });
  });
  const workbench = await Workbench.openIn(profile, server.url).catch(async (error: unknown) => {
    await server.stop();
    throw error;
  });
  const desk: Desk = {
    home,
    workspace,
    server,
    profile,
    workbench,
    configure: (more) => server.configure({ ...settings, ...more }),
    leave: async () => {
      openDesks.delete(desk);
      const others = [...openDesks].map(({ server: { url } }) => new URL(url).origin);
      try {
        await forget(new URL(server.url).origin, others);
      } finally {
        await server.stop();
        rmSync(home, { recursive: true, force: true });
      }
    },
  };
  openDesks.add(desk);
  return desk;
}

/** Signs in to a contact server elsewhere, with its secret for an API key. */
export async function signInWithKey(workbench: Workbench, url: string, key: string): Promise<void> {
  await workbench.runCommandAndPick('Contacts: Sign In…', 'Other Server');
  await workbench.answerPrompt('Address of the contact server', url);
  await workbench.pick('API Key').click();
  await workbench.answerPrompt('API key (api_', key);
}

/** A desk that is signed in to a contact server elsewhere, which can be stopped and started again. */
export interface ServedDesk extends Desk {
  service(): ContactService;
  /** Once more, after signing out. */
  signIn(): Promise<void>;
  stopServer(): Promise<unknown>;
  /** Does `work` while the server answers nothing; it answers afterwards. */
  whileServerIsSilent(work: () => Promise<void>): Promise<void>;
  /** At the same address, over the same contacts. */
  startServerAgain(): Promise<void>;
}

/**
 * @param added contacts beside the sample ones, of which there are `seed`.
 * @param fill puts anything else into the store.
 */
export async function sitAtServer(options: {
  seed: number;
  day?: Date;
  added?: readonly ContactDraft[];
  fill?: (store: SqliteStore) => Promise<void>;
  helpers?: string[];
  settings?: Record<string, unknown>;
}): Promise<ServedDesk> {
  const { seed, day = testDay, added = [], fill, helpers = [], settings } = options;
  const data = temporaryDirectory();
  const store = SqliteStore.open(data);
  await seedWorkspace(store, seed, day);
  await addContacts(store, ...added);
  await fill?.(store);
  await store.close();
  const key = 'api_for_this_server';
  let contactServer = await startServer(data, '--token', key);
  const { url } = contactServer;
  const desk = await openDesk({
    settings: { 'contactLookup.environment': 'custom', 'contactLookup.serverUrl': url, ...settings },
    helpers,
  });
  await desk.workbench.showContacts();
  await signInWithKey(desk.workbench, url, key);
  await desk.workbench.rows('Contacts').first().waitFor();
  return {
    ...desk,
    service: () => contactServer.service(),
    signIn: async () => {
      await signInWithKey(desk.workbench, url, key);
      await desk.workbench.rows('Contacts').first().waitFor();
    },
    stopServer: () => contactServer.kill(),
    whileServerIsSilent: async (work) => {
      contactServer.child.kill('SIGSTOP');
      await work().finally(() => contactServer.child.kill('SIGCONT'));
    },
    startServerAgain: async () => {
      if (contactServer.child.exitCode === null) return;
      contactServer = await startServer(data, '--token', key, '--port', new URL(url).port);
    },
    leave: async () => {
      await desk.leave();
      await contactServer.kill();
      rmSync(data, { recursive: true, force: true });
    },
  };
}
