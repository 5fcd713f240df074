import { homedir } from 'node:os';
import * as vscode from 'vscode';
import type { ContactService } from '../api/contactService.ts';
import type { ContactFile } from '../api/decode/history.ts';
import { withSignal } from '../platform/cancellation.ts';
import { UserError } from '../platform/errorReport.ts';
import { safeFileName } from './fileName.ts';

const maxFileBytes = 100 * 1024 * 1024;

/** Asks where to save one of a contact's files, and saves it there. Its own name is only a proposal. */
export async function saveFile(service: ContactService, file: ContactFile): Promise<void> {
  const { url } = file;
  if (url === undefined) throw new UserError(vscode.l10n.t('The server has no address for this file.'));
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(homedir());
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Save File'),
    defaultUri: vscode.Uri.joinPath(folder, safeFileName(file.name)),
  });
  if (target === undefined) return;
  const title = vscode.l10n.t('Saving the file');
  await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    (_progress, token) =>
      withSignal(token, async (signal) => {
        await vscode.workspace.fs.writeFile(target, await service.media(url, maxFileBytes, { signal }));
      }),
  );
}
