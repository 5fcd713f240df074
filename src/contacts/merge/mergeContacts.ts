import * as vscode from 'vscode';
import type { EditableField } from '../../api/contactChanges.ts';
import type { ContactService } from '../../api/contactService.ts';
import type { Contact } from '../../api/decode/contact.ts';
import { displayParts, displayText } from '../../platform/displayText.ts';
import { isPersonalDataShown } from '../../platform/hiddenPersonalData.ts';
import { reportError, UserError } from '../../platform/errorReport.ts';
import { fieldLabels } from '../../platform/fieldLabels.ts';
import type { Log } from '../../platform/log.ts';
import { back, choose } from '../../platform/steps.ts';
import { contactName } from '../contactName.ts';
import { contactMethods } from '../contactSummary.ts';
import type { ContactsModel } from '../contactsModel.ts';
import type { ContactPanels } from '../panel/contactPanels.ts';
import { differences, mergeChanges, withLabels } from './mergePlan.ts';
import { shownValue, withSideBySide } from './sideBySide.ts';

export interface MergeParts {
  service: ContactService;
  model: ContactsModel;
  panels: ContactPanels;
  log: Log;
}

/**
 * Makes one contact of two: asks who stays and what it takes from the other, with both side by side, and offers to take
 * it back. A server that knows no merging is told to update one and to delete the other, after a question.
 * @returns who stayed; `undefined` when the user leaves.
 * @throws ApiError
 */
export async function mergeContacts(parts: MergeParts, ids: readonly [string, string]): Promise<Contact | undefined> {
  const { service } = parts;
  if (!(await isPersonalDataShown())) return undefined;
  const both = await Promise.all(ids.map((id) => service.get(id, { isFresh: true })));
  const [one, other] = both;
  if (one === undefined || other === undefined || one.id === other.id) return undefined;
  const plan = await withSideBySide(one, other, () => askPlan(one, other));
  return plan && carryOut(parts, plan);
}

interface Plan {
  kept: Contact;
  gone: Contact;
  taken: readonly EditableField[];
}

async function askPlan(one: Contact, other: Contact): Promise<Plan | undefined> {
  for (;;) {
    const kept = await askWhoStays(one, other);
    if (kept === undefined) return undefined;
    const gone = kept === one ? other : one;
    const taken = await askFields(kept, gone);
    if (taken === undefined) return undefined;
    if (taken !== back) return { kept, gone, taken };
  }
}

async function askWhoStays(one: Contact, other: Contact): Promise<Contact | undefined> {
  const kept = await choose({
    title: vscode.l10n.t('Merge Contacts'),
    placeholder: vscode.l10n.t('Who stays? The other’s conversations, comments, files and labels are added.'),
    items: [one, other].map((contact, index) => ({
      label: displayText(contactName(contact), 'label'),
      description: displayParts(contactMethods(contact), '  ', 'description'),
      detail: index === 0 ? vscode.l10n.t('on the left') : vscode.l10n.t('on the right'),
      value: contact,
    })),
    first: one,
  });
  return kept === back ? undefined : kept;
}

interface FieldItem extends vscode.QuickPickItem {
  field: EditableField;
}

/** Which fields are taken from the contact that goes; those that the other lacks are chosen already. */
async function askFields(kept: Contact, gone: Contact): Promise<readonly EditableField[] | typeof back | undefined> {
  const found = differences(kept, gone);
  if (found.length === 0) return [];
  const labels = fieldLabels();
  const items = found.map((each): FieldItem => ({
    label: labels[each.field],
    description: displayText(shownValue(each.field, each.other), 'description'),
    detail:
      each.kept === ''
        ? vscode.l10n.t('empty so far')
        : vscode.l10n.t('instead of “{0}”', displayText(shownValue(each.field, each.kept), 'description')),
    field: each.field,
    picked: each.kept === '',
  }));
  const picker = vscode.window.createQuickPick<FieldItem>();
  picker.title = vscode.l10n.t('Merge into {0}', displayText(contactName(kept), 'label'));
  picker.placeholder = vscode.l10n.t('What is taken from {0}?', displayText(contactName(gone), 'label'));
  picker.canSelectMany = true;
  picker.ignoreFocusOut = true;
  picker.matchOnDescription = true;
  picker.buttons = [vscode.QuickInputButtons.Back];
  picker.items = items;
  picker.selectedItems = items.filter(({ picked }) => picked);
  return new Promise((resolve) => {
    picker.onDidTriggerButton(() => {
      resolve(back);
      picker.hide();
    });
    picker.onDidAccept(() => {
      resolve(picker.selectedItems.map(({ field }) => field));
      picker.hide();
    });
    picker.onDidHide(() => {
      resolve(undefined);
      picker.dispose();
    });
    picker.show();
  });
}

async function carryOut(parts: MergeParts, { kept, gone, taken }: Plan): Promise<Contact | undefined> {
  const { service, model, panels } = parts;
  const changes = mergeChanges(kept, gone, taken);
  const merged = await service.merge(kept.id, gone.id, changes);
  const contact = merged?.contact ?? (await updateAndDelete(service, kept, gone, changes));
  if (contact === undefined) return undefined;
  model.accept(contact);
  panels.close(gone.id);
  panels.reload(contact.id);
  await model.refresh();
  // Not awaited: who is at a list of duplicates goes on with it.
  offerUndo(parts, contact, gone, merged?.mergeId).catch((error: unknown) => reportError(error, parts.log, undefined));
  return contact;
}

/** @returns `undefined` where the user does not want that. */
async function updateAndDelete(
  service: ContactService,
  kept: Contact,
  gone: Contact,
  changes: ReturnType<typeof mergeChanges>,
): Promise<Contact | undefined> {
  const [keptName, goneName] = [kept, gone].map((contact) => displayText(contactName(contact), 'label'));
  const go = vscode.l10n.t('Update and Delete');
  const detail = vscode.l10n.t(
    '“{0}” is updated, and then “{1}” is deleted, with its conversations, comments and files. This cannot be undone.',
    keptName ?? '',
    goneName ?? '',
  );
  const question = vscode.l10n.t('This server cannot merge contacts. Update one and delete the other?');
  const picked = await vscode.window.showWarningMessage(question, { modal: true, detail }, go);
  if (picked !== go) return undefined;
  const all = withLabels(changes, await service.get(kept.id, { isFresh: true }), gone);
  const { contact, ignored } =
    Object.keys(all).length === 0 ? { contact: kept, ignored: [] } : await service.update(kept.id, all);
  if (ignored.length > 0) {
    const labels: Record<string, string> = { ...fieldLabels(), labels: vscode.l10n.t('Labels') };
    const names = ignored.map((field) => labels[field] ?? field).join(', ');
    throw new UserError(vscode.l10n.t('Nobody is deleted: the server did not take {0}.', names));
  }
  await service.delete(gone.id);
  return contact;
}

async function offerUndo(
  { service, model, panels }: MergeParts,
  contact: Contact,
  gone: Contact,
  mergeId: string | undefined,
): Promise<void> {
  const undo = vscode.l10n.t('Undo');
  const text = vscode.l10n.t(
    '“{0}” is merged into “{1}”.',
    ...[gone, contact].map((each) => displayText(contactName(each), 'message')),
  );
  const picked = await vscode.window.showInformationMessage(text, ...(mergeId === undefined ? [] : [undo]));
  if (picked !== undo || mergeId === undefined) return;
  await service.undoMerge(contact.id, mergeId);
  model.accept(await service.get(contact.id, { isFresh: true }));
  panels.reload(contact.id);
  await model.refresh();
}
