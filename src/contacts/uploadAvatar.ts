import { openAsBlob } from 'node:fs';
import * as vscode from 'vscode';
import type { Log } from '../platform/log.ts';
import { ApiError, isCancelled } from '../api/apiError.ts';
import type { ContactService } from '../api/contactService.ts';
import type { Contact } from '../api/decode/contact.ts';
import { maxPictureBytes } from '../contract/vocabulary.ts';
import { withSignal } from '../platform/cancellation.ts';
import { displayText } from '../platform/displayText.ts';
import { reportError, UserError } from '../platform/errorReport.ts';
import type { ContactsModel } from './contactsModel.ts';
import { contactName } from './contactText.ts';

/** Asks for a picture, uploads it, and attaches it to the contact. */
export async function uploadAvatar(
  service: ContactService,
  model: ContactsModel,
  contact: Contact,
  log: Log,
): Promise<void> {
  const name = displayText(contactName(contact), 'label');
  const picked = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Picture of {0}', name),
    openLabel: vscode.l10n.t('Upload'),
    filters: { [vscode.l10n.t('Pictures')]: ['png', 'jpg', 'jpeg', 'webp', 'gif'] },
  });
  const file = picked?.[0];
  if (file === undefined) return;
  const content = await openPicture(file);
  const fileName = file.path.slice(file.path.lastIndexOf('/') + 1);
  const title = vscode.l10n.t('Uploading the picture of {0}', name);
  const avatarUrl = await withProgress(title, (signal, progress) =>
    service.uploadAvatar({ name: fileName, content }, { signal, onProgress: shareOf(progress) }),
  );
  const attachTitle = vscode.l10n.t('Attaching the picture to {0}', name);
  const attachNow = (): Promise<void> =>
    withProgress(attachTitle, (signal) => attach(service, model, contact, avatarUrl, signal)).catch(
      (error: unknown) => {
        // The picture is uploaded by now: only this half is offered again.
        if (!isCancelled(error)) void reportError(error, log, attachNow);
      },
    );
  await attachNow();
}

type Progress = vscode.Progress<{ message?: string; increment?: number }>;

const withProgress = async <T>(
  title: string,
  work: (signal: AbortSignal, progress: Progress) => Promise<T>,
): Promise<T> =>
  vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    (progress, token) => withSignal(token, (signal) => work(signal, progress)),
  );

/** VS Code wants to be told what was added, in percent. */
function shareOf(progress: Progress): (sentBytes: number, totalBytes: number) => void {
  let shown = 0;
  return (sentBytes, totalBytes) => {
    const percent = Math.floor((100 * sentBytes) / totalBytes);
    // A second try begins anew; the bar does not go back.
    if (percent <= shown) return;
    progress.report({ increment: percent - shown, message: `${percent} %` });
    shown = percent;
  };
}

/** The size is looked at first; the bytes of a file of this machine are read while they are sent. */
async function openPicture(file: vscode.Uri): Promise<Blob> {
  const { size } = await vscode.workspace.fs.stat(file);
  if (size > maxPictureBytes) throw new ApiError('tooLarge', { field: 'avatar_url' });
  if (file.scheme === 'file') return openAsBlob(file.fsPath);
  return new Blob([new Uint8Array(await vscode.workspace.fs.readFile(file))]);
}

async function attach(
  service: ContactService,
  model: ContactsModel,
  contact: Contact,
  avatarUrl: string,
  signal: AbortSignal,
): Promise<void> {
  const { contact: updated, ignored } = await service.update(contact.id, { avatar_url: avatarUrl }, { signal });
  model.accept(updated);
  if (ignored.length > 0) {
    throw new UserError(vscode.l10n.t('The picture was uploaded, but the server did not attach it to the contact.'));
  }
}
