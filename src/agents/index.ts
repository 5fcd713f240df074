import * as vscode from 'vscode';
import type { ContactsModel } from '../contacts/contactsModel.ts';
import type { Session } from '../session/session.ts';
import { GetContact, ListUnreadNotifications, SearchContacts } from './readingTools.ts';
import { UpdateContact } from './updateTool.ts';

/** What a language model may do with contacts, as tools of VS Code's chat and agents. */
export const register = (session: Session, model: ContactsModel): vscode.Disposable =>
  vscode.Disposable.from(
    vscode.lm.registerTool('contactLookup_searchContacts', new SearchContacts(session)),
    vscode.lm.registerTool('contactLookup_getContact', new GetContact(session)),
    vscode.lm.registerTool('contactLookup_listUnreadNotifications', new ListUnreadNotifications(session)),
    vscode.lm.registerTool('contactLookup_updateContact', new UpdateContact(session, model)),
  );
