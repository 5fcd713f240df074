import * as vscode from 'vscode';
import type { Notification } from '../api/decode/notification.ts';
import type { CommandId } from '../platform/commands.ts';
import { setContextKey } from '../platform/contextKeys.ts';
import { displayLines, displayText } from '../platform/displayText.ts';
import type { NotificationsModel } from './notificationsModel.ts';
import { notificationKind } from './notificationKind.ts';

export type NotificationRow = { kind: 'notification'; notificationId: string } | { kind: 'loadMore' };

/** Shows the model's notifications as rows, and the unread count as a badge. */
export class NotificationsTree implements vscode.TreeDataProvider<NotificationRow>, vscode.Disposable {
  private readonly model: NotificationsModel;
  private readonly view: vscode.TreeView<NotificationRow>;
  private readonly disposables: vscode.Disposable[] = [];
  private readonly didChange = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.didChange.event;

  constructor(model: NotificationsModel) {
    this.model = model;
    this.view = vscode.window.createTreeView('contactLookup.notifications', { treeDataProvider: this });
    this.disposables.push(
      this.view,
      this.didChange,
      model.onDidChange(() => this.refresh()),
    );
  }

  getTreeItem(row: NotificationRow): vscode.TreeItem {
    if (row.kind === 'loadMore') {
      const item = new vscode.TreeItem(vscode.l10n.t('Load More…'));
      item.id = 'loadMore';
      item.iconPath = new vscode.ThemeIcon('fold-down');
      item.command = { command: 'contactLookup.loadMoreNotifications' satisfies CommandId, title: '' };
      return item;
    }
    const notification = this.model.find(row.notificationId);
    return notification === undefined ? new vscode.TreeItem('') : notificationItem(notification, row);
  }

  getChildren(parent?: NotificationRow): NotificationRow[] {
    if (parent !== undefined) return [];
    const rows = this.model.notifications.map((notification): NotificationRow => ({
      kind: 'notification',
      notificationId: notification.id,
    }));
    return this.model.hasMore ? [...rows, { kind: 'loadMore' }] : rows;
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private refresh(): void {
    this.showState();
    this.didChange.fire();
  }

  private showState(): void {
    const { state, notifications, unreadCount, unreadText } = this.model;
    const isFilled = notifications.length > 0;
    setContextKey('contactLookup.notifications', isFilled ? 'filled' : state.kind === 'ready' ? 'empty' : state.kind);
    this.view.badge =
      unreadCount === 0 ? undefined : { value: unreadCount, tooltip: vscode.l10n.t('{0} unread', unreadText) };
  }
}

function notificationItem(notification: Notification, row: NotificationRow): vscode.TreeItem {
  const kind = notificationKind(notification.type);
  const label = displayText(notification.title ?? kind.name, 'label');
  const item = new vscode.TreeItem(label);
  item.id = notification.id;
  item.description = displayText(notification.content ?? '', 'description');
  item.iconPath = notification.is_read
    ? new vscode.ThemeIcon(kind.icon)
    : new vscode.ThemeIcon('circle-filled', new vscode.ThemeColor('notificationsInfoIcon.foreground'));
  item.contextValue = notification.is_read ? 'notification.read' : 'notification.unread';
  const state = notification.is_read ? vscode.l10n.t('read') : vscode.l10n.t('unread');
  item.accessibilityInformation = { label: [label, item.description, state].filter(Boolean).join(', ') };
  item.tooltip = tooltip(notification, kind.name);
  item.command = { command: 'contactLookup.openNotification' satisfies CommandId, title: '', arguments: [row] };
  return item;
}

function tooltip(notification: Notification, kindName: string): string {
  const time = notification.created_at === undefined ? NaN : Date.parse(notification.created_at);
  const lines = [
    notification.title ?? kindName,
    notification.content,
    notification.from?.display_name,
    Number.isNaN(time) ? undefined : new Date(time).toLocaleString(vscode.env.language),
  ];
  return displayLines(
    lines
      .filter((line) => line !== undefined)
      .map((line) => displayText(line, 'message'))
      .join('\n'),
    'tooltip',
  );
}
