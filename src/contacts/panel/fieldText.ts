import * as vscode from 'vscode';
import type { Contact } from '../../api/decode/contact.ts';
import { contactPhone } from '../contactName.ts';

/** A field as it is copied. @param field as the page names it, which may name anything. */
export function fieldText(contact: Contact | undefined, field: string): string {
  if (contact === undefined) return '';
  if (field === 'phone_number') return contactPhone(contact) ?? '';
  if (field === 'id') return contact.id;
  const value = Object.hasOwn(contact, field) ? contact[field as 'email'] : undefined;
  return typeof value === 'string' ? value : '';
}

/** Only mail and phone addresses, made here of the contact's own values. */
export async function openFieldLink(contact: Contact | undefined, field: string): Promise<void> {
  if (field !== 'email' && field !== 'phone_number') return;
  const value = fieldText(contact, field);
  if (value === '') return;
  const uri =
    field === 'email'
      ? vscode.Uri.from({ scheme: 'mailto', path: value })
      : vscode.Uri.from({ scheme: 'tel', path: value.replace(/[^\d+]/g, '') });
  await vscode.env.openExternal(uri);
}
