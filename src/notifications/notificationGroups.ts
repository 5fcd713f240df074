import type { Notification } from '../api/decode/notification.ts';

export const groupings = ['day', 'kind'] as const;
export type Grouping = (typeof groupings)[number];

/** Notifications of one day or of one kind. */
export interface NotificationGroup {
  /** The day as `YYYY-MM-DD` in local time, empty where it is not known; or the type's number. */
  key: string;
  notifications: readonly Notification[];
}

/** How many of a group are unread. */
export const unreadIn = (notifications: readonly Notification[]): number =>
  notifications.filter(({ is_read: isRead }) => !isRead).length;

/** Local day of a moment, as `YYYY-MM-DD`; empty for what is none. */
export function dayOf(at: string | undefined): string {
  const time = new Date(at ?? NaN);
  if (Number.isNaN(time.getTime())) return '';
  return `${time.getFullYear()}-${twoDigits(time.getMonth() + 1)}-${twoDigits(time.getDate())}`;
}

const twoDigits = (value: number): string => String(value).padStart(2, '0');

/**
 * The groups in the order of their first notification, newest first; in each the unread ones come first.
 * @param pinnedIds ids of those that keep the place of an unread one, whatever they are by now.
 */
export function grouped(
  notifications: readonly Notification[],
  by: Grouping,
  pinnedIds: ReadonlySet<string> = new Set(),
): NotificationGroup[] {
  const isLast = ({ id, is_read: isRead }: Notification): boolean => isRead && !pinnedIds.has(id);
  const groups = new Map<string, Notification[]>();
  for (const notification of notifications) {
    const key = by === 'day' ? dayOf(notification.created_at) : String(notification.type ?? '');
    const group = groups.get(key) ?? [];
    group.push(notification);
    groups.set(key, group);
  }
  return [...groups].map(([key, members]) => ({
    key,
    notifications: members.toSorted((one, other) => Number(isLast(one)) - Number(isLast(other))),
  }));
}
