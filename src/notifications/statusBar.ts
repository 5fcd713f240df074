import * as vscode from 'vscode';
import type { Session } from '../session/session.ts';
import type { NotificationsModel } from './notificationsModel.ts';

/** The unread count in the status bar; hidden while signed out, and made when there is a first one to show. */
export class UnreadStatus implements vscode.Disposable {
  private item: vscode.StatusBarItem | undefined;
  private readonly listeners: vscode.Disposable;

  constructor(session: Session, model: NotificationsModel) {
    const render = (): void => {
      if (session.state.kind === 'ready') this.show(model);
      else this.item?.hide();
    };
    this.listeners = vscode.Disposable.from(session.onDidChange(render), model.onDidChange(render));
  }

  dispose(): void {
    this.listeners.dispose();
    this.item?.dispose();
  }

  private show({ unreadText, unreadCount }: NotificationsModel): void {
    this.item ??= createItem();
    this.item.text = `${unreadCount > 0 ? '$(bell-dot)' : '$(bell)'} ${unreadText}`;
    this.item.tooltip = vscode.l10n.t('Contacts: {0} unread notifications', unreadText);
    this.item.accessibilityInformation = { label: this.item.tooltip };
    this.item.show();
  }
}

function createItem(): vscode.StatusBarItem {
  const item = vscode.window.createStatusBarItem('contactLookup.unread', vscode.StatusBarAlignment.Right, 50);
  item.name = vscode.l10n.t('Unread Contact Notifications');
  item.command = 'contactLookup.notifications.focus';
  return item;
}
