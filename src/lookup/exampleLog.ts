import * as vscode from 'vscode';
import type { ContactService } from '../api/contactService.ts';
import { isPersonalDataShown } from '../platform/hiddenPersonalData.ts';
import { UserError } from '../platform/errorReport.ts';

/** Somebody with an address is among so many. */
const lookedAt = 50;
const mentioned = 4;

/** Opens a log that mentions people who are there, with the cursor on the first. @throws ApiError */
export async function openExampleLog(service: ContactService): Promise<void> {
  if (!(await isPersonalDataShown())) return;
  const { items } = await service.list({ limit: lookedAt });
  const lines = items.flatMap(({ id, email, phone_number: phone }) => {
    if (email === undefined) return [];
    const call = phone === undefined ? [] : [`INFO  call from ${phone} ended after 4 min`];
    return [`INFO  message from ${email} received`, ...call, `WARN  webhook contact.updated for ${id} took 3 s`];
  });
  if (lines.length === 0) throw new UserError(vscode.l10n.t('None of the newest contacts has an e-mail address.'));
  const time = new Date().toISOString().slice(0, 19);
  const content = lines
    .slice(0, 3 * mentioned)
    .map((line) => `${time}Z ${line}\n`)
    .join('');
  const document = await vscode.workspace.openTextDocument({ language: 'log', content });
  const editor = await vscode.window.showTextDocument(document);
  const at = document.positionAt(content.indexOf('@'));
  editor.selection = new vscode.Selection(at, at);
}
