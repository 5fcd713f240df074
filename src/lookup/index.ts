import * as vscode from 'vscode';
import { registerCommand, runCommand } from '../platform/commands.ts';
import type { Contact } from '../api/decode/contact.ts';

/** Finding a contact from anywhere in the editor. */
export function register(
  log: vscode.LogOutputChannel,
  pickContact: (title: string) => Promise<Contact | undefined>,
): vscode.Disposable {
  return registerCommand('contactLookup.search', log, async () => {
    const contact = await pickContact(vscode.l10n.t('Search Contacts'));
    if (contact !== undefined) await runCommand('contactLookup.openContact', { contactId: contact.id });
  });
}
