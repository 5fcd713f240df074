import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { isApiError } from '../api/apiError.ts';
import type { LocalDataService } from '../api/localDataService.ts';
import { UserError } from '../platform/errorReport.ts';
import { localPath } from './importWizard.ts';

const extension = 'contacts-backup';

/** Asks where to, and writes all of the local workspace there; it can be used meanwhile. */
export async function backUp(service: LocalDataService): Promise<void> {
  const opened = vscode.workspace.workspaceFolders?.[0]?.uri;
  // The server writes it, which knows this machine's files alone.
  const folder = opened?.scheme === 'file' ? opened : vscode.Uri.file(homedir());
  // In Swedish a day is written as in ISO 8601.
  const day = new Date().toLocaleDateString('sv');
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Back Up Local Workspace'),
    defaultUri: vscode.Uri.joinPath(folder, `contacts-${day}.${extension}`),
    filters: { [vscode.l10n.t('Backups of contacts')]: [extension] },
  });
  if (target === undefined) return;
  const path = localPath(target);
  const title = vscode.l10n.t('Backing up');
  const { contacts } = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, () =>
    service.backUp(path),
  );
  const message =
    contacts === 1
      ? vscode.l10n.t('1 contact backed up.')
      : vscode.l10n.t('{0} contacts backed up.', contacts.toLocaleString(vscode.env.language));
  // Not awaited: it is done, whatever becomes of the message.
  void vscode.window.showInformationMessage(message);
}

/** Asks for a backup, and once more whether it is meant; puts it in the place of everything. @returns whether it did. */
export async function restore(service: LocalDataService): Promise<boolean> {
  const [file] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Restore Local Workspace'),
      openLabel: vscode.l10n.t('Restore'),
      filters: { [vscode.l10n.t('Backups of contacts')]: [extension] },
    })) ?? [];
  if (file === undefined) return false;
  const path = localPath(file);
  const go = vscode.l10n.t('Replace All');
  const detail = vscode.l10n.t('Whatever was added or changed since the backup is lost. Back up first to keep it.');
  const question = vscode.l10n.t('Replace all contacts of the local workspace with those of the backup?');
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, go)) !== go) return false;
  const title = vscode.l10n.t('Restoring');
  const { contacts } = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, () =>
    service.restore(path).catch(explainRestoreError),
  );
  const message =
    contacts === 1
      ? vscode.l10n.t('1 contact restored.')
      : vscode.l10n.t('{0} contacts restored.', contacts.toLocaleString(vscode.env.language));
  void vscode.window.showInformationMessage(message);
  return true;
}

function explainRestoreError(error: unknown): never {
  if (isApiError(error) && error.kind === 'conflict') {
    throw new UserError(
      vscode.l10n.t('The backup is of a newer version of Contact Lookup. Update the extension, then try again.'),
    );
  }
  if (isApiError(error) && error.kind === 'invalid') {
    throw new UserError(vscode.l10n.t('This file is no backup of contacts, or it is damaged. Nothing was changed.'));
  }
  throw error;
}
