import assert from 'node:assert/strict';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { apiPrefix, signInPrefix } from '../../src/contract/vocabulary.ts';
import { projectRoot } from '../harness/paths.ts';
import { startPostgres, type PostgresServer } from '../harness/postgres.ts';
import { exitOf, freePort } from '../harness/processes.ts';
import { ask } from '../node/support/namedRequest.ts';
import { asAdmin } from '../node/support/teamDatabase.ts';

describe('docs/team-server.md', () => {
  let postgres: PostgresServer;
  const servers: ChildProcess[] = [];
  // One of its own: the role and the database have the names of the document.
  before(async () => {
    postgres = await startPostgres();
  });
  after(async () => {
    for (const server of servers) {
      const ended = exitOf(server);
      server.kill();
      await ended;
    }
    await postgres.stop();
  });

  it('leads from nothing to two people who are signed in, each by another server', async () => {
    const text = readFileSync(join(projectRoot, 'docs', 'team-server.md'), 'utf8');
    const blocks = [...text.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block = '']) => block);
    const [create = '', mark = '', address = '', people = '', start = ''] = blocks;
    const run = (block: string, at: string): Promise<void> =>
      asAdmin(at, async (client) => {
        const sql = /<<'SQL'\n(.*)^SQL$/ms.exec(block)?.[1] ?? '';
        for (const statement of sql.split(';').filter((each) => each.trim() !== '')) await client.query(statement);
      });
    await run(create, postgres.url);
    await run(mark, postgres.url.replace(/postgres$/, 'contacts'));
    const environment = {
      ...process.env,
      POSTGRES_HOST: new URL(postgres.url).host,
      PATH: `${join(process.execPath, '..')}:${process.env['PATH']}`,
    };
    const made = await promisify(execFile)('bash', ['-euc', `${address}\n${people}`], {
      cwd: projectRoot,
      env: environment,
    });
    assert.equal(made.stdout.trim().split('\n').length, 3, made.stdout);
    const ports: number[] = [];
    for (const line of start.trim().split('\n')) {
      const port = await freePort();
      const command = line.replace(/127\.0\.0\.1:\d+/, `127.0.0.1:${port}`).replace(/ &$/, '');
      const server = spawn('bash', ['-euc', `${address}\nexec ${command}`], {
        cwd: projectRoot,
        env: environment,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      server.stderr.on('data', (chunk: Buffer) => assert.fail(chunk.toString()));
      servers.push(server);
      const [ready] = (await once(createInterface({ input: server.stdout }), 'line')) as [string];
      assert.equal(ready, '{"url":"https://contacts.example"}');
      ports.push(port);
    }
    assert.equal(ports.length, 2);
    for (const [index, [email, password]] of [
      ['an@northwind.example', 'a password for An'],
      ['bo@northwind.example', 'a password for Bo'],
    ].entries()) {
      const at = { port: ports[index] ?? 0, host: 'contacts.example' };
      const login = await ask(at, 'POST', `${signInPrefix}/login/authenticate`, { body: { email, password } });
      assert.equal(login.status, 200);
      const { token, organizations } = login.json as { token: string; organizations: { organization_id: string }[] };
      const [id = ''] = organizations.map((each) => each.organization_id);
      const access = await ask(at, 'POST', `${signInPrefix}/access/_exchange_access_token`, {
        body: { organization_id: id },
        headers: { 'x-access-token': token, 'x-organization-id': id },
      });
      const { token: opened } = access.json as { token: string };
      const list = await ask(at, 'GET', `${apiPrefix}/contacts`, { headers: { 'x-access-token': opened } });
      assert.deepEqual([list.status, (list.json as { count: number }).count], [200, 0]);
    }
  });
});
