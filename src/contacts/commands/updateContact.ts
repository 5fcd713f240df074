import * as vscode from 'vscode';
import { ignoredFields, type ContactChanges } from '../../api/contactChanges.ts';
import type { ContactService } from '../../api/contactService.ts';
import type { Contact } from '../../api/decode/contact.ts';
import { displayTerm, displayText } from '../../platform/displayText.ts';
import { UserError } from '../../platform/errorReport.ts';
import { isPersonalDataShown } from '../../platform/hiddenPersonalData.ts';
import { askUntilAccepted } from '../../platform/persistentInput.ts';
import type { ContactsModel } from '../contactsModel.ts';
import { contactName } from '../contactName.ts';
import { fieldLabels } from '../../platform/fieldLabels.ts';
import { typedField, validate } from '../fieldRules.ts';
import { textFields, type TextField } from '../formFields.ts';

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
  requestedField?: string,
): Promise<void> {
  if (!(await isPersonalDataShown())) return;
  const field = textFields.find((name) => name === requestedField) ?? (await pickField(contact));
  if (field === undefined) return;
  /** What the user has seen of it; in the list it may be of this morning. */
  let seen = contact[field] ?? '';
  const result = await askUntilAccepted({
    title: vscode.l10n.t('Update {0}', displayText(contactName(contact), 'label')),
    prompt: fieldLabels()[field],
    value: contact[field] ?? '',
    draftKey: `${draftPrefix}${contact.id} ${field}`,
    faultIn: async (text) => (await validate(field, text, contact.area_code)).fault,
    accept: async (text, signal) => {
      const stored = await serviceNow().get(contact.id, { signal, isFresh: true });
      const changes: ContactChanges = { [field]: await typedField(field, text, stored.area_code) };
      const isAnother = [{ [field]: seen }, changes].every((each) => ignoredFields(each, stored).length > 0);
      if (isAnother) {
        seen = stored[field] ?? '';
        throw new UserError(changedMeanwhile(seen));
      }
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

const changedMeanwhile = (text: string): string =>
  vscode.l10n.t(
    'Somebody else has changed this meanwhile, to “{0}”. Press Enter again to replace that.',
    displayTerm(text, 'description') || vscode.l10n.t('(empty)'),
  );

async function pickField(contact: Contact): Promise<TextField | undefined> {
  const labels = fieldLabels();
  const items = textFields.map((field) => ({
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
