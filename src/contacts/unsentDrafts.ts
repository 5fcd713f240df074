import * as vscode from 'vscode';
import { displayText } from '../platform/displayText.ts';
import type { Session } from '../session/session.ts';
import { contactName } from './contactName.ts';
import type { ContactsModel } from './contactsModel.ts';
import type { ContactPanels } from './panel/contactPanels.ts';
import type { Drafts } from './panel/drafts.ts';

export interface UnsentParts {
  session: Session;
  model: ContactsModel;
  drafts: Drafts;
  panels: ContactPanels;
  /** A contact's name, where it is known now. */
  nameOf: (contactId: string) => string | undefined;
}

/** Whom a question is open about, or was answered with later. */
const asked = new Set<string>();

/**
 * Offers to save what was to be saved while the server did not answer, once each time that it answers again. Nothing is
 * sent without a yes, and what somebody else has changed meanwhile is asked about in the panel as ever.
 */
export async function offerUnsent({ session, model, drafts, panels, nameOf }: UnsentParts): Promise<void> {
  const { account, kept } = session;
  if (kept?.kind === 'unreachable') asked.clear();
  if (account === undefined || kept?.kind !== 'inStep') return;
  const unsent = drafts
    .of(account.id)
    .filter(({ contactId, draft }) => draft.isUnsent === true && !asked.has(contactId));
  if (unsent.length === 0) return;
  const ids = unsent.map(({ contactId }) => contactId);
  for (const id of ids) asked.add(id);
  const [first = ''] = ids;
  const save = vscode.l10n.t('Save');
  const show = vscode.l10n.t('Show');
  const question =
    ids.length === 1
      ? vscode.l10n.t(
          'The server answers again. Save what you changed of {0}?',
          displayText(nameOf(first) ?? (await keptName(session, first)), 'message'),
        )
      : vscode.l10n.t('The server answers again. Save what you changed of {0} contacts?', ids.length);
  const picked = await vscode.window.showInformationMessage(question, save, show);
  if (picked === undefined || session.account?.id !== account.id) return;
  for (const id of ids) {
    // Saved, or discarded, by another way while the question was open.
    if (drafts.find(account.id, id)?.isUnsent !== true) continue;
    const panel = await panels.open(id, model.find(id));
    if (picked === save) await panel.save();
  }
}

/** The name of a contact that this window has not seen yet. */
async function keptName({ service }: Session, contactId: string): Promise<string> {
  const contact = await service?.get(contactId, { mayBeKept: true }).catch(() => undefined);
  return contact === undefined ? vscode.l10n.t('a contact') : contactName(contact);
}
