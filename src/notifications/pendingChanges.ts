import { isApiError, isCancelled } from '../api/apiError.ts';
import type { ContactService } from '../api/contactService.ts';
import type { NotificationChange } from './notificationChanges.ts';
import type { JournalEntry } from './pendingChangesJournal.ts';

/** How long a change can be taken back. */
export const undoMs = 6_000;

export interface PendingChange extends JournalEntry {
  service: ContactService;
  /** It was refused once, and is made again after a countdown. */
  isAfterCountdown?: boolean;
}

export interface PendingChangesOptions {
  /** Keeps what is held where it outlives this window. */
  keep: (entries: readonly JournalEntry[]) => void;
  /** The set of pending changes has changed. */
  onChange: () => void;
  /** The server has taken a change; it stays held until this is done. */
  onSent: (pending: PendingChange) => Promise<void>;
  /** The server has not taken a change, which is held no longer. */
  onRefused: (pending: PendingChange, error: unknown) => void;
}

/** Holds each change back for as long as it can be undone, then sends it; one after the other, in their order. */
export class PendingChanges {
  private readonly options: PendingChangesOptions;
  private readonly timers = new Map<PendingChange, NodeJS.Timeout>();
  /** Held, and of those the ones under way, in the order in which they were made. */
  private pending: readonly PendingChange[] = [];
  /** Interrupted when their connection was closed or their sign-in had expired; sent once their account is active again. */
  private parked: readonly JournalEntry[] = [];
  private sending: Promise<void> = Promise.resolve();

  constructor(options: PendingChangesOptions) {
    this.options = options;
  }

  /** What the server of an account does not have yet. */
  of(accountId: string | undefined): NotificationChange[] {
    return [...this.parked, ...this.pending].filter((each) => each.accountId === accountId).map(({ change }) => change);
  }

  /** The change that an undo would take back. */
  get undoable(): PendingChange | undefined {
    return this.pending.findLast((each) => this.timers.has(each));
  }

  add(pending: PendingChange): void {
    this.pending = [...this.pending, pending];
    this.timers.set(
      pending,
      setTimeout(() => void this.send(pending), undoMs),
    );
    this.changed();
  }

  /** Sends, without waiting, what was held back for an account before. */
  resume(accountId: string, service: ContactService, changes: readonly NotificationChange[] = []): void {
    const mine = this.parked.filter((each) => each.accountId === accountId).map(({ change }) => change);
    this.parked = this.parked.filter((each) => each.accountId !== accountId);
    for (const change of [...mine, ...changes]) {
      const pending = { accountId, change, service };
      this.pending = [...this.pending, pending];
      void this.send(pending);
    }
  }

  /** Drops what is held back of an account that was signed out. */
  forget(accountId: string): void {
    for (const pending of this.timers.keys()) if (pending.accountId === accountId) this.stopTimer(pending);
    this.pending = this.pending.filter((each) => each.accountId !== accountId);
    this.parked = this.parked.filter((each) => each.accountId !== accountId);
    this.changed();
  }

  /** Takes back the latest change; does nothing where all are sent. */
  undo(): void {
    const pending = this.undoable;
    if (pending === undefined) return;
    this.stopTimer(pending);
    this.drop(pending);
  }

  /** Sends all at once. Settles when they are sent or refused. */
  async flush(): Promise<void> {
    await Promise.all([...this.timers.keys()].map((pending) => this.send(pending)));
    await this.sending;
  }

  private send(pending: PendingChange): Promise<void> {
    this.stopTimer(pending);
    this.changed();
    this.sending = this.sending.then(async () => {
      try {
        const { sendChange } = await import('./sendChange.ts');
        await sendChange(pending.service, pending.change);
      } catch (error) {
        // It is sent again with the next connection or sign-in.
        const isInterrupted = isCancelled(error) || (isApiError(error) && error.kind === 'auth');
        if (isInterrupted) this.parked = [...this.parked, { accountId: pending.accountId, change: pending.change }];
        this.drop(pending);
        if (!isInterrupted) this.options.onRefused(pending, error);
        return;
      }
      this.keep(this.pending.filter((each) => each !== pending));
      await this.options.onSent(pending);
      this.drop(pending);
    });
    return this.sending;
  }

  private stopTimer(pending: PendingChange): void {
    clearTimeout(this.timers.get(pending));
    this.timers.delete(pending);
  }

  private drop(pending: PendingChange): void {
    this.pending = this.pending.filter((each) => each !== pending);
    this.changed();
  }

  private changed(): void {
    this.keep(this.pending);
    this.options.onChange();
  }

  /** The service, which has the credential, is not kept. */
  private keep(pending: readonly PendingChange[]): void {
    this.options.keep([...this.parked, ...pending].map(({ accountId, change }) => ({ accountId, change })));
  }
}
