import { dayOf, unreadIn, type Grouping, type NotificationGroup } from './notificationGroups.ts';

/** What one drawing of the tree shows. Two rows of the same text look the same. */
export interface Drawing {
  /** What stands in the first level, and what all rows are written by. */
  frame: string;
  groups: ReadonlyMap<string, string>;
  notifications: ReadonlyMap<string, string>;
}

export function drawingOf(
  groups: readonly NotificationGroup[],
  by: Grouping,
  hasMore: boolean,
  now = new Date(),
): Drawing {
  const texts = groups.map(
    ({ key, notifications }) =>
      [key, JSON.stringify([unreadIn(notifications), notifications.map(({ id }) => id)])] as const,
  );
  const members = groups.flatMap(({ notifications }) => notifications);
  return {
    // Another day has other names for days, and other times.
    frame: JSON.stringify([groups.map(({ key }) => key), hasMore, by, dayOf(now.toISOString())]),
    groups: new Map(texts),
    notifications: new Map(members.map((notification) => [notification.id, JSON.stringify(notification)])),
  };
}

/**
 * The keys of the groups and the ids of the notifications that look another way than `before`; `undefined` where
 * everything does. Whatever is drawn anew loses a press of the mouse that falls into it, so it is to be little: VS Code
 * draws a group together with all that stands in it.
 */
export function changedRows(
  before: Drawing | undefined,
  after: Drawing,
): { groups: string[]; notifications: string[] } | undefined {
  if (before?.frame !== after.frame) return undefined;
  return {
    groups: differing(before.groups, after.groups),
    notifications: differing(before.notifications, after.notifications),
  };
}

const differing = (old: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): string[] =>
  [...now].filter(([key, text]) => old.get(key) !== text).map(([key]) => key);
