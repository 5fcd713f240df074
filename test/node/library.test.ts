import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../harness/paths.ts';
import { temporaryDirectory } from './support/app.ts';
import { startServer, type ServerProcess } from './support/serverProcess.ts';

/** What somebody else's program does with it, who has that one file and no package of ours. */
const program = `
import * as api from './api.mjs';
const { ApiError, ContactService } = api;
const [origin, token] = process.argv.slice(2);
const service = new ContactService({ origin, credential: { value: token } });
const { items } = await service.list({ limit: 3 });
const [first] = items;
const { contact, ignored } = await service.update(first.id, { company_name: 'Elsewhere Ltd' });
const found = await service.search({ q: 'Elsewhere Ltd' });
const failure = await service.get('con_nobody').catch((error) => error);
const stranger = new ContactService({ origin, credential: { value: 'api_wrong' } });
const refused = await stranger.list().catch((error) => error);
service.dispose();
stranger.dispose();
console.log(JSON.stringify({
  exports: Object.keys(api).sort(),
  listed: items.length,
  updated: [contact.company_name, ignored],
  found: found.items.map(({ id }) => id === first.id),
  failures: [failure, refused].map((error) => [error instanceof ApiError, error instanceof Error, error.kind, error.message]),
}));
`;

describe('dist/api.mjs, in a program of others', () => {
  let data: string;
  let folder: string;
  let server: ServerProcess;
  before(async () => {
    data = temporaryDirectory();
    folder = temporaryDirectory();
    server = await startServer(data, '--token', 'api_for_a_library', '--seed', '20');
    copyFileSync(join(projectRoot, 'dist', 'api.mjs'), join(folder, 'api.mjs'));
    writeFileSync(join(folder, 'program.mjs'), program);
  });
  after(async () => {
    await server.kill();
    for (const path of [data, folder]) rmSync(path, { recursive: true, force: true });
  });

  it('lists, changes and finds contacts, fails with its own class of errors, and lets the program end', () => {
    const { stdout, stderr, status } = spawnSync(process.execPath, ['program.mjs', server.url, 'api_for_a_library'], {
      cwd: folder,
      encoding: 'utf8',
      timeout: 120_000,
    });
    assert.equal(status, 0, stderr.slice(-1_000));
    assert.equal(stderr, '');
    const said = JSON.parse(stdout) as Record<string, unknown>;
    assert.deepEqual(said['listed'], 3);
    assert.deepEqual(said['updated'], ['Elsewhere Ltd', []]);
    assert.deepEqual(said['found'], [true]);
    assert.deepEqual(said['failures'], [
      [true, true, 'notFound', 'notFound GET /contacts/{id} 404'],
      [true, true, 'auth', 'auth GET /contacts 401'],
    ]);
    for (const name of ['ApiError', 'ContactService', 'SignInService', 'serverOrigin']) {
      assert.ok((said['exports'] as string[]).includes(name), name);
    }
  });
});
