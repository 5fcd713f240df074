import { isApiError, isCancelled } from '../api/apiError.ts';
import type { ContactService } from '../api/contactService.ts';
import type { JournalEntry } from './heldJournal.ts';
import { concerns, type NotificationChange } from './notificationChanges.ts';

/** How long a change can be taken back. */
export const undoMs = 6_000;
const idsAtOnce = 500;

export interface HeldChange extends JournalEntry {
  service: ContactService;
  /** It was refused once, and is made again after a countdown. */
  isAfterCountdown?: boolean;
}

export interface HeldChangesOptions {
  /** Keeps what is held where it outlives this window. */
  keep: (entries: readonly JournalEntry[]) => void;
  /** What is held is another. */
  onChange: () => void;
  /** The server has taken a change; it stays held until this is done. */
  onSent: (held: HeldChange) => Promise<void>;
  /** The server has not taken a change, which is held no longer. */
  onRefused: (held: HeldChange, error: unknown) => void;
}

/** Holds each change back for as long as it can be undone, then sends it; one after the other, in their order. */
export class HeldChanges {
  private readonly options: HeldChangesOptions;
  private readonly timers = new Map<HeldChange, NodeJS.Timeout>();
  /** Held, and of those the ones under way, in the order in which they were made. */
  private held: readonly HeldChange[] = [];
  /** Broken off with the connection that they went over; for when their account is in use again. */
  private parked: readonly JournalEntry[] = [];
  private sending: Promise<void> = Promise.resolve();

  constructor(options: HeldChangesOptions) {
    this.options = options;
  }

  /** What the server of an account does not have yet. */
  of(accountId: string | undefined): NotificationChange[] {
    return [...this.parked, ...this.held].filter((each) => each.accountId === accountId).map(({ change }) => change);
  }

  /** The change that an undo would take back. */
  get undoable(): HeldChange | undefined {
    return this.held.findLast((each) => this.timers.has(each));
  }

  hold(held: HeldChange): void {
    this.held = [...this.held, held];
    this.timers.set(
      held,
      setTimeout(() => void this.send(held), undoMs),
    );
    this.changed();
  }

  /** Sends, without waiting, what was held back for an account before. */
  resume(accountId: string, service: ContactService, changes: readonly NotificationChange[] = []): void {
    const mine = this.parked.filter((each) => each.accountId === accountId).map(({ change }) => change);
    this.parked = this.parked.filter((each) => each.accountId !== accountId);
    for (const change of [...mine, ...changes]) {
      const held = { accountId, change, service };
      this.held = [...this.held, held];
      void this.send(held);
    }
  }

  /** Drops what is held back of an account that was signed out. */
  forget(accountId: string): void {
    for (const held of this.timers.keys()) if (held.accountId === accountId) this.stopTimer(held);
    this.held = this.held.filter((each) => each.accountId !== accountId);
    this.parked = this.parked.filter((each) => each.accountId !== accountId);
    this.changed();
  }

  /** Takes back the latest change; does nothing where all are sent. */
  undo(): void {
    const held = this.undoable;
    if (held === undefined) return;
    this.stopTimer(held);
    this.drop(held);
  }

  /** Sends all at once. Settles when they are sent or refused. */
  async flush(): Promise<void> {
    await Promise.all([...this.timers.keys()].map((held) => this.send(held)));
    await this.sending;
  }

  private send(held: HeldChange): Promise<void> {
    this.stopTimer(held);
    this.changed();
    this.sending = this.sending.then(async () => {
      try {
        await sendChange(held.service, held.change);
      } catch (error) {
        if (isCancelled(error)) this.parked = [...this.parked, { accountId: held.accountId, change: held.change }];
        this.drop(held);
        if (!isCancelled(error)) this.options.onRefused(held, error);
        return;
      }
      this.keep(this.held.filter((each) => each !== held));
      await this.options.onSent(held);
      this.drop(held);
    });
    return this.sending;
  }

  private stopTimer(held: HeldChange): void {
    clearTimeout(this.timers.get(held));
    this.timers.delete(held);
  }

  private drop(held: HeldChange): void {
    this.held = this.held.filter((each) => each !== held);
    this.changed();
  }

  private changed(): void {
    this.keep(this.held);
    this.options.onChange();
  }

  /** The service, which has the credential, is not kept. */
  private keep(held: readonly HeldChange[]): void {
    this.options.keep([...this.parked, ...held].map(({ accountId, change }) => ({ accountId, change })));
  }
}

/** Makes a change on the server. To dismiss what is gone is to have dismissed it. @throws ApiError */
export async function sendChange(service: ContactService, change: NotificationChange): Promise<void> {
  if ('ids' in change) {
    if (change.action === 'dismiss') {
      for (const id of change.ids) await dismiss(service, id);
      return;
    }
    await markRead(service, change.ids);
    return;
  }
  const { action, type } = change;
  if (action === 'dismiss') {
    const { items } = await service.listNotifications({ limit: 1, type });
    // One that came after the user had said all is not to be lost.
    const isAll = items.every((row) => concerns(change, row));
    if (isAll) return service.dismissAllNotifications(type === undefined ? {} : { type });
  }
  const ids: string[] = [];
  for await (const page of service.listNotificationsPages({ pageSize: idsAtOnce, type })) {
    const wanted = page.items.filter((row) => concerns(change, row) && (action === 'dismiss' || !row.is_read));
    ids.push(...wanted.map(({ id }) => id));
  }
  return sendChange(service, { action, ids });
}

async function markRead(service: ContactService, ids: readonly string[]): Promise<void> {
  for (let start = 0; start < ids.length; start += idsAtOnce) {
    await service.markNotificationsRead(ids.slice(start, start + idsAtOnce));
  }
}

async function dismiss(service: ContactService, id: string): Promise<void> {
  try {
    await service.dismissNotification(id);
  } catch (error) {
    if (!isApiError(error) || error.kind !== 'notFound') throw error;
  }
}
