import * as vscode from 'vscode';
import type { CommandId } from './commands.ts';
import { isPersonalDataHidden } from './displayText.ts';

let mark: vscode.StatusBarItem | undefined;

/** Says in the status bar that personal data is hidden, and shows it again at a click. */
export function showMark(isHidden: boolean): void {
  if (!isHidden) {
    mark?.dispose();
    mark = undefined;
    return;
  }
  mark ??= vscode.window.createStatusBarItem('contactLookup.personalData', vscode.StatusBarAlignment.Right, 51);
  mark.name = vscode.l10n.t('Personal Data Is Hidden');
  mark.text = `$(eye-closed) ${mark.name}`;
  mark.tooltip = vscode.l10n.t('Show Personal Data');
  mark.command = 'contactLookup.showPersonalData' satisfies CommandId;
  mark.show();
}

/**
 * Messages that stand on the screen may name somebody, and cannot be changed: they go where VS Code keeps them until
 * they are looked at.
 */
export async function putMessagesAway(): Promise<void> {
  for (const command of ['notifications.hideToasts', 'notifications.hideList'])
    await vscode.commands.executeCommand(command);
}

export async function setHidden(isHidden: boolean): Promise<void> {
  const configuration = vscode.workspace.getConfiguration('contactLookup');
  await configuration.update('hidePersonalData', isHidden, vscode.ConfigurationTarget.Global);
}

/** Asks whether personal data may be seen again, for what cannot be done without. @returns whether it is to be seen. */
export async function isPersonalDataShown(): Promise<boolean> {
  if (!isPersonalDataHidden()) return true;
  const show = vscode.l10n.t('Show Personal Data');
  const message = vscode.l10n.t('Personal data is hidden. It has to be shown to be changed.');
  if ((await vscode.window.showInformationMessage(message, show)) === show) await setHidden(false);
  return !isPersonalDataHidden();
}
