import * as vscode from 'vscode';
import type { Notification } from '../api/decode/notification.ts';
import { channelName } from '../platform/channelText.ts';
import type { CommandId } from '../platform/commands.ts';
import { displayLines, displayTerm, displayText } from '../platform/displayText.ts';
import { dayOf, type Grouping } from './notificationGroups.ts';
import { notificationKind } from './notificationKind.ts';
import type { NotificationRow } from './notificationsTree.ts';

const scheme = 'contact-lookup-notification';
const unread = 'unread';
const unreadColor = (): vscode.ThemeColor => new vscode.ThemeColor('notificationsInfoIcon.foreground');

/** Marks unread rows with a dot as well as a color, because not everybody can see the color. */
export const unreadMarks: vscode.FileDecorationProvider = {
  provideFileDecoration: (uri) =>
    uri.scheme === scheme && uri.query === unread
      ? { badge: '●', tooltip: vscode.l10n.t('Unread'), color: unreadColor() }
      : undefined,
};

/**
 * Who waits, where the title is a conversation's name: `UNK#FR3184@16 Sep 2025` is the visitor and the day (contract,
 * section 6), and comes from the team.
 */
const visitorIn = (title: string | undefined): string | undefined =>
  /^(.{1,200})@\d{1,2} [A-Za-z]{3,9} \d{4}$/.exec(title ?? '')?.[1];

const shownText = (text = ''): string => displayText(text, 'description');

/** The row of a notification: who it is from, what it is unless its group says so, what it says, and when. */
export function notificationItem(notification: Notification, row: NotificationRow, by: Grouping): vscode.TreeItem {
  const kind = notificationKind(notification.type);
  const { from, channel_type: channel, created_at: at, content } = notification;
  const visitor = visitorIn(notification.title);
  const title = visitor === undefined ? (notification.title ?? kind.name) : kind.name;
  const about = visitor ?? notification.contact?.display_name;
  const team = about === undefined ? undefined : from?.display_name;
  const who = about ?? from?.display_name;
  const label = who === undefined && title === kind.name ? title : displayText(who ?? title, 'label');
  const item = new vscode.TreeItem(label);
  item.id = notification.id;
  const isSaid = who === undefined || (by === 'kind' && title === kind.name);
  const when = timeText(at, by === 'day');
  const where = channelName(channel);
  const said = isSaid ? undefined : title === kind.name ? title : shownText(title);
  // A list of visitors differs in when they came; what it is about is the same in each row.
  const parts =
    visitor === undefined
      ? [said, shownText(content), where, when, shownText(team)]
      : [when, shownText(content), where, shownText(team), said];
  item.description = displayTerm(parts.filter(Boolean).join(' · '), 'description');
  item.iconPath = new vscode.ThemeIcon(kind.icon, notification.is_read ? undefined : unreadColor());
  item.contextValue = notification.is_read ? 'notification.read' : 'notification.unread';
  item.resourceUri = vscode.Uri.from({
    scheme,
    path: `/${notification.id}`,
    query: notification.is_read ? '' : unread,
  });
  const state = notification.is_read ? vscode.l10n.t('read') : vscode.l10n.t('unread');
  item.accessibilityInformation = { label: [label, item.description, state].filter(Boolean).join(', ') };
  item.tooltip = tooltip(notification, kind.name);
  item.command = { command: 'contactLookup.openNotification' satisfies CommandId, title: '', arguments: [row] };
  return item;
}

/** A day as people call it. @param day as `YYYY-MM-DD`; empty for none. */
export function groupName(day: string): string {
  const now = Date.now();
  if (day === '') return vscode.l10n.t('Without a date');
  if (day === dayOf(new Date(now).toISOString())) return vscode.l10n.t('Today');
  const yesterday = new Date(now);
  yesterday.setDate(yesterday.getDate() - 1);
  if (day === dayOf(yesterday.toISOString())) return vscode.l10n.t('Yesterday');
  // Noon, so that no time zone makes another day of it.
  return new Date(`${day}T12:00:00`).toLocaleDateString(vscode.env.language, { dateStyle: 'full' });
}

/** @param isDayKnown whether the group says which day. */
function timeText(at: string | undefined, isDayKnown: boolean): string | undefined {
  const time = new Date(at ?? NaN);
  if (Number.isNaN(time.getTime())) return undefined;
  const clock = { hour: '2-digit', minute: '2-digit' } as const;
  return isDayKnown || dayOf(at) === dayOf(new Date().toISOString())
    ? time.toLocaleTimeString(vscode.env.language, clock)
    : time.toLocaleString(vscode.env.language, { month: 'short', day: 'numeric', ...clock });
}

/** Plain text: a markdown tooltip would load pictures that a notification asks for. */
function tooltip(notification: Notification, kindName: string): string {
  const time = notification.created_at === undefined ? NaN : Date.parse(notification.created_at);
  const { title, content, contact, from } = notification;
  const lines = [
    title === undefined ? kindName : displayText(title, 'message'),
    ...[content, contact?.display_name, from?.display_name].map((text) => text && displayText(text, 'message')),
    channelName(notification.channel_type),
    Number.isNaN(time) ? undefined : new Date(time).toLocaleString(vscode.env.language),
  ];
  return displayLines(
    lines
      .filter((line) => line !== undefined)
      .map((line) => displayTerm(line, 'message'))
      .join('\n'),
    'tooltip',
    displayTerm,
  );
}
