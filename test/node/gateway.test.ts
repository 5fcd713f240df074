/** The API service against a stand-in for the hosted gateway, which speaks the gateway's own dialect. */
import assert from 'node:assert/strict';
import { ApiError } from '../../src/api/apiError.ts';
import type { ContactChanges } from '../../src/api/contactChanges.ts';
import { ContactService } from '../../src/api/contactService.ts';
import type { Contact } from '../../src/api/decode/contact.ts';
import { Random } from '../../src/server/seed/random.ts';
import { sendChange } from '../../src/notifications/sendChange.ts';
import { ServerQuirks } from '../../src/api/serverQuirks.ts';
import { SignInService } from '../../src/api/signInService.ts';
import { startGateway, type Gateway } from '../harness/gateway/startGateway.ts';
import { contactsOf } from '../../src/lookup/personSearch.ts';
import { defaultBehavior, type GatewayBehavior } from '../harness/gateway/gatewayBehavior.ts';
import { isKind } from './support/isKind.ts';
import { png } from './support/pictures.ts';
import { startFaultyServer, httpAnswer } from './support/faultyServer.ts';
import { randomSeed } from './support/randomSeed.ts';

const calm: GatewayBehavior = { ...defaultBehavior, latency: 0 };
describe('API service, against the gateway', () => {
  let gateway: Gateway;
  let service: ContactService;
  const serviceFor = (habits?: ServerQuirks): ContactService =>
    new ContactService({
      origin: gateway.url,
      credential: { value: gateway.key },
      timings: { backoffBase: 1, backoffCap: 5 },
      foreignMedia: () => 'loopbackToo',
      ...(habits === undefined ? {} : { quirks: habits }),
    });
  before(async () => {
    gateway = await startGateway(calm);
    service = serviceFor();
  });
  after(async () => {
    service.dispose();
    await gateway.stop();
  });
  afterEach(() => gateway.behave(calm));

  const named = async (): Promise<Contact[]> =>
    (await service.list({ limit: 200 })).items.filter(({ email }) => email !== undefined);

  it('lists, gets and searches, most of them visitors of whom nothing is known', async () => {
    const page = await service.list({ limit: 200 });
    assert.equal(page.totalMatching, 65_681);
    assert.ok(page.hasMore);
    const visitors = page.items.filter(({ display_name: name = '' }) => /^[A-Z]{3}#[A-Z]{2}\d{4}$/.test(name));
    assert.ok(visitors.length > 150 && visitors.length < 200, String(visitors.length));
    for (const { email, phone_number, first_name, avatar_url, time_zone, last_seen } of visitors) {
      assert.deepEqual([email, phone_number, first_name, avatar_url], [undefined, undefined, undefined, undefined]);
      assert.ok(time_zone !== undefined && last_seen !== undefined);
    }
    const [visitor] = visitors;
    assert.equal((await service.get(visitor?.id ?? '')).display_name, visitor?.display_name);
    const found = await service.search({ q: visitor?.display_name ?? '' });
    assert.ok(found.items.some(({ id }) => id === visitor?.id));
    assert.deepEqual((await service.search({ q: 'UNK#' })).items, [], 'by whole words only');
    await assert.rejects(service.get('con_nobody'), isKind('notFound'));
  });

  it('reads a contact’s conversations, comments, files and activities', async () => {
    const [contact] = await named();
    const id = contact?.id ?? '';
    const { items } = await service.getConversations(id);
    assert.match(items[0]?.id ?? '', /^conv_/);
    assert.match(items[0]?.public_id ?? '', /^tcu_/);
    assert.deepEqual(items[0]?.teams, ['General']);
    assert.ok(items[0]?.latest_message?.text);
    const comment = await service.addComment(id, 'seen from the editor');
    assert.equal((await service.getComments(id)).items[0]?.id, comment.id);
    const activities = await service.getActivities(items[0]?.id ?? '');
    assert.ok(activities[0]?.summary);
    const files = await service.getFiles(id);
    assert.ok(files.length > 3);
    assert.ok(files.every(({ url = '' }) => url.startsWith(gateway.media)));
    assert.equal(files[0]?.from?.display_name, undefined, 'an id is no name');
  });

  it('reads what was said in a conversation, a page after the other, in the form that this server takes', async () => {
    const habits = new ServerQuirks();
    const reader = serviceFor(habits);
    const [contact] = (await reader.list({ limit: 1 })).items;
    const { items } = await reader.getConversations(contact?.id ?? '');
    const [conversation] = items;
    const ids = { id: conversation?.id ?? '', viewId: conversation?.public_id };
    const pages = [];
    for (const skip of [0, 50, 100]) pages.push(await reader.getMessages(ids, { limit: 50, skip }));
    assert.deepEqual(
      pages.map(({ items: { length }, totalMatching, hasMore }) => [length, totalMatching, hasMore]),
      [[50, 130, true], [50, 130, true], [30, 130, false]],
    ); // prettier-ignore
    const all = pages.flatMap((page) => page.items);
    assert.equal(new Set(all.map(({ id }) => id)).size, 130);
    assert.equal(all[0]?.from?.id, contact?.id);
    const file = all.find((message) => message.file !== undefined)?.file;
    assert.deepEqual([file?.url?.startsWith(gateway.media), file?.extension !== undefined], [true, true]);
    const asked = (await gateway.log()).requests.filter(({ path }) => path.includes('/conversation_messages'));
    assert.deepEqual(
      asked.map(({ path, status }) => [new URL(path, gateway.url).searchParams.get('type'), status]),
      [['team_conversation_id', 200], ['team_conversation_id', 200], ['team_conversation_id', 200]],
    ); // prettier-ignore
    const byViewAlone = await reader.getMessages({ id: ids.viewId ?? '' }, { limit: 1 });
    assert.equal(byViewAlone.items[0]?.id, all[0]?.id);
    await assert.rejects(serviceFor().getMessages({ id: ids.id }), isKind('invalid'));
    reader.dispose();
  });

  it('reads what was said from a server that takes conversations alone, which it asks first from then on', async () => {
    await gateway.behave({ messagesAre: 'byConversation' });
    const reader = serviceFor(new ServerQuirks());
    try {
      const [contact] = (await reader.list({ limit: 1 })).items;
      const [conversation] = (await reader.getConversations(contact?.id ?? '')).items;
      const ids = { id: conversation?.id ?? '', viewId: conversation?.public_id };
      const before = (await gateway.log()).requests.length;
      for (const skip of [0, 50]) assert.equal((await reader.getMessages(ids, { limit: 50, skip })).items.length, 50);
      const asked = (await gateway.log()).requests.slice(before).map(({ status }) => status);
      assert.deepEqual(asked, [400, 200, 200]);
    } finally {
      await gateway.behave(defaultBehavior);
      reader.dispose();
    }
  });

  it('takes nothing of anybody else for what was said in a conversation', async () => {
    await gateway.behave({ messagesAre: 'ofAnybody' });
    const reader = serviceFor(new ServerQuirks());
    try {
      const [, other] = (await reader.list({ limit: 2 })).items;
      const [conversation] = (await reader.getConversations(other?.id ?? '')).items;
      const id = conversation?.id ?? '';
      assert.deepEqual((await reader.getMessages({ id }, { limit: 50 })).items, []);
      const { items } = await reader.getMessages({ id, viewId: conversation?.public_id }, { limit: 50 });
      assert.ok(items.length > 0);
    } finally {
      await gateway.behave(defaultBehavior);
      reader.dispose();
    }
  });

  it('finds who has a number that is written with its country, which this server keeps apart', async () => {
    const { items } = await service.list({ limit: 500 });
    const contact = items.find(({ area_code }) => area_code === '84') ?? assert.fail();
    const number = contact.phone_number ?? '';
    for (const text of [
      `+84 ${number}`,
      `+84${number}`,
      `0084 ${number}`,
      `+84 ${number.slice(0, 3)} ${number.slice(3)}`,
    ]) {
      const found = await contactsOf(service, { kind: 'phone', text, start: 0, end: text.length }, {});
      assert.ok(
        found.some(({ id }) => id === contact.id),
        text,
      );
    }
    const nobody = { kind: 'phone', text: '+84 900 000 001', start: 0, end: 0 } as const;
    assert.deepEqual(await contactsOf(service, nobody, {}), []);
  });

  it('loads a file and an uploaded picture from the second origin, which sees no credential', async () => {
    const [contact] = await named();
    const [file] = await service.getFiles(contact?.id ?? '');
    assert.ok((await service.media(file?.url ?? '', 1_000_000)).length > 0);
    const url = await service.uploadAvatar({ name: 'me.png', content: new Blob([png()]) });
    assert.ok(url.startsWith(gateway.media));
    const { ignored } = await service.update(contact?.id ?? '', { avatar_url: url });
    assert.deepEqual(ignored, []);
    assert.deepEqual(new Uint8Array(await service.media(url, 1_000_000)), png());
    const { media } = await gateway.log();
    assert.ok(media.length >= 2);
    for (const { headers } of media) {
      const names = Object.keys(headers).filter((name) => /key|token|auth|cookie|refer|organization/.test(name));
      assert.deepEqual(names, []);
    }
  });

  it('exports all', async () => {
    let lines = 0;
    for await (const piece of await service.exportCsv()) {
      for (const byte of piece) if (byte === 10) lines++;
    }
    assert.equal(lines, 65_682);
  });

  it('understands what the gateway writes in its own way, and says what it does not take', async () => {
    const [, contact] = await named();
    const { contact: saved, ignored } = await service.update(contact?.id ?? '', {
      gender: 'm',
      email: ' Ana@X.Example ',
      phone_number: '+852 8888 8888',
      first_name: 'Ana',
      company_name: 'Lotus',
    });
    assert.deepEqual(ignored, ['company_name']);
    assert.equal(saved.gender, 'Male');
    assert.equal(saved.area_code, '852');
    assert.equal(saved.phone_number, '88888888');
    assert.deepEqual(saved.other['action'], undefined, 'what was done is no field of the contact');
  });

  it('reads and dismisses notifications, also where only a bare array is taken, and asks once', async () => {
    const page = await service.listNotifications({ limit: 10 });
    assert.equal(page.totalMatching, 618);
    assert.equal(page.unreadCount, 595);
    await service.markNotificationsRead(page.items.slice(0, 2).map(({ id }) => id));
    assert.equal((await service.listNotifications({ limit: 1 })).unreadCount, 593);
    await gateway.behave({ takesBareArraysOnly: true });
    const before = (await gateway.log()).requests.length;
    const habits = new ServerQuirks();
    const learning = serviceFor(habits);
    await learning.dismissNotification(page.items[2]?.id ?? '');
    await learning.markNotificationsRead([page.items[3]?.id ?? '']);
    // Another service of the same server, as after a change of a setting.
    const later = serviceFor(habits);
    await later.dismissNotification(page.items[4]?.id ?? '');
    learning.dispose();
    later.dispose();
    const asked = (await gateway.log()).requests.slice(before).map(({ method, status }) => `${method} ${status}`);
    assert.deepEqual(asked, ['DELETE 400', 'DELETE 200', 'PUT 200', 'DELETE 200']);
    const after = await service.listNotifications({ limit: 1 });
    assert.equal(after.unreadCount, 590);
    assert.equal(after.totalMatching, 616);
  });

  it('reads and dismisses where only the form of the specification for agents is taken, and asks once', async () => {
    await gateway.behave({ takesIdsOnly: true });
    const { items, totalMatching = 0 } = await service.listNotifications({ limit: 200 });
    const [read, first, second, third] = items.filter(({ is_read: isRead }) => !isRead).map(({ id }) => id);
    const before = (await gateway.log()).requests.length;
    const learning = serviceFor();
    await learning.markNotificationsRead([read ?? '']);
    await learning.dismissNotification(first ?? '');
    await learning.dismissNotification(second ?? '');
    learning.dispose();
    const asked = (await gateway.log()).requests.slice(before).map(({ method, status }) => `${method} ${status}`);
    assert.deepEqual(asked, ['PUT 400', 'PUT 400', 'PUT 200', 'POST 200', 'POST 200']);
    const dismissing = serviceFor();
    await dismissing.dismissNotification(third ?? '');
    dismissing.dispose();
    const after = await service.listNotifications({ limit: 200 });
    assert.equal(after.totalMatching, totalMatching - 3);
    assert.equal(after.items.find(({ id }) => id === read)?.is_read, true);
  });

  it('loses no notification of another kind where one is dismissed and the server knows no number of it', async () => {
    const typesOf = async (): Promise<number[]> => {
      const types: number[] = [];
      for await (const { items } of service.listNotificationsPages({ pageSize: 200 })) {
        types.push(...items.map(({ type = 0 }) => type));
      }
      return types;
    };
    await gateway.behave({ dismissesAllForNumbers: true });
    const before = await typesOf();
    assert.ok(before.filter((type) => type === 204).length > 5);
    const [newest] = (await service.listNotifications({ limit: 1, type: 204 })).items;
    await sendChange(service, { action: 'dismiss', upTo: newest?.created_at ?? '', type: 204, unread: 0 });
    assert.deepEqual(
      await typesOf(),
      before.filter((type) => type !== 204),
    );
  });

  it('knows whom a card is about that a notification leads to', async () => {
    const { items } = await service.listNotifications({ limit: 200, type: 101 });
    const [notification] = items;
    const contact = await service.contactOfBoardItem(notification?.boardItemId ?? '');
    assert.ok(notification?.title?.startsWith(`${contact?.display_name}@`));
    assert.equal(await service.contactOfBoardItem('bi_nothing'), undefined);
  });

  it('deletes a comment', async () => {
    const [contact] = await named();
    const id = contact?.id ?? '';
    const comment = await service.addComment(id, 'Not for long.');
    assert.equal((await service.getComment(id, comment.id)).text, 'Not for long.');
    await service.deleteComment(id, comment.id);
    assert.ok(!(await service.getComments(id)).items.some(({ text }) => text === 'Not for long.'));
  });

  it('knows whose conversation a notification leads to', async () => {
    const { items } = await service.listNotifications({ limit: 5 });
    const [notification] = items;
    const owner = await service.conversationOwner(notification?.targets[0] ?? '');
    const contact = await service.get(owner?.contactId ?? '');
    assert.ok(notification?.title?.startsWith(`${contact.display_name}@`));
    assert.match(owner?.conversationId ?? '', /^conv_/);
    const sameAgain = await service.conversationOwner(owner?.conversationId ?? '');
    assert.deepEqual(sameAgain, owner, 'by the id of the conversation itself');
    assert.equal(await service.conversationOwner('tcu_nobody'), undefined);
    assert.equal(await service.conversationOwner('conv_nobody'), undefined);
  });

  it('dismisses by a word', async () => {
    await service.dismissAllNotifications({ type: 'conversations' });
    const { items } = await service.listNotifications({ limit: 200 });
    assert.deepEqual([...new Set(items.map(({ type }) => type))], [101]);
  });

  it('takes JSON that begins with a byte order mark', async () => {
    await gateway.behave({ hasByteOrderMark: true });
    assert.equal((await service.list({ limit: 1 })).totalMatching, 65_681);
    await assert.rejects(service.get('con_nobody'), isKind('notFound'));
  });

  it('signs in with a password, for the organization that is chosen', async () => {
    const signIn = new SignInService({ origin: gateway.url });
    const login = await signIn.authenticate('somebody@x.example', { password: 'password' });
    const [organization] = login.organizations;
    await assert.rejects(signIn.exchange(login, 'org_of_others'), isKind('auth'));
    const value = await signIn.exchange(login, organization?.id ?? '');
    signIn.dispose();
    const signedIn = new ContactService({
      origin: gateway.url,
      credential: { value, organizationId: organization?.id },
    });
    assert.equal((await signedIn.list({ limit: 1 })).totalMatching, 65_681);
    signedIn.dispose();
  });

  it('says that the token has expired', async () => {
    await gateway.behave({ tokensAreExpired: true });
    await assert.rejects(service.list(), isKind('auth'));
  });

  it('with all its faults, 2,000 times: nothing is wrongly called ignored, and nothing done twice', async function () {
    const seed = randomSeed();
    const contacts = (await named()).slice(0, 16);
    await gateway.behave({
      latency: 0.02,
      tooManyPercent: 3,
      badGatewayPercent: 6,
      takesBareArraysOnly: true,
      hasByteOrderMark: true,
    });
    const unhandled: unknown[] = [];
    const onUnhandled = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', onUnhandled);
    const written = new Map<string, 'done' | 'failed' | 'unknown'>();
    let failures = 0;
    let calls = 0;
    // One worker a contact, so that each knows what the contact must be like.
    await Promise.all(
      contacts.map(async (contact, worker) => {
        const random = new Random(seed + worker);
        while (calls < 2_000) {
          const number = calls++;
          try {
            await randomCall(service, contact, random, number, written);
          } catch (error) {
            assert.ok(error instanceof ApiError, String(error));
            assert.notEqual(error.kind, 'invalid', error.message);
            assert.notEqual(error.kind, 'badReply', error.message);
            failures++;
          }
        }
      }),
    );
    process.removeListener('unhandledRejection', onUnhandled);
    assert.deepEqual(unhandled, []);
    assert.ok(failures > 0 && failures < 400, `${failures} of 2,000 failed`);
    const { ledger } = await gateway.log();
    for (const [text, state] of written) {
      const times = ledger.filter((line) => line.startsWith('comment ') && line.endsWith(text)).length;
      assert.ok(times <= 1, `${text} was written ${times} times`);
      if (state === 'done') assert.equal(times, 1, text);
      if (state === 'failed') assert.equal(times, 0, text);
    }
    assert.ok(written.size > 100);
  });
});

/** What an update may send, and what the gateway is known not to take. */
const updates: [ContactChanges, (keyof ContactChanges)[]][] = [
  [{ gender: 'm' }, []],
  [{ gender: 'Female' }, []],
  [{ phone_number: '+852 8888 8888' }, []],
  [{ phone_number: '+1 415 555 0100' }, []],
  [{ area_code: '84', phone_number: '912345678' }, []],
  [{ email: ' Somebody@Example.COM ' }, []],
  [{ first_name: 'Ana', last_name: 'Ruiz' }, []],
  [{ language: 'vi', remark: 'two\nlines' }, []],
  [{ labels: ['vip', 'lead'] }, []],
  [{ company_name: 'Nobody else has this' }, ['company_name']],
  [{ position: 'Nobody else has this', gender: 'f' }, ['position']],
];

async function randomCall(
  service: ContactService,
  { id }: Contact,
  random: Random,
  number: number,
  written: Map<string, 'done' | 'failed' | 'unknown'>,
): Promise<void> {
  // Each as often as any other, whatever the seed; in another order in each round.
  const kind = (number * 5 + Math.floor(number / 16) * 3) % 16;
  if (kind === 0) await service.list({ limit: random.between(1, 50), skip: random.between(0, 1_000) });
  else if (kind === 1) assert.equal((await service.get(id)).id, id);
  else if (kind === 2) await service.search({ q: 'Ana', limit: 5 });
  else if (kind === 3) assert.ok((await service.getConversations(id)).items.length > 0);
  else if (kind === 4) await service.getComments(id, { limit: 20 });
  else if (kind === 5) await service.getFiles(id);
  else if (kind === 6) await service.getActivities('conv_00000003-0000-4000-8000-000000000000');
  else if (kind === 7) await service.uploadAvatar({ name: 'x.png', content: new Blob([png()]) });
  else if (kind === 8) await service.listNotifications({ limit: 10 });
  else if (kind === 9) await service.markNotificationsRead([`not_${random.between(1_000, 9_999)}`]);
  else if (kind === 10) await service.dismissNotification(`not_${random.between(1_000, 9_999)}`);
  else if (kind === 11) await service.conversationOwner('tcu_00000003-0000-4000-8000-000000000000');
  else if (kind === 12) await service.dismissAllNotifications({ type: 'conversations' });
  // The largest of all answers, and so a rare one.
  else if (kind === 13 && random.chance(0.2)) await readAll(await service.exportCsv());
  else if (kind === 14) {
    const text = `comment number ${number}.`;
    written.set(text, 'unknown');
    try {
      await service.addComment(id, text);
      written.set(text, 'done');
    } catch (error) {
      if (error instanceof ApiError && !error.mayHaveBeenApplied) written.set(text, 'failed');
      throw error;
    }
  } else {
    const [changes, expected] = random.pick(updates);
    const { ignored } = await service.update(id, changes);
    assert.deepEqual(ignored, expected, `of ${JSON.stringify(changes)}`);
  }
}

async function readAll(csv: AsyncIterable<Uint8Array>): Promise<void> {
  let bytes = 0;
  for await (const piece of csv) bytes += piece.length;
  assert.ok(bytes > 1_000_000);
}

describe('a server that asks to be left alone for a day', () => {
  const busy = httpAnswer('429 Too Many Requests', '{}', { 'Retry-After': '86400' });
  it('is not asked in the background, and by the user again after a minute at most', async () => {
    const server = await startFaultyServer('GET');
    // Longer than a call may take, so that it is refused and does not wait.
    const userHold = 5_500;
    const service = new ContactService({
      origin: server.origin,
      credential: { value: 'acc_x' },
      timings: { maxUserDelay: userHold, deadline: 5_000 },
    });
    const isHeld = (error: unknown): boolean =>
      error instanceof ApiError &&
      error.kind === 'rateLimited' &&
      (error.retryAfterSeconds ?? 0) > 86_000 &&
      (error.userMayRetryAfterSeconds ?? Infinity) <= userHold / 1000;
    server.faults = [{ applies: false, answer: (socket) => void socket.write(busy) }];
    await assert.rejects(service.get('con_1'), isHeld);
    const refused = server.requests.at(-1)?.at ?? 0;
    await assert.rejects(service.list({ isBackground: true }), isKind('rateLimited'));
    await assert.rejects(service.get('con_1'), isHeld, 'not at once');
    assert.equal(server.requests.length, 1);
    assert.equal(await answeredInTime(service), 'con_1');
    assert.equal(server.requests.length, 2);
    assert.ok((server.requests.at(-1)?.at ?? 0) - refused >= userHold, 'not before its time');
    await assert.rejects(service.list({ isBackground: true }), isKind('rateLimited'), 'the background waits on');
    assert.equal(server.requests.length, 2);
    service.dispose();
    await server.close();
  });
});

describe('a server that asks for a moment', () => {
  it('is asked again within the call only where there is time left for its answer', async () => {
    const server = await startFaultyServer('GET');
    const service = new ContactService({
      origin: server.origin,
      credential: { value: 'acc_x' },
      timings: { deadline: 1_150 },
    });
    const busy = httpAnswer('429 Too Many Requests', '{}', { 'Retry-After': '1' });
    server.faults = [{ applies: false, answer: (socket) => void socket.write(busy) }];
    await assert.rejects(service.get('con_1'), isKind('rateLimited'));
    await assert.rejects(service.get('con_1'), isKind('rateLimited'), 'nor by the next call');
    assert.equal(server.requests.length, 1);
    service.dispose();
    await server.close();
  });
});

/** Asks as the countdown does: again when the refusal says that one may. */
async function answeredInTime(service: ContactService): Promise<string> {
  for (;;) {
    try {
      return (await service.get('con_1')).id;
    } catch (error) {
      const seconds = error instanceof ApiError ? error.userMayRetryAfterSeconds : undefined;
      if (seconds === undefined) throw error;
      await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
    }
  }
}
