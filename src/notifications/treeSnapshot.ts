import { dayOf, unreadIn, type Grouping, type NotificationGroup } from './notificationGroups.ts';

/** What one drawing of the tree shows. Two rows of the same text look the same. */
export interface TreeSnapshot {
  /** The top-level rows, and everything that affects how all rows are rendered. */
  frame: string;
  groups: ReadonlyMap<string, string>;
  notifications: ReadonlyMap<string, string>;
}

/** Snapshots the tree as texts, so that two renderings can be compared. */
export function takeSnapshot(
  groups: readonly NotificationGroup[],
  by: Grouping,
  hasMore: boolean,
  now = new Date(),
): TreeSnapshot {
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
 * The keys of the groups and the ids of the notifications that look different from `before`; `undefined` if everything
 * does. Redraws as little as possible: a click on a row that is being redrawn is lost, and VS Code redraws a group
 * together with all its children.
 */
export function changedRows(
  before: TreeSnapshot | undefined,
  after: TreeSnapshot,
): { groups: string[]; notifications: string[] } | undefined {
  if (before?.frame !== after.frame) return undefined;
  return {
    groups: differing(before.groups, after.groups),
    notifications: differing(before.notifications, after.notifications),
  };
}

const differing = (old: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): string[] =>
  [...now].filter(([key, text]) => old.get(key) !== text).map(([key]) => key);
