import * as vscode from 'vscode';
import { registerCommand } from '../platform/commands.ts';
import type { Log } from '../platform/log.ts';
import type { Session } from '../session/session.ts';
import type { NotificationsModel } from './notificationsModel.ts';
import { NotificationsTree } from './notificationsTree.ts';
import { unreadMarks } from './notificationItem.ts';
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
    const { confirmDismissal } = await import('./questions.ts');
    // Captured now, so that neither notifications that arrive while the question is open nor those of another account
    // are dismissed.
    const upTo = model.newestAt;
    const accountId = session.account?.id;
    const counted = await model.countOf(type);
    if (counted.matching === 0 || !(await confirmDismissal(type, counted.matching))) return;
    if (session.account?.id !== accountId) return;
    model.change({ action: 'dismiss', upTo: upTo || counted.newestAt, type, unread: counted.unread });
  };
  return vscode.Disposable.from(
    tree,
    otherWindows,
    new UnreadStatus(session, model),
    vscode.window.registerFileDecorationProvider(unreadMarks),
    otherWindows.onDidChange(() => void model.refresh()),
    model.onDidSend(() => void otherWindows.tell()),
    model.onDidArrive(async (arrived) => {
      if (shouldAnnounceNew() && vscode.window.state.focused)
        await (await import('./questions.ts')).announceNew(arrived);
    }),
    registerCommand('contactLookup.openNotification', log, async (argument) => {
      const notification = model.find(idIn(argument) ?? '');
      if (notification === undefined || session.service === undefined) return;
      if (!notification.is_read) model.change({ action: 'read', ids: [notification.id] });
      const { openNotification } = await import('./openNotification.ts');
      await openNotification(session.service, notification);
    }),
    registerCommand('contactLookup.markNotificationRead', log, (argument, selected) => {
      const ids = idsIn(argument, selected).filter((id) => model.find(id)?.is_read === false);
      model.change({ action: 'read', ids });
    }),
    registerCommand('contactLookup.markNotificationUnread', log, (argument, selected) => {
      const ids = idsIn(argument, selected).filter((id) => model.find(id)?.is_read === true);
      model.change({ action: 'unread', ids });
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
      const type =
        typeof group === 'string' ? tree.typeOf(group) : await (await import('./questions.ts')).askKind(model);
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
