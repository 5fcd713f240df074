import * as vscode from 'vscode';
import { displayTerm } from '../../platform/displayText.ts';
import { registerCommand } from '../../platform/commands.ts';
import type { Log } from '../../platform/log.ts';
import type { Session } from '../../session/session.ts';
import type { ContactsModel } from '../contactsModel.ts';
import { allContacts, isNarrow, type ContactQuery } from './contactQuery.ts';
import { queryText } from './queryText.ts';
import type { SavedSearches } from './savedSearches.ts';

const questions = () => import('./queryPrompts.ts');

export interface QueryServices {
  session: Session;
  model: ContactsModel;
  saved: SavedSearches;
  log: Log;
}

/** What the user can do with the list as a whole: search in it, filter, sort, and keep a search under a name. */
export function registerQueryCommands({ session, model, saved, log }: QueryServices): vscode.Disposable {
  const named = (argument: unknown): ContactQuery | undefined => {
    const name = (argument as { savedSearch?: unknown } | undefined)?.savedSearch;
    return saved.of(session.account?.id).find((search) => search.name === name)?.query;
  };
  const save = async (): Promise<void> => {
    const { account } = session;
    if (account === undefined || !isNarrow(model.query)) return;
    const name = await (await questions()).askName(queryText(model.query, displayTerm));
    if (name === undefined) return;
    await saved.save(account.id, { name, query: model.query });
    if (session.service !== undefined) await saved.countAll(session.service, account.id);
  };
  const remove = async (argument: unknown): Promise<void> => {
    const { account } = session;
    const name = (argument as { savedSearch?: unknown } | undefined)?.savedSearch;
    if (account !== undefined && typeof name === 'string') await saved.delete(account.id, name);
  };
  return vscode.Disposable.from(
    registerCommand('contactLookup.searchInList', log, async () => {
      const text = await (await questions()).askText(model.query.text);
      if (text === undefined) return;
      // What is searched for comes best match first, until another order is asked for.
      await model.setQuery({ ...model.query, text, sort: text === '' ? model.query.sort : undefined });
    }),
    registerCommand('contactLookup.filterContacts', log, async () => {
      const filter = await (await questions()).askFilter(model, session.service, log);
      if (filter !== undefined) await model.setQuery({ ...model.query, ...filter });
    }),
    registerCommand('contactLookup.sortContacts', log, async () => {
      const query = await (await questions()).askSort(model.query);
      if (query !== undefined) await model.setQuery(query);
    }),
    registerCommand('contactLookup.clearQuery', log, () => model.setQuery({ ...allContacts, sort: model.query.sort })),
    registerCommand('contactLookup.saveSearch', log, save),
    registerCommand('contactLookup.openSavedSearch', log, async (argument) => {
      const query = named(argument);
      if (query !== undefined) await model.setQuery(query);
    }),
    registerCommand('contactLookup.deleteSavedSearch', log, remove),
  );
}
