import type { Notification } from '../api/decode/notification.ts';

/**
 * Something done to notifications: to some by their ids, or to all up to a moment, of one type or of any. `unread` is
 * how many of them were unread then, those included that are not loaded.
 */
export type NotificationChange =
  | { action: 'read' | 'unread' | 'dismiss'; ids: readonly string[] }
  | { action: 'read' | 'dismiss'; upTo: string; type?: number | undefined; unread: number };

export interface NotificationList {
  rows: readonly Notification[];
  /** How many are unread in all. */
  unread: number;
}

/** The moment of the newest of `rows`; empty for none. */
export const newestOf = (rows: readonly Notification[]): string =>
  rows.map(({ created_at: at = '' }) => at).reduce((one, other) => (one > other ? one : other), '');

/** Whether a change is about a notification; what came after it is not touched by a change of all. */
export function concerns(change: NotificationChange, { id, type, created_at: at = '' }: Notification): boolean {
  if ('ids' in change) return change.ids.includes(id);
  return at <= change.upTo && (change.type === undefined || change.type === type);
}

/** What the list looks like with changes that the server does not have yet. */
export function withChanges(list: NotificationList, changes: readonly NotificationChange[]): NotificationList {
  return changes.reduce(withChange, list);
}

function withChange(list: NotificationList, change: NotificationChange): NotificationList {
  const { rows, unread } = list;
  if (change.action === 'unread') return withUnread(list, change.ids);
  const changed = rows.filter((row) => concerns(change, row));
  const unreadHere = changed.filter((row) => !row.is_read).length;
  const fewer = 'ids' in change ? unreadHere : Math.max(unreadHere, change.unread);
  return {
    rows:
      change.action === 'dismiss'
        ? rows.filter((row) => !concerns(change, row))
        : rows.map((row) => (concerns(change, row) && !row.is_read ? { ...row, is_read: true } : row)),
    unread: Math.max(0, unread - fewer),
  };
}

function withUnread({ rows, unread }: NotificationList, ids: readonly string[]): NotificationList {
  const isChanged = (row: Notification): boolean => row.is_read && ids.includes(row.id);
  return {
    rows: rows.map((row) => (isChanged(row) ? { ...row, is_read: false } : row)),
    unread: unread + rows.filter(isChanged).length,
  };
}
