import * as vscode from 'vscode';
import type { ContactsModel } from '../contacts/contactsModel.ts';
import type { Session } from '../session/session.ts';

type Tool = vscode.LanguageModelTool<Record<string, unknown>>;
const tools = () => import('./tools.ts');

/** What a language model may do with contacts, as tools of VS Code's chat and agents. */
export function register(session: Session, model: ContactsModel): vscode.Disposable {
  const reading = (name: 'SearchContacts' | 'GetContact' | 'ListUnreadNotifications'): Tool => ({
    invoke: async (options, token) => new (await tools())[name](session).invoke(options, token),
  });
  const updateTool = async () => new (await tools()).UpdateContact(session, model);
  const update: Tool = {
    prepareInvocation: async (options) => (await updateTool()).prepareInvocation(options),
    invoke: async (options, token) => (await updateTool()).invoke(options, token),
  };
  return vscode.Disposable.from(
    vscode.lm.registerTool('contactLookup_searchContacts', reading('SearchContacts')),
    vscode.lm.registerTool('contactLookup_getContact', reading('GetContact')),
    vscode.lm.registerTool('contactLookup_listUnreadNotifications', reading('ListUnreadNotifications')),
    vscode.lm.registerTool('contactLookup_updateContact', update),
  );
}
