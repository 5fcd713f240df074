import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ignoredFields, updateBody } from '../../src/api/contactChanges.ts';
import { decodeContact } from '../../src/api/decode/contact.ts';
import {
  decodeActivity,
  decodeComment,
  decodeConversation,
  decodeConversationMessage,
  decodeConversationOwner,
  decodeFile,
} from '../../src/api/decode/history.ts';
import { decodeNotificationPage } from '../../src/api/decode/notification.ts';
import { decodePage } from '../../src/api/decode/page.ts';
import { retryAfterSeconds } from '../../src/api/retryAfter.ts';

const silent = (): void => undefined;
const ids = (body: unknown, request = {}): unknown => {
  const page = decodePage(body, request, silent, decodeContact);
  return page && { ids: page.items.map((item) => item.id), total: page.totalMatching, more: page.hasMore };
};

describe('decoding', () => {
  it('takes every list shape of the contract', () => {
    const rows = [{ id: 'a' }, { _id: 'b' }, { public_id: 'c' }];
    const all = ['a', 'b', 'c'];
    assert.deepEqual(ids({ object_name: 'list', data: rows, nested: {}, has_more: true, count: 65681, total: 3 }), {
      ids: all,
      total: 65681,
      more: true,
    });
    assert.deepEqual(ids({ data: rows, total: 65681, page: 1, limit: 3 }), { ids: all, total: 65681, more: true });
    assert.deepEqual(ids({ data: rows, total: 3, page: 1, limit: 3 }), { ids: all, total: 3, more: false });
    assert.deepEqual(ids({ data: rows, count: 3, total: 3, has_more: false }), { ids: all, total: 3, more: false });
    assert.deepEqual(ids(rows), { ids: all, total: undefined, more: false });
    assert.deepEqual(ids(rows, { limit: 3 }), { ids: all, total: undefined, more: true });
    assert.deepEqual(ids({ data: rows }), { ids: all, total: undefined, more: false });
    assert.deepEqual(ids({ items: rows }), { ids: all, total: undefined, more: false });
    for (const empty of [{ data: null, count: 0 }, { items: null }]) {
      assert.deepEqual((ids(empty) as { ids: string[] }).ids, []);
    }
    for (const none of [null, 'x', 1, {}, { data: 'x' }, { data: {} }]) assert.equal(ids(none), undefined);
  });

  it('takes an id wherever it is', () => {
    const record = { public_id: 'p' };
    assert.equal(decodeComment(record, '', silent)?.id, 'p');
    assert.equal(decodeActivity(record, '', silent)?.id, 'p');
    assert.equal(decodeFile({ ...record, url: 'u' }, '', silent)?.id, 'p');
    assert.equal(decodeNotificationPage([record], {}, silent)?.items[0]?.id, 'p');
    for (const view of [{ contact: record }, { contact_id: 'p' }, { conversation: { _id: 'c' }, contact_id: 'p' }]) {
      assert.equal(decodeConversationOwner(view, '', silent)?.contactId, 'p');
    }
  });

  it('lets no malformed row hide the others, and says which it left out', () => {
    const dropped: string[] = [];
    const page = decodePage(
      [{ id: 'a' }, null, 7, { name: 'no id' }, { id: {} }, { id: 'b' }],
      {},
      (path) => dropped.push(path),
      decodeContact,
    );
    assert.deepEqual(
      page?.items.map((item) => item.id),
      ['a', 'b'],
    );
    assert.deepEqual(dropped, ['list[1]', 'list[2]', 'list[3]', 'list[4].id', 'list[4]']);
  });

  it('keeps unknown fields, leaves out what is not set, and drops wrong types', () => {
    const dropped: string[] = [];
    const contact = decodeContact(
      {
        id: 'a',
        email: '',
        phone_number: null,
        title: 7,
        display_name: 'Ana',
        labels: ['x', { name: 'y' }, 3],
        shoe_size: 41,
        additional_params: { k: 1 },
      },
      'contact',
      (path) => dropped.push(path),
    );
    assert.deepEqual(contact, {
      id: 'a',
      display_name: 'Ana',
      labels: ['x', 'y'],
      additional_params: { k: 1 },
      other: { shoe_size: 41 },
    });
    assert.deepEqual(dropped, ['contact.title', 'contact.labels[2]']);
  });

  it('takes nothing from a field that is called __proto__', () => {
    const contact = decodeContact(JSON.parse('{"id":"a","__proto__":{"email":"x","polluted":1}}'), 'contact', silent);
    assert.equal(contact?.email, undefined);
    assert.ok(contact !== undefined && !('polluted' in contact.other));
  });

  it('takes conversations of the SDK and of the gateway', () => {
    const flat = {
      id: 'conv_1',
      channel_type: 'web',
      status: 'active',
      timestamp: 't',
      users: [{ id: 'u', display_name: 'Ben' }],
    };
    assert.equal(decodeConversation(flat, '', silent)?.users[0]?.display_name, 'Ben');
    const nested = {
      _id: 'conv_2',
      public_id: 'tcu_2',
      conversation: { _id: 'conv_2', channel_type: 'line', status: 'soon to be', users: [] },
      latest_message: { type: 'image', content: { url: 'u', caption: 'A picture' }, created_at: 't' },
      teams: [{ _id: 't', name: 'Care', mode: 'public' }],
    };
    const decoded = decodeConversation(nested, '', silent);
    assert.equal(decoded?.id, 'conv_2');
    assert.equal(decoded?.channel_type, 'line');
    assert.equal(decoded?.latest_message?.text, 'A picture');
    assert.deepEqual(decoded?.teams, ['Care']);
  });

  it('takes comments, files and activity in both dialects', () => {
    assert.equal(decodeComment({ _id: 'c', content: 'x' }, '', silent)?.text, 'x');
    assert.equal(
      decodeComment({ _id: 'c', text: 'y', from: { _id: 'u', display_name: 'Mai' } }, '', silent)?.from?.display_name,
      'Mai',
    );
    assert.deepEqual(decodeFile({ _id: 'f', name: 'a.PDF', url: 'u', size: 9 }, '', silent), {
      id: 'f',
      name: 'a.PDF',
      extension: 'pdf',
      url: 'u',
      size: 9,
      from: undefined,
      created_at: undefined,
    });
    const message = { _id: 'f', type: 'image', content: { caption: 'b', url: 'u', extension: '.Docx' } };
    assert.equal(decodeFile(message, '', silent)?.extension, 'docx');
    const url = 'https://x.example/a/file%201.mpeg?sig=1';
    for (const content of [{ caption: '', url, extension: 'mpeg' }, { url }]) {
      const file = decodeFile({ _id: 'f', type: 'image', content }, '', silent);
      assert.deepEqual([file?.name, file?.extension, file?.url], ['file 1.mpeg', 'mpeg', url]);
    }
    assert.equal(decodeFile({ _id: 'f', content: {} }, '', silent)?.name, '');
    assert.equal(decodeActivity({ _id: 'a', type: 'call' }, '', silent)?.type, 'call');
    assert.equal(decodeActivity({ _id: 'a', summary: 's', user: 'Ben' }, '', silent)?.user?.display_name, 'Ben');
  });

  it('takes notifications with text or object content, and the whole unread count', () => {
    const page = decodeNotificationPage(
      {
        data: [
          { id: 'n', content: { text: 'hello' }, type: '201', is_read: true },
          { _id: 'm', content: 'plain' },
        ],
        count: 618,
        total: 2,
        unread_count: 595,
        has_more: true,
      },
      {},
      silent,
    );
    assert.equal(page?.unreadCount, 595);
    assert.equal(page?.items[0]?.content, 'hello');
    assert.equal(page?.items[0]?.type, 201);
    assert.equal(page?.items[1]?.content, 'plain');
    assert.equal(page?.items[1]?.is_read, false);
    assert.equal(decodeNotificationPage([{ id: 'n' }], {}, silent)?.unreadCount, undefined);
  });

  it('takes messages of a conversation as the specification, the web client and servers in between have them', () => {
    const about = (content: unknown, more = {}): unknown[] => {
      const sent = { _id: 'm', conversation_id: 'conv_1', from: 'con_00000000-1', type: 'image', ...more, content };
      const message = decodeConversationMessage(sent, '', silent);
      return [message?.text, message?.file?.name, message?.file?.extension, message?.file?.url];
    };
    const none = [undefined, undefined, undefined];
    assert.deepEqual(about({ text: 'said' }), ['said', ...none]);
    assert.deepEqual(about('bare'), ['bare', ...none]);
    assert.deepEqual(about({ title: 'Yes', payload: 'YES' }, { type: 'quick_reply' }), ['Yes', ...none]);
    assert.deepEqual(about({}), [undefined, ...none]);
    const address = 'https://bucket.example/chat/file_1%20a.MPEG?x=1';
    assert.deepEqual(about({ url: address }), [undefined, 'file_1 a.MPEG', 'mpeg', address]);
    assert.deepEqual(about({ url: address, caption: 'Look at this.' }), [undefined, 'Look at this.', 'mpeg', address]);
    assert.deepEqual(about({ url: 'u', caption: 'b.png', text: 'and a word' }), ['and a word', 'b.png', 'png', 'u']);
    assert.deepEqual(about({ url: '%E0%A4%A' }), [undefined, '%E0%A4%A', undefined, '%E0%A4%A']);
    const message = decodeConversationMessage({ id: 'm', from: 'con_00000000-1', created_at: 't' }, '', silent);
    assert.deepEqual([message?.from?.id, message?.created_at], ['con_00000000-1', 't']);
  });

  it('never throws, whatever JSON comes', () => {
    const decoders = [
      decodeContact,
      decodeConversation,
      decodeConversationMessage,
      decodeComment,
      decodeFile,
      decodeActivity,
    ];
    const row = fc.dictionary(
      fc.constantFrom(
        'id',
        '_id',
        'data',
        'items',
        'conversation',
        'content',
        'labels',
        'from',
        'users',
        'teams',
        'count',
        'total',
        'has_more',
        'latest_message',
        '__proto__',
        'type',
        'size',
      ),
      fc.jsonValue(),
    );
    const body = fc.oneof(fc.jsonValue(), fc.array(row), fc.record({ data: fc.array(row) }), row);
    fc.assert(
      fc.property(body, (value) => {
        const json: unknown = JSON.parse(JSON.stringify(value));
        for (const decode of decoders) {
          decode(json, 'x', silent);
          decodePage<unknown>(json, { limit: 10 }, silent, decode);
        }
        decodeNotificationPage(json, {}, silent);
        assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
      }),
      { numRuns: 10_000 },
    );
  });
});

describe('changes of a contact', () => {
  it('are sent in both spellings', () => {
    assert.deepEqual(updateBody({ display_name: 'A', phone_number: '1', email: 'e', remark: '' }), {
      display_name: 'A',
      name: 'A',
      phone_number: '1',
      phone: '1',
      email: 'e',
      remark: '',
    });
    assert.deepEqual(updateBody({ labels: ['x'] }), { labels: ['x'] });
  });

  it('count as ignored when the answer does not show them', () => {
    const contact = decodeContact(
      { id: 'a', email: 'A@x.example', phone_number: '+1 (555) 010-0', labels: ['b', 'a'] },
      '',
      silent,
    );
    assert.ok(contact);
    assert.deepEqual(
      ignoredFields({ email: 'a@x.example', phone_number: '+15550100', labels: ['a', 'b'], remark: '' }, contact),
      [],
    );
    assert.deepEqual(ignoredFields({ email: 'b@x.example', remark: 'r', labels: [] }, contact), [
      'email',
      'remark',
      'labels',
    ]);
  });
});

describe('Retry-After', () => {
  const now = new Date().toUTCString();
  const inTen = new Date(Date.now() + 10_000).toUTCString();
  const cases: [string | null, string | null, number | undefined][] = [
    [null, null, undefined],
    ['0', null, 0],
    ['12', null, 12],
    [' 12 ', null, 12],
    ['1000000000', null, 86_400],
    ['-5', null, undefined],
    ['1.5', null, undefined],
    ['soon', null, undefined],
    ['', null, undefined],
    [inTen, now, 10],
    ['Wed, 21 Oct 2015 07:28:00 GMT', null, undefined],
    ['Wed, 21 Oct 2015 07:28:00 GMT', 'Wed, 21 Oct 2015 07:27:30 GMT', 30],
  ];
  for (const [header, date, seconds] of cases) {
    it(`${header} at ${date === now ? 'now' : date} means ${seconds}`, () =>
      assert.equal(retryAfterSeconds(header, date), seconds));
  }
});
