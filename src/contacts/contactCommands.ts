import * as vscode from 'vscode';
import { ApiError } from '../api/apiError.ts';
import type { ContactService } from '../api/contactService.ts';
import type { Contact } from '../api/decode/contact.ts';
import type { ContactCommandName } from '../platform/commands.ts';
import { UserError } from '../platform/errorReport.ts';
import { readyService } from '../session/readyService.ts';
import type { Session } from '../session/session.ts';
import type { ContactsModel } from './contactsModel.ts';
import type { ContactsTree } from './contactsTree.ts';
import { contactIdIn, textArgument } from './commandArguments.ts';
import { copyOf } from './copyContacts.ts';
import { deleteContacts } from './deleteContacts.ts';
import type { UnfinishedExports } from './export/unfinishedExports.ts';
import { newContact } from './newContact.ts';
import type { ContactPanels } from './panel/contactPanels.ts';
import { updateContact } from './updateContact.ts';

interface CommandParts {
  session: Session;
  model: ContactsModel;
  tree: ContactsTree;
  panels: ContactPanels;
  unfinished: UnfinishedExports;
  globalState: vscode.Memento;
  pickContact: (title: string) => Promise<Contact | undefined>;
}

/** What a command is run with: a row's contact, and all rows that are selected where the row is one of several. */
type Run = (given: unknown, selected: unknown) => Promise<void>;

/** What can be done with contacts, each under the name of its command. */
export function contactCommands(parts: CommandParts) {
  const { session, model, tree, panels, unfinished, globalState, pickContact } = parts;

  /** Those that a command is about: the rows that it was given, those that are selected, or one that the user picks. */
  const contactsFor = async (title: string, given: unknown, selected: unknown): Promise<Contact[]> => {
    const service = await readyService(session);
    const ids = isForSelection(given) ? tree.selected : idsIn(given, selected);
    if (ids.length > 0) return Promise.all(ids.map(async (id) => model.find(id) ?? service.get(id)));
    const picked = await pickContact(title);
    return picked === undefined ? [] : [picked];
  };

  /** @param ids whom to export; of none, the user is asked. */
  const exportAs = async (ids: readonly string[]): Promise<void> => {
    const service = await readyService(session);
    const { exportCsv } = await import('./export/exportCsv.ts');
    await exportCsv({ service, model, unfinished, memory: globalState }, ids);
  };

  /** Those of whoever is signed in now, whom a draft is of. */
  const ofAccount = (): { serviceNow: () => ContactService; draftPrefix: string } => {
    const accountId = session.account?.id;
    return { serviceNow: () => serviceOf(session, accountId), draftPrefix: `${accountId ?? ''} ` };
  };

  return {
    newContact: async (given) => {
      await readyService(session);
      const { serviceNow, draftPrefix } = ofAccount();
      const made = await newContact(serviceNow, `${draftPrefix}new`, textArgument(given, 'text')?.slice(0, 500));
      if (made === undefined) return;
      const panel = await panels.open(made.contact.id, made.contact);
      if (made.isNew) await Promise.all([model.refresh(), panel.edit('display_name')]);
    },
    updateContact: async (given) => {
      const [contact] = await contactsFor(vscode.l10n.t('Update Contact'), given, undefined);
      if (contact === undefined) return;
      const { serviceNow, draftPrefix } = ofAccount();
      await updateContact(serviceNow, draftPrefix, model, contact, textArgument(given, 'field'));
    },
    deleteContact: async (given, selected) => {
      const contacts = await contactsFor(vscode.l10n.t('Delete Contact'), given, selected);
      const gone = await deleteContacts(await readyService(session), model, contacts);
      for (const { id } of gone) panels.close(id);
    },
    uploadAvatar: async (given) => {
      const [contact] = await contactsFor(vscode.l10n.t('Upload Picture'), given, undefined);
      if (contact !== undefined) await (await panels.open(contact.id, contact)).choosePicture();
    },
    // The view's title gives it the row that has the focus, which is not meant.
    exportCsv: () => exportAs([]),
    exportSelected: (given, selected) => exportAs(idsIn(given, selected)),
    copyEmail: async (given, selected) =>
      copyOf('email', await contactsFor(vscode.l10n.t('Copy E-mail'), given, selected)),
    copyPhone: async (given, selected) =>
      copyOf('phone_number', await contactsFor(vscode.l10n.t('Copy Phone'), given, selected)),
  } satisfies Record<ContactCommandName, Run>;
}

/** The service for an account's contact: another account must not get what was meant for it. */
function serviceOf(session: Session, accountId: string | undefined): ContactService {
  if (session.account?.id !== accountId) throw new UserError(vscode.l10n.t('Another account is in use now.'));
  if (session.state.kind === 'expired') throw new ApiError('auth');
  if (session.service === undefined) throw new UserError(vscode.l10n.t('The contacts are still being opened.'));
  return session.service;
}

/** Rows that are no contacts are left out. */
function idsIn(given: unknown, selected: unknown): string[] {
  const rows: unknown[] = Array.isArray(selected) && selected.length > 0 ? selected : [given];
  return rows.map(contactIdIn).filter((id) => id !== undefined);
}

/** What a key of ours gives: it is pressed in the list. */
const isForSelection = (given: unknown): boolean =>
  (given as { isForSelection?: unknown } | null | undefined)?.isForSelection === true;
