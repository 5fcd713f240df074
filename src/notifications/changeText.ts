import * as vscode from 'vscode';
import type { NotificationChange } from './notificationChanges.ts';

/** What a change has done, in a few words. */
export function changeText(change: NotificationChange): string {
  const isRead = change.action === 'read';
  if (!('ids' in change)) return isRead ? vscode.l10n.t('all marked read') : vscode.l10n.t('all dismissed');
  const { length } = change.ids;
  if (change.action === 'unread') return vscode.l10n.t('{0} marked unread', length);
  return isRead ? vscode.l10n.t('{0} marked read', length) : vscode.l10n.t('{0} dismissed', length);
}
