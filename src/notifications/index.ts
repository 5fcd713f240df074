import * as vscode from 'vscode';
import type { Notification } from '../api/decode/notification.ts';
import { registerCommand, runCommand } from '../platform/commands.ts';
import { displayText } from '../platform/displayText.ts';
import type { Log } from '../platform/log.ts';
import type { Session } from '../session/session.ts';
import { notificationKind } from './notificationKind.ts';
import type { NotificationsModel } from './notificationsModel.ts';
import { NotificationsTree } from './notificationsTree.ts';
import { unreadMarks } from './notificationItem.ts';
import { openNotification } from './openNotification.ts';
import { OtherWindows } from './otherWindows.ts';
import { shouldAnnounceNew } from './settings.ts';
import { UnreadStatus } from './statusBar.ts';

export interface NotificationsServices {
  session: Session;
  model: NotificationsModel;
  log: Log;
  /** Keeps how the tree is grouped and filtered. */
  globalState: vscode.Memento;
  /** All windows of the user have this folder. */
  globalStorageUri: vscode.Uri;
}

/** The tree of notifications, the unread count, and what can be done with them. */
export function register(services: NotificationsServices): vscode.Disposable {
  const { session, model, log } = services;
  const tree = new NotificationsTree(model, services.globalState);
  const otherWindows = new OtherWindows(services.globalStorageUri);
  const dismissAllOf = async (type: number | undefined): Promise<void> => {
    // Captured now, so that neither notifications that arrive while the question is open nor those of another account
    // are dismissed.
    const upTo = model.newestAt;
    const accountId = session.account?.id;
    const counted = await model.countOf(type);
    if (counted.matching === 0 || !(await confirmDismissal(type, counted.matching))) return;
    if (session.account?.id === accountId) model.change({ action: 'dismiss', upTo, type, unread: counted.unread });
  };
  return vscode.Disposable.from(
    tree,
    otherWindows,
    new UnreadStatus(session, model),
    vscode.window.registerFileDecorationProvider(unreadMarks),
    otherWindows.onDidChange(() => void model.refresh()),
    model.onDidSend(() => void otherWindows.tell()),
    model.onDidArrive((arrived) => void announceNew(arrived)),
    registerCommand('contactLookup.openNotification', log, async (argument) => {
      const notification = model.find(idIn(argument) ?? '');
      if (notification === undefined || session.service === undefined) return;
      if (!notification.is_read) model.change({ action: 'read', ids: [notification.id] });
      await openNotification(session.service, notification);
    }),
    registerCommand('contactLookup.markNotificationRead', log, (argument, selected) => {
      const ids = idsIn(argument, selected).filter((id) => model.find(id)?.is_read === false);
      model.change({ action: 'read', ids });
    }),
    registerCommand('contactLookup.markAllNotificationsRead', log, () => {
      const unread = model.unreadCount;
      if (unread > 0) model.change({ action: 'read', upTo: model.newestAt, unread });
    }),
    registerCommand('contactLookup.dismissNotification', log, (argument, selected) =>
      model.change({ action: 'dismiss', ids: idsIn(argument, selected).filter((id) => model.find(id) !== undefined) }),
    ),
    registerCommand('contactLookup.dismissAllNotifications', log, () => dismissAllOf(undefined)),
    registerCommand('contactLookup.dismissNotificationsOfKind', log, async (argument) => {
      const group = (argument as { group?: unknown } | undefined)?.group;
      const type = typeof group === 'string' ? tree.typeOf(group) : await askKind(model);
      if (type !== undefined) await dismissAllOf(type);
    }),
    registerCommand('contactLookup.undoNotificationChange', log, () => model.undo()),
    registerCommand('contactLookup.showUnreadOnly', log, () => tree.show({ unreadOnly: true })),
    registerCommand('contactLookup.showReadToo', log, () => tree.show({ unreadOnly: false })),
    registerCommand('contactLookup.groupByDay', log, () => tree.show({ by: 'day' })),
    registerCommand('contactLookup.groupByKind', log, () => tree.show({ by: 'kind' })),
    registerCommand('contactLookup.loadMoreNotifications', log, () => model.loadMore()),
  );
}

async function confirmDismissal(type: number | undefined, count: number): Promise<boolean> {
  const dismiss = vscode.l10n.t('Dismiss All');
  const picked = await vscode.window.showWarningMessage(
    type === undefined
      ? vscode.l10n.t('Dismiss all {0} notifications?', count)
      : vscode.l10n.t('Dismiss all {0} notifications “{1}”?', count, notificationKind(type).name),
    { modal: true, detail: vscode.l10n.t('This can be undone for 6 seconds; then they are removed from the server.') },
    dismiss,
  );
  return picked === dismiss;
}

/** One of the kinds that are loaded. */
async function askKind(model: NotificationsModel): Promise<number | undefined> {
  const types = new Set(model.notifications.map(({ type }) => type).filter((type) => type !== undefined));
  const items = [...types].map((type) => {
    const { name, icon } = notificationKind(type);
    return { label: name, iconPath: new vscode.ThemeIcon(icon), type };
  });
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Dismiss All of a Kind'),
    placeHolder: vscode.l10n.t('Which kind of notifications?'),
  });
  return picked?.type;
}

/** One message, however many came; VS Code keeps it back while the user does not want to be disturbed. */
async function announceNew(arrived: readonly Notification[]): Promise<void> {
  const [first] = arrived;
  if (first === undefined || !shouldAnnounceNew() || !vscode.window.state.focused) return;
  const show = vscode.l10n.t('Show');
  const only = [first.title ?? notificationKind(first.type).name, first.from?.display_name].filter(Boolean).join(' · ');
  const text =
    arrived.length === 1
      ? displayText(only, 'message')
      : vscode.l10n.t('{0} new notifications of your contacts', arrived.length);
  const picked = await vscode.window.showInformationMessage(text, show);
  if (picked !== show) return;
  if (arrived.length === 1) await runCommand('contactLookup.openNotification', { notificationId: first.id });
  else await vscode.commands.executeCommand('contactLookup.notifications.focus');
}

/** Anybody can run a command with anything. */
function idIn(argument: unknown): string | undefined {
  const id = (argument as { notificationId?: unknown } | null | undefined)?.notificationId;
  return typeof id === 'string' ? id : undefined;
}

/** A row's context menu also gives all rows that are selected. */
function idsIn(argument: unknown, selected: unknown): string[] {
  const rows = Array.isArray(selected) && selected.length > 0 ? (selected as unknown[]) : [argument];
  return rows.map(idIn).filter((id) => id !== undefined);
}
