/** The contact server as a function, over a real SQLite file in a folder of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hono } from 'hono';
import { createApp } from '../../../src/server/app.ts';
import { seedWorkspace } from '../../../src/server/seed/seedWorkspace.ts';
import { openStore, type Store } from '../../../src/server/store/store.ts';

export const testHost = '127.0.0.1:4321';
export const testSecret = 'a secret for tests';
export const testDay = new Date('2026-05-01T12:00:00Z');

export interface TestApp {
  app: Hono;
  store: Store;
  directory: string;
  /** A request as our own client would send it. */
  request(path: string, init?: RequestInit): Promise<Response>;
  json(path: string, init?: RequestInit): Promise<Record<string, unknown>>;
  dispose(): void;
}

export const temporaryDirectory = (): string => mkdtempSync(join(tmpdir(), 'contact-lookup-'));

export function testApp(seed = 0): TestApp {
  const directory = temporaryDirectory();
  const store = openStore(directory);
  seedWorkspace(store, seed, testDay);
  const app = createApp({ store, secret: testSecret, host: () => testHost });
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
    dispose: () => {
      store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

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
