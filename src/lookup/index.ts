import * as vscode from 'vscode';
import type { Log } from '../platform/log.ts';
import { registerCommand, runCommand } from '../platform/commands.ts';
import type { Contact } from '../api/decode/contact.ts';
import type { ContactsModel } from '../contacts/contactsModel.ts';
import type { Session } from '../session/session.ts';

/** Finding a contact from anywhere in the editor. */
export function register(log: Log, pick: (title: string) => Promise<Contact | undefined>): vscode.Disposable {
  return registerCommand('contactLookup.search', log, async () => {
    const contact = await pick(vscode.l10n.t('Search Contacts'));
    if (contact !== undefined) await runCommand('contactLookup.openContact', { contactId: contact.id });
  });
}

/** Asks the user for a contact; `undefined` when they leave. */
export async function pickContact(
  session: Session,
  { contacts }: ContactsModel,
  title: string,
): Promise<Contact | undefined> {
  const picker = await import('./pickContact.ts');
  return picker.pickContact(session, contacts, title);
}
