import * as vscode from 'vscode';
import type { ContactChanges, EditableField } from '../api/contactChanges.ts';
import { isCancelled } from '../api/apiError.ts';
import type { ContactService } from '../api/contactService.ts';
import type { Contact } from '../api/decode/contact.ts';
import { displayText } from '../platform/displayText.ts';
import { sentenceFor } from '../platform/errorReport.ts';
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

/** Asks which field is to change and to what, and changes it. */
export async function updateContact(
  service: ContactService,
  model: ContactsModel,
  contact: Contact,
  givenField?: string,
): Promise<void> {
  const field = offeredFields.find((name) => name === givenField) ?? (await pickField(contact));
  if (field === undefined) return;
  const result = await askForValue(contact, field, async (value, signal) => {
    const changes: ContactChanges = { [field]: value };
    return service.update(contact.id, changes, { signal });
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

/** The box stays open, with what was typed, until the value is saved or the user leaves. */
function askForValue<T>(
  contact: Contact,
  field: OfferedField,
  save: (value: string, signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const box = vscode.window.createInputBox();
  const before = contact[field] ?? '';
  box.title = vscode.l10n.t('Update {0}', displayText(contactName(contact), 'label'));
  box.prompt = fieldLabels()[field];
  box.value = before;
  box.ignoreFocusOut = true;
  const controller = new AbortController();
  return new Promise((resolve) => {
    box.onDidChangeValue((value) => (box.validationMessage = faultIn(field, value)));
    box.onDidAccept(async () => {
      const value = box.value.trim();
      if (box.busy) return;
      box.validationMessage = faultIn(field, value);
      if (box.validationMessage !== undefined) return;
      if (value === before) return box.hide();
      box.busy = true;
      box.enabled = false;
      try {
        resolve(await save(value, controller.signal));
        box.hide();
      } catch (error) {
        if (!isCancelled(error)) box.validationMessage = sentenceFor(error);
      } finally {
        box.busy = false;
        box.enabled = true;
      }
    });
    box.onDidHide(() => {
      controller.abort();
      resolve(undefined);
      box.dispose();
    });
    box.show();
  });
}

function faultIn(field: OfferedField, value: string): string | undefined {
  const text = value.trim();
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
