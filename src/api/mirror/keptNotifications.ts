import { isUnreachable } from '../apiError.ts';
import type { ContactService } from '../contactService.ts';
import type { Mirror } from './mirror.ts';
import type { NotificationListing } from '../notificationCalls.ts';
import type { Notification, NotificationPage } from '../decode/notification.ts';

const name = 'notifications';
/** As many as anybody scrolls through without a connection. */
const maxKept = 200;

/** The last notifications that are known, as they are kept on this machine. */
export interface KeptNotifications {
  rows: readonly Notification[];
  unreadCount: number | undefined;
  asOf: Date;
}

/** Of each mirror, what is kept, as JSON: most polls bring nothing new. */
const keptLast = new WeakMap<Mirror, string>();

export async function keepNotifications(mirror: Mirror, { items, unreadCount }: NotificationPage): Promise<void> {
  const value = { rows: items.slice(0, maxKept), unreadCount };
  const text = JSON.stringify(value);
  if (keptLast.get(mirror) === text) return;
  keptLast.set(mirror, text);
  await mirror.keep('', name, value);
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
    return { items: kept.rows, hasMore: false, asOf: kept.asOf.toISOString() };
  }
}
