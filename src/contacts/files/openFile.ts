import * as vscode from 'vscode';
import { isApiError } from '../../api/apiError.ts';
import type { ContactFile } from '../../api/decode/history.ts';
import { pictureFormatOf } from '../../contract/pictureFormat.ts';
import { withSignal } from '../../platform/cancellation.ts';
import { safeFileName } from './fileName.ts';
import type { ContactFileSystem } from './contactFileSystem.ts';
import { contactFileUri } from './contactFileUri.ts';

const textHeadBytes = 8_192;

/**
 * Shows a file in VS Code: a picture as one, a text in the plain text editor. Its bytes decide, so that a name
 * cannot bring a stranger's notebook or page to life.
 * @returns whether there was a way to show it.
 */
export async function openFile(files: ContactFileSystem, contactId: string, file: ContactFile): Promise<boolean> {
  const uri = contactFileUri(contactId, file);
  const content = await contentToShow(files, uri);
  if (content === undefined) return false;
  const format = pictureFormatOf(content);
  if (format !== undefined) {
    const name = safeFileName(file.name).replace(/\.[^.]*$/, '');
    const picture = contactFileUri(contactId, file, `${name}.${format.extension}`);
    await vscode.commands.executeCommand('vscode.open', picture);
    return true;
  }
  if (!isText(content)) return false;
  await vscode.commands.executeCommand('vscode.openWith', uri, 'default');
  return true;
}

/** The bytes; `undefined` where there are too many. */
async function contentToShow(files: ContactFileSystem, uri: vscode.Uri): Promise<Uint8Array | undefined> {
  const title = vscode.l10n.t('Opening the file');
  try {
    return await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable: true },
      (_progress, token) => withSignal(token, (signal) => files.content(uri, signal)),
    );
  } catch (error) {
    if (isApiError(error) && error.kind === 'tooLarge') return undefined;
    throw error;
  }
}

function isText(content: Uint8Array): boolean {
  const head = content.subarray(0, textHeadBytes);
  if (head.includes(0)) return false;
  try {
    // The head may end within a character.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}
