import * as vscode from 'vscode';
import type { Notification } from '../api/decode/notification.ts';
import type { CommandId } from '../platform/commands.ts';
import { setContextKey } from '../platform/contextKeys.ts';
import { displayTerm, onDidHidePersonalData } from '../platform/displayText.ts';
import { sentenceFor } from '../platform/errorReport.ts';
import { momentText } from '../session/keptText.ts';
import { grouped, unreadIn, type Grouping, type NotificationGroup } from './notificationGroups.ts';
import { groupName, notificationItem } from './notificationItem.ts';
import { notificationKind } from './notificationKind.ts';
import type { NotificationsModel } from './notificationsModel.ts';
import { changedRows, takeSnapshot, type TreeSnapshot } from './treeSnapshot.ts';

export type NotificationRow =
  | { kind: 'group'; group: string }
  | { kind: 'notification'; notificationId: string }
  | { kind: 'loadMore' };

const loadMoreRow: NotificationRow = { kind: 'loadMore' };
const storedKey = 'notificationsView';

interface ViewOptions {
  by: Grouping;
  unreadOnly: boolean;
}

/** Shows the model's notifications by day or by kind, and the unread count as a badge. */
export class NotificationsTree implements vscode.TreeDataProvider<NotificationRow>, vscode.Disposable {
  private readonly model: NotificationsModel;
  private readonly memento: vscode.Memento;
  private readonly view: vscode.TreeView<NotificationRow>;
  private readonly disposables: vscode.Disposable[] = [];
  private readonly didChange = new vscode.EventEmitter<NotificationRow[] | undefined>();
  readonly onDidChangeTreeData = this.didChange.event;
  /** One object a row, because VS Code tells rows apart by identity. */
  private readonly rows = new Map<string, NotificationRow>();
  private groups = new Map<string, NotificationGroup>();
  private lastSnapshot: TreeSnapshot | undefined;
  /** Those that were drawn as unread: once they are read, they do not go from under the pointer. */
  private readonly pinnedIds = new Set<string>();
  private options: ViewOptions;

  constructor(model: NotificationsModel, memento: vscode.Memento) {
    this.model = model;
    this.memento = memento;
    const { by, unreadOnly } = memento.get<Partial<ViewOptions>>(storedKey, {});
    this.options = { by: by === 'kind' ? 'kind' : 'day', unreadOnly: unreadOnly === true };
    this.view = vscode.window.createTreeView('contactLookup.notifications', {
      treeDataProvider: this,
      canSelectMany: true,
    });
    this.disposables.push(
      this.view,
      this.didChange,
      model.onDidChange(() => this.refresh()),
      onDidHidePersonalData(() => this.didChange.fire(undefined)),
      this.view.onDidChangeVisibility(({ visible }) => {
        if (visible) this.resort();
      }),
    );
    this.refresh();
  }

  /** Groups or filters in another way, also the next time. */
  async show(options: Partial<ViewOptions>): Promise<void> {
    this.options = { ...this.options, ...options };
    this.resort();
    await this.memento.update(storedKey, this.options);
  }

  /** The type that a group of one kind is of; none for a group by day. */
  typeOf(group: string): number | undefined {
    return this.options.by === 'kind' ? this.groups.get(group)?.notifications[0]?.type : undefined;
  }

  getTreeItem(row: NotificationRow): vscode.TreeItem {
    if (row.kind === 'loadMore') return loadMoreItem();
    if (row.kind === 'group') return this.groupItem(row.group);
    const notification = this.model.find(row.notificationId);
    return notification === undefined ? new vscode.TreeItem('') : notificationItem(notification, row, this.options.by);
  }

  getChildren(parent?: NotificationRow): NotificationRow[] {
    if (parent === undefined) {
      const groups = [...this.groups.keys()].map((group) => this.groupRow(group));
      return this.model.hasMore ? [...groups, loadMoreRow] : groups;
    }
    if (parent.kind !== 'group') return [];
    const { notifications = [] } = this.groups.get(parent.group) ?? {};
    return notifications.map(({ id }) => this.notificationRow(id));
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private groupRow(group: string): NotificationRow {
    return this.rowOf(`group ${group}`, { kind: 'group', group });
  }

  private notificationRow(notificationId: string): NotificationRow {
    return this.rowOf(notificationId, { kind: 'notification', notificationId });
  }

  private rowOf(key: string, row: NotificationRow): NotificationRow {
    const known = this.rows.get(key) ?? row;
    this.rows.set(key, known);
    return known;
  }

  private groupItem(group: string): vscode.TreeItem {
    const { by } = this.options;
    const { notifications = [] } = this.groups.get(group) ?? {};
    const type = notifications[0]?.type;
    const name = by === 'day' ? groupName(group) : notificationKind(type).name;
    const item = new vscode.TreeItem(displayTerm(name, 'label'), vscode.TreeItemCollapsibleState.Expanded);
    item.id = `group ${by} ${group}`;
    const unread = unreadIn(notifications);
    item.description = unread === 0 ? '' : vscode.l10n.t('{0} unread', unread);
    item.contextValue = by === 'kind' && type !== undefined ? 'notificationGroup.kind' : 'notificationGroup.day';
    if (by === 'kind') item.iconPath = new vscode.ThemeIcon(notificationKind(type).icon);
    return item;
  }

  private resort(): void {
    this.pinnedIds.clear();
    this.refresh();
  }

  private refresh(): void {
    for (const { id, is_read: isRead } of this.model.notifications) if (!isRead) this.pinnedIds.add(id);
    const shown = this.model.notifications.filter(({ is_read: isRead }) => !this.options.unreadOnly || !isRead);
    const groups = grouped(shown, this.options.by, this.pinnedIds);
    this.groups = new Map(groups.map((group) => [group.key, group]));
    this.showState(shown);
    const drawing = takeSnapshot(groups, this.options.by, this.model.hasMore);
    const changed = changedRows(this.lastSnapshot, drawing);
    this.lastSnapshot = drawing;
    if (changed === undefined) return this.didChange.fire(undefined);
    const rows = [
      ...changed.groups.map((group) => this.groupRow(group)),
      ...changed.notifications.map((id) => this.notificationRow(id)),
    ];
    if (rows.length > 0) this.didChange.fire(rows);
  }

  private showState(shown: readonly Notification[]): void {
    const { state, unreadCount, unreadText, undoable, asOf } = this.model;
    const isFilled = shown.length > 0;
    setContextKey('contactLookup.notifications', isFilled ? 'filled' : state.kind === 'ready' ? 'empty' : state.kind);
    setContextKey('contactLookup.notificationsBy', this.options.by);
    setContextKey('contactLookup.unreadOnly', this.options.unreadOnly);
    setContextKey('contactLookup.canUndo', undoable !== undefined);
    const fault =
      isFilled && state.kind === 'failed' && state.error !== undefined ? sentenceFor(state.error) : undefined;
    const age = asOf && vscode.l10n.t('These are as of {0}.', momentText(asOf));
    this.view.message = fault && [fault, age].filter(Boolean).join(' ');
    this.view.description = this.options.unreadOnly ? vscode.l10n.t('unread only') : '';
    this.view.badge =
      unreadCount === 0 ? undefined : { value: unreadCount, tooltip: vscode.l10n.t('{0} unread', unreadText) };
  }
}

function loadMoreItem(): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('Load More…'));
  item.id = 'loadMore';
  item.iconPath = new vscode.ThemeIcon('fold-down');
  item.command = { command: 'contactLookup.loadMoreNotifications' satisfies CommandId, title: '' };
  return item;
}
