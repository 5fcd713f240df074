import * as vscode from 'vscode';
import type { Contact } from '../../api/decode/contact.ts';
import { contactPhone } from '../contactName.ts';

const copiedShownMs = 3_000;

/** Copies an e-mail address or number of each of some contacts, and says so. */
export async function copyField(field: 'email' | 'phone_number', contacts: readonly Contact[]): Promise<void> {
  const values = new Set(contacts.map((contact) => (field === 'email' ? contact.email : contactPhone(contact))));
  values.delete(undefined);
  if (values.size === 0) return;
  await vscode.env.clipboard.writeText([...values].join(', '));
  const message = values.size === 1 ? vscode.l10n.t('Copied.') : vscode.l10n.t('Copied {0} texts.', values.size);
  vscode.window.setStatusBarMessage(message, copiedShownMs);
}
