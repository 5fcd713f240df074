import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import type { ContactService } from '../../src/api/contactService.ts';
import { ApiError } from '../../src/api/apiError.ts';
import { PersonFinder } from '../../src/lookup/personFinder.ts';
import { mentionOf, mentionsIn } from '../../src/lookup/mentions.ts';
import { safeExample } from '../../src/lookup/safeExamples.ts';
import { temporaryDirectory } from './support/app.ts';
import { startCountingProxy, type CountingProxy } from './support/countingProxy.ts';
import { httpAnswer, startFaultyServer } from './support/faultyServer.ts';
import { startServer, type ServerProcess } from './support/serverProcess.ts';
import { ContactService as Service } from '../../src/api/contactService.ts';

describe('examples that are nobody’s', () => {
  it('are found in a text like any other, and never twice', () => {
    const taken = new Set(['person2@example.com']);
    for (const expected of ['person1@example.com', 'person3@example.com', '+12025550100', '+12025550101']) {
      const kind = expected.includes('@') ? 'email' : 'phone';
      assert.equal(safeExample(kind, taken), expected);
      assert.deepEqual(
        mentionsIn(`to=${expected};`).map(({ text }) => text),
        [expected],
      );
      taken.add(expected);
    }
  });

  it('come to an end, of numbers, and not to somebody else’s', () => {
    const taken = new Set<string>();
    for (let next = safeExample('phone', taken); next !== undefined; next = safeExample('phone', taken)) {
      assert.match(next, /^\+1\d{3}55501\d\d$/);
      taken.add(next);
    }
    assert.equal(taken.size, 800);
  });
});

describe('who a text mentions', () => {
  const lines: [line: string, mentions: string[]][] = [
    ['to=ana+x@mail.example, cc=<bob@x.example>', ['ana+x@mail.example', 'bob@x.example']],
    ['"phone":"+84 28 5555 0199"', ['+84 28 5555 0199']],
    ['call 0933 000 777 or (030) 901820-17.', ['0933 000 777', '(030) 901820-17']],
    ['tel:+44-20-7183-8750;ext=1', ['+44-20-7183-8750']],
    ['contact con_1f43b591-2b16 is gone', ['con_1f43b591-2b16']],
    ['người dùng linh@việt.example', ['linh@việt.example']],
    ['2026-05-11T08:00:00.123Z GET /v1/orders/0012345678901 200', []],
    ['a@b, @decorator, user@host, 10:20:30, 1.25, v0.1.2-rc.3, 00:00:00', []],
    ['const con_fig = con_text;', []],
    ["{'email': 'ana@mail.example', o'brien@mail.example}", ['ana@mail.example', "o'brien@mail.example"]],
    [
      '-ana@mail.example- bob@163.com, eve@xn--vit-jua.xn--p1ai',
      ['ana@mail.example', 'bob@163.com', 'eve@xn--vit-jua.xn--p1ai'],
    ],
    ['postgres://app:S3cr3t-Pw@db.mail.example/x redis://:p4ss@cache.mail.example', []],
    ['https://ghp_abc@code.example/a https://x.example/?to=ana@mail.example', ['ana@mail.example']],
    ['amqp://user:ab/cd?ef@mail.example/x', []],
    ['https://mail.example,ana@mail.example;wss://host:80|bob@mail.example', ['ana@mail.example', 'bob@mail.example']],
    ['{"site":"https://mail.example","email":"ana@mail.example"}', ['ana@mail.example']],
    [`https://${'x'.repeat(500)}-y@mail.example`, []],
    ['npm i typescript@6.0.2 /lodash@4.17.21: pkg@1.2.3-beta.example', []],
    ['05.06.2024 12:30:15 [03-07-2026 14:05:09] 01-23-45-67-89', ['01-23-45-67-89']],
    ['sha 0dfe12345678 and 0x0123456789 and 192.168.0.1', []],
  ];
  for (const [line, expected] of lines) {
    it(`in ${line}`, () => {
      assert.deepEqual(
        mentionsIn(line).map(({ text }) => text),
        expected,
      );
      for (const { text, start, end } of mentionsIn(line)) assert.equal(line.slice(start, end), text);
    });
  }

  it('is told of a text that is a mention and nothing else', () => {
    assert.equal(mentionOf(' ana@x.example ')?.kind, 'email');
    assert.equal(mentionOf('mailto:ana@x.example')?.text, 'ana@x.example');
    assert.equal(mentionOf('mail ana@x.example'), undefined);
    for (const phone of ['(415) 555-2671', '4155552671', '\u202a+44 20 7946\u20130958\u202c', 'tel:+442079460958']) {
      assert.equal(mentionOf(phone)?.kind, 'phone', phone);
    }
    for (const none of ['12345', '2026-05-11', 'order 4155552671', '12345678901234567']) {
      assert.equal(mentionOf(none)?.kind, undefined, none);
    }
  });

  it('is soon found in a line that is made to be slow', () => {
    for (const piece of ['a.', 'a@', '0 1 ', '+1(', 'con_', '0-', 'é@é.', '://', 'a:', '://a@', '01.01.'])
      mentionsIn(piece.repeat(20_000));
  });
});

describe('finding who is mentioned', () => {
  let data: string;
  let server: ServerProcess;
  let proxy: CountingProxy;
  let service: ContactService;
  before(async () => {
    data = temporaryDirectory();
    server = await startServer(data, '--seed', '50');
    proxy = await startCountingProxy(server.url);
    service = new Service({ origin: proxy.url, credential: { value: server.token } });
  });
  beforeEach(() => (proxy.requests.length = 0));
  after(async () => {
    service.dispose();
    await proxy.close();
    await server.kill();
    rmSync(data, { recursive: true, force: true });
  });
  const mention = (text: string) => mentionOf(text) ?? assert.fail(text);

  it('finds by e-mail, phone and id, and nobody who is only similar', async () => {
    const finder = new PersonFinder(() => service);
    const { id } = await service.create({ display_name: 'Ana', email: 'ana@x.example', phone_number: '+84912000345' });
    await service.create({ display_name: 'Banana', email: 'banana@x.example' });
    for (const text of ['ana@x.example', 'ANA@x.example', '0912 000 345', '+84 912 000 345', id]) {
      assert.equal((await finder.find(mention(text)))?.id, id, text);
      assert.equal(await finder.isNobody(mention(text)), false, text);
    }
    for (const text of ['na@x.example', '+84 912 000 344', '+66 912 000 345', id.slice(0, -1)]) {
      assert.equal(await finder.find(mention(text)), undefined, text);
      assert.equal(await finder.isNobody(mention(text)), true, text);
    }
  });

  it('asks once, until what it knows is old', async () => {
    let now = 0;
    const finder = new PersonFinder(
      () => service,
      () => now,
    );
    await Promise.all([finder.find(mention('ana@x.example')), finder.find(mention('ana@x.example'))]);
    const asked = proxy.requests.length;
    assert.ok(asked > 0);
    await finder.find(mention('ana@x.example'));
    assert.equal(proxy.requests.length, asked);
    now += 6 * 60_000;
    await finder.find(mention('ana@x.example'));
    assert.ok(proxy.requests.length > asked);
  });

  it('asks what was said last only where that is shown, and only once', async () => {
    const finder = new PersonFinder(() => service);
    await finder.find(mention('ana@x.example'));
    const conversations = (): string[] => proxy.requests.filter((request) => request.includes('/conversations'));
    assert.deepEqual(conversations(), []);
    const [first, second] = [
      await finder.findWithMessage(mention('ana@x.example')),
      await finder.findWithMessage(mention('ana@x.example')),
    ];
    assert.deepEqual([first, second?.contact.email], [second, 'ana@x.example']);
    assert.equal(conversations().length, 1);
    assert.equal(await finder.findWithMessage(mention('na@x.example')), undefined);
  });

  it('asks nothing while signed out, and not without end', async () => {
    const signedOut = new PersonFinder(() => undefined);
    await signedOut.find(mention('ana@x.example'));
    assert.equal(await signedOut.isNobody(mention('ana@x.example')), false, 'it was not asked');
    assert.equal(await signedOut.find(mention('ana@x.example')), undefined);
    assert.deepEqual(proxy.requests, []);
    const finder = new PersonFinder(
      () => service,
      () => 0,
    );
    for (let index = 0; index < 400; index++) await finder.find(mention(`nobody${index}@x.example`));
    assert.equal(proxy.requests.length, 300);
  });
});

describe('a lookup that nobody has pressed', () => {
  it('is put off for as long as a server asks, while what a user asks for goes on', async () => {
    const server = await startFaultyServer('GET');
    const service = new Service({
      origin: server.origin,
      credential: { value: 'acc_x' },
      timings: { maxUserDelay: 0, backoffBase: 1 },
    });
    const busy = httpAnswer('429 Too Many Requests', '{}', { 'Retry-After': '86400' });
    server.faults = [{ applies: false, answer: (socket) => void socket.write(busy) }];
    const isHeld = (error: unknown): boolean => error instanceof ApiError && error.kind === 'rateLimited';
    await assert.rejects(service.get('con_1'), isHeld);
    const finder = new PersonFinder(() => service);
    await assert.rejects(finder.find({ kind: 'id', text: 'con_1', start: 0, end: 5 }), isHeld);
    assert.equal(server.requests.length, 1, 'nothing was asked');
    assert.equal((await service.get('con_1')).id, 'con_1');
    service.dispose();
    await server.close();
  });
});
