import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { registerCommand } from '../platform/commands.ts';
import { logText } from '../platform/errorReport.ts';
import type { Log } from '../platform/log.ts';
import type { AccountStore } from '../session/accountStore.ts';
import type { Session } from '../session/session.ts';
import type { KeptContacts } from './keptContacts.ts';

export interface MirrorServices {
  session: Session;
  accounts: AccountStore;
  log: Log;
  /** Keeps what the user has decided about each account. */
  globalState: vscode.Memento;
  globalStorageUri: vscode.Uri;
  extensionUri: vscode.Uri;
}

/**
 * An account's contacts on this machine, where its user wants that: searched at once, and there when the server is not.
 * Most users' windows load nothing of it.
 */
export function register(services: MirrorServices): vscode.Disposable {
  const { session, accounts, log, globalState, globalStorageUri } = services;
  let loaded: Promise<KeptContacts> | undefined;
  const load = (): Promise<KeptContacts> => {
    loaded ??= import('./keptContacts.ts').then(({ KeptContacts }) => new KeptContacts(services));
    return loaded;
  };
  const failed = (error: unknown): void => log.error(logText(error));

  session.prepare = async (account, service) => {
    if (globalState.get(`kept.${account.id}`) === true) await (await load()).open(account, service).catch(failed);
  };
  const prune = async (): Promise<void> => {
    if (!existsSync(join(globalStorageUri.fsPath, 'kept'))) return;
    await session.known;
    const { accounts: known } = await accounts.read();
    await (await load()).prune(known.map(({ id }) => id));
  };
  prune().catch(failed);
  return vscode.Disposable.from(
    session.onDidChange(({ kind }) => {
      const { account } = session;
      const isNew = account?.kind === 'server' && globalState.get(`kept.${account.id}`) === undefined;
      if (kind === 'ready' && isNew)
        load()
          .then((kept) => kept.offer(account), failed)
          .catch(failed);
    }),
    session.onDidForget(
      (id) =>
        void load()
          .then((kept) => kept.forget(id), failed)
          .catch(failed),
    ),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void session.reopen()),
    registerCommand('contactLookup.keepContacts', log, async () => (await load()).choose()),
    new vscode.Disposable(() => void loaded?.then((kept) => kept.dispose(), failed)),
  );
}
