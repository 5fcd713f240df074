import * as vscode from 'vscode';
import type { ContactChanges } from '../../api/contactChanges.ts';
import type { ContactService } from '../../api/contactService.ts';
import type { Contact } from '../../api/decode/contact.ts';
import { normalizePhone } from '../../contract/internationalNumber.ts';
import { displayText } from '../../platform/displayText.ts';
import { askUntilAccepted } from '../../platform/persistentInput.ts';
import { contactName } from '../contactName.ts';
import { contactsByPhone } from '../contactsByPhone.ts';
import { typedField, validate } from '../fieldRules.ts';

const lookedThrough = 20;

/**
 * Asks who it is, and creates them; whoever has the e-mail address or number already is offered first.
 * @param serviceNow the service of the account that the contact is for; throws where that is not in use.
 * @param draftKey names what is typed.
 * @param text what was typed elsewhere.
 * @returns the contact to be opened, with whether it is new; `undefined` when the user leaves.
 */
export async function newContact(
  serviceNow: () => ContactService,
  draftKey: string,
  text = '',
): Promise<{ contact: Contact; isNew: boolean } | undefined> {
  const found = await askUntilAccepted({
    title: vscode.l10n.t('New Contact'),
    prompt: vscode.l10n.t('Name, e-mail address or phone number; the other fields come next.'),
    placeholder: vscode.l10n.t('James Fletcher <james@example.com>'),
    value: text,
    draftKey,
    acceptsUnchanged: true,
    faultIn,
    accept: async (typed, signal) => {
      const fields = await withCountry(fieldsIn(typed));
      const known = await findExisting(serviceNow(), fields, signal);
      return known === undefined
        ? { contact: await serviceNow().create(fields, { signal }), isNew: true }
        : { contact: known, isNew: false, fields };
    },
  });
  if (found === undefined || found.isNew || found.fields === undefined) return found;
  const open = vscode.l10n.t('Open');
  const create = vscode.l10n.t('Create Anyway');
  const name = displayText(contactName(found.contact), 'label');
  const message =
    found.fields.email === undefined
      ? vscode.l10n.t('{0} has this number already.', name)
      : vscode.l10n.t('{0} has this e-mail address already.', name);
  const picked = await vscode.window.showInformationMessage(message, { modal: true }, open, create);
  if (picked === create) return { contact: await serviceNow().create(found.fields), isNew: true };
  return picked === open ? found : undefined;
}

async function faultIn(text: string): Promise<string | undefined> {
  const { email, phone_number: phone, display_name: name = '' } = fieldsIn(text);
  if (name === '') return vscode.l10n.t('A name, an e-mail address or a number is needed.');
  const faults = [
    email === undefined ? undefined : (await validate('email', email)).fault,
    phone === undefined ? undefined : (await validate('phone_number', phone)).fault,
  ];
  return faults.find((fault) => fault !== undefined);
}

/** A number without a country as one of the user's own country, also where it stands in for a name. */
async function withCountry(fields: ContactChanges): Promise<ContactChanges> {
  const { phone_number: typed, display_name: name } = fields;
  if (typed === undefined) return fields;
  const number = await typedField('phone_number', typed);
  return { ...fields, phone_number: number, display_name: name === typed ? number : name };
}

/** What a text says of somebody: an address, a number, a name, or a name with an address behind it. */
export function fieldsIn(text: string): ContactChanges {
  const plain = text.trim().replace(/\s+/g, ' ');
  const [, name = '', address = ''] = /^(.*?)\s*<(\S+@[^\s>]+)>$/.exec(plain) ?? [];
  if (address !== '')
    return { display_name: firstNameFirst(name.replace(/^"(.*)"$/, '$1')) || address, email: address };
  if (/^[^\s@]+@[^\s@]+$/.test(plain)) return { display_name: plain, email: plain };
  if (/^\+?[\d\s().\-/]{6,}$/.test(plain)) {
    const number = normalizePhone(plain);
    return { display_name: number, phone_number: number };
  }
  return { display_name: firstNameFirst(plain) };
}

/** "Fletcher, James" as he is called. */
const firstNameFirst = (name: string): string => name.replace(/^([^,]+), ([^,]+)$/, '$2 $1');

async function findExisting(
  service: ContactService,
  { email, phone_number: phone }: ContactChanges,
  signal: AbortSignal,
): Promise<Contact | undefined> {
  if (email !== undefined) {
    const { items } = await service.search({ q: email, limit: lookedThrough, signal });
    return items.find((contact) => contact.email?.toLowerCase() === email.toLowerCase());
  }
  return phone === undefined ? undefined : (await contactsByPhone(service, phone, { limit: lookedThrough, signal }))[0];
}
