/** The contact server as a function, over a real SQLite file in a folder of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hono } from 'hono';
import { createApp } from '../../../src/server/app.ts';
import { seedWorkspace } from '../../../src/server/seed/seedWorkspace.ts';
import { backUp, restore } from '../../../src/server/store/sqlite/backup.ts';
import { SqliteStore } from '../../../src/server/store/sqlite/sqliteStore.ts';
import type { ContactDraft } from '../../../src/server/store/records.ts';
import type { WorkspaceStore } from '../../../src/server/store/workspaceStore.ts';

export const testHost = '127.0.0.1:4321';
export const testSecret = 'a secret for tests';
export const testDay = new Date('2026-05-01T12:00:00Z');

export interface TestApp {
  app: Hono;
  store: SqliteStore;
  directory: string;
  /** A request as our own client would send it. */
  request(path: string, init?: RequestInit): Promise<Response>;
  json(path: string, init?: RequestInit): Promise<Record<string, unknown>>;
  dispose(): Promise<void>;
}

export const temporaryDirectory = (): string => mkdtempSync(join(tmpdir(), 'contact-lookup-'));

export async function testApp(seed = 0, directory = temporaryDirectory()): Promise<TestApp> {
  const store = SqliteStore.open(directory);
  await seedWorkspace(store, seed, testDay);
  const app = createApp({
    store,
    backups: { backUp: (path) => backUp(store, path), restore: (path) => restore(store, path) },
    secret: testSecret,
    host: () => testHost,
  });
  const request = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    if (!headers.has('host')) headers.set('host', testHost);
    if (!headers.has('x-access-token')) headers.set('x-access-token', testSecret);
    return app.request(path, { ...init, headers });
  };
  return {
    app,
    store,
    directory,
    request,
    json: async (path, init) => (await (await request(path, init)).json()) as Record<string, unknown>,
    dispose: async () => {
      await store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Adds contacts in one transaction. @returns their ids. */
export const addContacts = (store: WorkspaceStore, ...drafts: readonly ContactDraft[]): Promise<string[]> =>
  store.transaction(async ({ contacts }) => {
    const ids: string[] = [];
    for (const draft of drafts) ids.push(await contacts.insert(draft));
    return ids;
  });

export const jsonInit = (method: string, body: unknown): RequestInit => ({
  method,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

export function uploadInit(content: Uint8Array, name = 'picture.png', type = 'image/png'): RequestInit {
  const form = new FormData();
  form.set('file', new File([new Uint8Array(content)], name, { type }));
  return { method: 'POST', body: form };
}
