/** The contact server as a function, over a real SQLite file in a folder of its own, or a real PostgreSQL. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hono } from 'hono';
import { createApp, type OwnWorkspace } from '../../../src/server/app.ts';
import { seedWorkspace } from '../../../src/server/seed/seedWorkspace.ts';
import { backUp, restore } from '../../../src/server/store/sqlite/backup.ts';
import { PostgresDatabase } from '../../../src/server/store/postgres/database.ts';
import { PostgresOrganizations } from '../../../src/server/store/postgres/organizations.ts';
import { PostgresStore } from '../../../src/server/store/postgres/postgresStore.ts';
import { SqliteStore } from '../../../src/server/store/sqlite/sqliteStore.ts';
import type { ContactDraft } from '../../../src/server/store/records.ts';
import type { WorkspaceStore } from '../../../src/server/store/workspaceStore.ts';
import { databaseFor, isOnPostgres } from './engine.ts';

export const testHost = '127.0.0.1:4321';
export const testSecret = 'a secret for tests';
export const testDay = new Date('2026-05-01T12:00:00Z');

export interface TestApp<Store extends WorkspaceStore = WorkspaceStore> {
  app: Hono;
  store: Store;
  directory: string;
  /** Failures that were the server's own. */
  errors: unknown[];
  /** Opens the workspace once more, as another process has it. */
  again(): Promise<WorkspaceStore>;
  /** A request as our own client would send it. */
  request(path: string, init?: RequestInit): Promise<Response>;
  json(path: string, init?: RequestInit): Promise<Record<string, unknown>>;
  dispose(): Promise<void>;
}

export const temporaryDirectory = (): string => mkdtempSync(join(tmpdir(), 'contact-lookup-'));

/** The app over a workspace of its own, on the engine of this test run. */
export const testApp = (seed = 0): Promise<TestApp> => (isOnPostgres ? teamApp(seed) : sqliteApp(seed));

export async function sqliteApp(seed = 0, directory = temporaryDirectory()): Promise<TestApp<SqliteStore>> {
  const store = SqliteStore.open(directory);
  const backups = { backUp: (path: string) => backUp(store, path), restore: (path: string) => restore(store, path) };
  return appOver(store, seed, {
    directory,
    files: { backups },
    again: async () => SqliteStore.open(directory),
    dispose: () => store.close(),
  });
}

async function teamApp(seed: number): Promise<TestApp> {
  const { url } = await databaseFor('of the apps');
  const database = await PostgresDatabase.open(url);
  const { id } = await new PostgresOrganizations(database).findOrCreate(randomUUID());
  const others: PostgresDatabase[] = [];
  return appOver(new PostgresStore(database, id), seed, {
    directory: temporaryDirectory(),
    again: async () => {
      const other = await PostgresDatabase.open(url);
      others.push(other);
      return new PostgresStore(other, id);
    },
    dispose: async () => {
      for (const each of [database, ...others]) await each.close();
    },
  });
}

async function appOver<Store extends WorkspaceStore>(
  store: Store,
  seed: number,
  { files, directory, again, dispose }: Pick<TestApp, 'directory' | 'again' | 'dispose'> & Pick<OwnWorkspace, 'files'>,
): Promise<TestApp<Store>> {
  await seedWorkspace(store, seed, testDay);
  const errors: unknown[] = [];
  const app = createApp({
    own: { store, secret: testSecret, files },
    host: () => testHost,
    onError: (error) => errors.push(error),
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
    errors,
    again,
    request,
    json: async (path, init) => (await (await request(path, init)).json()) as Record<string, unknown>,
    dispose: async () => {
      await dispose();
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
