import * as vscode from 'vscode';
import type { ContactService } from '../../api/contactService.ts';
import type { Contact } from '../../api/decode/contact.ts';
import { afterCountdown } from '../../platform/countdown.ts';
import { displayText } from '../../platform/displayText.ts';
import { sentenceFor } from '../../platform/errorReport.ts';
import { retryScope } from '../../platform/retries.ts';
import { contactName } from '../contactName.ts';
import type { ContactsModel } from '../contactsModel.ts';

/** How long a deletion can be taken back, in seconds. */
const undoSeconds = 6;

/**
 * Hides the contacts immediately and deletes them on the server when the undo period is over; if the window closes
 * before that, nothing is deleted. Asks for confirmation if there are several.
 * @param forget told which were deleted, before the list is loaded again.
 * @returns the contacts that were deleted.
 */
export async function deleteContacts(
  service: ContactService,
  model: ContactsModel,
  contacts: readonly Contact[],
  forget: (contactIds: readonly string[]) => Promise<void>,
): Promise<readonly Contact[]> {
  if (contacts.length > 1 && !(await confirmDeletion(contacts.length))) return [];
  const [first] = contacts;
  if (first === undefined) return [];
  const title =
    contacts.length === 1
      ? vscode.l10n.t('Deleting {0}', displayText(contactName(first), 'label'))
      : vscode.l10n.t('Deleting {0} contacts', contacts.length.toLocaleString(vscode.env.language));
  const ids = contacts.map(({ id }) => id);
  model.hide(ids);
  const gone: Contact[] = [];
  let fault: unknown;
  try {
    await afterCountdown(title, undoSeconds, () => deleteAll(service, contacts, gone), retryScope());
  } catch (error) {
    fault = error;
  }
  // Those that are gone stay off the list, whatever it is asked for next.
  const isGone = new Set(gone.map(({ id }) => id));
  model.forgetOnceGone([...isGone]);
  model.unhide(ids.filter((id) => !isGone.has(id)));
  await forget([...isGone]);
  await model.refresh();
  if (contacts.length === 1 && fault !== undefined) throw fault;
  if (gone.length > 0 || fault !== undefined) report(gone.length, contacts.length, fault);
  return gone;
}

/** One message, however many they were; those that are left are in the list, to be deleted again. */
function report(gone: number, wanted: number, fault: unknown): void {
  if (wanted === 1) return;
  const [count = '', all = ''] = [gone, wanted].map((number) => number.toLocaleString(vscode.env.language));
  const text =
    gone === wanted
      ? vscode.l10n.t('{0} contacts are deleted.', count)
      : vscode.l10n.t('{0} of {1} contacts are deleted.', count, all);
  if (fault === undefined) void vscode.window.showInformationMessage(text);
  else void vscode.window.showWarningMessage(`${text} ${sentenceFor(fault)}`);
}

async function confirmDeletion(count: number): Promise<boolean> {
  const go = vscode.l10n.t('Delete');
  const question = vscode.l10n.t('Delete {0} contacts?', count.toLocaleString(vscode.env.language));
  const detail = vscode.l10n.t('With their comments and files. This can be taken back for 6 seconds.');
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, go)) === go;
}

/** One after the other; those that are deleted before one that the server would not delete, or a stop, stay deleted. */
async function deleteAll(service: ContactService, contacts: readonly Contact[], gone: Contact[]): Promise<void> {
  const isMany = contacts.length > 1;
  const options = {
    location: isMany ? vscode.ProgressLocation.Notification : vscode.ProgressLocation.Window,
    title: vscode.l10n.t('Deleting contacts'),
    cancellable: isMany,
  };
  await vscode.window.withProgress(options, async (progress, token) => {
    for (const contact of contacts) {
      if (token.isCancellationRequested) return;
      progress.report({ message: `${gone.length} / ${contacts.length}`, increment: 100 / contacts.length });
      await service.delete(contact.id);
      gone.push(contact);
    }
  });
}
