import * as vscode from 'vscode';
import type { Contact } from '../../api/decode/contact.ts';
import { escapeFormula } from '../../contract/formulaEscaping.ts';
import { displayText } from '../../platform/displayText.ts';
import { fieldLabels } from '../../platform/fieldLabels.ts';
import { contactName, contactPhone } from '../contactName.ts';

const copiedShownMs = 3_000;

/** Copies an e-mail address or number of each of some contacts, and says so. */
export async function copyField(field: 'email' | 'phone_number', contacts: readonly Contact[]): Promise<void> {
  const values = new Set(contacts.map((contact) => (field === 'email' ? contact.email : contactPhone(contact))));
  values.delete(undefined);
  if (values.size === 0) return;
  await vscode.env.clipboard.writeText([...values].join(', '));
  say(values.size === 1 ? vscode.l10n.t('Copied.') : vscode.l10n.t('Copied {0} texts.', values.size));
}

/**
 * Copies contacts as a table that spreadsheets and chats take: names and how to reach them, a line each, with tabs between
 * the columns. A single contact has no line of headings.
 */
export async function copyTable(contacts: readonly Contact[]): Promise<void> {
  if (contacts.length === 0) return;
  const labels = fieldLabels();
  const heading = [labels.display_name, labels.email, labels.phone_number, labels.company_name, labels.position];
  const rows = contacts.map((contact) => [
    contactName(contact),
    contact.email,
    contactPhone(contact),
    contact.company_name,
    contact.position,
  ]);
  const lines = (rows.length === 1 ? rows : [heading, ...rows]).map((row) => row.map(cellText).join('\t'));
  await vscode.env.clipboard.writeText(lines.join('\n'));
  const [first] = contacts;
  say(
    rows.length === 1 && first !== undefined
      ? vscode.l10n.t('Copied: {0}', displayText(contactName(first), 'description'))
      : vscode.l10n.t('Copied {0} contacts.', rows.length),
  );
}

/** One cell stays one cell, and no formula: what is pasted into a spreadsheet may be a stranger's text. */
const cellText = (text = ''): string => escapeFormula(text.replace(/[\t\r\n]+/g, ' '));

const say = (message: string): void => {
  vscode.window.setStatusBarMessage(message, copiedShownMs);
};
