import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { ApiError } from '../../src/api/apiError.ts';
import type { ContactService } from '../../src/api/contactService.ts';
import type { NotificationPage } from '../../src/api/decode/notification.ts';
import { NotificationsModel } from '../../src/notifications/notificationsModel.ts';
import { PendingChangesJournal } from '../../src/notifications/pendingChangesJournal.ts';
import { localAccount } from '../../src/session/account.ts';
import { AccountStore } from '../../src/session/accountStore.ts';
import { LocalWorkspace } from '../../src/session/localWorkspace.ts';
import { Services } from '../../src/session/services.ts';
import { Session } from '../../src/session/session.ts';
import { activeExtension, eventually, SecretsInMemory, testLog } from './support.ts';

describe('notifications of a window', () => {
  const log = testLog();
  const disposables: vscode.Disposable[] = [];
  let storage: string;
  let session: Session;
  let secrets: SecretsInMemory;
  let model: NotificationsModel;
  let extensionUri: vscode.Uri;
  before(async () => {
    ({ extensionUri } = await activeExtension());
  });
  beforeEach(async () => {
    storage = mkdtempSync(join(tmpdir(), 'contact-lookup-notifications-'));
    secrets = new SecretsInMemory();
    session = openSession();
    model = new NotificationsModel(session, new PendingChangesJournal(join(storage, 'held')), log);
    disposables.push(model);
    await session.use(localAccount);
    await eventually('the notifications', () => (model.state.kind === 'ready' && hasRows() ? true : undefined));
  });
  afterEach(() => {
    for (const disposable of disposables.splice(0).toReversed()) disposable.dispose();
    rmSync(storage, { recursive: true, force: true });
  });

  /** Of one more window. */
  const openSession = (): Session => {
    const store = new AccountStore(secrets);
    const workspace = new LocalWorkspace(extensionUri, vscode.Uri.file(join(storage, 'local')), log);
    const opened = new Session(store, new Services(log), workspace, log);
    disposables.push(workspace, store, opened);
    return opened;
  };
  const hasRows = (): boolean => model.notifications.length > 0;
  const service = (): ContactService => {
    if (session.service === undefined) throw new Error('There is no connection');
    return session.service;
  };
  const ids = (): string[] => model.notifications.map(({ id }) => id);
  /** Answers lists otherwise, until it is disposed of. */
  const listing = (list: (ask: () => Promise<NotificationPage>) => Promise<NotificationPage>): vscode.Disposable => {
    const connected = service();
    const asUsual = connected.listNotifications.bind(connected);
    connected.listNotifications = (options) => list(() => asUsual(options));
    return new vscode.Disposable(() => (connected.listNotifications = asUsual));
  };

  it('stay dismissed where the list cannot be read afterwards', async () => {
    const [first = '', ...others] = ids();
    const { unreadCount } = model;
    model.change({ action: 'dismiss', ids: [first] });
    const fewer = model.unreadCount;
    const broken = listing(() => Promise.reject(new ApiError('server', { status: 502 })));
    await model.flush();
    broken.dispose();
    assert.deepEqual(ids(), others);
    assert.equal(model.unreadCount, fewer);
    await model.refresh();
    assert.deepEqual(ids(), others);
    assert.equal(model.unreadCount, fewer);
    assert.ok(unreadCount >= fewer);
  });

  it('are not counted before the server has said how many there are', async () => {
    assert.equal(model.isCounted, true);
    const failing = listing(async () => {
      throw new ApiError('forbidden');
    });
    const other = new NotificationsModel(session, new PendingChangesJournal(join(storage, 'other')), log);
    disposables.push(other);
    await other.refresh();
    assert.deepEqual([other.state.kind, other.isCounted], ['failed', false]);
    failing.dispose();
    await other.refresh();
    assert.equal(other.isCounted, true);
  });

  it('count for one kind no more than there are of it, where the server counts all', async () => {
    const { unreadCount } = model;
    const of = model.notifications.filter(({ type }) => type === 201);
    const whole = listing(async (ask) => ({ ...(await ask()), unreadCount }));
    const { matching, unread } = await model.countOf(201);
    whole.dispose();
    assert.ok(matching >= of.length);
    assert.equal(unread, of.filter(({ is_read: isRead }) => !isRead).length);
  });

  it('know the newest also where all that are loaded are held as dismissed', async () => {
    const newest = model.notifications[0]?.created_at ?? '';
    model.change({ action: 'dismiss', ids: ids() });
    assert.deepEqual(ids(), []);
    assert.equal(model.newestAt, newest);
    assert.equal((await model.countOf(undefined)).newestAt, newest);
    model.undo();
  });

  it('are loaded when more are asked for, whatever else is read meanwhile', async () => {
    const all = ids();
    const [last = ''] = all.slice(-1);
    // As if only some had been loaded.
    const shortened = listing(async (ask) => {
      const page = await ask();
      return { ...page, items: page.items.filter(({ id }) => id !== last), hasMore: true };
    });
    await model.refresh();
    shortened.dispose();
    assert.ok(!ids().includes(last));
    const more = model.loadMore();
    await Promise.all([model.refresh(true), more]);
    assert.equal(model.notifications.length, all.length);
  });

  it('that are held are sent for nobody who was signed out in another window', async () => {
    const there = openSession();
    const elsewhere = new PendingChangesJournal(join(storage, 'held'));
    const other = new NotificationsModel(there, elsewhere, log);
    disposables.push(other);
    await there.follow();
    await eventually('the other window', () => (other.notifications.length > 0 ? true : undefined));
    const all = ids();
    other.change({ action: 'dismiss', ids: all.slice(0, 1) });
    await session.signOut(localAccount.id);
    await eventually('signed out', () => (there.state.kind === 'signedOut' ? true : undefined));
    await other.flush();
    await session.use(localAccount);
    await eventually('the other window', () => (other.notifications.length > 0 ? true : undefined));
    await other.flush();
    await model.refresh();
    assert.deepEqual(ids(), all);
  });
});
