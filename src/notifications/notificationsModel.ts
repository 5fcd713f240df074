import * as vscode from 'vscode';
import type { Log } from '../platform/log.ts';
import { isCancelled } from '../api/apiError.ts';
import type { Notification } from '../api/decode/notification.ts';
import { LatestOnly } from '../platform/cancellation.ts';
import { logText } from '../platform/errorReport.ts';
import type { LoadState } from '../platform/loadState.ts';
import type { Session } from '../session/session.ts';

const pageSize = 50;
const maxPageSize = 500;
const pollMs = 60_000;
const maxPollMs = 5 * 60_000;

/** The notifications that are loaded, newest first, and the one count of what is unread. */
export class NotificationsModel implements vscode.Disposable {
  private readonly session: Session;
  private readonly log: Log;
  private readonly latest = new LatestOnly();
  private readonly didChange = new vscode.EventEmitter<void>();
  readonly onDidChange = this.didChange.event;
  private readonly disposables: vscode.Disposable[] = [];
  private rows: readonly Notification[] = [];
  private loadState: LoadState = { kind: 'loading' };
  private more = false;
  private unread = 0;
  private unreadIsExact = true;
  private timer: NodeJS.Timeout | undefined;
  private pollDelay = pollMs;

  constructor(session: Session, log: Log) {
    this.session = session;
    this.log = log;
    this.disposables.push(
      this.latest,
      this.didChange,
      session.onDidChange(() => void this.load()),
      vscode.window.onDidChangeWindowState(({ focused }) => {
        if (focused) void this.refresh();
      }),
    );
  }

  get notifications(): readonly Notification[] {
    return this.rows;
  }

  get state(): LoadState {
    return this.loadState;
  }

  get hasMore(): boolean {
    return this.more;
  }

  /** What is unread in all; with a plus sign where the server does not say and there may be more. */
  get unreadText(): string {
    // The first locale-aware number costs some 20 ms, which the start of VS Code is spared for a small one.
    const number = this.unread < 1000 ? String(this.unread) : this.unread.toLocaleString(vscode.env.language);
    return this.unreadIsExact ? number : `${number}+`;
  }

  get unreadCount(): number {
    return this.unread;
  }

  find(id: string): Notification | undefined {
    return this.rows.find((notification) => notification.id === id);
  }

  async load(): Promise<void> {
    this.rows = [];
    this.more = false;
    this.unread = 0;
    this.unreadIsExact = true;
    this.pollDelay = pollMs;
    this.become({ kind: 'loading' });
    await this.refresh();
  }

  /** Loads as many rows as are shown once more, and the count with them. */
  async refresh(): Promise<void> {
    clearTimeout(this.timer);
    const { service } = this.session;
    const signal = this.latest.next();
    if (service === undefined) return;
    try {
      const limit = Math.min(maxPageSize, Math.max(pageSize, this.rows.length));
      const page = await service.listNotifications({ limit, signal });
      this.rows = page.items;
      this.more = page.hasMore;
      this.count(page.unreadCount);
      this.pollDelay = pollMs;
      this.become({ kind: 'ready' });
    } catch (error) {
      if (isCancelled(error)) return this.pollLater();
      this.log.warn(`notifications: ${logText(error)}`);
      this.pollDelay = Math.min(this.pollDelay * 2, maxPollMs);
      this.become({ kind: 'failed', error });
    }
    this.pollLater();
  }

  async loadMore(): Promise<void> {
    const { service } = this.session;
    if (service === undefined) return;
    const signal = this.latest.next();
    const page = await service.listNotifications({ limit: pageSize, skip: this.rows.length, signal });
    const known = new Set(this.rows.map((row) => row.id));
    this.rows = [...this.rows, ...page.items.filter((row) => !known.has(row.id))];
    this.more = page.hasMore && this.rows.length > known.size;
    this.count(page.unreadCount);
    this.become({ kind: 'ready' });
  }

  async markRead(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await this.session.service?.markNotificationsRead(ids);
    const wanted = new Set(ids);
    this.rows = this.rows.map((row) => (wanted.has(row.id) ? { ...row, is_read: true } : row));
    await this.settle();
  }

  /** Those that are not loaded as well. */
  async markAllRead(): Promise<void> {
    const { service } = this.session;
    if (service === undefined) return;
    const ids: string[] = [];
    for (let skip = 0; ; skip += maxPageSize) {
      const page = await service.listNotifications({ limit: maxPageSize, skip });
      ids.push(...page.items.filter((row) => !row.is_read).map((row) => row.id));
      if (!page.hasMore || page.items.length === 0) break;
    }
    await this.markRead(ids);
  }

  async dismiss(id: string): Promise<void> {
    await this.session.service?.dismissNotification(id);
    this.rows = this.rows.filter((row) => row.id !== id);
    await this.settle();
  }

  async dismissAll(): Promise<void> {
    await this.session.service?.dismissAllNotifications();
    this.rows = [];
    await this.settle();
  }

  dispose(): void {
    clearTimeout(this.timer);
    vscode.Disposable.from(...this.disposables).dispose();
  }

  /** Shows a change at once and then what the server counts, which alone is right. */
  private async settle(): Promise<void> {
    this.become(this.loadState);
    await this.refresh();
  }

  private pollLater(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.poll(), this.pollDelay);
  }

  private async poll(): Promise<void> {
    // Nobody is looking: the window asks again when it gets the focus.
    if (vscode.window.state.focused) await this.refresh();
  }

  private count(unreadInAll: number | undefined): void {
    this.unreadIsExact = unreadInAll !== undefined || !this.more;
    this.unread = unreadInAll ?? this.rows.filter((row) => !row.is_read).length;
  }

  private become(state: LoadState): void {
    this.loadState = state;
    this.didChange.fire();
  }
}
