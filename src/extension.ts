import type * as vscode from 'vscode';
import type { Contact } from './api/decode/contact.ts';
import * as agents from './agents/index.ts';
import { Avatars } from './contacts/avatars.ts';
import { ContactsModel } from './contacts/contactsModel.ts';
import * as contacts from './contacts/index.ts';
import { RecentContacts } from './contacts/recentContacts.ts';
import * as lookup from './lookup/index.ts';
import { LastQuery } from './lookup/lastQuery.ts';
import * as notifications from './notifications/index.ts';
import { NotificationsModel } from './notifications/notificationsModel.ts';
import { registerCommand } from './platform/commands.ts';
import { createLog } from './platform/log.ts';
import * as sessions from './session/index.ts';
import { AccountStore } from './session/accountStore.ts';
import { LocalWorkspace } from './session/localWorkspace.ts';
import { Services } from './session/services.ts';
import { Session } from './session/session.ts';

export function activate(context: vscode.ExtensionContext): void {
  const { extensionUri, globalState, globalStorageUri, secrets } = context;
  const log = createLog('Contact Lookup');
  const localWorkspace = new LocalWorkspace(extensionUri, globalStorageUri, log);
  const accounts = new AccountStore(secrets);
  const services = new Services(log);
  const session = new Session(accounts, services, localWorkspace, log);
  const contactsModel = new ContactsModel(session, contacts.listedBefore(globalState));
  const notificationsModel = new NotificationsModel(session, log);
  const avatars = new Avatars(session);
  const recent = new RecentContacts(globalState);
  const search = { session, model: contactsModel, recent, lastQuery: new LastQuery() };
  const pickContact = (title: string, query?: string): Promise<Contact | undefined> =>
    lookup.pickContact(search, title, query);

  context.subscriptions.push(
    log,
    localWorkspace,
    accounts,
    session,
    contactsModel,
    notificationsModel,
    avatars,
    sessions.register(session, accounts, services, log),
    contacts.register({ session, model: contactsModel, avatars, log, extensionUri, globalState, recent, pickContact }),
    lookup.register({ session, model: contactsModel, avatars, log, pick: pickContact }),
    notifications.register(session, notificationsModel, log),
    agents.register(session, contactsModel),
    registerCommand('contactLookup.refresh', log, async () => {
      if (session.state.kind === 'failed') return session.retry();
      await Promise.all([contactsModel.refresh(), notificationsModel.refresh()]);
      return undefined;
    }),
  );

  // Not awaited: the commands are there before any server has answered.
  void session.follow();
}
