import * as vscode from 'vscode';
import type { ContactChanges, EditableField } from '../api/contactChanges.ts';
import type { ContactService } from '../api/contactService.ts';
import type { Contact } from '../api/decode/contact.ts';
import { displayText } from '../platform/displayText.ts';
import { askUntilAccepted } from '../platform/lastingInput.ts';
import type { ContactsModel } from './contactsModel.ts';
import { contactName, fieldLabels } from './contactText.ts';

const offeredFields = [
  'display_name',
  'first_name',
  'last_name',
  'email',
  'phone_number',
  'company_name',
  'position',
  'remark',
] as const satisfies readonly EditableField[];
type OfferedField = (typeof offeredFields)[number];

/**
 * Asks which field is to change and to what, and changes it.
 * @param serviceNow the service of the account that the contact is of; throws where that is not in use.
 * @param draftPrefix names whose contact it is.
 */
export async function updateContact(
  serviceNow: () => ContactService,
  draftPrefix: string,
  model: ContactsModel,
  contact: Contact,
  givenField?: string,
): Promise<void> {
  const field = offeredFields.find((name) => name === givenField) ?? (await pickField(contact));
  if (field === undefined) return;
  const result = await askUntilAccepted({
    title: vscode.l10n.t('Update {0}', displayText(contactName(contact), 'label')),
    prompt: fieldLabels()[field],
    value: contact[field] ?? '',
    draftKey: `${draftPrefix}${contact.id} ${field}`,
    faultIn: (text) => faultIn(field, text),
    accept: (text, signal) => {
      const changes: ContactChanges = { [field]: text };
      return serviceNow().update(contact.id, changes, { signal });
    },
  });
  if (result === undefined) return;
  model.accept(result.contact);
  const labels = fieldLabels();
  const name = displayText(contactName(result.contact), 'label');
  if (result.ignored.length > 0) {
    const message = vscode.l10n.t('The server did not take the new value of {0} for {1}.', labels[field], name);
    void vscode.window.showWarningMessage(message);
  } else {
    vscode.window.setStatusBarMessage(vscode.l10n.t('{0} of {1} saved', labels[field], name), 4000);
  }
}

async function pickField(contact: Contact): Promise<OfferedField | undefined> {
  const labels = fieldLabels();
  const items = offeredFields.map((field) => ({
    label: labels[field],
    description: displayText(contact[field] ?? '', 'description'),
    field,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Update {0}', displayText(contactName(contact), 'label')),
    placeHolder: vscode.l10n.t('Which field?'),
  });
  return picked?.field;
}

function faultIn(field: OfferedField, text: string): string | undefined {
  if (field === 'display_name' && text === '') return vscode.l10n.t('A contact needs a name.');
  if (text === '') return undefined;
  if (field === 'email' && !/^[^\s@]+@[^\s@]+$/.test(text)) return vscode.l10n.t('An e-mail address has one @.');
  if (field === 'phone_number' && !isPhone(text)) {
    return vscode.l10n.t('A phone number has 3 to 15 digits, with + before the country code.');
  }
  return undefined;
}

function isPhone(text: string): boolean {
  const digits = text.replace(/\D/g, '').length;
  return /^\+?[\d\s().-]+$/.test(text) && digits >= 3 && digits <= 15;
}
