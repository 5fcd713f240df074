import * as vscode from 'vscode';
import type { CommandId } from '../platform/commands.ts';
import type { Session } from '../session/session.ts';
import { changeText } from './changeText.ts';
import type { NotificationsModel } from './notificationsModel.ts';

/**
 * The unread count in the status bar, and for as long as a change can be taken back, how. Hidden while signed out, and
 * made when there is a first count to show.
 */
export class UnreadStatus implements vscode.Disposable {
  private item: vscode.StatusBarItem | undefined;
  private readonly listeners: vscode.Disposable;

  constructor(session: Session, model: NotificationsModel) {
    const render = (): void => {
      if (session.state.kind === 'ready' && model.isCounted) this.show(model);
      else this.item?.hide();
    };
    this.listeners = vscode.Disposable.from(session.onDidChange(render), model.onDidChange(render));
  }

  dispose(): void {
    this.listeners.dispose();
    this.item?.dispose();
  }

  private show({ unreadText, unreadCount, undoable }: NotificationsModel): void {
    this.item ??= createItem();
    const count = `${unreadCount > 0 ? '$(bell-dot)' : '$(bell)'} ${unreadText}`;
    const unread = vscode.l10n.t('Contacts: {0} unread notifications', unreadText);
    if (undoable === undefined) {
      this.item.text = count;
      this.item.tooltip = unread;
      this.item.command = 'contactLookup.notifications.focus';
      this.item.accessibilityInformation = { label: unread };
    } else {
      const undo = vscode.l10n.t('Undo: {0}', changeText(undoable));
      this.item.text = `${count} $(discard) ${undo}`;
      this.item.tooltip = undo;
      this.item.command = 'contactLookup.undoNotificationChange' satisfies CommandId;
      this.item.accessibilityInformation = { label: `${unread}. ${undo}` };
    }
    this.item.show();
  }
}

function createItem(): vscode.StatusBarItem {
  const item = vscode.window.createStatusBarItem('contactLookup.unread', vscode.StatusBarAlignment.Right, 50);
  item.name = vscode.l10n.t('Unread Contact Notifications');
  return item;
}
