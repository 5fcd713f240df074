import { isUnreachable } from '../apiError.ts';
import type { ContactService } from '../contactService.ts';
import type { Mirror } from './mirror.ts';
import type { NotificationListing } from '../notificationCalls.ts';
import type { Notification, NotificationPage } from '../decode/notification.ts';

/** With the number of its form. */
const name = 'notifications 1';
/** As many as anybody scrolls through without a connection. */
const maxKept = 200;

/** The last notifications that are known, as they are kept on this machine. */
export interface KeptNotifications {
  rows: readonly Notification[];
  unreadCount: number | undefined;
  hasMore: boolean;
  asOf: Date;
}

/** What has not changed is kept again after so long, with its new time. */
const againMs = 5 * 60_000;
/** Of each mirror, what is kept, as JSON, and since when: most polls bring nothing new. */
const keptLast = new WeakMap<Mirror, { text: string; at: number }>();

export async function keepNotifications(mirror: Mirror, page: NotificationPage): Promise<void> {
  const { items, unreadCount, hasMore } = page;
  const value = { rows: items.slice(0, maxKept), unreadCount, hasMore: hasMore || items.length > maxKept };
  const text = JSON.stringify(value);
  const last = keptLast.get(mirror);
  if (last?.text === text && performance.now() - last.at < againMs) return;
  await mirror.keep('', name, value);
  keptLast.set(mirror, { text, at: performance.now() });
}

export async function keptNotifications(mirror: Mirror): Promise<KeptNotifications | undefined> {
  const kept = await mirror.kept('', name);
  // It was put there by `keepNotifications`.
  return kept && { ...(kept.value as Omit<KeptNotifications, 'asOf'>), asOf: new Date(kept.keptAt) };
}

/** The newest notifications; where the server does not answer, those that it gave last, with when that was. */
export async function notificationsOrKept(
  service: ContactService,
  listing: NotificationListing,
): Promise<{ items: readonly Notification[]; hasMore: boolean; asOf?: string }> {
  try {
    return await service.listNotifications(listing);
  } catch (error) {
    const { mirror } = service;
    const kept = isUnreachable(error) && mirror !== undefined ? await keptNotifications(mirror) : undefined;
    if (kept === undefined) throw error;
    return { items: kept.rows, hasMore: kept.hasMore, asOf: kept.asOf.toISOString() };
  }
}
