import * as vscode from 'vscode';
import type { Log } from '../platform/log.ts';
import { registerCommand } from '../platform/commands.ts';
import { displayText } from '../platform/displayText.ts';
import type { Session } from '../session/session.ts';
import { notificationKind } from './notificationKind.ts';
import type { NotificationsModel } from './notificationsModel.ts';
import { NotificationsTree } from './notificationsTree.ts';
import { UnreadStatus } from './statusBar.ts';

/** The tree of notifications, the unread count, and what can be done with them. */
export function register(session: Session, model: NotificationsModel, log: Log): vscode.Disposable {
  return vscode.Disposable.from(
    new NotificationsTree(model),
    new UnreadStatus(session, model),
    registerCommand('contactLookup.openNotification', log, async (given) => {
      const notification = model.find(notificationIdIn(given) ?? '');
      if (notification === undefined) return;
      if (!notification.is_read) await model.markRead([notification.id]);
      const title = notification.title ?? notificationKind(notification.type).name;
      const text = [title, notification.content].filter((part) => part !== undefined).join(' — ');
      void vscode.window.showInformationMessage(displayText(text, 'message'));
    }),
    registerCommand('contactLookup.markNotificationRead', log, async (given) => {
      const id = notificationIdIn(given);
      if (id !== undefined) await model.markRead([id]);
    }),
    registerCommand('contactLookup.markAllNotificationsRead', log, () => model.markAllRead()),
    registerCommand('contactLookup.dismissNotification', log, async (given) => {
      const id = notificationIdIn(given);
      if (id !== undefined) await model.dismiss(id);
    }),
    registerCommand('contactLookup.dismissAllNotifications', log, async () => {
      const dismiss = vscode.l10n.t('Dismiss All');
      const picked = await vscode.window.showWarningMessage(
        vscode.l10n.t('Dismiss all notifications?'),
        { modal: true, detail: vscode.l10n.t('They are removed from the server and cannot be brought back.') },
        dismiss,
      );
      if (picked === dismiss) await model.dismissAll();
    }),
    registerCommand('contactLookup.loadMoreNotifications', log, () => model.loadMore()),
  );
}

/** Anybody can run a command with anything. */
function notificationIdIn(given: unknown): string | undefined {
  const id = (given as { notificationId?: unknown } | null | undefined)?.notificationId;
  return typeof id === 'string' ? id : undefined;
}
