import pLimit from 'p-limit';
import * as vscode from 'vscode';
import { isCancelled } from '../../api/apiError.ts';
import type { ContactService } from '../../api/contactService.ts';
import type { Contact } from '../../api/decode/contact.ts';
import { displayText } from '../../platform/displayText.ts';
import { sentenceFor, UserError } from '../../platform/errorReport.ts';
import { contactName } from '../contactName.ts';
import type { ContactsModel } from '../contactsModel.ts';
import { askLabels } from './labelPrompt.ts';
import { changeOn, isNothing, labelChange, labelsAfter, reversed, type LabelChange } from './labelChange.ts';

/** As many at once as a server is asked for. */
const maxRequests = 2;

interface Outcome {
  /** What was done, by the contact's id. */
  done: Map<string, LabelChange>;
  /** What went wrong first. */
  fault: unknown;
  isStopped: boolean;
}

/**
 * Asks which labels the contacts are to have, changes those that differ, and offers one undo for all.
 */
export async function editLabels(
  service: ContactService,
  model: ContactsModel,
  contacts: readonly Contact[],
): Promise<void> {
  const [first] = contacts;
  if (first === undefined) return;
  const whom =
    contacts.length === 1
      ? displayText(contactName(first), 'label')
      : vscode.l10n.t('{0} contacts', contacts.length.toLocaleString(vscode.env.language));
  const chosen = await askLabels(vscode.l10n.t('Labels of {0}', whom), contacts, service, model);
  if (chosen === undefined) return;
  const change = labelChange(contacts, chosen);
  if (isNothing(change)) return;
  await carryOut(service, model, new Map(contacts.map(({ id }) => [id, change])));
}

/** Makes the changes, says what was done, and goes on or takes it back as the user wants. */
async function carryOut(
  service: ContactService,
  model: ContactsModel,
  changes: ReadonlyMap<string, LabelChange>,
  doneBefore: ReadonlyMap<string, LabelChange> = new Map(),
): Promise<void> {
  const outcome = await changeAll(service, model, changes);
  const done = new Map([...doneBefore, ...outcome.done]);
  const answer = await report(outcome, done.size, changes.size + doneBefore.size);
  const rest = new Map([...changes].filter(([id]) => !done.has(id)));
  if (answer === 'retry') await carryOut(service, model, rest, done);
  if (answer !== 'undo') return;
  const undone = new Map([...done].map(([id, each]) => [id, reversed(each)]));
  await carryOut(service, model, undone);
}

/** @returns what the user wants then. */
async function report(
  { fault, isStopped }: Outcome,
  count: number,
  all: number,
): Promise<'undo' | 'retry' | undefined> {
  const undo = vscode.l10n.t('Undo');
  const retry = vscode.l10n.t('Retry');
  const offered = count > 0 ? [undo] : [];
  let picked: string | undefined;
  if (fault !== undefined) {
    const text = vscode.l10n.t('The labels of {0} of {1} contacts were changed. {2}', count, all, sentenceFor(fault));
    picked = await vscode.window.showErrorMessage(text, retry, ...offered);
  } else if (isStopped) {
    const text = vscode.l10n.t('Stopped. The labels of {0} of {1} contacts were changed.', count, all);
    picked = await vscode.window.showWarningMessage(text, ...offered);
  } else if (count > 0) {
    const text =
      count === 1
        ? vscode.l10n.t('The labels of one contact were changed.')
        : vscode.l10n.t('The labels of {0} contacts were changed.', count.toLocaleString(vscode.env.language));
    picked = await vscode.window.showInformationMessage(text, ...offered);
  }
  if (picked === undefined) return undefined;
  return picked === retry ? 'retry' : 'undo';
}

/** Each contact as it is now: what others have changed meanwhile stays. */
async function changeAll(
  service: ContactService,
  model: ContactsModel,
  changes: ReadonlyMap<string, LabelChange>,
): Promise<Outcome> {
  const outcome: Outcome = { done: new Map(), fault: undefined, isStopped: false };
  const controller = new AbortController();
  const { signal } = controller;
  const changeOne = async (id: string, change: LabelChange): Promise<void> => {
    const now = await service.get(id, { signal, isFresh: true });
    const wanted = changeOn(now, change);
    if (isNothing(wanted)) return;
    // Once sent, it is waited for: what the server has done is to be undoable.
    if (signal.aborted) return;
    const { contact, ignored } = await service.update(id, { labels: labelsAfter(now, wanted) });
    if (ignored.includes('labels')) throw new UserError(vscode.l10n.t('The server does not take labels.'));
    model.accept(contact);
    outcome.done.set(id, wanted);
  };
  const title = vscode.l10n.t('Changing labels');
  const location = vscode.ProgressLocation.Notification;
  await vscode.window.withProgress({ location, title, cancellable: true }, async (progress, token) => {
    token.onCancellationRequested(() => controller.abort());
    const limit = pLimit(maxRequests);
    let finished = 0;
    const work = [...changes].map(([id, change]) =>
      limit(async () => {
        if (signal.aborted) return;
        try {
          await changeOne(id, change);
        } catch (error) {
          if (!(token.isCancellationRequested && isCancelled(error))) outcome.fault ??= error;
          controller.abort();
        }
        finished++;
        progress.report({ increment: 100 / changes.size, message: `${finished} / ${changes.size}` });
      }),
    );
    await Promise.all(work);
    outcome.isStopped = token.isCancellationRequested;
  });
  return outcome;
}
