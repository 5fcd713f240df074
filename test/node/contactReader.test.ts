import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ContactService, type ListOptions } from '../../src/api/contactService.ts';
import type { Contact } from '../../src/api/decode/contact.ts';
import type { Page } from '../../src/api/decode/page.ts';
import { allContacts, queryFrom, type ContactQuery } from '../../src/contacts/query/contactQuery.ts';
import { ContactReader } from '../../src/contacts/query/contactReader.ts';
import { labelsInUse } from '../../src/contacts/query/labelsInUse.ts';
import { resolved } from '../../src/contacts/query/resolvedQuery.ts';
import { SqliteStore } from '../../src/server/store/sqlite/sqliteStore.ts';
import { temporaryDirectory } from './support/app.ts';
import { startServer, type ServerProcess } from './support/serverProcess.ts';

const { signal } = new AbortController();

/** A server that knows the contract and no more does not see what is asked for beyond it. */
class PlainService extends ContactService {
  override list({ channels: _, labels: __, withLabels: ___, ...options }: ListOptions = {}): Promise<Page<Contact>> {
    return super.list(options);
  }
}

describe('reading the contacts of a query', () => {
  let data: string;
  let server: ServerProcess;
  let service: ContactService;
  let plain: ContactService;
  before(async () => {
    data = temporaryDirectory();
    const store = SqliteStore.open(data);
    const readers = Array.from({ length: 12_000 }, (_, index) => {
      const [channel_type, labels] = [index % 1_000 === 0 ? 'line' : 'web', index === 3 ? ['rare'] : ['common']];
      return { id: `con_${index}`, display_name: `Reader ${index}`, channel_type, labels };
    });
    await store.transaction(({ contacts }) => contacts.bulkInsert(readers));
    await store.close();
    server = await startServer(data);
    service = server.service();
    plain = new PlainService({ origin: server.url, credential: { value: server.token } });
  });
  after(async () => {
    service.dispose();
    plain.dispose();
    await server.kill();
    rmSync(data, { recursive: true, force: true });
  });

  it('gives everybody once, page by page, and says how many there are', async () => {
    const reader = new ContactReader(service, allContacts);
    const ids = new Set<string>();
    for (let hasMore = true; hasMore;) {
      const read = await reader.read(5_000, 5_000, signal);
      assert.deepEqual(read.count, { matching: 12_000, isExact: true });
      for (const { id } of read.contacts) ids.add(id);
      assert.equal(ids.size, read.lookedAt);
      ({ hasMore } = read);
    }
    assert.equal(ids.size, 12_000);
  });

  it('says so where the server gives no more, though there are more by its count or its word', async () => {
    const repeating = Object.create(service, {
      list: { value: (options: ListOptions = {}) => service.list({ ...options, skip: 0 }) },
    }) as ContactService;
    const ending = Object.create(service, {
      list: {
        value: async (options: ListOptions = {}) => {
          const page = await service.list(options);
          return (options.skip ?? 0) >= 10_000 ? { ...page, items: [], received: 0, hasMore: false } : page;
        },
      },
    }) as ContactService;
    const read = async (from: ContactService): Promise<unknown[]> => {
      const reader = new ContactReader(from, allContacts);
      for (;;) {
        const { isCutShort, hasMore, count } = await reader.read(5_000, 500, signal);
        if (!hasMore) return [isCutShort, count?.matching];
      }
    };
    assert.deepEqual(await read(service), [false, 12_000]);
    assert.deepEqual(await read(repeating), [true, 12_000]);
    assert.deepEqual(await read(ending), [true, 12_000]);
  });

  it('gives the labels of the newest 5,000 where the server does not say, and of no more', async () => {
    assert.deepEqual([...(await labelsInUse(plain, signal))], ['common']);
    await assert.rejects(labelsInUse(plain, AbortSignal.abort()), { kind: 'cancelled' });
  });

  it('gives all labels where the server says', async () => {
    assert.deepEqual([...(await labelsInUse(service, signal))], ['common', 'rare']);
  });

  it('has those of a channel and a label from a server that knows of them, a page at a time, with their number', async () => {
    const exactly = async (query: Partial<ContactQuery>): Promise<unknown[]> => {
      const { contacts, hasMore, count } = await new ContactReader(service, { ...allContacts, ...query }).read(
        5,
        5,
        signal,
      );
      return [contacts.map(({ id }) => id), hasMore, count];
    };
    await exactly({ channels: ['line'] });
    const five = ['con_11000', 'con_10000', 'con_9000', 'con_8000', 'con_7000'];
    const twelve = { matching: 12, isExact: true };
    assert.deepEqual(await exactly({ channels: ['line'] }), [five, true, twelve]);
    assert.deepEqual(await exactly({ text: 'channel:LINE' }), [five, true, twelve]);
    assert.deepEqual(await exactly({ channels: ['line'], labels: ['common'] }), [five, true, twelve]);
    assert.deepEqual(await exactly({ channels: ['web'], text: 'label:Ráre' }), [
      ['con_3'],
      false,
      { matching: 1, isExact: true },
    ]);
    assert.deepEqual(await exactly({ channels: ['web'], text: 'label:rar' }), [
      [],
      false,
      { matching: 0, isExact: true },
    ]);
    assert.deepEqual(await exactly({ channels: ['line'], text: 'name:"reader 10000"' }), [
      ['con_10000'],
      false,
      { matching: 1, isExact: true },
    ]);
  });

  it('loses and doubles nobody when another server answers in the middle', async () => {
    class Changing extends ContactService {
      asked = 0;
      isPlain: (request: number) => boolean = () => false;
      override list({ channels, labels, ...options }: ListOptions = {}): Promise<Page<Contact>> {
        return super.list({ ...options, ...(this.isPlain(++this.asked) ? {} : { channels, labels }) });
      }
    }
    const allOf = async (
      query: Partial<ContactQuery>,
      isPlain: Changing['isPlain'],
      size: number,
    ): Promise<string[]> => {
      const changing = new Changing({ origin: server.url, credential: { value: server.token } });
      const whole = { ...allContacts, ...query };
      // From now on it is known to filter, and asked for as many as are wanted.
      await new ContactReader(changing, whole).read(1, 1, signal);
      Object.assign(changing, { asked: 0, isPlain });
      const reader = new ContactReader(changing, whole);
      const ids: string[] = [];
      for (let hasMore = true; hasMore;) {
        const read = await reader.read(size, size, signal);
        ids.push(...read.contacts.map(({ id }) => id));
        ({ hasMore } = read);
      }
      changing.dispose();
      assert.ok(changing.asked > 4, `${changing.asked} requests`);
      return ids;
    };
    const cases = [
      [{ channels: ['line'] }, (request: number) => [2, 3].includes(request), 5, 12],
      [{ labels: ['common'] }, (request: number) => request <= 8, 100, 11_999],
      [{ labels: ['common'] }, (request: number) => request === 40, 100, 11_999],
    ] as const;
    for (const [query, isPlain, size, count] of cases) {
      const ids = await allOf(query, isPlain, size);
      assert.deepEqual([ids.length, new Set(ids).size], [count, count], JSON.stringify(query));
    }
  });

  it('looks as far again as it did before, so that a refresh loses nobody', async () => {
    const reader = new ContactReader(plain, { ...allContacts, channels: ['line'] });
    const { contacts, lookedAt } = await reader.read(100, 100, signal, 10_000);
    assert.deepEqual([contacts.length, lookedAt], [10, 10_000]);
  });

  it('looks at 5,000 contacts for those that pass a filter, then says how far it came', async () => {
    const reader = new ContactReader(plain, { ...allContacts, channels: ['line'] });
    const first = await reader.read(100, 100, signal);
    assert.deepEqual([first.contacts.length, first.hasMore, first.lookedAt], [5, true, 5_000]);
    assert.deepEqual(first.count, { matching: 5, isExact: false });
    const second = await reader.read(100, 100, signal);
    assert.deepEqual([second.contacts.length, second.lookedAt], [5, 10_000]);
    const third = await reader.read(100, 100, signal);
    assert.deepEqual([third.contacts.length, third.hasMore], [2, false]);
    assert.deepEqual(third.count, { matching: 12, isExact: true });
  });

  it('finds whom a search and a label mean together, and nobody else', async () => {
    const reader = new ContactReader(service, { text: 'reader', channels: [], labels: ['rare'] });
    const ids: string[] = [];
    for (let hasMore = true; hasMore;) {
      const read = await reader.read(100, 100, signal);
      ids.push(...read.contacts.map(({ id }) => id));
      ({ hasMore } = read);
    }
    assert.deepEqual(ids, ['con_3']);
  });

  it('says of more than 10,000 that are found that there are more', async () => {
    const { count } = await new ContactReader(service, { ...allContacts, text: 'reader' }).read(1, 1, signal);
    assert.deepEqual(count, { matching: 10_000, isExact: false });
  });

  it('loses nobody when a page in the middle fails', async () => {
    let asked = 0;
    const faulty = createServer((_, answer) => {
      asked++;
      if (asked === 2) {
        answer.writeHead(400, { 'content-type': 'application/json' }).end('{"message":"not now"}');
        return;
      }
      const rows = Array.from({ length: 500 }, (__, index) => ({ id: `con_${asked}_${index}`, labels: ['x'] }));
      answer
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ data: rows, has_more: asked < 3 }));
    });
    await new Promise<void>((resolve) => faulty.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(faulty.address() as AddressInfo).port}`;
    const other = new ContactService({ origin, credential: { value: 'api_x' } });
    const reader = new ContactReader(other, { ...allContacts, labels: ['x'] });
    try {
      await assert.rejects(reader.read(900, 900, signal), { kind: 'invalid' });
      const read = await reader.read(900, 900, signal);
      assert.deepEqual([read.contacts.length, read.hasMore], [1_000, false]);
    } finally {
      other.dispose();
      faulty.closeAllConnections();
      faulty.close();
    }
  });

  it('takes any stored query for one', async () => {
    for (const stored of [undefined, null, 1, 'x', [], { text: 1, channels: 'x', labels: [1, 'a'], sort: 'remark' }]) {
      const query = queryFrom(stored);
      assert.equal(typeof query.text, 'string');
      assert.ok(query.sort === undefined);
      assert.equal(
        (await resolved({ ...query, labels: [] }, service, signal)).matches({
          id: 'a',
          labels: [],
          additional_params: {},
          other: {},
        }),
        true,
      );
    }
  });
});
