import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { AgentGate, type Answer } from '../../src/agents/access/agentGate.ts';
import { CallLimit } from '../../src/agents/access/callLimit.ts';
import { agentFolder, maxCallBytes, windowsFolder, type WindowEntry } from '../../src/mcp/wire.ts';
import { projectRoot } from '../harness/paths.ts';
import { temporaryDirectory } from './support/app.ts';

const mcp = join(projectRoot, 'dist', 'mcp.js');
const manifest = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
  contributes: { languageModelTools: { name: string; toolReferenceName: string; modelDescription: string }[] };
};

describe('agents’ programs, by the Model Context Protocol', () => {
  let home: string;
  let answer: Answer;
  let gate: AgentGate | undefined;
  const clients: Client[] = [];
  const processes: ChildProcess[] = [];
  beforeEach(async () => {
    home = temporaryDirectory();
    answer = async ({ client, tool, input }) => ({ result: JSON.stringify({ client, tool, input }) });
    gate = await AgentGate.open(home, (call, signal) => answer(call, signal), console.error);
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    for (const child of processes.splice(0)) child.kill('SIGKILL');
    gate?.dispose();
    rmSync(home, { recursive: true, force: true });
  });

  const environment = (): Record<string, string> => ({ HOME: home, PATH: process.env['PATH'] ?? '' });
  const connected = async (name = 'Test Agent'): Promise<Client> => {
    const client = new Client({ name, version: '1.0.0' });
    clients.push(client);
    await client.connect(new StdioClientTransport({ command: process.execPath, args: [mcp], env: environment() }));
    return client;
  };
  /** What `dist/mcp.js` is without a client library: a process that is written to. */
  const raw = (): ChildProcess => {
    const child = spawn(process.execPath, [mcp], { env: environment(), stdio: ['pipe', 'pipe', 'inherit'] });
    processes.push(child);
    return child;
  };
  const textOf = (result: unknown): string =>
    (result as { content: { text: string }[] }).content.map(({ text }) => text).join('');
  const search = { name: 'searchContacts', arguments: { query: 'Ana' } };

  it('are offered every tool that VS Code’s own have, with what it does', async () => {
    const { tools } = await (await connected()).listTools();
    assert.deepEqual(
      tools.map(({ name, description }) => [name, description]),
      manifest.contributes.languageModelTools.map(({ toolReferenceName, modelDescription }) => [
        toolReferenceName,
        modelDescription,
      ]),
    );
    assert.deepEqual(
      tools.filter(({ annotations }) => annotations?.readOnlyHint !== true).map(({ name }) => name),
      ['updateContact', 'editLabels', 'addComment', 'createContact'],
    );
  });

  it('are answered by the window, which is told who asks', async () => {
    const result = await (await connected('Claude')).callTool(search);
    assert.deepEqual(JSON.parse(textOf(result)), {
      client: 'Claude',
      tool: 'contactLookup_searchContacts',
      input: { query: 'Ana' },
    });
  });

  it('are told what went wrong', async () => {
    answer = async () => ({ error: 'The user has not let this program in.' });
    const client = await connected();
    const result = await client.callTool(search);
    assert.equal(result.isError, true);
    assert.equal(textOf(result), 'The user has not let this program in.');
    await assert.rejects(client.callTool({ name: 'dropDatabase', arguments: {} }), /There is no tool dropDatabase/);
    gate?.dispose();
    const alone = await client.callTool(search);
    assert.equal(alone.isError, true);
    assert.match(textOf(alone), /No window of VS Code lets agents in/);
  });

  /** From now on each call waits until whoever asks has gone. */
  const holdAnswers = (): { asked: Promise<void>; gone: Promise<void> } => {
    const asked = Promise.withResolvers<void>();
    const gone = Promise.withResolvers<void>();
    answer = async (_call, signal) => {
      signal.addEventListener('abort', () => gone.resolve());
      asked.resolve();
      await gone.promise;
      return { error: 'Cancelled.' };
    };
    return { asked: asked.promise, gone: gone.promise };
  };

  it('can cancel what they have asked for', async () => {
    const { asked, gone } = holdAnswers();
    const client = await connected();
    const controller = new AbortController();
    const call = client.callTool(search, undefined, { signal: controller.signal });
    await asked;
    controller.abort('no longer');
    await assert.rejects(call, /no longer/);
    await gone;
    answer = async () => ({ result: 'again' });
    assert.equal(textOf(await client.callTool(search)), 'again');
  });

  it('hear that a person is asked for as long as that takes, where they want to', async () => {
    const { asked } = holdAnswers();
    const client = await connected();
    const heard = Promise.withResolvers<string>();
    const controller = new AbortController();
    const call = client.callTool(search, undefined, {
      signal: controller.signal,
      onprogress: ({ progress, message }) => heard.resolve(`${progress} ${message}`),
    });
    await asked;
    assert.match(await heard.promise, /^1 Waiting for VS Code/);
    controller.abort('no longer');
    await assert.rejects(call, /no longer/);
  });

  it('are served two at once', async () => {
    const both = Promise.withResolvers<void>();
    const asking = new Set<string>();
    answer = async ({ client }) => {
      asking.add(client);
      if (asking.size === 2) both.resolve();
      await both.promise;
      return { result: client };
    };
    const results = await Promise.all(
      ['one', 'other'].map(async (name) => textOf(await (await connected(name)).callTool(search))),
    );
    assert.deepEqual(results, ['one', 'other']);
  });

  it('get an answer after 10,000 messages that are none', async () => {
    const child = raw();
    const shapes: ((sent: number) => string)[] = [
      () => 'no JSON at all {',
      () => '{"jsonrpc":"2.0"',
      () => '[]',
      () => 'null',
      () => JSON.stringify({ jsonrpc: '1.0', id: 1, method: 'tools/call' }),
      () => JSON.stringify({ jsonrpc: '2.0', id: { no: 'id' }, method: 'tools/list' }),
      () => JSON.stringify({ jsonrpc: '2.0', id: 1, method: 7 }),
      () => JSON.stringify({ jsonrpc: '2.0', method: 'notifications/nothing', params: { deep: [[[[]]]] } }),
      () => JSON.stringify({ jsonrpc: '2.0', id: 'x', result: {} }),
      (sent) => `\u0000\u0007${'é'.repeat(sent % 200)}`,
      (sent) => `"${'x'.repeat(sent % 2_000)}`,
    ];
    const input = child.stdin ?? assert.fail();
    for (let sent = 0; sent < 10_000; sent++) {
      const shape = shapes[sent % shapes.length] ?? assert.fail();
      if (!input.write(`${shape(sent)}\n`)) await once(input, 'drain');
    }
    const lines = createInterface({ input: child.stdout ?? assert.fail() });
    const answered = Promise.withResolvers<string>();
    lines.on('line', (line) => {
      if ((JSON.parse(line) as { id?: unknown }).id === 'last') answered.resolve(line);
    });
    input.write(
      `${JSON.stringify({ jsonrpc: '2.0', id: 'last', method: 'tools/call', params: { name: 'getContact', arguments: {} } })}\n`,
    );
    assert.match(await answered.promise, /contactLookup_getContact/);
  });

  it('end with what started them', async () => {
    const { asked, gone } = holdAnswers();
    const child = raw();
    const params = { name: 'getContact', arguments: {} };
    child.stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params })}\n`);
    await asked;
    // As the system does it when a client is killed.
    child.stdin?.destroy();
    const [code] = (await once(child, 'exit')) as [number | null];
    assert.equal(code, 0);
    await gone;
  });

  it('give up on one message that has no end', async () => {
    const child = raw();
    const input = child.stdin ?? assert.fail();
    input.on('error', () => undefined);
    const ended = once(child, 'exit');
    input.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' })}\n`);
    await once(child.stdout ?? assert.fail(), 'data');
    assert.equal(child.exitCode, null);
    for (let sent = 0; sent < 40 && child.exitCode === null; sent++) {
      if (!input.write('x'.repeat(64_000))) await Promise.race([once(input, 'drain').catch(() => undefined), ended]);
    }
    assert.deepEqual(await ended, [0, null]);
  });

  it('ask another window when theirs was killed, and the next one clears away what that left', async () => {
    gate?.dispose();
    const script = join(projectRoot, 'test', 'node', 'support', 'agentWindow.ts');
    const openWindow = async (): Promise<ChildProcess> => {
      const child = spawn(process.execPath, [script, home], { stdio: ['ignore', 'pipe', 'inherit'] });
      processes.push(child);
      await once(child.stdout ?? assert.fail(), 'data');
      return child;
    };
    const [first, second] = [await openWindow(), await openWindow()];
    const client = await connected();
    // The one that was opened last was used last.
    assert.match(textOf(await client.callTool(search)), new RegExp(`${second.pid}$`));
    second.kill('SIGKILL');
    await once(second, 'exit');
    assert.match(textOf(await client.callTool(search)), new RegExp(`${first.pid}$`));
    first.kill('SIGKILL');
    await once(first, 'exit');
    assert.match(textOf(await client.callTool(search)), /No window/);
    gate = await AgentGate.open(home, (call, signal) => answer(call, signal), console.error);
    assert.equal(readdirSync(windowsFolder(home)).filter((name) => name.endsWith('.json')).length, 1);
    assert.match(textOf(await client.callTool(search)), /Test Agent/);
  });

  describe('and the socket of a window', () => {
    const entry = (): WindowEntry => JSON.parse(readFileSync(gate?.entry ?? '', 'utf8')) as WindowEntry;
    const post = (body: string, headers: Record<string, string>, path = '/call'): Promise<number> =>
      new Promise((resolve, reject) => {
        const asked = request({ socketPath: entry().socket, method: 'POST', path, headers, agent: false }, (reply) => {
          reply.resume();
          resolve(reply.statusCode ?? 0);
        });
        asked.once('error', reject);
        asked.end(body);
      });

    it('can be opened by this user alone, who has the key', async () => {
      const mode = (path: string): number => statSync(path).mode & 0o777;
      assert.equal(mode(agentFolder(home)), 0o700);
      assert.equal(mode(windowsFolder(home)), 0o700);
      assert.equal(mode(entry().socket), 0o600);
      assert.equal(mode(gate?.entry ?? ''), 0o600);
      const call = JSON.stringify({ client: 'x', tool: 'y', input: {} });
      let calls = 0;
      answer = async () => {
        calls += 1;
        return { result: 'ok' };
      };
      assert.equal(await post(call, {}), 401);
      assert.equal(await post(call, { authorization: 'Bearer ' }), 401);
      assert.equal(await post(call, { authorization: `Bearer ${entry().key.slice(1)}x` }), 401);
      assert.equal(calls, 0);
      assert.equal(await post(call, { authorization: `Bearer ${entry().key}` }), 200);
      assert.equal(calls, 1);
    });

    it('takes nothing but calls', async () => {
      const authorization = `Bearer ${entry().key}`;
      assert.equal(await post('{}', { authorization }), 400);
      assert.equal(await post('no JSON', { authorization }), 400);
      assert.equal(await post('{"client":1,"tool":"x","input":{}}', { authorization }), 400);
      assert.equal(await post('{"client":"a","tool":"x","input":[]}', { authorization }), 400);
      assert.equal(await post('{}', { authorization }, '/other'), 404);
      assert.equal(await post('x'.repeat(maxCallBytes + 1), { authorization }), 413);
    });

    it('outlives what is no HTTP', async () => {
      const garbage = ['\u0000\u0001\u0002', 'GET', 'POST /call HTTP/9.9\r\n\r\n', `A: ${'b'.repeat(100_000)}\r\n`];
      for (let sent = 0; sent < 400; sent++) {
        const socket = connect(entry().socket);
        const closed = new Promise((resolve) => socket.once('close', resolve));
        socket.on('error', () => undefined);
        socket.resume().end(garbage[sent % garbage.length] ?? '');
        if (sent % 21 === 0) await closed;
      }
      assert.match(textOf(await (await connected()).callTool(search)), /Test Agent/);
    });

    it('is gone when the window closes, with who is connected', async () => {
      const { socket } = entry();
      const connection = connect(socket);
      connection.on('error', () => undefined);
      await once(connection, 'connect');
      const closed = new Promise((resolve) => connection.resume().once('close', resolve));
      gate?.dispose();
      await closed;
      assert.ok(!existsSync(socket));
      assert.deepEqual(readdirSync(windowsFolder(home)), []);
    });
  });

  it('may call so many times in any minute', () => {
    let now = 0;
    const limit = new CallLimit(3, () => now);
    const allowed = (caller: string): number => limit.secondsUntilAllowed(caller);
    assert.deepEqual([allowed('a'), allowed('a'), allowed('b'), allowed('a')], [0, 0, 0, 0]);
    now = 20_500;
    assert.equal(allowed('a'), 40);
    assert.equal(allowed('b'), 0);
    now = 60_001;
    assert.equal(allowed('a'), 0);
  });
});
