import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Log } from '../platform/log.ts';
import type { Contact } from '../api/decode/contact.ts';
import { logText } from '../platform/errorReport.ts';
import { contactCommandNames, registerCommand } from '../platform/commands.ts';
import type { Session } from '../session/session.ts';
import type { Avatars } from './avatars.ts';
import { idsIn, textArgument } from './commands/commandArguments.ts';
import { contactName } from './contactName.ts';
import { ContactsTree } from './tree/contactsTree.ts';
import type { ContactsModel } from './contactsModel.ts';
import { ContactFileSystem, contactFileScheme } from './files/contactFileSystem.ts';
import { Drafts } from './panel/drafts.ts';
import { ContactPanels } from './panel/contactPanels.ts';
import type { RecentContacts } from './recentContacts.ts';
import { queryFrom, type ContactQuery } from './query/contactQuery.ts';
import { registerQueryCommands } from './query/queryCommands.ts';
import { PinnedContacts } from './pinnedContacts.ts';
import { SavedSearches } from './query/savedSearches.ts';
import { SeenContacts } from './panel/seenContacts.ts';

const previewSoonMs = 1_000;
/** More tabs than this nobody reads. */
const maxOpenedAtOnce = 10;

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

  const exportsFolder = join(services.globalStorageUri.fsPath, 'exports');
  const sweepExports = async (): Promise<void> => {
    const { UnfinishedExports } = await import('./export/unfinishedExports.ts');
    new UnfinishedExports(exportsFolder).sweep();
  };
  // Where nothing was exported yet, there is nothing to load it for.
  if (existsSync(exportsFolder)) sweepExports().catch((error: unknown) => log.error(logText(error)));
  const saved = new SavedSearches(services.globalState);
  const pinned = new PinnedContacts(session, model, services.globalState);
  const tree = new ContactsTree(session, model, avatars, saved, pinned);

  const nameOf = (contactId: string): string | undefined => {
    const contact = model.find(contactId) ?? seen.contact(contactId)?.contact;
    return contact && contactName(contact);
  };
  const keptParts = { globalState: services.globalState, secrets: services.secrets, drafts, saved, pinned, nameOf };
  /** Once an account is in use that something was kept for. */
  const restoreKept = async (): Promise<void> => {
    const { account, state } = session;
    if (account === undefined || state.kind !== 'ready') return;
    const kept = await import('./keptAtSignOut.ts');
    if (kept.isKeptFor(services.globalState, account.id)) await kept.restoreKept(keptParts, account.id);
  };

  /** Whether a contact is being opened only to be looked at. */
  let isPreview = false;
  const parts = { ...services, panels, tree, exportsFolder, pinned };
  /** Loaded when the first of them is run. */
  const contactCommands = contactCommandNames.map((name) =>
    registerCommand(`contactLookup.${name}`, log, async (argument, selected) => {
      const loaded = await import('./commands/contactCommands.ts');
      await loaded.contactCommands(parts)[name](argument, selected);
    }),
  );

  return vscode.Disposable.from(
    panels,
    fileSystem,
    vscode.workspace.registerFileSystemProvider(contactFileScheme, fileSystem, {
      isCaseSensitive: true,
      isReadonly: true,
    }),
    session.onWillSignOut(async (account) => {
      await panels.storeDrafts();
      const { offerToKeep } = await import('./keptAtSignOut.ts');
      return offerToKeep(keptParts, account);
    }),
    session.onDidChange(() => {
      restoreKept().catch((error: unknown) => log.error(logText(error)));
    }),
    session.onDidChangeKept(() => {
      import('./unsentDrafts.ts')
        .then(({ offerUnsent }) => offerUnsent({ session, model, drafts, panels, nameOf }))
        .catch((error: unknown) => log.error(logText(error)));
    }),
    session.onDidForget((accountId) => {
      import('../platform/persistentInput.ts')
        .then(({ forgetDrafts }) => forgetDrafts(`${accountId} `))
        .catch((error: unknown) => log.error(logText(error)));
      void drafts.forget(accountId);
      void recent.forget(accountId);
      void pinned.forget(accountId);
      void saved.forget(accountId);
    }),
    tree,
    pinned,
    saved,
    panels.onDidShow((contactId) => {
      if (isFollowing()) void tree.reveal(contactId);
    }),
    model.onDidChangeQuery(() => void services.globalState.update(listQueryKey, { ...model.query, text: '' })),
    registerQueryCommands({ session, model, saved, log }),
    // VS Code tells only a row's own command which row has the focus.
    registerCommand('contactLookup.previewContact', log, async () => {
      isPreview = true;
      // The row's command comes by itself, soon; on a row that opens nobody, none does.
      setTimeout(() => (isPreview = false), previewSoonMs);
      await vscode.commands.executeCommand('list.selectAndPreserveFocus');
    }),
    registerCommand('contactLookup.openContact', log, async (argument, selected) => {
      const preservesFocus = isPreview;
      isPreview = false;
      const given = idsIn(argument, selected);
      const ids = given.length > 0 ? given : [(await pickContact(vscode.l10n.t('Open Contact')))?.id];
      const open = async (id: string): Promise<void> => {
        const remembered = session.account === undefined ? undefined : recent.add(session.account.id, id);
        const [panel] = await Promise.all([
          panels.open(id, model.find(id) ?? pinned.find(id), preservesFocus),
          remembered,
        ]);
        const tab = textArgument(argument, 'tab');
        const conversation = textArgument(argument, 'conversationId');
        if (conversation !== undefined && conversation.length <= 200) await panel.openConversation(conversation);
        else if (tab !== undefined) await panel.showTab(tab);
      };
      // One after the other, so that they stand in the order of the list.
      for (const id of ids.slice(0, maxOpenedAtOnce)) if (id !== undefined) await open(id);
    }),
    ...contactCommands,
    registerCommand('contactLookup.loadMoreContacts', log, () => model.loadMore()),
  );
}

/** Whether the list goes to the contact of the panel in front. */
const isFollowing = (): boolean =>
  vscode.workspace.getConfiguration('contactLookup.list').get<boolean>('followPanel', true);

/** How the list was sorted and filtered; what was searched for may name people, and is not kept. */
const listQueryKey = 'listedContacts';

/** The query of the list as it was when VS Code was closed. */
export const restoreListQuery = (memento: vscode.Memento): ContactQuery => queryFrom(memento.get(listQueryKey));
