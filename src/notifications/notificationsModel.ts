import * as vscode from 'vscode';
import { isCancelled, isMissingRoute, isUnreachable } from '../api/apiError.ts';
import type { ContactService } from '../api/contactService.ts';
import type { Notification } from '../api/decode/notification.ts';
import { LatestOnly } from '../platform/cancellation.ts';
import { setContextKey } from '../platform/contextKeys.ts';
import { logText, reportError, UserError } from '../platform/errorReport.ts';
import type { LoadState } from '../platform/loadState.ts';
import type { Log } from '../platform/log.ts';
import { loadStateOf } from '../session/loadStateOf.ts';
import type { Session } from '../session/session.ts';
import { PendingChanges, type PendingChange } from './pendingChanges.ts';
import type { PendingChangesJournal } from './pendingChangesJournal.ts';
import { newestOf, withChanges, type NotificationChange, type NotificationList } from './notificationChanges.ts';
import { Poller } from './poller.ts';
import { pollIntervalMs } from './settings.ts';

const pageSize = 50;
const maxPageSize = 500;
/** A window whose journal has not changed for this long is gone: a live one sends its pending changes long before. */
const abandonedMs = 60_000;

/**
 * The notifications that are loaded, newest first, and the one count of what is unread: what the server says, with
 * the changes that are held back.
 */
export class NotificationsModel implements vscode.Disposable {
  private readonly session: Session;
  private readonly log: Log;
  private readonly journal: PendingChangesJournal;
  private readonly latest = new LatestOnly();
  private readonly pending: PendingChanges;
  private readonly poller: Poller;
  private readonly didChange = new vscode.EventEmitter<void>();
  readonly onDidChange = this.didChange.event;
  private readonly didSend = new vscode.EventEmitter<void>();
  /** The server has taken a change of this window. */
  readonly onDidSend = this.didSend.event;
  private readonly didArrive = new vscode.EventEmitter<readonly Notification[]>();
  /** Unread ones came that were not there before. */
  readonly onDidArrive = this.didArrive.event;
  private readonly disposables: vscode.Disposable[] = [];
  private server: NotificationList = { rows: [], unread: 0 };
  private list: NotificationList = this.server;
  private loadState: LoadState = { kind: 'loading' };
  private more = false;
  private unreadIsExact = true;
  private accountId: string | undefined;
  private loadingMore: Promise<void> | undefined;
  private seenAt: Date | undefined;

  constructor(session: Session, journal: PendingChangesJournal, log: Log) {
    this.session = session;
    this.journal = journal;
    this.log = log;
    this.pending = new PendingChanges({
      keep: (entries) => {
        try {
          journal.keep(entries);
        } catch (error) {
          log.warn(`notifications: ${logText(error)}`);
        }
      },
      onChange: () => this.setState(this.loadState),
      onSent: (pending) => this.sent(pending),
      onRefused: (pending, error) => this.refused(pending, error),
    });
    this.poller = new Poller({
      poll: () => this.poll(),
      interval: pollIntervalMs,
      isFocused: () => vscode.window.state.focused,
      isWanted: () => session.state.kind === 'ready',
    });
    this.disposables.push(
      this.latest,
      this.poller,
      this.didChange,
      this.didSend,
      this.didArrive,
      session.onDidChange(() => void this.follow()),
      // Those that were seen last may be there now.
      session.onDidChangeContacts(() => {
        if (this.loadState.kind === 'failed' && isUnreachable(this.loadState.error)) void this.refresh();
      }),
      session.onDidForget((accountId) => {
        this.pending.forget(accountId);
        journal.forget(accountId);
      }),
      vscode.window.onDidChangeWindowState(() => this.poller.reconsider()),
      vscode.workspace.onDidChangeConfiguration(() => this.poller.reconsider()),
    );
  }

  get notifications(): readonly Notification[] {
    return this.list.rows;
  }

  get state(): LoadState {
    return this.loadState;
  }

  /** When the server last said what is shown. */
  get asOf(): Date | undefined {
    return this.seenAt;
  }

  get hasMore(): boolean {
    return this.more;
  }

  /** What is unread in all; with a plus sign where the server does not say and there may be more. */
  get unreadText(): string {
    const { unread } = this.list;
    // The first locale-aware number costs some 20 ms, which the start of VS Code is spared for a small one.
    const number = unread < 1000 ? String(unread) : unread.toLocaleString(vscode.env.language);
    return this.unreadIsExact ? number : `${number}+`;
  }

  get unreadCount(): number {
    return this.list.unread;
  }

  /** The change that an undo would take back. */
  get undoable(): NotificationChange | undefined {
    return this.pending.undoable?.change;
  }

  find(id: string): Notification | undefined {
    return this.list.rows.find((notification) => notification.id === id);
  }

  /**
   * Loads as many rows as are shown once more, and the count with them. A failure becomes the model's state.
   * @returns whether the server has said what there is.
   */
  async refresh(isBackground = false): Promise<boolean> {
    try {
      const hasRead = await this.read(isBackground);
      this.poller.asked();
      return hasRead;
    } catch (error) {
      if (!isCancelled(error)) this.poller.asked(error);
      return false;
    }
  }

  /** @throws ApiError */
  async loadMore(): Promise<void> {
    const loading = this.readMore();
    this.loadingMore = loading;
    await loading.finally(() => {
      if (this.loadingMore === loading) this.loadingMore = undefined;
    });
  }

  private async readMore(): Promise<void> {
    const { service } = this.session;
    if (service === undefined) return;
    const signal = this.latest.next();
    const { rows } = this.server;
    const page = await service.listNotifications({ limit: pageSize, skip: rows.length, signal });
    if (signal.aborted) return;
    const known = new Set(rows.map((row) => row.id));
    this.more = page.hasMore && page.items.some((row) => !known.has(row.id));
    this.setServerList([...rows, ...page.items.filter((row) => !known.has(row.id))], page.unreadCount);
    this.setState({ kind: 'ready' });
  }

  /** Marks read or dismisses, at once to be seen and on the server when it can no longer be undone. */
  change(change: NotificationChange, isAfterCountdown = false): void {
    const { service, account } = this.session;
    if (service === undefined || account === undefined) return;
    if ('ids' in change && change.ids.length === 0) return;
    if (change.action === 'read') setContextKey('contactLookup.hasReadNotification', true);
    this.pending.add({ accountId: account.id, change, service, isAfterCountdown });
  }

  /**
   * How many there are of a type, or of all, how many of them are known to be unread, and the moment of the newest.
   * @throws ApiError
   */
  async countOf(type: number | undefined): Promise<{ matching: number; unread: number; newestAt: string }> {
    const page = await this.session.service?.listNotifications({ limit: 1, type });
    const loaded = this.list.rows.filter((row) => type === undefined || row.type === type);
    const matching = page?.totalMatching ?? loaded.length;
    // A server's count of what is unread is of all types (contract, section 4.7).
    const inAll = type === undefined ? page?.unreadCount : undefined;
    const unread = inAll ?? loaded.filter((row) => !row.is_read).length;
    return { matching, unread: Math.min(matching, unread), newestAt: newestOf(page?.items ?? []) };
  }

  /** The moment of the newest notification that is known; what comes later was not seen by the user. */
  get newestAt(): string {
    return newestOf(this.server.rows);
  }

  undo(): void {
    this.pending.undo();
  }

  /** Sends what is held back, for a window that ends. */
  flush(): Promise<void> {
    return this.pending.flush();
  }

  /** Whether the server has said how many there are. */
  get isCounted(): boolean {
    return this.seenAt !== undefined;
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }

  /** Another account has notifications of its own; what was held of the one before waits until it is back. */
  private async follow(): Promise<void> {
    const { account } = this.session;
    const isExpired = this.session.state.kind === 'expired';
    if (account?.id !== this.accountId || isExpired) {
      this.latest.next();
      // Another window signs accounts out as well.
      if (account === undefined && this.accountId !== undefined) this.pending.forget(this.accountId);
      this.accountId = account?.id;
      this.server = { rows: [], unread: 0 };
      this.seenAt = undefined;
      this.more = false;
      this.unreadIsExact = true;
      if (!isExpired) void this.pending.flush();
    }
    this.setState(loadStateOf(this.session.state));
    if (this.session.service === undefined) return this.poller.reconsider();
    await this.refresh();
    this.resume();
  }

  private async poll(): Promise<void> {
    const { state, newestAt } = this;
    await this.read(true);
    this.resume();
    if (state.kind !== 'ready') return;
    const arrived = this.list.rows.filter((row) => !row.is_read && (row.created_at ?? '') > newestAt);
    if (arrived.length > 0) this.didArrive.fire(arrived);
  }

  /** @throws ApiError after it has become the model's state. */
  private async read(isBackground = false): Promise<boolean> {
    // Whoever has asked for more is to get it.
    await this.loadingMore?.catch(() => undefined);
    const { service } = this.session;
    const signal = this.latest.next();
    if (service === undefined) return false;
    try {
      const limit = Math.min(maxPageSize, Math.max(pageSize, this.server.rows.length));
      const page = await service.listNotifications({ limit, signal, isBackground });
      this.more = page.hasMore;
      this.seenAt = new Date();
      this.setServerList(page.items, page.unreadCount);
      this.setState({ kind: 'ready' });
      const { mirror } = service;
      if (mirror !== undefined)
        void (await import('../api/mirror/keptNotifications.ts')).keepNotifications(mirror, page);
      return true;
    } catch (error) {
      if (!isCancelled(error)) {
        this.log.warn(`notifications: ${logText(error)}`);
        if (isUnreachable(error)) await this.useKept(service, signal);
        // Somebody else's, or nobody's, by now.
        if (signal.aborted || this.session.service !== service) throw error;
        this.setState({ kind: 'failed', error });
      }
      throw error;
    }
  }

  /** Shows what this machine knows of before this window, until the server answers. */
  private async useKept(service: ContactService, signal: AbortSignal): Promise<void> {
    const { mirror } = service;
    if (mirror === undefined || this.server.rows.length > 0) return;
    const kept = await (await import('../api/mirror/keptNotifications.ts')).keptNotifications(mirror);
    if (kept === undefined || signal.aborted || this.session.service !== service) return;
    this.more = kept.hasMore;
    this.seenAt = kept.asOf;
    this.setServerList(kept.rows, kept.unreadCount);
  }

  private setServerList(rows: readonly Notification[], unreadInAll: number | undefined): void {
    this.unreadIsExact = unreadInAll !== undefined || !this.more;
    this.server = { rows, unread: unreadInAll ?? rows.filter((row) => !row.is_read).length };
  }

  private async sent({ accountId, change }: PendingChange): Promise<void> {
    const isShown = accountId === this.session.account?.id;
    // The server has it, whether or not it says so now.
    if (isShown && !(await this.refresh())) this.server = withChanges(this.server, [change]);
    this.didSend.fire();
  }

  private refused({ accountId, change, isAfterCountdown }: PendingChange, error: unknown): void {
    const again = (isCountedDown: boolean): void => {
      if (accountId === this.session.account?.id) this.change(change, isCountedDown);
    };
    void reportError(refusalOf(change, error), this.log, again, isAfterCountdown);
    if (accountId === this.session.account?.id) void this.refresh(true);
  }

  /** Sends what windows left that ended before they could, and what a change of the account has broken off. */
  private resume(): void {
    const { service, account } = this.session;
    if (service === undefined || account === undefined) return;
    this.pending.resume(account.id, service, this.journal.takeOver(account.id, abandonedMs));
  }

  private setState(state: LoadState): void {
    this.loadState = state;
    this.list = withChanges(this.server, this.pending.of(this.session.account?.id));
    this.didChange.fire();
  }
}

/** The contract has no way to mark one unread, and the hosted gateway none either. */
function refusalOf(change: NotificationChange, error: unknown): unknown {
  return change.action === 'unread' && isMissingRoute(error)
    ? new UserError(vscode.l10n.t('This server cannot mark notifications as unread.'))
    : error;
}
