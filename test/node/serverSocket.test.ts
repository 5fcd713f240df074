import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { temporaryDirectory } from './support/app.ts';
import { maxJsonBytes } from '../../src/server/app.ts';
import { startServer, type ServerProcess } from './support/serverProcess.ts';

describe('contact server, on its socket', () => {
  let directory: string;
  let server: ServerProcess;
  let host: string;
  let port: number;

  before(async () => {
    directory = temporaryDirectory();
    server = await startServer(directory, '--seed', '20', '--token', 'T');
    ({ host } = new URL(server.url));
    port = Number(new URL(server.url).port);
  });
  after(async () => {
    await server.kill();
    rmSync(directory, { recursive: true, force: true });
  });

  /** Sends `text` as it stands and returns all that comes back. */
  const raw = (text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(text));
      let answer = '';
      socket.setEncoding('latin1');
      socket.on('data', (chunk: string) => (answer += chunk));
      socket.on('end', () => resolve(answer));
      socket.on('error', reject);
    });
  const get = (target: string, ...headers: string[]): Promise<string> =>
    raw(`GET ${target} HTTP/1.1\r\n${[...headers, 'x-api-key: T', 'Connection: close'].join('\r\n')}\r\n\r\n`);
  const path = '/channel-service/v1/contacts';

  it('prints its address and secret as one line of JSON', () => {
    assert.match(server.url, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.equal(server.token, 'T');
  });

  it('answers to its own address only', async () => {
    assert.match(await get(path, `Host: ${host}`), /^HTTP\/1\.1 200 /);
    const wrong = [
      ['Host: evil.test'],
      [`Host: evil.test:${port}`],
      ['Host: 127.0.0.1'],
      [`Host: localhost:${port}`],
      [`Host: localhost.:${port}`],
      [`Host: [::1]:${port}`],
      [`Host: 127.0.0.1.:${port}`],
      [`Host: 127.1:${port}`],
      [`Host: 0.0.0.0:${port}`],
      [`Host: ${host}@evil.test`],
      [`Host: evil.test@${host}`],
      [`Host: ${host}.evil.test`],
      [`Host: ${host}, evil.test`],
      [`Host: ${host}/`],
      ['Host:'],
      [`Host: ${host}`, 'Host: evil.test'],
      ['Host: evil.test', `Host: ${host}`],
      [`Host: ${host}`, `Host: ${host}`],
      ['X-Nothing: 1'],
    ];
    for (const headers of wrong) {
      const answer = await get(path, ...headers);
      assert.match(answer, /^HTTP\/1\.1 40[03] /, headers.join(' | '));
      assert.doesNotMatch(answer, /display_name/);
    }
  });

  it('refuses HTTP/1.0 and absolute targets', async () => {
    const old = await raw(`GET ${path} HTTP/1.0\r\nHost: ${host}\r\nx-api-key: T\r\n\r\n`);
    assert.match(old, /^HTTP\/1\.1 403 /);
    assert.match(await get(`http://${host}${path}`, `Host: ${host}`), /^HTTP\/1\.1 403 /);
    assert.match(await get('*', `Host: ${host}`), /^HTTP\/1\.1 40[03] /);
  });

  it('stops reading a body that is too large, whatever length it claims', async () => {
    const upload = await raw(
      [
        'POST /channel-service/v1/contacts/_fileupload HTTP/1.1',
        `Host: ${host}`,
        'x-api-key: T',
        'Content-Type: multipart/form-data; boundary=x',
        'Content-Length: 10000000000',
        '',
        '--x',
      ].join('\r\n'),
    );
    assert.match(upload, /^HTTP\/1\.1 413 /);
    const pieceBytes = 65_536;
    const chunk = `${pieceBytes.toString(16)}\r\n${'x'.repeat(pieceBytes)}\r\n`;
    const endless = await new Promise<string>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      let answer = '';
      socket.on('data', (data) => (answer += data.toString('latin1')));
      socket.on('close', () => resolve(answer));
      socket.on('error', () => undefined);
      socket.write(
        `PUT ${path}/con_x HTTP/1.1\r\nHost: ${host}\r\nx-api-key: T\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
      );
      // One piece more than the server takes, and no end: whoever goes on may have the answer thrown away by a write to
      // a connection that is closed by then.
      for (let sent = 0; sent <= maxJsonBytes; sent += pieceBytes) socket.write(chunk);
    });
    assert.match(endless, /^HTTP\/1\.1 413 /);
    assert.deepEqual(
      readdirSync(join(directory, 'media')).filter((name) => name.endsWith('.part')),
      [],
    );
  });

  it('asks for the secret before it reads a body', async () => {
    const answer = await raw(
      `PUT ${path}/con_x HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\nConnection: close\r\n\r\n`,
    );
    assert.match(answer, /^HTTP\/1\.1 401 /);
  });

  it('says what is wrong with a wrong option', async () => {
    await assert.rejects(startServer(directory, '--seed', 'many'), /--seed must be a whole number/);
    await assert.rejects(startServer(directory, '--port', '99999'), /--port must be a whole number/);
    await assert.rejects(startServer(directory, '--nothing'), /--nothing/);
    await assert.rejects(startServer(directory, '--port', String(port)), /port is in use/);
  });

  it('ends cleanly on SIGTERM, with connections open', async () => {
    const other = await startServer(temporaryDirectory());
    const socket = connect(Number(new URL(other.url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    await new Promise((resolve) => socket.once('connect', resolve));
    assert.equal(await other.kill('SIGTERM'), 0);
  });
});
