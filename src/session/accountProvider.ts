import * as vscode from 'vscode';
import type { Log } from '../platform/log.ts';
import { logText, reportError } from '../platform/errorReport.ts';
import type { Account } from './account.ts';
import type { AccountStore } from './accountStore.ts';
import { accountLabels } from './accountText.ts';
import type { Session } from './session.ts';

export const providerId = 'contactLookup';
/** There is only one scope. VS Code does not treat two empty scope lists as equal. */
export const scopes = ['contacts'];
type SessionsChange = vscode.AuthenticationProviderAuthenticationSessionsChangeEvent;

/** The accounts in VS Code's Accounts menu. */
export class AccountProvider implements vscode.AuthenticationProvider, vscode.Disposable {
  private readonly store: AccountStore;
  private readonly session: Session;
  private readonly log: Log;
  private readonly signIn: () => Promise<Account | undefined>;
  private readonly didChange = new vscode.EventEmitter<SessionsChange>();
  readonly onDidChangeSessions = this.didChange.event;
  private readonly disposables: vscode.Disposable[] = [this.didChange];
  /** One after the other, so that nothing is told twice. */
  private telling = Promise.resolve();
  private shown: readonly vscode.AuthenticationSession[] = [];

  /** @param signIn asks the user for an account that works. */
  constructor(store: AccountStore, session: Session, log: Log, signIn: () => Promise<Account | undefined>) {
    this.store = store;
    this.log = log;
    this.session = session;
    this.signIn = signIn;
    // VS Code asks for the accounts by itself, and forgets of those that it knows only what it is told of.
    this.tell(async () => void (this.shown = await this.getSessions()));
    this.disposables.push(store.onDidChange(() => this.tell(() => this.fireChanges())));
  }

  async getSessions(): Promise<vscode.AuthenticationSession[]> {
    return sessionsOf((await this.store.read()).accounts);
  }

  async createSession(): Promise<vscode.AuthenticationSession> {
    const account = await this.signIn().catch((error: unknown) => {
      void reportError(error, this.log, undefined);
    });
    // VS Code says nothing of this to the user: they have left, or know by now what is wrong.
    if (account === undefined) throw new vscode.CancellationError();
    await this.session.use(account);
    const created = (await this.getSessions()).find(({ id }) => id === account.id);
    if (created === undefined) throw new vscode.CancellationError();
    return created;
  }

  async removeSession(accountId: string): Promise<void> {
    if (!(await this.session.signOut(accountId))) throw new vscode.CancellationError();
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private tell(work: () => Promise<void>): void {
    this.telling = this.telling.then(work).catch((error: unknown) => this.log.warn(logText(error)));
  }

  private async fireChanges(): Promise<void> {
    const before = new Map(this.shown.map((session) => [session.id, session]));
    const now = await this.getSessions();
    this.shown = now;
    const added = now.filter((session) => !before.has(session.id));
    const changed = now.filter((session) => {
      const known = before.get(session.id);
      return known !== undefined && JSON.stringify(known) !== JSON.stringify(session);
    });
    const removed = [...before.values()].filter((session) => !now.some(({ id }) => id === session.id));
    if (added.length + changed.length + removed.length > 0) this.didChange.fire({ added, changed, removed });
  }
}

/** As VS Code knows them. The local workspace has no credential that outlives its server. */
function sessionsOf(accounts: readonly Account[]): vscode.AuthenticationSession[] {
  const labels = accountLabels(accounts);
  return accounts.map((account) => ({
    id: account.id,
    accessToken: account.kind === 'local' ? '' : account.token,
    account: { id: account.id, label: labels.get(account.id) ?? '' },
    scopes,
  }));
}
