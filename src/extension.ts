import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Contact } from './api/decode/contact.ts';
import * as agents from './agents/index.ts';
import { Avatars } from './contacts/avatars.ts';
import { ContactsModel } from './contacts/contactsModel.ts';
import * as contacts from './contacts/index.ts';
import { RecentContacts } from './contacts/recentContacts.ts';
import * as localData from './localData/index.ts';
import * as lookup from './lookup/index.ts';
import { LastQuery } from './lookup/lastQuery.ts';
import * as mirror from './mirror/index.ts';
import { AdaptiveDebounce } from './lookup/adaptiveDebounce.ts';
import * as notifications from './notifications/index.ts';
import { PendingChangesJournal } from './notifications/pendingChangesJournal.ts';
import { NotificationsModel } from './notifications/notificationsModel.ts';
import { registerCommand } from './platform/commands.ts';
import { createLog } from './platform/log.ts';
import { registerPersonalData } from './platform/personalData.ts';
import { steadyMemento } from './platform/steadyMemento.ts';
import * as sessions from './session/index.ts';
import { AccountStore } from './session/accountStore.ts';
import { LocalWorkspace } from './session/localWorkspace.ts';
import { Services } from './session/services.ts';
import { Session } from './session/session.ts';

/** Set while the extension is active. */
let endConnections: (() => Promise<void>) | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const { extension, extensionUri, globalStorageUri, secrets } = context;
  const globalState = steadyMemento(context.globalState);
  const log = createLog('Contact Lookup');
  const localWorkspace = new LocalWorkspace(extensionUri, globalStorageUri, log);
  const accounts = new AccountStore(secrets);
  const services = new Services(log);
  const session = new Session(accounts, services, localWorkspace, log);
  const contactsModel = new ContactsModel(session, contacts.restoreListQuery(globalState));
  const notificationsModel = new NotificationsModel(
    session,
    new PendingChangesJournal(join(globalStorageUri.fsPath, 'held')),
    log,
  );
  const avatars = new Avatars(session);
  const recent = new RecentContacts(globalState);
  const search = { session, model: contactsModel, recent, lastQuery: new LastQuery(), pace: new AdaptiveDebounce() };
  const pickContact = (title: string, query?: string): Promise<Contact | undefined> =>
    lookup.pickContact(search, title, query);

  const connections = vscode.Disposable.from(notificationsModel, session, accounts, localWorkspace, log);
  endConnections = async () => {
    await notificationsModel.flush();
    connections.dispose();
  };

  context.subscriptions.push(
    registerPersonalData(log),
    contactsModel,
    avatars,
    sessions.register(session, accounts, services, log),
    contacts.register({
      session,
      model: contactsModel,
      avatars,
      log,
      extensionUri,
      globalState,
      globalStorageUri,
      secrets,
      recent,
      pickContact,
    }),
    lookup.register({ session, model: contactsModel, avatars, log, extensionId: extension.id, pick: pickContact }),
    notifications.register({ session, model: notificationsModel, log, globalState, globalStorageUri }),
    mirror.register({ session, accounts, log, globalState, globalStorageUri, extensionUri }),
    localData.register({ session, services, localWorkspace, log, onChanged: () => contactsModel.refresh() }),
    agents.register({ session, accounts, model: contactsModel, extension, secrets, log }),
    registerCommand('contactLookup.refresh', log, async () => {
      if (session.state.kind === 'failed') return session.retry();
      // Who asks for what is new means the server, not what is kept of it.
      const looked = session.service?.mirror?.look(0);
      await Promise.all([contactsModel.refresh(), notificationsModel.refresh(), looked]);
      return undefined;
    }),
  );

  // Not awaited: the commands are there before any server has answered.
  void session.follow();
}

/**
 * Sends the pending changes, then closes the connections. VS Code awaits this, but disposes the context's subscriptions
 * in the meantime, so whatever is needed until then must not be one of them.
 */
export async function deactivate(): Promise<void> {
  await endConnections?.();
  endConnections = undefined;
}
