import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { isIP, Socket, type AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { ApiError, type ApiErrorReason } from '../../src/api/apiError.ts';
import { ContactService } from '../../src/api/contactService.ts';
import type { ForeignMediaRule } from '../../src/api/media/foreignMedia.ts';
import { classifyAddress } from '../../src/api/media/publicAddress.ts';
import { png } from './support/pictures.ts';
import { selfSigned } from './support/selfSigned.ts';

const gateway = 'https://gateway.test';
const credential = { value: 'api_CANARY', organizationId: 'org_CANARY' };
const pictureBytes = 5 * 1024 * 1024;

/** Every attempt of this process to connect to anything, whatever makes it. */
const connections: unknown[] = [];
// oxlint-disable-next-line typescript/unbound-method -- it is called with its own `this` below
const originalConnect = Socket.prototype.connect;

const isReason =
  (reason: ApiErrorReason) =>
  (error: unknown): boolean =>
    error instanceof ApiError && error.reason === reason;

describe('media of other origins', () => {
  let server: Server;
  let origin: string;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  const requests: IncomingMessage[] = [];
  before(async () => {
    server = createServer((request, response) => {
      requests.push(request);
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    Socket.prototype.connect = function connect(this: Socket, ...parameters: unknown[]): Socket {
      connections.push(parameters[0]);
      return Reflect.apply(originalConnect, this, parameters) as Socket;
    };
  });
  after(() => {
    Socket.prototype.connect = originalConnect;
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    requests.length = 0;
    connections.length = 0;
    answer = (_, response) => response.end(png());
  });

  /** A service of an account elsewhere, which lets its media lie where `rule` says. */
  const withService = async <T>(
    rule: ForeignMediaRule,
    use: (service: ContactService) => Promise<T>,
    resolve?: (hostname: string) => Promise<string[]>,
  ): Promise<T> => {
    const service = new ContactService({
      origin: gateway,
      credential,
      timings: { headers: 400, stall: 300, deadline: 400 },
      foreignMedia: () => rule,
      ...(resolve === undefined ? {} : { resolve }),
    });
    try {
      return await use(service);
    } finally {
      service.dispose();
    }
  };
  const load = (
    url: string,
    rule: ForeignMediaRule,
    resolve?: (hostname: string) => Promise<string[]>,
  ): Promise<Uint8Array> => withService(rule, (service) => service.media(url, pictureBytes), resolve);

  it('come without a credential, a cookie or a referrer, also the second time and over a redirect', async () => {
    answer = ({ url }, response) => {
      response.setHeader('set-cookie', 'tracked=1; Path=/');
      if (url === '/first') response.writeHead(302, { location: '/second' }).end();
      else response.end(png());
    };
    await withService('loopbackToo', async (service) => {
      for (let n = 0; n < 2; n++) {
        assert.deepEqual(new Uint8Array(await service.media(`${origin}/first`, pictureBytes)), png());
      }
    });
    assert.equal(requests.length, 4);
    for (const { headers } of requests) {
      assert.deepEqual(Object.keys(headers).sort(), ['accept', 'accept-encoding', 'connection', 'host']);
      assert.doesNotMatch(JSON.stringify(headers), /CANARY|tracked/);
    }
  });

  describe('where they may not lie, get no connection', () => {
    const port = (): string => new URL(origin).port;
    const hosts = [
      '127.0.0.1',
      '127.1',
      '127.255.255.254',
      '2130706433',
      '0x7f000001',
      '0x7f.1',
      '017700000001',
      '0177.0.0.1',
      '１２７.0.0.1',
      'localhost',
      '0.0.0.0',
      '0',
      '10.0.0.1',
      '10.255.255.255',
      '172.16.0.1',
      '172.31.255.254',
      '192.168.0.1',
      '192.168.1',
      '3232235521',
      '169.254.169.254',
      '0xa9fea9fe',
      '100.64.0.1',
      '192.0.0.8',
      '192.0.2.1',
      '198.18.0.1',
      '198.51.100.7',
      '203.0.113.9',
      '224.0.0.1',
      '239.255.255.250',
      '240.0.0.1',
      '255.255.255.255',
      '[::1]',
      '[::]',
      '[0:0:0:0:0:0:0:1]',
      '[::ffff:127.0.0.1]',
      '[::ffff:7f00:1]',
      '[::ffff:10.0.0.1]',
      '[::127.0.0.1]',
      '[64:ff9b::127.0.0.1]',
      '[64:ff9b::a9fe:a9fe]',
      '[2002:7f00:1::]',
      '[2001:0:7f00:1::]',
      '[2001:db8::1]',
      '[fc00::1]',
      '[fd12:3456::1]',
      '[fe80::1]',
      '[fec0::1]',
      '[ff02::1]',
      '[100::1]',
    ];
    const others = [
      'http://example.com/x.png',
      'https://user@example.com/x.png',
      'https://user:secret@example.com/x.png',
      'https://gateway.test@10.0.0.1/x.png',
      'ftp://example.com/x.png',
      'file:///etc/passwd',
      'data:image/png;base64,AAAA',
      'javascript:alert(1)',
      'vscode://file/etc/passwd',
      'blob:https://example.com/1',
      '//10.0.0.1/x.png',
      String.raw`\\10.0.0.1\x.png`,
    ];

    it('are at least 60, of every form', () => assert.ok(hosts.length + others.length >= 60));

    for (const host of hosts) {
      it(`https://${host}`, async () => {
        await assert.rejects(load(`https://${host}:${port()}/x.png`, 'public'), isReason('mediaAddress'));
        assert.deepEqual(connections, []);
      });
    }
    for (const url of others) {
      it(url, async () => {
        await assert.rejects(load(url, 'public'), isReason('mediaAddress'));
        assert.deepEqual(connections, []);
      });
    }
    it('a redirect to each of them', async () => {
      const targets = [...hosts.filter((host) => !isThisMachine(host)).map((host) => `https://${host}/x`), ...others];
      const resolve = async (name: string): Promise<string[]> => [isIP(name) === 0 ? '93.184.215.14' : name];
      for (const target of targets.filter((url) => !/^(?:\/\/|\\)/.test(url))) {
        answer = (_, response) => response.writeHead(302, { location: encodeURI(target) }).end();
        await assert.rejects(load(`${origin}/x`, 'loopbackToo', resolve), isReason('mediaAddress'), target);
      }
      assert.ok(targets.length > 40);
      assert.equal(connections.length, requests.length, 'to the first server alone');
    });
    it('a name that means one of them, or one of them among others', async () => {
      for (const addresses of [['10.0.0.1'], ['93.184.215.14', '127.0.0.1'], ['::1'], ['fd00::1'], []]) {
        const found = load('https://media.test/x', 'public', async () => addresses);
        await assert.rejects(found, isReason('mediaAddress'), String(addresses));
      }
      assert.deepEqual(connections, []);
    });
    it('all of them, when other origins are switched off', async () => {
      await assert.rejects(load(`${origin}/x`, 'off'), isReason('mediaOff'));
      await assert.rejects(load('https://media.test/x', 'off'), isReason('mediaOff'));
      assert.deepEqual(connections, []);
    });
    it('control: the same server, where it may lie on this machine', async () => {
      await load(`${origin}/x`, 'loopbackToo');
      assert.equal(connections.length, 1);
    });
  });

  it('are asked for at the address that was looked at, whatever the name means by then', async () => {
    let asked = 0;
    const elsewhere: unknown[] = [];
    const second = createServer((request, response) => {
      elsewhere.push(request.url);
      response.end(png());
    });
    const { port } = new URL(origin);
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    await new Promise<void>((resolve) => server.listen(Number(port), '127.0.0.1', resolve));
    await new Promise<void>((resolve) => second.listen(Number(port), '127.0.0.2', resolve));
    const rebinding = async (): Promise<string[]> => [asked++ === 0 ? '127.0.0.1' : '127.0.0.2'];
    await load(`http://rebind.test:${port}/x`, 'loopbackToo', rebinding);
    second.close();
    assert.equal(asked, 1);
    assert.equal(requests[0]?.headers.host, `rebind.test:${port}`);
    assert.deepEqual(elsewhere, []);
  });

  it('are asked for at the next address where one kind is not to be had, and again where a kept connection has ended', async () => {
    const { port } = new URL(origin);
    const many = async (): Promise<string[]> => ['127.0.0.9', '127.0.0.8', '127.0.0.7', '127.0.0.6', '::1'];
    const sixth = createServer((_, response) => response.end(png()));
    await new Promise<void>((resolve) => sixth.listen(Number(port), '::1', resolve));
    assert.deepEqual(new Uint8Array(await load(`http://media.test:${port}/x`, 'loopbackToo', many)), png());
    sixth.close();
    sixth.closeAllConnections();
    await withService('loopbackToo', async (service) => {
      await service.media(`${origin}/x`, pictureBytes);
      // The server gives up the connection as the next request comes.
      server.closeIdleConnections();
      assert.deepEqual(new Uint8Array(await service.media(`${origin}/x`, pictureBytes)), png());
    });
  });

  it('follow three redirects, and no fourth', async () => {
    answer = ({ url = '' }, response) => {
      const left = Number(url.slice(1));
      if (left > 0) response.writeHead(301, { location: `/${left - 1}` }).end();
      else response.end(png());
    };
    assert.deepEqual(new Uint8Array(await load(`${origin}/3`, 'loopbackToo')), png());
    await assert.rejects(load(`${origin}/4`, 'loopbackToo'), isReason('mediaAddress'));
    assert.equal(requests.length, 8);
  });

  it('must prove by their certificate to be who the address names', async () => {
    const secure = createTlsServer(selfSigned, (_, response) => response.end(png()));
    await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
    const { port } = secure.address() as AddressInfo;
    const url = `https://127.0.0.1:${port}/x`;
    const known = getCACertificates('default');
    try {
      await assert.rejects(load(url, 'loopbackToo'), isReason('tls'));
      setDefaultCACertificates([...known, selfSigned.cert]);
      assert.deepEqual(new Uint8Array(await load(url, 'loopbackToo')), png());
      const named = load(`https://media.test:${port}/x`, 'loopbackToo', async () => ['127.0.0.1']);
      await assert.rejects(named, isReason('tls'), 'the certificate is for another name');
    } finally {
      setDefaultCACertificates(known);
      secure.close();
      secure.closeAllConnections();
    }
  });

  describe('that are no pictures', () => {
    /** Bytes that the server could send before nobody took any more. */
    const sent = (): number => requests.reduce((sum, { socket }) => sum + socket.bytesWritten, 0);
    const endless = (response: ServerResponse): void => {
      const piece = Buffer.alloc(64 * 1024, 1);
      const send = (): void => {
        while (!response.destroyed && response.write(piece)) continue;
        if (!response.destroyed) response.once('drain', send);
      };
      send();
    };
    it('a gigabyte, where the server says so: nothing of it is taken', async () => {
      answer = (_, response) => {
        response.writeHead(200, { 'content-length': 1024 ** 3 });
        endless(response);
      };
      await assert.rejects(
        load(`${origin}/x`, 'loopbackToo'),
        (error) => error instanceof ApiError && error.kind === 'tooLarge',
      );
      assert.ok(sent() <= 10_000_000, String(sent()));
    });
    it('an endless one: no more than a picture may have', async () => {
      answer = (_, response) => endless(response);
      await assert.rejects(
        load(`${origin}/x`, 'loopbackToo'),
        (error) => error instanceof ApiError && error.kind === 'tooLarge',
      );
      assert.ok(sent() <= 10_000_000, String(sent()));
    });
    it('one that stops coming, and one that never begins', async () => {
      answer = (_, response) => response.writeHead(200).write('x');
      await assert.rejects(load(`${origin}/x`, 'loopbackToo'), isReason('mediaServer'));
      answer = () => undefined;
      await assert.rejects(load(`${origin}/x`, 'loopbackToo'), isReason('mediaServer'));
    });
    it('one that drips for ever', async () => {
      answer = (_, response) => {
        const timer = setInterval(() => response.write('x'), 50);
        response.on('close', () => clearInterval(timer));
      };
      const dripping = withService('loopbackToo', (service) => service.media(`${origin}/x`, 1_000));
      await assert.rejects(dripping, isReason('mediaServer'));
    });
    it('one that breaks off', async () => {
      answer = (_, response) => {
        response.writeHead(200, { 'content-length': 1_000 });
        response.write('x', () => response.destroy());
      };
      await assert.rejects(load(`${origin}/x`, 'loopbackToo'), isReason('mediaServer'));
    });
    it('one that changes the protocol', async () => {
      answer = ({ socket }) => socket.write('HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n');
      await assert.rejects(load(`${origin}/x`, 'loopbackToo'), isReason('mediaServer'));
    });
    it('one whose name is not to be found out, also when it is cancelled', async () => {
      const never = (): Promise<string[]> => new Promise(() => undefined);
      await assert.rejects(load('https://media.test/x', 'public', never), isReason('mediaServer'));
      const controller = new AbortController();
      const { signal } = controller;
      const loading = withService('public', (service) => service.media('https://media.test/x', 1, { signal }), never);
      controller.abort();
      await assert.rejects(loading, (error) => error instanceof ApiError && error.kind === 'cancelled');
    });
    it('what is not there, and a server in trouble', async () => {
      for (const [status, reason] of [
        [403, 'mediaGone'],
        [404, 'mediaGone'],
        [503, 'mediaServer'],
        [418, 'mediaServer'],
      ] as const) {
        answer = (_, response) => response.writeHead(status).end('<Error/>');
        await assert.rejects(load(`${origin}/x`, 'loopbackToo'), isReason(reason), String(status));
      }
    });
    it('one that is cancelled', async () => {
      answer = () => undefined;
      const controller = new AbortController();
      const { signal } = controller;
      const loading = withService('loopbackToo', (service) => service.media(`${origin}/x`, 1_000, { signal }));
      controller.abort();
      await assert.rejects(loading, (error) => error instanceof ApiError && error.kind === 'cancelled');
    });
  });

  it('know public addresses when they see them', () => {
    for (const address of ['93.184.215.14', '8.8.8.8', '2606:2800:21f:cb07::1', '64:ff9b::808:808']) {
      assert.equal(classifyAddress(address), 'public', address);
    }
    for (const address of ['', 'example.com', '1.2.3', '::ffff:8.8.8.8.8']) {
      assert.equal(classifyAddress(address), 'private', address);
    }
  });
});

const isThisMachine = (host: string): boolean =>
  classifyAddress(new URL(`https://${host}`).hostname.replace(/^\[|\]$/g, '')) === 'loopback' || host === 'localhost';
