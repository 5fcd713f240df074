import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { ApiError } from '../../src/api/apiError.ts';
import { ContactService } from '../../src/api/contactService.ts';
import { credentialHeaders } from '../../src/api/credential.ts';
import { notificationTypes } from '../../src/contract/vocabulary.ts';
import { serverOrigin } from '../../src/api/serverAddress.ts';
import type { AttemptRecord } from '../../src/api/transport.ts';
import { poll } from '../harness/processes.ts';
import { isKind } from './support/isKind.ts';
import { temporaryDirectory } from './support/app.ts';
import { startFaultyServer } from './support/faultyServer.ts';
import { png, svg } from './support/pictures.ts';
import { startServer, type ServerProcess } from './support/serverProcess.ts';

describe('API service, against the contact server', () => {
  let directory: string;
  let server: ServerProcess;
  let service: ContactService;
  let contactId: string;
  before(async () => {
    directory = temporaryDirectory();
    server = await startServer(directory, '--seed', '150');
    service = server.service();
    contactId = (await service.list({ limit: 2 })).items[1]?.id ?? '';
  });
  after(async () => {
    service.dispose();
    await server.kill();
    rmSync(directory, { recursive: true, force: true });
  });

  it('list: a page, newest first, with how many there are', async () => {
    const page = await service.list({ limit: 30 });
    assert.equal(page.items.length, 30);
    assert.equal(page.totalMatching, 150);
    assert.equal(page.hasMore, true);
    const rest = await service.list({ limit: 100, skip: 100 });
    assert.equal(rest.items.length, 50);
    assert.equal(rest.hasMore, false);
  });

  it('get: one contact, what is not set being absent', async () => {
    const contact = await service.get(contactId);
    assert.equal(contact.id, contactId);
    assert.equal(contact.title, undefined);
    await assert.rejects(service.get('con_nobody'), isKind('notFound'));
    for (const id of ['..', '.', '']) await assert.rejects(async () => service.get(id), isKind('notFound'));
    await assert.rejects(service.get('../notifications'), isKind('notFound'));
  });

  it('update: changes fields and says what the server took', async () => {
    const changes = { display_name: 'Đặng Thu', phone_number: '+84 900 000 001', labels: ['a', 'b'], remark: '' };
    const { contact, ignored } = await service.update(contactId, changes);
    assert.deepEqual(ignored, []);
    assert.equal(contact.display_name, 'Đặng Thu');
    assert.equal(contact.phone_number, '+84 900 000 001');
    assert.deepEqual(contact.labels, ['a', 'b']);
    assert.equal((await service.get(contactId)).display_name, 'Đặng Thu');
    await assert.rejects(service.update('con_nobody', { remark: 'x' }), isKind('notFound'));
  });

  it('search: by name without accents, by mail, by phone in any format', async () => {
    for (const q of ['dang thu', 'thu đặng', 'ĐẶNG', '+84 900-000-001', '0900000001', '84900000001']) {
      const { items } = await service.search({ q });
      assert.ok(
        items.some(({ id }) => id === contactId),
        q,
      );
    }
    assert.deepEqual((await service.search({ q: 'nobody at all' })).items, []);
  });

  it('exportCsv: a stream of all contacts', async () => {
    let text = '';
    for await (const chunk of await service.exportCsv({ sort: '-created_at' })) text += Buffer.from(chunk).toString();
    assert.equal(text.trim().split('\n').length, 151);
  });

  it('getConversations, getActivities: what was said and what it came to', async () => {
    const { items } = await service.getConversations(contactId);
    assert.ok(items.length > 0);
    const [conversation] = items;
    assert.ok(conversation?.channel_type !== undefined && conversation.latest_message?.text !== undefined);
    assert.ok(conversation.teams.length > 0 && conversation.users.length > 0);
    const activities = await service.getActivities(conversation.id);
    assert.ok(activities.every((activity) => activity.summary !== undefined && activity.sentiment !== undefined));
    const none = await service.getActivities(conversation.id, { startDate: '1999-01-01', endDate: '1999-01-02' });
    assert.deepEqual(none, []);
    const wanted = conversation.channel_type;
    const filtered = await service.getConversations(contactId, { channelTypes: [wanted] });
    assert.ok(filtered.items.every((each) => each.channel_type === wanted));
  });

  it('getComments, addComment, getComment, deleteComment', async () => {
    const added = await service.addComment(contactId, 'Xin chào 你好');
    assert.equal(added.text, 'Xin chào 你好');
    const page = await service.getComments(contactId, { limit: 5 });
    assert.equal(page.items[0]?.id, added.id);
    assert.equal((await service.getComment(contactId, added.id)).text, added.text);
    assert.equal(added.canEdit, true);
    const edited = await service.editComment(contactId, added.id, 'another **text**');
    assert.deepEqual([edited.text, edited.canEdit, edited.created_at], ['another **text**', true, added.created_at]);
    assert.equal((await service.getComment(contactId, added.id)).text, 'another **text**');
    await assert.rejects(service.editComment(contactId, 'cmt_none', 'x'), isKind('notFound'));
    await assert.rejects(service.editComment(contactId, added.id, ' '), isKind('invalid'));
    const { items: people } = await service.list({ limit: 20 });
    const all = await Promise.all(
      people.map(async ({ id }) => ({ id, comments: (await service.getComments(id)).items })),
    );
    const other = all.find(({ comments }) => comments.some(({ canEdit }) => !canEdit));
    const theirs = other?.comments.find(({ canEdit }) => !canEdit);
    await assert.rejects(service.editComment(other?.id ?? '', theirs?.id ?? '', 'mine now'), isKind('forbidden'));
    await service.deleteComment(contactId, added.id);
    await service.deleteComment(contactId, added.id);
    await assert.rejects(service.getComment(contactId, added.id), isKind('notFound'));
  });

  it('getFiles, media: names, extensions, and bytes that really open', async () => {
    const { items } = await service.list({ limit: 50 });
    const files = (await Promise.all(items.map(({ id }) => service.getFiles(id)))).flat();
    assert.ok(files.length > 20);
    const starts: Record<string, string> = {
      png: '\x89PNG',
      pdf: '%PDF',
      json: '{',
      csv: 'order',
      txt: '',
      log: '2026',
    };
    for (const { url = '', extension = '' } of new Map(files.map((file) => [file.name, file])).values()) {
      const bytes = await service.media(url, 1_000_000);
      const start = starts[extension];
      assert.ok(start !== undefined && Buffer.from(bytes).toString('latin1').startsWith(start), extension);
    }
    await assert.rejects(service.media('http://127.0.0.1:1/x', 10), isKind('forbidden'));
    await assert.rejects(service.media('https://10.1.2.3/x.png', 10), isKind('forbidden'));
    await assert.rejects(service.media(files[0]?.url ?? '', 3), isKind('tooLarge'));
  });

  it('uploadAvatar: an address that update attaches; the rest is refused before it is sent', async () => {
    const url = await service.uploadAvatar({ name: 'me.png', content: new Blob([png()]) });
    const { contact, ignored } = await service.update(contactId, { avatar_url: url });
    assert.deepEqual(ignored, []);
    assert.equal(contact.avatar_url, url);
    assert.deepEqual(new Uint8Array(await service.media(url, 1_000_000)), png());
    const sent: AttemptRecord[] = [];
    const watched = new ContactService({
      origin: server.url,
      credential: { value: server.token },
      onAttempt: (record) => sent.push(record),
    });
    await assert.rejects(watched.uploadAvatar({ name: 'x.png', content: new Blob([svg]) }), isKind('invalid'));
    const huge = new Uint8Array(5 * 1024 * 1024 + 1);
    await assert.rejects(watched.uploadAvatar({ name: 'x.png', content: new Blob([huge]) }), isKind('tooLarge'));
    assert.deepEqual(sent, []);
    watched.dispose();
  });

  it('listNotifications, markNotificationsRead, dismissNotification, dismissAllNotifications', async () => {
    const page = await service.listNotifications({ limit: 100 });
    const unread = page.items.filter((each) => !each.is_read);
    assert.equal(page.unreadCount, unread.length);
    const types = new Set(page.items.map((each) => each.type));
    assert.deepEqual([...types].sort(), [...notificationTypes]);
    for (const { contact, targets } of page.items.filter(({ type = 0 }) => type > 200 && type < 300)) {
      const conversations = await service.getConversations(contact?.id ?? '');
      assert.ok(
        conversations.items.some(({ public_id: id = '' }) => targets.includes(id)),
        contact?.display_name,
      );
      assert.equal((await service.get(contact?.id ?? '')).display_name, contact?.display_name);
    }
    assert.equal(page.items.find(({ type }) => type === 301)?.contact, undefined);
    const [first, second] = unread;
    await service.markNotificationsRead([first?.id ?? '']);
    await service.dismissNotification(second?.id ?? '');
    await service.dismissNotification(second?.id ?? '');
    const after = await service.listNotifications({ limit: 1 });
    assert.equal(after.unreadCount, unread.length - 2);
    assert.equal(after.totalMatching, page.items.length - 1);
    await service.markNotificationsUnread([first?.id ?? '']);
    assert.equal(
      (await service.listNotifications({ limit: 100 })).items.find(({ id }) => id === first?.id)?.is_read,
      false,
    );
    await service.dismissAllNotifications({ type: 101 });
    assert.deepEqual((await service.listNotifications({ type: 101 })).items, []);
    await service.dismissAllNotifications();
    assert.equal((await service.listNotifications()).totalMatching, 0);
  });

  it('create, delete', async () => {
    const contact = await service.create({ first_name: 'Ana', last_name: 'Ruiz', email: 'ana@x.example' });
    assert.equal((await service.get(contact.id)).email, 'ana@x.example');
    await service.delete(contact.id);
    await service.delete(contact.id);
    await assert.rejects(service.get(contact.id), isKind('notFound'));
  });

  it('tells a wrong secret, an unreachable server and a cancel apart', async () => {
    const wrong = new ContactService({ origin: server.url, credential: { value: 'acc_wrong' } });
    await assert.rejects(wrong.list(), isKind('auth'));
    wrong.dispose();
    const nobody = new ContactService({
      origin: 'http://127.0.0.1:1',
      credential: { value: 'acc_x' },
      timings: { backoffBase: 1 },
    });
    await assert.rejects(
      nobody.list(),
      (error: unknown) => isKind('network')(error) && (error as ApiError).reason === 'offline',
    );
    nobody.dispose();
    const controller = new AbortController();
    const pending = service.list({ limit: 500, signal: controller.signal });
    controller.abort();
    await assert.rejects(pending, isKind('cancelled'));
    await assert.rejects(service.list({ signal: AbortSignal.abort() }), isKind('cancelled'));
  });

  it('sends its secret to no other host, however an address is written', async () => {
    const thief = await startFaultyServer('NONE');
    const { host } = new URL(thief.origin);
    const addresses = [
      `.//${host}/x`,
      `//${host}/x`,
      `${server.url}//${host}/x`,
      `${server.url}/.//${host}/x`,
      `\\\\${host}\\x`,
      `http://${host}/x`,
    ];
    for (const address of addresses) {
      await assert.rejects(service.media(address, 1_000), (error) => error instanceof ApiError, address);
    }
    assert.deepEqual(thief.requests, []);
    await thief.close();
  });

  it('does nothing more once it is disposed of', async () => {
    const slow = await startFaultyServer('PUT');
    slow.faults = [{ applies: false, answer: () => undefined }];
    const gone = new ContactService({ origin: slow.origin, credential: { value: 'acc_x' } });
    const pending = assert.rejects(gone.update('con_1', { remark: 'x' }), isKind('cancelled'));
    await poll('the request', 60_000, () => slow.requests.length === 1);
    gone.dispose();
    await pending;
    await assert.rejects(gone.update('con_1', { remark: 'x' }), isKind('cancelled'));
    assert.equal(slow.requests.length, 1);
    await slow.close();
  });

  it('believes a status whose body never comes', async () => {
    const slow = await startFaultyServer('GET');
    const stalling = {
      applies: false,
      answer: (socket: Socket) => void socket.write('HTTP/1.1 401 Unauthorized\r\nContent-Length: 9\r\n\r\n'),
    };
    slow.faults = [stalling, stalling, stalling];
    const patient = new ContactService({
      origin: slow.origin,
      credential: { value: 'acc_x' },
      timings: { stall: 200 },
    });
    await assert.rejects(patient.get('con_1'), isKind('auth'));
    assert.equal(slow.requests.length, 1);
    patient.dispose();
    await slow.close();
  });

  it('shares one request between those who ask the same at once, and a cancel by one leaves the others', async () => {
    const sent: AttemptRecord[] = [];
    const watched = new ContactService({
      origin: server.url,
      credential: { value: server.token },
      onAttempt: (record) => sent.push(record),
    });
    const controller = new AbortController();
    const cancelled = watched.list({ limit: 9, signal: controller.signal });
    const others = [watched.list({ limit: 9 }), watched.list({ limit: 9 })];
    controller.abort();
    await assert.rejects(cancelled, isKind('cancelled'));
    for (const page of await Promise.all(others)) assert.equal(page.items.length, 9);
    assert.equal(sent.length, 1);
    assert.equal(sent[0]?.pathTemplate, '/contacts');
    watched.dispose();
  });
});

describe('a credential', () => {
  it('goes into the header that it looks like', () => {
    assert.deepEqual(credentialHeaders({ value: 'api_1' }), { 'x-api-key': 'api_1' });
    assert.deepEqual(credentialHeaders({ value: 'acc_1', organizationId: 'org_1' }), {
      'x-access-token': 'acc_1',
      'x-organization-id': 'org_1',
    });
    assert.deepEqual(credentialHeaders({ value: 'login_acc_1' }), { 'x-access-token': 'login_acc_1' });
    assert.deepEqual(credentialHeaders({ value: 'eyJh.eyJi.c', organizationId: 'org_1' }), {
      authorization: 'Bearer eyJh.eyJi.c',
      'x-organization-id': 'org_1',
    });
    assert.deepEqual(credentialHeaders({ value: 'eyJh.eyJi.c' }), { 'x-access-token': 'eyJh.eyJi.c' });
  });

  it('is sent to https only, or to this machine', () => {
    for (const good of [
      'https://a.example',
      'https://a.example:8443/',
      'http://127.0.0.1:80',
      'http://localhost:1',
      'http://[::1]:9',
    ]) {
      assert.equal(serverOrigin(good), new URL(good).origin);
    }
    for (const bad of [
      'http://a.example',
      'ftp://a',
      'a.example',
      '',
      'https://u:p@a.example',
      'https://a.example/x',
      'https://a.example/?x',
      'http://127.0.0.1.evil.test',
      'http://localhost.evil.test',
      'file:///x',
      'javascript:1',
    ]) {
      assert.equal(serverOrigin(bad), undefined, bad);
    }
  });
});
