import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { mock } from 'node:test';
import { ApiError } from '../../src/api/apiError.ts';
import { ContactService } from '../../src/api/contactService.ts';
import type { Notification } from '../../src/api/decode/notification.ts';
import { PendingChanges, undoMs, type PendingChange } from '../../src/notifications/pendingChanges.ts';
import { PendingChangesJournal, type JournalEntry } from '../../src/notifications/pendingChangesJournal.ts';
import { withChanges } from '../../src/notifications/notificationChanges.ts';
import { grouped } from '../../src/notifications/notificationGroups.ts';
import { changedRows, takeSnapshot } from '../../src/notifications/treeSnapshot.ts';
import { Poller } from '../../src/notifications/poller.ts';
import { temporaryDirectory } from './support/app.ts';
import { httpAnswer, startFaultyServer } from './support/faultyServer.ts';
import { startServer, type ServerProcess } from './support/serverProcess.ts';

const hourMs = 3_600_000;
const minuteMs = 60_000;
/** A file's time has fractions of a millisecond, the clock has not. */
const atOnce = -1_000;

const notification = (id: string, more: Partial<Notification> = {}): Notification => ({
  id,
  is_read: false,
  targets: [],
  created_at: '2026-05-01T10:00:00.000Z',
  ...more,
});

/** Lets what awaits go on, without any time passing. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};

describe('polling for notifications', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'Date'] }));
  afterEach(() => mock.timers.reset());

  const state = { isFocused: true, isSignedIn: true, fails: undefined as ApiError | undefined };
  /** When it polled, in milliseconds from the start. */
  const pollsIn = async (ms: number, during?: (elapsed: number, poller: Poller) => void): Promise<number[]> => {
    const polls: number[] = [];
    const start = Date.now();
    const poller = new Poller({
      poll: async () => {
        polls.push(Date.now() - start);
        if (state.fails !== undefined) throw state.fails;
      },
      interval: () => minuteMs,
      isFocused: () => state.isFocused,
      isWanted: () => state.isSignedIn,
      // The shortest pauses that chance can give.
      random: () => 0,
    });
    poller.asked();
    for (let elapsed = 0; elapsed < ms; elapsed += 1_000) {
      during?.(elapsed, poller);
      mock.timers.tick(1_000);
      await settle();
    }
    poller.dispose();
    mock.timers.tick(hourMs);
    assert.ok(
      polls.every((at) => at <= ms),
      'nothing after the end',
    );
    return polls;
  };
  beforeEach(() => Object.assign(state, { isFocused: true, isSignedIn: true, fails: undefined }));

  it('asks at most 60 times an hour in a window that has the focus, and not much less', async () => {
    const { length } = await pollsIn(hourMs);
    assert.ok(length <= 60 && length >= 58, String(length));
  });

  it('asks at most 12 times an hour in a window that has not', async () => {
    state.isFocused = false;
    const { length } = await pollsIn(hourMs);
    assert.ok(length <= 12 && length >= 11, String(length));
  });

  it('asks nothing while signed out, and again afterwards', async () => {
    state.isSignedIn = false;
    assert.deepEqual(await pollsIn(hourMs), []);
    const polls = await pollsIn(hourMs, (elapsed, poller) => {
      const isSignedIn = elapsed >= hourMs / 2;
      if (isSignedIn === state.isSignedIn) return;
      state.isSignedIn = isSignedIn;
      poller.reconsider();
    });
    assert.ok(polls.length >= 29 && polls.length <= 31, String(polls.length));
  });

  it('asks no more often when the focus comes and goes', async () => {
    const { length } = await pollsIn(hourMs, (elapsed, poller) => {
      state.isFocused = (elapsed / 1_000) % 2 === 0;
      poller.reconsider();
    });
    assert.ok(length <= 60, String(length));
  });

  it('waits longer and longer for a server in trouble: after ten failures over 5 minutes', async () => {
    state.fails = new ApiError('server', { status: 503 });
    const polls = await pollsIn(4 * hourMs);
    const pauses = polls.slice(1).map((at, index) => at - (polls[index] ?? 0));
    assert.ok(polls.length > 11);
    assert.ok((pauses[9] ?? 0) > 5 * minuteMs, String(pauses[9]));
    for (const [index, pause] of pauses.entries()) assert.ok(pause >= (pauses[index - 1] ?? 0), 'never shorter');
    const [, second] = await pollsIn(10 * minuteMs, (elapsed) => {
      if (elapsed > 90_000) state.fails = undefined;
    });
    assert.ok((second ?? 0) > 2 * minuteMs - 1_000);
  });

  it('never asks before the time that the server names', async () => {
    state.fails = new ApiError('rateLimited', { status: 429, retryAfterSeconds: 1_800 });
    const [first, second] = await pollsIn(hourMs);
    assert.ok((second ?? 0) - (first ?? 0) >= 1_800_000);
  });
});

describe('changes of notifications that are held back', () => {
  const rows = [
    notification('a', { created_at: '3', type: 201 }),
    notification('b', { created_at: '2', type: 301 }),
    notification('c', { created_at: '1', type: 201, is_read: true }),
  ];
  const list = { rows, unread: 7 };

  it('are shown at once, with the count that they leave', () => {
    const read = withChanges(list, [{ action: 'read', ids: ['a', 'c', 'elsewhere'] }]);
    assert.deepEqual([read.rows.map((row) => row.is_read), read.unread], [[true, false, true], 6]);
    const twice = withChanges(list, [
      { action: 'read', ids: ['a'] },
      { action: 'dismiss', ids: ['a'] },
    ]);
    assert.deepEqual([twice.rows.map(({ id }) => id), twice.unread], [['b', 'c'], 6]);
    const all = withChanges(list, [{ action: 'read', upTo: '3', unread: 7 }]);
    assert.deepEqual([all.rows.every((row) => row.is_read), all.unread], [true, 0]);
    const kind = withChanges(list, [{ action: 'dismiss', upTo: '3', type: 201, unread: 4 }]);
    assert.deepEqual([kind.rows.map(({ id }) => id), kind.unread], [['b'], 3]);
    const older = withChanges(list, [{ action: 'dismiss', upTo: '2', unread: 6 }]);
    assert.deepEqual([older.rows.map(({ id }) => id), older.unread], [['a'], 1]);
  });

  it('are unread again, and counted, where that is wanted', () => {
    const one = { rows: [notification('a', { is_read: true }), notification('b')], unread: 5 };
    const { rows: after, unread } = withChanges(one, [{ action: 'unread', ids: ['a', 'b', 'gone'] }]);
    assert.deepEqual([after.map((row) => row.is_read), unread], [[false, false], 6]);
    const undoneByRead = withChanges(one, [
      { action: 'unread', ids: ['a'] },
      { action: 'read', ids: ['a', 'b'] },
    ]);
    assert.deepEqual([undoneByRead.rows.map((row) => row.is_read), undoneByRead.unread], [[true, true], 4]);
  });

  it('stay where they were drawn as unread', () => {
    const read = [notification('a', { is_read: true }), notification('b'), notification('c', { is_read: true })];
    const order = (staying: string[]): string[] =>
      grouped(read, 'kind', new Set(staying)).flatMap(({ notifications }) => notifications.map(({ id }) => id));
    assert.deepEqual(order([]), ['b', 'a', 'c']);
    assert.deepEqual(order(['a', 'b']), ['a', 'b', 'c']);
  });

  it('are listed by day and by kind, the unread ones first', () => {
    const days = grouped(
      [
        notification('x', { created_at: '2026-05-02T12:00:00', is_read: true }),
        notification('y', { created_at: '2026-05-02T11:00:00' }),
        notification('z', { created_at: '2026-05-01T11:00:00' }),
        notification('w', { created_at: 'never' }),
      ],
      'day',
    );
    assert.deepEqual(
      days.map(({ key, notifications }) => [key, notifications.map(({ id }) => id)]),
      [
        ['2026-05-02', ['y', 'x']],
        ['2026-05-01', ['z']],
        ['', ['w']],
      ],
    );
    assert.deepEqual(
      grouped(rows, 'kind').map(({ key, notifications }) => [key, notifications.length]),
      [
        ['201', 2],
        ['301', 1],
      ],
    );
  });

  it('are drawn anew where they look another way, and nowhere else', () => {
    const now = new Date('2026-05-03T12:00:00');
    const drawing = (shown: readonly Notification[], hasMore = false, at = now): ReturnType<typeof takeSnapshot> =>
      takeSnapshot(grouped(shown, 'kind'), 'kind', hasMore, at);
    const [first, second, third] = [
      notification('a', { type: 201 }),
      notification('b', { type: 201 }),
      notification('c', { type: 301 }),
    ];
    const before = drawing([first, second, third]);
    const nothing = { groups: [], notifications: [] };
    assert.equal(changedRows(undefined, before), undefined, 'all of it at first');
    assert.deepEqual(changedRows(before, drawing([{ ...first }, second, third])), nothing, 'asked again');
    const read = drawing([first, second, { ...third, is_read: true }]);
    assert.deepEqual(changedRows(before, read), { groups: ['301'], notifications: ['c'] });
    const renamed = drawing([first, { ...second, content: 'Please call' }, third]);
    assert.deepEqual(changedRows(before, renamed), { groups: [], notifications: ['b'] });
    assert.deepEqual(changedRows(before, drawing([first, third])), { groups: ['201'], notifications: [] });
    assert.equal(changedRows(before, drawing([first, second])), undefined, 'a group less');
    assert.equal(changedRows(before, drawing([first, second, third], true)), undefined, 'Load More');
    const tomorrow = new Date('2026-05-04T00:00:01');
    assert.equal(changedRows(before, drawing([first, second, third], false, tomorrow)), undefined, 'another day');
  });

  describe('against the contact server', () => {
    let data: string;
    let server: ServerProcess;
    let service: ContactService;
    let journal: PendingChangesJournal;
    let folder: string;
    let kept: readonly JournalEntry[];
    let refused: unknown[];
    let held: PendingChanges;
    let settled: PromiseWithResolvers<void>;
    before(async () => {
      data = temporaryDirectory();
      folder = join(data, 'held');
      server = await startServer(data, '--seed', '50');
      service = server.service();
      journal = new PendingChangesJournal(folder);
      held = new PendingChanges({
        keep: (entries) => {
          kept = entries;
          journal.keep(entries);
        },
        onChange: () => undefined,
        onSent: async () => settled.resolve(),
        onRefused: (_, error) => {
          refused.push(error);
          settled.resolve();
        },
      });
    });
    beforeEach(() => {
      refused = [];
      settled = Promise.withResolvers<void>();
    });
    after(async () => {
      service.dispose();
      await server.kill();
      rmSync(data, { recursive: true, force: true });
    });
    const holding = (change: PendingChange['change'], with_ = service): PendingChange => ({
      accountId: 'account',
      change,
      service: with_,
    });
    const onServer = async (): Promise<{ ids: string[]; unread: number | undefined }> => {
      const { items, unreadCount } = await service.listNotifications({ limit: 500 });
      return { ids: items.map(({ id }) => id), unread: unreadCount };
    };

    it('are sent when they can no longer be undone, and not before', async () => {
      const { ids, unread = 0 } = await onServer();
      mock.timers.enable({ apis: ['setTimeout'] });
      held.add(holding({ action: 'read', ids: ids.slice(0, 2) }));
      held.add(holding({ action: 'dismiss', ids: ids.slice(2, 3) }));
      held.undo();
      mock.timers.tick(undoMs - 1);
      mock.timers.reset();
      assert.equal((await onServer()).unread, unread);
      assert.equal(kept.length, 1);
      assert.ok(!JSON.stringify(kept).includes(server.token));
      await held.flush();
      assert.deepEqual(await onServer(), { ids, unread: unread - 2 });
      assert.deepEqual(readdirSync(folder), []);
      assert.deepEqual(refused, []);
    });

    it('are sent by the clock', async () => {
      const before = await onServer();
      mock.timers.enable({ apis: ['setTimeout'] });
      held.add(holding({ action: 'dismiss', ids: before.ids.slice(0, 1) }));
      mock.timers.tick(undoMs);
      mock.timers.reset();
      await settled.promise;
      assert.deepEqual((await onServer()).ids, before.ids.slice(1));
    });

    it('dismiss all, and nothing that came after', async () => {
      const { items } = await service.listNotifications({ limit: 500 });
      const [newest, second] = items;
      const upTo = second?.created_at ?? '';
      assert.ok((newest?.created_at ?? '') > upTo);
      held.add(holding({ action: 'dismiss', upTo, unread: 0 }));
      await held.flush();
      assert.deepEqual((await onServer()).ids, [newest?.id]);
    });

    it('are held no longer when the server refuses them, and say so', async () => {
      const refusing = await startFaultyServer('DELETE');
      const answer = (socket: Socket): unknown => socket.write(httpAnswer('403 Forbidden', '{"code":40003}'));
      refusing.faults = [{ applies: false, answer }];
      const stranger = new ContactService({ origin: refusing.origin, credential: { value: 'x' } });
      held.add(holding({ action: 'dismiss', ids: ['not_x'] }, stranger));
      await held.flush();
      assert.equal((refused[0] as ApiError).kind, 'forbidden');
      assert.deepEqual(held.of('account'), []);
      stranger.dispose();
      await refusing.close();
    });

    it('wait for their account when its sign-in has expired, and are sent with the next', async () => {
      await server.kill();
      server = await startServer(data, '--seed', '50', '--token', 'another');
      service.dispose();
      service = server.service();
      const newest = async (): Promise<Notification | undefined> =>
        (await service.listNotifications({ limit: 1 })).items[0];
      const { id = '', is_read: isRead } = (await newest()) ?? {};
      const expired = new ContactService({ origin: server.url, credential: { value: 'wrong' } });
      held.add(holding({ action: isRead === true ? 'unread' : 'read', ids: [id] }, expired));
      await held.flush();
      expired.dispose();
      assert.deepEqual(refused, []);
      assert.equal(kept.length, 1);
      held.resume('account', service);
      await held.flush();
      assert.equal((await newest())?.is_read, isRead !== true);
    });

    it('wait for their account when its connection is closed, and are sent with the next', async () => {
      const { ids } = await onServer();
      const closing = server.service();
      held.add(holding({ action: 'dismiss', ids: ids.slice(0, 1) }, closing));
      const flushed = held.flush();
      closing.dispose();
      await flushed;
      assert.deepEqual(refused, []);
      assert.equal(kept.length, 1);
      held.resume('account', service);
      await held.flush();
      assert.deepEqual((await onServer()).ids, ids.slice(1));
    });

    it('are dropped with their account', async () => {
      const before = await onServer();
      held.add(holding({ action: 'dismiss', ids: before.ids.slice(0, 1) }));
      held.forget('account');
      await held.flush();
      assert.deepEqual(kept, []);
      assert.deepEqual(await onServer(), before);
    });

    it('of all windows are forgotten with their account', () => {
      mkdirSync(folder, { recursive: true });
      const path = join(folder, 'gone-too.json');
      const [mine, others] = ['account', 'other'].map((accountId): JournalEntry => ({
        accountId,
        change: { action: 'read', ids: ['not_1'] },
      }));
      writeFileSync(path, JSON.stringify([mine, others]));
      journal.forget('account');
      assert.deepEqual(JSON.parse(readFileSync(path, 'utf8')), [others]);
      journal.forget('other');
      assert.ok(!readdirSync(folder).includes('gone-too.json'));
    });

    it('of a window that is gone are taken over once, by its account alone', () => {
      mkdirSync(folder, { recursive: true });
      const path = join(folder, 'gone.json');
      const mine: JournalEntry = { accountId: 'account', change: { action: 'read', ids: ['not_1'] } };
      const others: JournalEntry = { accountId: 'other', change: { action: 'read', ids: ['not_2'] } };
      writeFileSync(path, JSON.stringify([mine, others, { accountId: 'account', change: { action: 'drop' } }]));
      assert.deepEqual(journal.takeOver('account', minuteMs), [], 'it may be there still');
      utimesSync(path, 1, 1);
      assert.deepEqual(journal.takeOver('nobody', minuteMs), []);
      assert.deepEqual(journal.takeOver('account', minuteMs), [mine.change]);
      assert.deepEqual(
        readdirSync(folder).filter((name) => name.endsWith('.claimed')),
        [],
      );
      assert.deepEqual(journal.takeOver('account', atOnce), []);
      assert.deepEqual(new PendingChangesJournal(folder).takeOver('other', atOnce), [others.change]);
      writeFileSync(join(folder, 'broken.json'), '{');
      assert.deepEqual(journal.takeOver('account', atOnce), []);
    });
  });
});
