import * as vscode from 'vscode';
import { runCommand } from '../platform/commands.ts';
import { UserError } from '../platform/errorReport.ts';

const contactPath = /^\/contact\/([\w-]{1,200})$/;

/** The address that opens a contact, from a ticket or a chat, in this program. */
const linkTo = (extensionId: string, contactId: string): string =>
  `${vscode.env.uriScheme}://${extensionId}/contact/${encodeURIComponent(contactId)}`;

/** Opens what a link of ours names, and nothing else: anybody can write one. */
export async function openLink(path: string): Promise<void> {
  const contactId = contactPath.exec(path)?.[1];
  if (contactId === undefined) {
    await vscode.window.showWarningMessage(vscode.l10n.t('This link names no contact.'));
    return;
  }
  await runCommand('contactLookup.openContact', { contactId });
}

/** @throws UserError for an id that no link can name. */
export async function copyLink(extensionId: string, contactId: string): Promise<void> {
  if (!contactPath.test(`/contact/${contactId}`)) throw new UserError(vscode.l10n.t('This contact has no link.'));
  await vscode.env.clipboard.writeText(linkTo(extensionId, contactId));
}
