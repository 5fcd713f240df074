import * as vscode from 'vscode';
import { ApiError } from '../../api/apiError.ts';
import type { ContactService } from '../../api/contactService.ts';
import type { Contact } from '../../api/decode/contact.ts';
import type { Log } from '../../platform/log.ts';
import type { ContactCommandName } from '../../platform/commands.ts';
import { UserError } from '../../platform/errorReport.ts';
import { readyService } from '../../session/readyService.ts';
import type { Session } from '../../session/session.ts';
import type { ContactsModel } from '../contactsModel.ts';
import type { ContactsTree } from '../tree/contactsTree.ts';
import { idsIn, isForSelection, textArgument } from './commandArguments.ts';
import { copyField, copyTable } from './copyContacts.ts';
import { deleteContacts } from './deleteContacts.ts';
import { editLabels } from './editLabels.ts';
import { UnfinishedExports } from '../export/unfinishedExports.ts';
import { maxPinned, type PinnedContacts } from '../pinnedContacts.ts';
import { newContact } from './newContact.ts';
import type { ContactPanels } from '../panel/contactPanels.ts';
import { updateContact } from './updateContact.ts';

interface CommandParts {
  session: Session;
  model: ContactsModel;
  tree: ContactsTree;
  panels: ContactPanels;
  /** Where it is noted which files are being written. */
  exportsFolder: string;
  pinned: PinnedContacts;
  globalState: vscode.Memento;
  log: Log;
  pickContact: (title: string) => Promise<Contact | undefined>;
}

/** What a command is run with: a row's contact, and all rows that are selected where the row is one of several. */
type Run = (argument: unknown, selected: unknown) => Promise<void>;

/** What can be done with contacts, each under the name of its command. */
export function contactCommands(parts: CommandParts) {
  const { session, model, tree, panels, exportsFolder, pinned, globalState, log, pickContact } = parts;
  const unfinished = new UnfinishedExports(exportsFolder);

  /** Those that a command is about: the rows that it was given, those that are selected, or one that the user picks. */
  const contactsFor = async (title: string, argument: unknown, selected: unknown): Promise<Contact[]> => {
    const service = await readyService(session);
    const ids = isForSelection(argument) ? tree.selected : idsIn(argument, selected);
    if (ids.length > 0) return Promise.all(ids.map(async (id) => model.find(id) ?? service.get(id)));
    const picked = await pickContact(title);
    return picked === undefined ? [] : [picked];
  };

  /** @param ids whom to export; of none, the user is asked. */
  const exportAs = async (ids: readonly string[]): Promise<void> => {
    const service = await readyService(session);
    const { exportCsv } = await import('../export/exportCsv.ts');
    await exportCsv({ service, model, unfinished, memory: globalState }, ids);
  };

  /** The service and the draft prefix for the account that is active now. */
  const ofAccount = (): { serviceNow: () => ContactService; draftPrefix: string } => {
    const accountId = session.account?.id;
    return { serviceNow: () => serviceOf(session, accountId), draftPrefix: `${accountId ?? ''} ` };
  };

  return {
    newContact: async (argument) => {
      await readyService(session);
      const { serviceNow, draftPrefix } = ofAccount();
      const made = await newContact(serviceNow, `${draftPrefix}new`, textArgument(argument, 'text')?.slice(0, 500));
      if (made === undefined) return;
      const panel = await panels.open(made.contact.id, made.contact);
      if (made.isNew) await Promise.all([model.refresh(), panel.edit('display_name')]);
    },
    updateContact: async (argument) => {
      const [contact] = await contactsFor(vscode.l10n.t('Update Contact'), argument, undefined);
      if (contact === undefined) return;
      const { serviceNow, draftPrefix } = ofAccount();
      await updateContact(serviceNow, draftPrefix, model, contact, textArgument(argument, 'field'));
    },
    editLabels: async (argument, selected) => {
      const contacts = await contactsFor(vscode.l10n.t('Edit Labels'), argument, selected);
      await editLabels(await readyService(session), model, contacts);
    },
    mergeContacts: async (argument, selected) => {
      const service = await readyService(session);
      const given = idsIn(argument, selected);
      const [one = (await pickContact(vscode.l10n.t('Merge Contacts: The First')))?.id, other] = given;
      if (given.length > 2) throw new UserError(vscode.l10n.t('Two contacts are merged at a time. Select two.'));
      if (one === undefined) return;
      const second = other ?? (await pickContact(vscode.l10n.t('Merge Contacts: The Second')))?.id;
      if (second === undefined) return;
      if (second === one) throw new UserError(vscode.l10n.t('That is the same contact.'));
      const merging = await import('../merge/mergeContacts.ts');
      await merging.mergeContacts({ service, model, panels, log }, [one, second]);
    },
    findDuplicates: async () => {
      const service = await readyService(session);
      const finding = await import('../merge/findDuplicates.ts');
      await finding.findDuplicates({ service, model, panels, log });
    },
    deleteContact: async (argument, selected) => {
      const contacts = await contactsFor(vscode.l10n.t('Delete Contact'), argument, selected);
      const gone = await deleteContacts(await readyService(session), model, contacts, (ids) => pinned.unpin(ids));
      for (const { id } of gone) panels.close(id);
    },
    pinContact: async (argument, selected) => {
      const contacts = await contactsFor(vscode.l10n.t('Pin Contact'), argument, selected);
      if (!(await pinned.pin(contacts)))
        throw new UserError(vscode.l10n.t('At most {0} contacts can be pinned. Unpin one first.', maxPinned));
    },
    unpinContact: (argument, selected) => pinned.unpin(idsIn(argument, selected)),
    uploadAvatar: async (argument) => {
      const [contact] = await contactsFor(vscode.l10n.t('Upload Picture'), argument, undefined);
      if (contact !== undefined) await (await panels.open(contact.id, contact)).choosePicture();
    },
    // The button in the view's title passes the focused row, which is not what is to be exported.
    exportCsv: () => exportAs([]),
    exportSelected: (argument, selected) => exportAs(idsIn(argument, selected)),
    copyEmail: async (argument, selected) =>
      copyField('email', await contactsFor(vscode.l10n.t('Copy E-mail'), argument, selected)),
    copyPhone: async (argument, selected) =>
      copyField('phone_number', await contactsFor(vscode.l10n.t('Copy Phone'), argument, selected)),
    copyContacts: async (argument, selected) => {
      if (isForSelection(argument) && tree.selected.length === 0) return;
      await copyTable(await contactsFor(vscode.l10n.t('Copy as Table'), argument, selected));
    },
  } satisfies Record<ContactCommandName, Run>;
}

/** The service for an account's contact: another account must not get what was meant for it. */
function serviceOf(session: Session, accountId: string | undefined): ContactService {
  if (session.account?.id !== accountId) throw new UserError(vscode.l10n.t('Another account is in use now.'));
  if (session.state.kind === 'expired') throw new ApiError('auth');
  if (session.service === undefined) throw new UserError(vscode.l10n.t('The contacts are still being opened.'));
  return session.service;
}
