import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Log } from '../platform/log.ts';
import { ApiError } from '../api/apiError.ts';
import type { ContactService } from '../api/contactService.ts';
import type { Contact } from '../api/decode/contact.ts';
import { logText, UserError } from '../platform/errorReport.ts';
import { registerCommand } from '../platform/commands.ts';
import { forgetDrafts } from '../platform/lastingInput.ts';
import { readyService } from '../session/readyService.ts';
import type { Session } from '../session/session.ts';
import type { Avatars } from './avatars.ts';
import { contactName, contactPhone } from './contactName.ts';
import { ContactsTree } from './contactsTree.ts';
import type { ContactsModel } from './contactsModel.ts';
import { UnfinishedExports } from './export/unfinishedExports.ts';
import { ContactFileSystem, contactFileScheme } from './files/contactFileSystem.ts';
import { Drafts } from './panel/drafts.ts';
import { ContactPanels } from './panel/contactPanels.ts';
import type { RecentContacts } from './recentContacts.ts';
import { queryFrom, type ContactQuery } from './query/contactQuery.ts';
import { registerQueryCommands } from './query/queryCommands.ts';
import { SavedSearches } from './query/savedSearches.ts';
import { SeenContacts } from './panel/seenContacts.ts';

export interface ContactsServices {
  session: Session;
  model: ContactsModel;
  avatars: Avatars;
  log: Log;
  extensionUri: vscode.Uri;
  globalStorageUri: vscode.Uri;
  secrets: vscode.SecretStorage;
  /** Keeps what was typed and not saved. */
  globalState: vscode.Memento;
  recent: RecentContacts;
  /** Asks the user for a contact, for commands that were given none. */
  pickContact: (title: string) => Promise<Contact | undefined>;
}

/**
 * The tree of contacts, their panels, and what can be done with a contact. What a command does is loaded when it is
 * first used, which keeps the start of VS Code short.
 */
export function register(services: ContactsServices): vscode.Disposable {
  const { session, model, avatars, log, recent, pickContact } = services;
  const fileSystem = new ContactFileSystem(session);
  const drafts = new Drafts(services.globalState);
  const seen = new SeenContacts();
  const panels = new ContactPanels({ ...services, drafts, fileSystem, seen });

  const unfinished = new UnfinishedExports(join(services.globalStorageUri.fsPath, 'exports'));
  setImmediate(() => unfinished.sweep());
  const saved = new SavedSearches(services.globalState);
  const tree = new ContactsTree(session, model, avatars, saved);

  const nameOf = (contactId: string): string | undefined => {
    const contact = model.find(contactId) ?? seen.contact(contactId)?.contact;
    return contact && contactName(contact);
  };
  const keptParts = { globalState: services.globalState, secrets: services.secrets, drafts, saved, nameOf };
  /** Once an account is in use that something was kept for. */
  const restoreKept = async (): Promise<void> => {
    const { account, state } = session;
    if (account === undefined || state.kind !== 'ready') return;
    const kept = await import('./keptForLater.ts');
    if (kept.isKeptFor(services.globalState, account.id)) await kept.restoreKept(keptParts, account.id);
  };

  /** The contact that a command is about: the one it was given, or one that the user picks. */
  const contactFor = async (service: ContactService, given: unknown, title: string): Promise<Contact | undefined> => {
    const id = contactIdIn(given);
    return id === undefined ? pickContact(title) : (model.find(id) ?? service.get(id));
  };

  /** A row's context menu also gives all rows that are selected. */
  const copy = async (field: 'email' | 'phone_number', title: string, given: unknown, selected: unknown) => {
    const service = await readyService(session);
    const rows = Array.isArray(selected) && selected.length > 1 ? (selected as unknown[]) : [given];
    const values: string[] = [];
    for (const row of rows) {
      if (rows.length > 1 && contactIdIn(row) === undefined) continue;
      const contact = await contactFor(service, row, title);
      const value = contact && (field === 'email' ? contact.email : contactPhone(contact));
      if (value !== undefined && !values.includes(value)) values.push(value);
    }
    if (values.length === 0) return;
    await vscode.env.clipboard.writeText(values.join(', '));
    const message = values.length === 1 ? vscode.l10n.t('Copied.') : vscode.l10n.t('Copied {0} texts.', values.length);
    vscode.window.setStatusBarMessage(message, copiedShownMs);
  };

  /** @param ids whom to export; of none, the user is asked. */
  const exportAs = async (ids: readonly string[]): Promise<void> => {
    const service = await readyService(session);
    const { exportCsv } = await import('./export/exportCsv.ts');
    await exportCsv({ service, model, unfinished, memory: services.globalState }, ids);
  };

  return vscode.Disposable.from(
    panels,
    fileSystem,
    vscode.workspace.registerFileSystemProvider(contactFileScheme, fileSystem, {
      isCaseSensitive: true,
      isReadonly: true,
    }),
    session.onWillSignOut(async (account) => {
      await panels.storeDrafts();
      const { offerToKeep } = await import('./keptForLater.ts');
      return offerToKeep(keptParts, account);
    }),
    session.onDidChange(() => {
      restoreKept().catch((error: unknown) => log.error(logText(error)));
    }),
    session.onDidForget((accountId) => {
      forgetDrafts(draftPrefix(accountId));
      void drafts.forget(accountId);
      void recent.forget(accountId);
      void saved.forget(accountId);
    }),
    tree,
    saved,
    panels.onDidShow((contactId) => {
      if (isFollowing()) void tree.reveal(contactId);
    }),
    model.onDidChangeQuery(() => void services.globalState.update(listedKey, { ...model.query, text: '' })),
    registerQueryCommands({ session, model, saved, log }),
    registerCommand('contactLookup.openContact', log, async (given) => {
      const id = contactIdIn(given) ?? (await pickContact(vscode.l10n.t('Open Contact')))?.id;
      if (id === undefined) return;
      const remembered = session.account === undefined ? undefined : recent.add(session.account.id, id);
      const [panel] = await Promise.all([panels.open(id, model.find(id)), remembered]);
      const tab = tabIn(given);
      if (tab !== undefined) await panel.showTab(tab);
    }),
    registerCommand('contactLookup.updateContact', log, async (given) => {
      const service = await readyService(session);
      const contact = await contactFor(service, given, vscode.l10n.t('Update Contact'));
      if (contact === undefined) return;
      const { updateContact } = await import('./updateContact.ts');
      const accountId = session.account?.id;
      await updateContact(() => serviceOf(session, accountId), draftPrefix(accountId), model, contact, fieldIn(given));
    }),
    registerCommand('contactLookup.uploadAvatar', log, async (given) => {
      const service = await readyService(session);
      const contact = await contactFor(service, given, vscode.l10n.t('Upload Picture'));
      if (contact === undefined) return;
      await (await panels.open(contact.id, contact)).choosePicture();
    }),
    // The view's title gives it the row that has the focus, which is not meant.
    registerCommand('contactLookup.exportCsv', log, () => exportAs([])),
    registerCommand('contactLookup.exportSelected', log, (given, selected) => {
      const rows = Array.isArray(selected) && selected.length > 0 ? (selected as unknown[]) : [given];
      return exportAs(rows.map(contactIdIn).filter((id) => id !== undefined));
    }),
    registerCommand('contactLookup.copyEmail', log, (given, selected) =>
      copy('email', vscode.l10n.t('Copy E-mail'), given, selected),
    ),
    registerCommand('contactLookup.copyPhone', log, (given, selected) =>
      copy('phone_number', vscode.l10n.t('Copy Phone'), given, selected),
    ),
    registerCommand('contactLookup.loadMoreContacts', log, () => model.loadMore()),
  );
}

/** Whether the list goes to the contact of the panel in front. */
const isFollowing = (): boolean =>
  vscode.workspace.getConfiguration('contactLookup.list').get<boolean>('followPanel', true);

const copiedShownMs = 3_000;

/** How the list was sorted and filtered; what was searched for may name people, and is not kept. */
const listedKey = 'listedContacts';

/** The query of the list as it was when VS Code was closed. */
export const listedBefore = (memento: vscode.Memento): ContactQuery => queryFrom(memento.get(listedKey));

const draftPrefix = (accountId: string | undefined): string => `${accountId ?? ''} `;

/** The service for an account's contact: another account must not get what was meant for it. */
function serviceOf(session: Session, accountId: string | undefined): ContactService {
  if (session.account?.id !== accountId) throw new UserError(vscode.l10n.t('Another account is in use now.'));
  if (session.state.kind === 'expired') throw new ApiError('auth');
  if (session.service === undefined) throw new UserError(vscode.l10n.t('The contacts are still being opened.'));
  return session.service;
}

/** Anybody can run a command with anything. */
function contactIdIn(given: unknown): string | undefined {
  const id = (given as { contactId?: unknown } | null | undefined)?.contactId;
  return typeof id === 'string' && id.length <= 200 ? id : undefined;
}

function tabIn(given: unknown): string | undefined {
  const tab = (given as { tab?: unknown } | null | undefined)?.tab;
  return typeof tab === 'string' ? tab : undefined;
}

function fieldIn(given: unknown): string | undefined {
  const field = (given as { field?: unknown } | null | undefined)?.field;
  return typeof field === 'string' ? field : undefined;
}
