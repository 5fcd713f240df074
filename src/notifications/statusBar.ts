import * as vscode from 'vscode';
import type { Session } from '../session/session.ts';
import type { NotificationsModel } from './notificationsModel.ts';

/** The unread count in the status bar; hidden while signed out. */
export class UnreadStatus implements vscode.Disposable {
  private readonly item: vscode.StatusBarItem;
  private readonly listeners: vscode.Disposable;

  constructor(session: Session, model: NotificationsModel) {
    this.item = vscode.window.createStatusBarItem('contactLookup.unread', vscode.StatusBarAlignment.Right, 50);
    this.item.name = vscode.l10n.t('Unread Contact Notifications');
    this.item.command = 'contactLookup.notifications.focus';
    const render = (): void => this.render(session, model);
    this.listeners = vscode.Disposable.from(session.onDidChange(render), model.onDidChange(render));
  }

  dispose(): void {
    this.listeners.dispose();
    this.item.dispose();
  }

  private render(session: Session, model: NotificationsModel): void {
    if (session.state.kind !== 'ready') return this.item.hide();
    const { unreadText, unreadCount } = model;
    this.item.text = `${unreadCount > 0 ? '$(bell-dot)' : '$(bell)'} ${unreadText}`;
    this.item.tooltip = vscode.l10n.t('Contacts: {0} unread notifications', unreadText);
    this.item.accessibilityInformation = { label: this.item.tooltip };
    this.item.show();
  }
}
