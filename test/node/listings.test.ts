import assert from 'node:assert/strict';
import { openAsBlob, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiError } from '../../src/api/apiError.ts';
import { ContactService } from '../../src/api/contactService.ts';
import { pagesOf } from '../../src/api/pages.ts';
import { poll } from '../harness/processes.ts';
import { temporaryDirectory } from './support/app.ts';
import { httpAnswer, startFaultyServer, type Fault } from './support/faultyServer.ts';
import { png } from './support/pictures.ts';
import { startServer, type ServerProcess } from './support/serverProcess.ts';

interface Item {
  id: string;
}

const items = (from: number, count: number): Item[] =>
  Array.from({ length: count }, (_, index) => ({ id: String(from + index) }));

describe('listings read page by page', () => {
  let directory: string;
  let server: ServerProcess;
  let service: ContactService;
  before(async () => {
    directory = temporaryDirectory();
    server = await startServer(directory, '--seed', '230');
    service = server.service();
  });
  after(async () => {
    service.dispose();
    await server.kill();
    rmSync(directory, { recursive: true, force: true });
  });

  it('give every contact once', async () => {
    const ids: string[] = [];
    for await (const page of service.listPages({ pageSize: 50 })) ids.push(...page.items.map((each) => each.id));
    assert.equal(ids.length, 230);
    assert.equal(new Set(ids).size, 230);
  });

  it('give all that is found, all comments and all notifications', async () => {
    const found: string[] = [];
    for await (const page of service.searchPages({ q: 'a', pageSize: 40 }))
      found.push(...page.items.map(({ id }) => id));
    assert.equal(found.length, (await service.search({ q: 'a', limit: 1 })).totalMatching);
    const { id } = (await service.list({ limit: 1 })).items[0] ?? { id: '' };
    for (let index = 0; index < 25; index++) await service.addComment(id, `comment ${index}`);
    let comments = 0;
    for await (const page of service.getCommentsPages(id, { pageSize: 10 })) comments += page.items.length;
    assert.equal(comments, (await service.getComments(id, { limit: 1 })).totalMatching);
    let notifications = 0;
    for await (const page of service.listNotificationsPages({ pageSize: 7 })) notifications += page.items.length;
    assert.equal(notifications, (await service.listNotifications({ limit: 1 })).totalMatching);
  });

  it('stop when the reader does, and on a cancel', async () => {
    let pages = 0;
    for await (const page of service.listPages({ pageSize: 10 })) {
      pages += page.items.length > 0 ? 1 : 0;
      if (pages === 2) break;
    }
    assert.equal(pages, 2);
    const controller = new AbortController();
    const { signal } = controller;
    await assert.rejects(
      async () => {
        for await (const page of service.listPages({ pageSize: 10, signal })) if (page.hasMore) controller.abort();
      },
      (error) => error instanceof ApiError && error.kind === 'cancelled',
    );
  });

  it('end with a server that repeats a page, or says for ever that there is more', async () => {
    const read = async (ask: (skip: number) => { items: Item[]; hasMore: boolean }): Promise<string[]> => {
      const ids: string[] = [];
      const pages = pagesOf(async ({ skip }) => {
        const page = ask(skip);
        return { ...page, totalMatching: undefined, received: page.items.length };
      }, 3);
      for await (const page of pages) ids.push(...page.items.map((each) => each.id));
      return ids;
    };
    assert.deepEqual(await read(() => ({ items: items(0, 3), hasMore: true })), ['0', '1', '2']);
    assert.deepEqual(await read((skip) => ({ items: skip < 6 ? items(skip, 3) : [], hasMore: true })), [
      '0',
      '1',
      '2',
      '3',
      '4',
      '5',
    ]);
    // One was added in front while the list was read: what moved to the next page comes once.
    assert.deepEqual(await read((skip) => ({ items: items(skip === 0 ? 0 : skip - 1, 3), hasMore: skip < 3 })), [
      '0',
      '1',
      '2',
      '3',
      '4',
    ]);
    // So much was added in front meanwhile that a whole page is known already; what follows is not lost.
    assert.deepEqual(await read((skip) => ({ items: items(skip < 3 ? 0 : skip - 3, 3), hasMore: skip < 6 })), [
      '0',
      '1',
      '2',
      '3',
      '4',
      '5',
    ]);
    let calls = 0;
    await read((skip) => ({ items: items(calls++ % 2 === 0 ? 0 : 3, 3), hasMore: skip >= 0 }));
    assert.ok(calls < 20, 'a server that goes in circles');
    await assert.rejects(
      read((skip) => ({ items: items(skip, 3), hasMore: true })),
      (error) => error instanceof ApiError && error.reason === 'endless',
    );
  });
});

describe('an answer with a version', () => {
  const answered =
    (status: string, body: string, headers: Record<string, string>): Fault['answer'] =>
    (socket) =>
      void socket.write(httpAnswer(status, body, headers));

  for (const [name, header, value] of [
    ['ETag', 'if-none-match', '"v1"'],
    ['Last-Modified', 'if-modified-since', 'Wed, 21 Oct 2015 07:28:00 GMT'],
  ] as const) {
    it(`is asked for with it, and is not sent again: ${name}`, async () => {
      const server = await startFaultyServer('GET');
      const service = new ContactService({ origin: server.origin, credential: { value: 'acc_x' } });
      server.faults = [
        { applies: false, answer: answered('200 OK', '{"id":"con_1","remark":"first"}', { [name]: value }) },
        { applies: false, answer: answered('304 Not Modified', '', { 'Content-Length': '' }) },
        { applies: false, answer: answered('200 OK', '{"id":"con_1","remark":"second"}', {}) },
      ];
      assert.equal((await service.get('con_1')).remark, 'first');
      assert.equal((await service.get('con_1')).remark, 'first');
      assert.equal((await service.get('con_1')).remark, 'second');
      await service.get('con_1');
      assert.deepEqual(
        server.requests.map((request) => request.headers[header]),
        [undefined, value, value, undefined],
      );
      service.dispose();
      await server.close();
    });
  }

  it('of before a write is not what the write is checked against', async () => {
    const server = await startFaultyServer('*');
    const service = new ContactService({ origin: server.origin, credential: { value: 'acc_x' } });
    let answerFirst = (): void => undefined;
    const old = httpAnswer('200 OK', '{"id":"con_1","remark":"old"}');
    const changedNow = { 'Last-Modified': new Date().toUTCString() };
    server.faults = [
      { applies: false, answer: (socket) => (answerFirst = (): void => void socket.write(old)) },
      { applies: true, answer: answered('204 No Content', '', { 'Content-Length': '' }) },
      { applies: false, answer: answered('200 OK', '{"id":"con_1","remark":"new"}', changedNow) },
    ];
    const slow = service.get('con_1');
    await poll('the slow look', 60_000, () => server.requests.length === 1);
    const { ignored } = await service.update('con_1', { remark: 'new' });
    assert.deepEqual(ignored, []);
    answerFirst();
    await slow;
    await service.get('con_1');
    assert.equal(server.requests.length, 4);
    assert.equal(server.requests.at(-1)?.headers['if-modified-since'], undefined, 'it may change within the second');
    service.dispose();
    await server.close();
  });

  it('is no answer when nothing is known under it', async () => {
    const server = await startFaultyServer('GET');
    const service = new ContactService({ origin: server.origin, credential: { value: 'acc_x' } });
    const fault = { applies: false, answer: answered('304 Not Modified', '', { 'Content-Length': '' }) };
    server.faults = [fault, fault, fault];
    await assert.rejects(service.get('con_1'), (error) => error instanceof ApiError && error.kind === 'badReply');
    service.dispose();
    await server.close();
  });

  it('is new after every change, also one by somebody else', async () => {
    const directory = temporaryDirectory();
    const server = await startServer(directory, '--seed', '20');
    const other = await startServer(directory);
    const statuses: (number | undefined)[] = [];
    const service = new ContactService({
      origin: server.url,
      credential: { value: server.token },
      onAttempt: (record) => statuses.push(record.status),
    });
    const { id } = (await service.list({ limit: 1 })).items[0] ?? { id: '' };
    await service.list({ limit: 1 });
    const elsewhere = other.service();
    await elsewhere.update(id, { remark: 'changed elsewhere' });
    assert.equal((await service.list({ limit: 1 })).items[0]?.remark, 'changed elsewhere');
    await service.update(id, { remark: 'changed here' });
    assert.equal((await service.list({ limit: 1 })).items[0]?.remark, 'changed here');
    assert.deepEqual(statuses, [200, 304, 200, 200, 200]);
    elsewhere.dispose();
    service.dispose();
    await Promise.all([server.kill(), other.kill()]);
    rmSync(directory, { recursive: true, force: true });
  });
});

describe('an upload', () => {
  it('is read from its file while it is sent, and says how far it is', async () => {
    const directory = temporaryDirectory();
    const server = await startServer(directory);
    const file = join(directory, 'large.png');
    const content = Buffer.concat([png(), Buffer.alloc(3_000_000)]);
    writeFileSync(file, content);
    const service = server.service();
    const progress: [number, number][] = [];
    const url = await service.uploadAvatar(
      { name: 'large.png', content: await openAsBlob(file) },
      { onProgress: (sent, total) => progress.push([sent, total]) },
    );
    assert.ok(progress.length > 10, String(progress.length));
    assert.deepEqual(progress.at(-1), [content.length, content.length]);
    assert.ok(progress.every(([sent], index) => sent > (progress[index - 1]?.[0] ?? 0)));
    assert.ok(Buffer.from(await service.media(url, 5_000_000)).equals(content));
    service.dispose();
    await server.kill();
    rmSync(directory, { recursive: true, force: true });
  });
});
