import type { Mirror } from '../api/mirror/mirror.ts';
import type { Notification, NotificationPage } from '../api/decode/notification.ts';

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
