import * as vscode from 'vscode';
import type { Log } from '../platform/log.ts';
import { serverOrigin } from '../api/serverAddress.ts';
import { registerCommand, runCommand } from '../platform/commands.ts';
import { logText } from '../platform/errorReport.ts';
import { localAccount, type Account, type ServerAccount } from './account.ts';
import { AccountProvider, providerId, scopes } from './accountProvider.ts';
import type { AccountStore } from './accountStore.ts';
import { accountLabel, accountLabels, serverName } from './accountText.ts';
import type { ProposedKey } from './signIn.ts';
import type { Services } from './services.ts';
import type { Session } from './session.ts';
import { onDidChangeServiceSettings } from './settings.ts';

/** How long VS Code's Accounts menu may hold up a sign-in. */
const offerLimitMs = 3_000;

/** The accounts: in VS Code's Accounts menu, and the commands that choose between them. */
export function register(session: Session, store: AccountStore, services: Services, log: Log): vscode.Disposable {
  const askForAccount = async (proposed?: ProposedKey): Promise<Account | undefined> => {
    const { signIn } = await import('./signIn.ts');
    return signIn(services, expiredAccount(session), proposed);
  };
  const provider = new AccountProvider(store, session, log, askForAccount);
  const offer = (): Promise<void> => offerSignIn(store).catch((error: unknown) => log.warn(logText(error)));
  void offer();

  return vscode.Disposable.from(
    provider,
    vscode.authentication.registerAuthenticationProvider(providerId, vscode.l10n.t('Contacts'), provider, {
      supportsMultipleAccounts: true,
    }),
    store.onDidChange(() => void offer()),
    session.onDidExpire((account) => void showExpired(account)),
    onDidChangeServiceSettings(() => void session.reopen()),
    registerCommand('contactLookup.useLocalWorkspace', log, () => session.use(localAccount)),
    registerCommand('contactLookup.signIn', log, async (argument) => {
      const account = await askForAccount(proposedKey(argument));
      if (account !== undefined) await session.use(account);
    }),
    registerCommand('contactLookup.switchAccount', log, async () => {
      const { accounts } = await store.read();
      const picked = await pickAccount(accounts, session.account, vscode.l10n.t('Switch Account'));
      if (picked === 'another') await runCommand('contactLookup.signIn');
      else if (picked !== undefined) await session.switchTo(picked);
    }),
    registerCommand('contactLookup.signOut', log, async () => {
      const { accounts } = await store.read();
      const account = accounts.length > 1 ? await pickAccount(accounts, session.account) : accounts[0];
      if (account !== undefined && account !== 'another') await session.signOut(account.id);
    }),
    registerCommand('contactLookup.showLog', log, () => log.show()),
  );
}

/** Puts “Sign in” into the Accounts menu while there is no account; VS Code takes it away when there is one. */
const offerSignIn = (store: AccountStore): Promise<void> =>
  // An account that came while VS Code looks would be taken for one that this extension has no access to.
  store.runExclusive(async () => {
    const { accounts } = await store.read();
    if (accounts.length > 0) return;
    const offered = vscode.authentication.getSession(providerId, scopes, { createIfNone: false });
    let limit: NodeJS.Timeout | undefined;
    const tooLong = new Promise((resolve) => (limit = setTimeout(resolve, offerLimitMs)));
    await Promise.race([offered, tooLong]).finally(() => clearTimeout(limit));
  });

/** Anybody can run a command with anything. */
function proposedKey(argument: unknown): ProposedKey | undefined {
  const { origin, key } = (argument ?? {}) as { origin?: unknown; key?: unknown };
  const server = typeof origin === 'string' ? serverOrigin(origin) : undefined;
  return server !== undefined && typeof key === 'string' && key.length <= 500 ? { origin: server, key } : undefined;
}

const expiredAccount = ({ state, account }: Session): ServerAccount | undefined =>
  state.kind === 'expired' && account?.kind === 'server' ? account : undefined;

async function showExpired(account: Account): Promise<void> {
  const signIn = vscode.l10n.t('Sign In');
  const message = vscode.l10n.t('Your sign-in as {0} is no longer valid.', accountLabel(account));
  if ((await vscode.window.showWarningMessage(message, signIn)) === signIn) await runCommand('contactLookup.signIn');
}

/** @param title of a switch, where another account may be added; without it, of a sign-out. */
async function pickAccount(
  accounts: readonly Account[],
  active: Account | undefined,
  title?: string,
): Promise<Account | 'another' | undefined> {
  const labels = accountLabels(accounts);
  const items: (vscode.QuickPickItem & { value: Account | 'another' })[] = accounts.map((account) => ({
    label: labels.get(account.id) ?? '',
    description: account.kind === 'local' ? '' : serverName(account),
    iconPath: new vscode.ThemeIcon(account.id === active?.id ? 'check' : 'account'),
    value: account,
  }));
  const another = { label: vscode.l10n.t('Another Account…'), iconPath: new vscode.ThemeIcon('add'), value: 'another' };
  const picked = await vscode.window.showQuickPick(
    title === undefined ? items : [...items, another as (typeof items)[number]],
    {
      title: title ?? vscode.l10n.t('Sign Out'),
      placeHolder: title === undefined ? vscode.l10n.t('Which account?') : vscode.l10n.t('Whose contacts?'),
    },
  );
  return picked?.value;
}
