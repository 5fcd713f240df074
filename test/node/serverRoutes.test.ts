import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { apiPrefixes, contactTextFields } from '../../src/contract/vocabulary.ts';
import { createApp } from '../../src/server/app.ts';
import { Database } from '../../src/server/store/sqlite/database.ts';
import { SqliteStore, storeSchema } from '../../src/server/store/sqlite/sqliteStore.ts';
import { jsonInit, testApp, testHost, testSecret, uploadInit, type TestApp } from './support/app.ts';
import { itLocally } from './support/engine.ts';
import { png } from './support/pictures.ts';

type Json = Record<string, unknown>;

describe('contact server, route by route', () => {
  let server: TestApp;
  let contact: Json;
  let conversationId: string;
  const prefix = apiPrefixes[0];
  const at = (path: string): string => `${prefix}${path}`;
  const firstContact = async (): Promise<Json> =>
    ((await server.json(at('/contacts?limit=1')))['data'] as Json[])[0] ?? {};

  before(async () => {
    server = await testApp(120);
    contact = await firstContact();
    const { data } = await server.json(at(`/contacts/${contact['id']}/conversations`));
    conversationId = (data as Json[])[0]?.['_id'] as string;
  });
  after(() => server.dispose());

  const fourteen = (): [name: string, path: string, init: RequestInit][] => {
    const id = contact['id'] as string;
    return [
      ['list', '/contacts', {}],
      ['get', `/contacts/${id}`, {}],
      ['update', `/contacts/${id}`, jsonInit('PUT', { remark: 'seen' })],
      ['search', '/contacts/_search?q=nguyen&type=text', {}],
      ['exportCsv', '/contacts/_export_csv', {}],
      ['getConversations', `/contacts/${id}/conversations`, {}],
      ['getComments', `/contacts/${id}/comments`, {}],
      ['getFiles', `/contact/${id}/files`, {}],
      ['getActivities', `/conversations_activities/${conversationId}`, {}],
      ['uploadAvatar', '/contacts/_fileupload', uploadInit(png())],
      ['listNotifications', '/notifications', {}],
      ['markNotificationsRead', '/notifications/read', jsonInit('PUT', { notification_id: ['not_x'] })],
      ['dismissNotification', '/notifications/dismiss', jsonInit('DELETE', { notification_id: 'not_x' })],
      ['dismissAllNotifications', '/notifications/dismiss/all?type=999', { method: 'DELETE' }],
    ];
  };

  it('answers all fourteen methods under both prefixes', async () => {
    for (const each of apiPrefixes) {
      for (const [name, path, init] of fourteen()) {
        const answer = await server.request(`${each}${path}`, init);
        await answer.arrayBuffer();
        assert.equal(answer.status, name === 'dismissNotification' ? 404 : 200, `${name} under ${each}`);
      }
    }
  });

  it('refuses every method without the secret, and with a wrong one', async () => {
    const routes = fourteen();
    assert.equal(routes.length, 14);
    for (const [name, path, init] of routes) {
      for (const token of ['', 'wrong', `${testSecret}x`, testSecret.slice(1)]) {
        const headers = { ...(init.headers as Record<string, string>), host: testHost, 'x-access-token': token };
        const response = await server.app.request(at(path), { ...init, headers });
        assert.equal(response.status, 401, `${name} with ${JSON.stringify(token)}`);
        assert.deepEqual(await response.json(), { code: 40001, message: 'Unauthorized' });
      }
    }
  });

  it('takes the secret in each of the three headers', async () => {
    for (const headers of [
      { 'x-access-token': testSecret },
      { 'x-api-key': testSecret },
      { authorization: `Bearer ${testSecret}` },
    ]) {
      const all = { host: testHost, ...headers };
      assert.equal(
        (await server.app.request(at('/contacts'), { headers: all as unknown as Record<string, string> })).status,
        200,
      );
    }
  });

  it('lets the health check through without the secret, but not without the host', async () => {
    assert.equal((await server.app.request('/', { headers: { host: testHost } })).status, 200);
    assert.equal((await server.app.request('/', { headers: { host: 'localhost:4321' } })).status, 403);
  });

  it('refuses every web page and never sends a CORS header', async () => {
    const pages: Record<string, string>[] = [
      { origin: 'http://evil.test' },
      { origin: 'null' },
      { origin: `http://${testHost}` },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'same-site' },
    ];
    for (const headers of pages) {
      for (const method of ['GET', 'POST', 'OPTIONS', 'PUT', 'DELETE']) {
        const response = await server.request(at('/contacts'), { method, headers });
        assert.equal(response.status, 403, `${method} ${JSON.stringify(headers)}`);
        const cors = [...response.headers.keys()].filter((name) => name.startsWith('access-control-'));
        assert.deepEqual(cors, []);
      }
    }
    const allowed = await server.request(at('/contacts'), { headers: { 'sec-fetch-site': 'none' } });
    assert.equal(allowed.status, 200);
  });

  it('sends lists in the envelope of the gateway', async () => {
    const page = await server.json(at('/contacts?limit=7&skip=5'));
    assert.deepEqual(Object.keys(page).sort(), ['count', 'data', 'has_more', 'nested', 'object_name', 'total']);
    assert.equal(page['object_name'], 'list');
    assert.equal(page['count'], 120);
    assert.equal(page['total'], 7);
    assert.equal(page['has_more'], true);
    const last = await server.json(at('/contacts?limit=7&skip=115'));
    assert.equal(last['total'], 5);
    assert.equal(last['has_more'], false);
  });

  it('sends every field of a contact, and null where it never changed', async () => {
    const one = await server.json(at(`/contacts/${contact['id']}`));
    for (const field of contactTextFields) assert.ok(field in one, field);
    const created = await server.json(at('/contacts'), jsonInit('POST', { display_name: 'New' }));
    assert.equal(created['updated_at'], null);
    assert.match(String(created['id']), /^con_[0-9a-f-]{36}$/);
  });

  it('sends newest first, and sorts by any column either way', async () => {
    const texts = async (query: string, field: string): Promise<string[]> => {
      const { data } = await server.json(at(`/contacts?limit=500${query}`));
      return (data as Json[]).map((row) => (row[field] ?? '') as string);
    };
    const ascending = (values: string[]): string[] => [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    const dates = await texts('', 'created_at');
    assert.deepEqual(dates, ascending(dates).toReversed());
    for (const column of ['id', ...contactTextFields].filter((name) => name !== 'avatar_url')) {
      const values = await texts(`&sort=${column}`, column);
      assert.deepEqual(values, ascending(values), column);
      assert.deepEqual(await texts(`&sort=-${column}`, column), ascending(values).toReversed(), `-${column}`);
    }
    for (const wrong of ['nothing', '--id', 'seq', 'version', 'id;drop table contact', 'search_text']) {
      const response = await server.request(at(`/contacts?sort=${encodeURIComponent(wrong)}`));
      assert.equal(response.status, 400, wrong);
    }
  });

  it('takes a limit from 1 to 500 and a skip from 0, and refuses the rest', async () => {
    const good = ['limit=1', 'limit=500', 'skip=0', 'skip=99999', 'limit=10&skip=10'];
    const bad = [
      '0',
      '501',
      '-1',
      '1e3',
      'NaN',
      '',
      ' 5',
      '5.0',
      '0x10',
      '1e400',
      '99999999999999999999',
      'Infinity',
      '٣',
    ];
    for (const query of good) assert.equal((await server.request(at(`/contacts?${query}`))).status, 200, query);
    for (const value of bad) {
      for (const path of ['/contacts', '/contacts/_search', '/notifications', `/contacts/${contact['id']}/comments`]) {
        const response = await server.request(at(`${path}?limit=${encodeURIComponent(value)}`));
        assert.equal(response.status, 400, `${path} limit=${value}`);
      }
    }
    for (const value of ['-1', 'x', '1.5', '1e9', '9999999999']) {
      assert.equal((await server.request(at(`/contacts?skip=${value}`))).status, 400, `skip=${value}`);
    }
  });

  it('pages through everybody once', async () => {
    const seen: unknown[] = [];
    for (let skip = 0; ; skip += 50) {
      const page = await server.json(at(`/contacts?limit=50&skip=${skip}&sort=channel_type`));
      seen.push(...(page['data'] as Json[]).map((row) => row['id']));
      if (page['has_more'] !== true) break;
    }
    assert.equal(new Set(seen).size, seen.length);
    assert.equal(seen.length, (await server.json(at('/contacts')))['count']);
  });

  it('changes what it is given, in either spelling, and no more', async () => {
    const before = await firstContact();
    const path = at(`/contacts/${before['id']}`);
    const sdk = await server.json(path, jsonInit('PUT', { name: 'Ana B', phone: '+15550100', email: 'a@b.example' }));
    assert.equal(sdk['display_name'], 'Ana B');
    assert.equal(sdk['phone_number'], '+15550100');
    assert.equal(sdk['action'], 'update');
    const pages = await server.json(
      path,
      jsonInit('PUT', { phone_number: '+15550101', labels: ['vip', { name: 'x' }] }),
    );
    assert.equal(pages['phone_number'], '+15550101');
    assert.deepEqual(pages['labels'], ['vip', 'x']);
    assert.equal(pages['display_name'], 'Ana B');
    assert.equal(pages['location'], before['location']);
    assert.notEqual(pages['updated_at'], null);
  });

  it('makes the display name anew when a name part changes', async () => {
    const { id } = await server.json(at('/contacts'), jsonInit('POST', { first_name: 'Ana', last_name: 'Ruiz' }));
    const path = at(`/contacts/${id}`);
    const renamed = await server.json(path, jsonInit('PUT', { first_name: 'Eva', last_name: 'Ruiz' }));
    assert.equal(renamed['display_name'], 'Eva Ruiz');
    const chinese = await server.json(path, jsonInit('PUT', { first_name: '伟', last_name: '王' }));
    assert.equal(chinese['display_name'], '王伟');
    const none = await server.json(path, jsonInit('PUT', { first_name: '', last_name: '' }));
    assert.equal(none['display_name'], '王伟', 'a name is not lost with its parts');
    const both = await server.json(path, jsonInit('PUT', { first_name: 'X', display_name: 'Kept' }));
    assert.equal(both['display_name'], 'Kept');
  });

  it('refuses a body that is not what it should be', async () => {
    const path = at(`/contacts/${contact['id']}`);
    const put = (body: string, type = 'application/json'): Promise<Response> =>
      server.request(path, { method: 'PUT', body, headers: { 'content-type': type } });
    assert.equal((await put('{"email":1}')).status, 400);
    assert.equal((await put('{"labels":[1]}')).status, 400);
    const json = (value: Json): Promise<Response> => put(JSON.stringify(value));
    const nested = (depth: number): string => `{"additional_params":${'{"a":'.repeat(depth)}1${'}'.repeat(depth + 1)}`;
    const labels = Array.from({ length: 200 }, (_, n) => `${n}`.padEnd(200, 'x'));
    assert.equal((await json({ labels, additional_params: { a: 'x'.repeat(30_000) } })).status, 200);
    assert.equal((await json({ labels: [...labels, 'one more'] })).status, 400);
    assert.equal((await json({ labels: ['x'.repeat(201)] })).status, 400);
    assert.equal((await json({ labels: [{ name: 'x'.repeat(201) }] })).status, 400);
    assert.equal((await json({ additional_params: { a: 'x'.repeat(32_768) } })).status, 400);
    assert.equal((await put(nested(64))).status, 200);
    assert.equal((await put(nested(65))).status, 400);
    assert.equal((await put(nested(100_000))).status, 400);
    assert.equal((await json({ labels: [], additional_params: {} })).status, 200);
    assert.equal((await put('[]')).status, 400);
    assert.equal((await put('{')).status, 400);
    assert.equal((await put('{}', 'text/plain')).status, 415);
    assert.equal((await put(JSON.stringify({ remark: 'x'.repeat(1024 * 1024) }))).status, 413);
  });

  it('says no version twice: If-None-Match and If-Match', async () => {
    const path = at(`/contacts/${contact['id']}`);
    const etag = (await server.request(path)).headers.get('etag') ?? '';
    assert.equal((await server.request(path, { headers: { 'if-none-match': etag } })).status, 304);
    const init = jsonInit('PUT', { remark: 'once' });
    const headers = { 'content-type': 'application/json', 'if-match': etag };
    assert.equal((await server.request(path, { ...init, headers })).status, 200);
    assert.equal((await server.request(path, { ...init, headers })).status, 412);
  });

  it('answers 404 for what is not there and 405 with what is allowed', async () => {
    for (const path of [
      '/contacts/con_x',
      '/contacts/con_x/conversations',
      '/contacts/con_x/comments',
      '/contact/con_x/files',
      '/conversations_activities/conv_x',
      '/nothing',
      `/media/${'0'.repeat(64)}`,
      '/media/..%2f..%2fcontacts.db',
    ]) {
      const response = await server.request(at(path));
      assert.equal(response.status, 404, path);
      assert.deepEqual(await response.json(), { code: 40400, message: 'Not Found' });
    }
    const response = await server.request(at('/contacts'), { method: 'PATCH' });
    assert.equal(response.status, 405);
    assert.equal(response.headers.get('allow'), 'GET, POST');
  });

  it('searches with whatever is pasted, and by the last digits of a phone', async () => {
    const { id } = await server.json(at('/contacts'), jsonInit('POST', { name: 'Digits', phone: '+44 207 946 9001' }));
    const found = async (q: string): Promise<unknown[]> => {
      const response = await server.request(at(`/contacts/_search?limit=500&q=${encodeURIComponent(q)}`));
      assert.equal(response.status, 200, q.slice(0, 20));
      return (((await response.json()) as Json)['data'] as Json[]).map((row) => row['id']);
    };
    for (const q of ['9001', '001', '0207 946 9001', '+442079469001', '(0)20 7946-9001'])
      assert.ok((await found(q)).includes(id), q);
    await found('word '.repeat(2_000));
    // Of what is longer than anybody types, the beginning is looked for.
    const long = 'y'.repeat(600);
    const wide = await server.json(at('/contacts'), jsonInit('POST', { remark: long }));
    assert.deepEqual(await found(`${long}z`), [wide['id']]);
    await server.request(at(`/contacts/${wide['id']}`), { method: 'DELETE' });
    for (const q of ['"', "'", '%', '_', '*', 'AND', 'NEAR(', '\0', '\\', '']) await found(q);
  });

  it('creates and deletes a contact, with all that belongs to it', async () => {
    const { id } = await server.json(at('/contacts'), jsonInit('POST', { name: 'Gone Soon' }));
    await server.request(at(`/contacts/${id}/comments`), jsonInit('POST', { content: 'hello' }));
    assert.equal((await server.request(at(`/contacts/${id}`), { method: 'DELETE' })).status, 200);
    assert.equal((await server.request(at(`/contacts/${id}`), { method: 'DELETE' })).status, 404);
    const everyChannel: string[] = [];
    const { matching } = await server.store.history.comments(String(id), everyChannel, { limit: 1, skip: 0 });
    assert.equal(matching, 0);
  });

  it('takes no comment on a contact that is deleted while it is on its way', async () => {
    const { id } = await server.json(at('/contacts'), jsonInit('POST', { name: 'Gone Sooner' }));
    const { contacts } = server.store;
    const get = contacts.get.bind(contacts);
    // Deleted as soon as somebody has seen that it is there.
    contacts.get = async (wanted) => {
      const found = await get(wanted);
      await server.store.transaction((tx) => tx.contacts.delete(wanted));
      return found;
    };
    const answer = await server.request(at(`/contacts/${id}/comments`), jsonInit('POST', { content: 'hello' }));
    contacts.get = get;
    await server.request(at(`/contacts/${id}`), { method: 'DELETE' });
    const late = await server.request(at(`/contacts/${id}/comments`), jsonInit('POST', { content: 'hello' }));
    assert.deepEqual([[201, 404].includes(answer.status), late.status], [true, 404]);
  });

  it('adds, gets and deletes a comment', async () => {
    const path = at(`/contacts/${contact['id']}/comments`);
    const created = await server.request(path, jsonInit('POST', { content: 'Xin chào' }));
    assert.equal(created.status, 201);
    const { _id } = (await created.json()) as Json;
    const newest = ((await server.json(`${path}?limit=1`))['data'] as Json[])[0];
    assert.equal(newest?.['text'], 'Xin chào');
    const one = at(`/contacts/${contact['id']}/comment/${_id}`);
    assert.equal((await server.json(one))['_id'], _id);
    assert.equal((await server.request(one, { method: 'DELETE' })).status, 200);
    assert.equal((await server.request(one)).status, 404);
    assert.equal((await server.request(path, jsonInit('POST', { content: '  ' }))).status, 400);
  });

  it('filters conversations by channel, in one value or repeated', async () => {
    const { data } = await server.json(at('/contacts?limit=100'));
    for (const { id } of data as Json[]) {
      const all = (await server.json(at(`/contacts/${id}/conversations`)))['data'] as Json[];
      const channels = all.map((each) => (each['conversation'] as Json)['channel_type'] as string);
      const some = await server.json(at(`/contacts/${id}/conversations?channel_types=web,line`));
      const repeated = await server.json(at(`/contacts/${id}/conversations?channel_types=web&channel_types=line`));
      const expected = channels.filter((channel) => channel === 'web' || channel === 'line');
      assert.equal((some['data'] as Json[]).length, expected.length);
      assert.deepEqual(repeated, some);
    }
  });

  itLocally('reads what happened with one contact by an index, and never a whole table', async () => {
    const store = SqliteStore.open(server.directory);
    const app = createApp({ own: { store, secret: testSecret }, host: () => testHost });
    const asked = new Set<string>();
    const prepare = Object.getOwnPropertyDescriptor(DatabaseSync.prototype, 'prepare')
      ?.value as DatabaseSync['prepare'];
    DatabaseSync.prototype.prepare = function recorded(sql) {
      asked.add(sql);
      return prepare.call(this, sql);
    };
    try {
      for (const [name, path, init] of fourteen().filter(([each]) => each.startsWith('get'))) {
        const headers = { host: testHost, 'x-access-token': testSecret };
        assert.equal((await app.request(at(path), { ...init, headers })).status, 200, name);
      }
    } finally {
      DatabaseSync.prototype.prepare = prepare;
      await store.close();
    }
    const database = Database.openReader(server.directory, storeSchema);
    const plans = [...asked]
      .filter((sql) => sql.startsWith('SELECT'))
      .flatMap((sql) => database.all(`EXPLAIN QUERY PLAN ${sql}`).map(({ detail }) => `${String(detail)} for ${sql}`));
    database.close();
    assert.ok(plans.some((plan) => plan.startsWith('SEARCH')));
    assert.deepEqual(
      plans.filter((plan) => /^SCAN (?:contact|conversation|comment|file|activity)\b/.test(plan)),
      [],
    );
  });

  it('limits activity to days, both included', async () => {
    const path = at(`/conversations_activities/${conversationId}`);
    const { items } = await server.json(path);
    const days = (items as Json[]).map((each) => String(each['created_at']).slice(0, 10));
    assert.ok(days.length > 0);
    const [newest = ''] = days;
    const one = await server.json(`${path}?start_date=${newest}&end_date=${newest}`);
    assert.equal((one['items'] as Json[]).length, days.filter((day) => day === newest).length);
    assert.equal((await server.request(`${path}?start_date=yesterday`)).status, 400);
    assert.equal((await server.request(`${path}?end_date=2026-13-01`)).status, 400);
  });

  it('counts, reads and dismisses notifications, in all three forms of body', async () => {
    const unread = async (): Promise<number> =>
      Number((await server.json(at('/notifications?limit=1')))['unread_count']);
    const page = await server.json(at('/notifications?limit=500'));
    const rows = page['data'] as Json[];
    const expected = rows.filter((row) => row['is_read'] === false).length;
    assert.equal(page['unread_count'], expected);
    const [a, b, c, d] = rows.filter((row) => row['is_read'] === false).map((row) => row['id']);
    await server.request(at('/notifications/read'), jsonInit('PUT', { notification_id: [a] }));
    await server.request(at('/notifications/read'), jsonInit('PUT', [b]));
    await server.request(at('/notifications/read'), jsonInit('PUT', { ids: [c] }));
    assert.equal(await unread(), expected - 3);
    await server.request(at('/notifications/read'), jsonInit('PUT', { notification_id: [a] }));
    assert.equal(await unread(), expected - 3);
    assert.equal((await server.request(at('/notifications/dismiss'), jsonInit('POST', { ids: [d] }))).status, 200);
    assert.equal(await unread(), expected - 4);
    assert.equal((await server.request(at('/notifications/dismiss'), jsonInit('DELETE', {}))).status, 400);
    const ofType = rows.filter((row) => row['type'] === 101).length;
    await server.request(at('/notifications/dismiss/all?type=101'), { method: 'DELETE' });
    assert.equal((await server.json(at('/notifications?type=101')))['count'], 0);
    assert.ok(ofType > 0);
    await server.request(at('/notifications/dismiss/all'), { method: 'DELETE' });
    assert.equal((await server.json(at('/notifications')))['count'], 0);
  });

  itLocally('keeps what it stores to its owner', () => {
    assert.equal(statSync(server.directory).mode & 0o077, 0);
  });
});
