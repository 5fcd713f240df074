/** What is asked and said about notifications beside their tree. */
import * as vscode from 'vscode';
import type { Notification } from '../api/decode/notification.ts';
import { runCommand } from '../platform/commands.ts';
import { displayTerm, displayText } from '../platform/displayText.ts';
import { notificationKind } from './notificationKind.ts';
import type { NotificationsModel } from './notificationsModel.ts';

export async function confirmDismissal(type: number | undefined, count: number): Promise<boolean> {
  const dismiss = vscode.l10n.t('Dismiss All');
  const all = count.toLocaleString(vscode.env.language);
  const picked = await vscode.window.showWarningMessage(
    count === 1
      ? vscode.l10n.t('Dismiss 1 notification?')
      : type === undefined
        ? vscode.l10n.t('Dismiss all {0} notifications?', all)
        : vscode.l10n.t('Dismiss all {0} notifications “{1}”?', all, notificationKind(type).name),
    { modal: true, detail: vscode.l10n.t('This can be undone for 6 seconds; then they are removed from the server.') },
    dismiss,
  );
  return picked === dismiss;
}

/** One of the kinds that are loaded. */
export async function askKind(model: NotificationsModel): Promise<number | undefined> {
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
export async function announceNew(arrived: readonly Notification[]): Promise<void> {
  const [first] = arrived;
  if (first === undefined) return;
  const show = vscode.l10n.t('Show');
  const title = first.title === undefined ? notificationKind(first.type).name : shownText(first.title);
  const only = [title, shownText(first.from?.display_name)].filter(Boolean).join(' · ');
  const text =
    arrived.length === 1
      ? displayTerm(only, 'message')
      : vscode.l10n.t('{0} new notifications of your contacts', arrived.length);
  const picked = await vscode.window.showInformationMessage(text, show);
  if (picked !== show) return;
  if (arrived.length === 1) await runCommand('contactLookup.openNotification', { notificationId: first.id });
  else await vscode.commands.executeCommand('contactLookup.notifications.focus');
}

const shownText = (text = ''): string => displayText(text, 'message');
