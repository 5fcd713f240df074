import * as vscode from 'vscode';
import { isApiError } from '../api/apiError.ts';
import type { Log } from '../platform/log.ts';
import type { SyncState } from '../api/mirror/syncState.ts';
import type { ContactService } from '../api/contactService.ts';
import type { AttemptRecord } from '../api/transport.ts';
import { setContextKey } from '../platform/contextKeys.ts';
import { logText, UserError } from '../platform/errorReport.ts';
import { endRetries } from '../platform/retries.ts';
import type { Account, ServerAccount, StoredAccounts } from './account.ts';
import type { AccountStore } from './accountStore.ts';
import type { LocalWorkspace } from './localWorkspace.ts';
import type { Services } from './services.ts';

export type SessionState =
  | { kind: 'signedOut' }
  | { kind: 'starting' }
  | { kind: 'ready'; service: ContactService }
  /** The server does not take the credential any more. */
  | { kind: 'expired' }
  | { kind: 'failed'; error: unknown };

const restartDelaysMs = [0, 1_000, 3_000, 10_000, 30_000];
/** A server that has run this long is taken for sound again. */
const soundAfterMs = 60_000;

/** Which server this window talks to, and as whom. */
export class Session implements vscode.Disposable {
  private readonly store: AccountStore;
  private readonly services: Services;
  private readonly localWorkspace: LocalWorkspace;
  private readonly log: Log;
  private readonly disposables: vscode.Disposable[] = [];
  private readonly didChange = new vscode.EventEmitter<SessionState>();
  readonly onDidChange = this.didChange.event;
  private readonly didExpire = new vscode.EventEmitter<Account>();
  /** The server has refused the credential, for the first time. */
  readonly onDidExpire = this.didExpire.event;
  private readonly didForget = new vscode.EventEmitter<string>();
  /** An account was signed out: what is known of it is to be forgotten. Carries the account's id. */
  readonly onDidForget = this.didForget.event;
  private readonly didChangeKept = new vscode.EventEmitter<void>();
  /** `kept` is another. */
  readonly onDidChangeKept = this.didChangeKept.event;
  private keptState: SyncState | undefined;
  private readonly didChangeContacts = new vscode.EventEmitter<void>();
  /** What lists and searches show of the account's contacts may be another, without anything done in this window. */
  readonly onDidChangeContacts = this.didChangeContacts.event;
  /** What there is to do before the service of an account is used. */
  prepare: (account: ServerAccount, service: ContactService) => Promise<void> = async () => undefined;
  private readonly askers = new Set<(account: Account) => Promise<boolean>>();
  private current: SessionState = { kind: 'signedOut' };
  private readonly initialized = Promise.withResolvers<void>();
  /** Resolves once it is known who is signed in, if anybody is. */
  readonly known = this.initialized.promise;
  private opened: Account | undefined;
  /** Counts the openings, so that one overtaken by the next changes nothing. */
  private opening = 0;
  private restarts = 0;
  private restartTimer: NodeJS.Timeout | undefined;
  private startedAt = 0;

  constructor(store: AccountStore, services: Services, localWorkspace: LocalWorkspace, log: Log) {
    this.store = store;
    this.services = services;
    this.localWorkspace = localWorkspace;
    this.log = log;
    this.disposables.push(
      this.didChange,
      this.didExpire,
      this.didForget,
      this.didChangeKept,
      this.didChangeContacts,
      localWorkspace.onDidExit(() => this.restartSoon()),
      store.onDidChange(() => void this.follow()),
    );
    setContextKey('contactLookup.session', 'signedOut');
  }

  get state(): SessionState {
    return this.current;
  }

  /** The service of a session that is ready. */
  get service(): ContactService | undefined {
    return this.current.kind === 'ready' ? this.current.service : undefined;
  }

  /** The account in use, whatever has become of it. */
  get account(): Account | undefined {
    return this.opened;
  }

  /** How far the account's contacts have come to this machine, where they are kept on it. */
  get kept(): SyncState | undefined {
    return this.keptState;
  }

  showKept(state: SyncState | undefined): void {
    this.keptState = state;
    this.didChangeKept.fire();
  }

  contactsChanged(): void {
    this.didChangeContacts.fire();
  }

  /** Opens the account that is remembered as active, at start and whenever another window changes it. */
  async follow(): Promise<void> {
    let stored: StoredAccounts;
    try {
      stored = await this.store.read();
    } catch (error) {
      this.log.error(logText(error));
      this.setState({
        kind: 'failed',
        error: new UserError(vscode.l10n.t('VS Code’s secret storage cannot be read.')),
      });
      return this.initialized.resolve();
    }
    setContextKey('contactLookup.hasAccounts', stored.accounts.length > 0);
    const active = stored.accounts.find((account) => account.id === stored.activeId);
    const isStuck = this.current.kind === 'failed' || this.current.kind === 'expired';
    const isOpen = JSON.stringify(active) === JSON.stringify(this.opened) && !isStuck;
    const opened = isOpen ? undefined : this.open(active);
    this.initialized.resolve();
    await opened;
  }

  /** Remembers `account`, in place of an earlier sign-in of the same, and opens it, here and in the other windows. */
  async use(account: Account): Promise<void> {
    await this.openAndStore(account, ({ accounts }) => ({
      activeId: account.id,
      accounts: [...accounts.filter((known) => known.id !== account.id), account],
    }));
  }

  /** Opens an account that is remembered. */
  async switchTo(account: Account): Promise<void> {
    await this.openAndStore(account, ({ accounts }) => ({ accounts, activeId: account.id }));
  }

  /** Registers `ask` to run before an account is signed out; if it returns false, the account stays signed in. */
  onWillSignOut(ask: (account: Account) => Promise<boolean>): vscode.Disposable {
    this.askers.add(ask);
    return new vscode.Disposable(() => this.askers.delete(ask));
  }

  /** Forgets an account and everything that is known of it. Returns false where the user would rather not. */
  async signOut(accountId: string): Promise<boolean> {
    const known = (await this.store.read()).accounts.find(({ id }) => id === accountId);
    for (const ask of this.askers) if (known !== undefined && !(await ask(known))) return false;
    const closed = this.opened?.id === accountId ? this.open(undefined) : undefined;
    const isKept = await this.storeChange(({ accounts, activeId }) => ({
      accounts: accounts.filter((account) => account.id !== accountId),
      ...(activeId === accountId ? {} : { activeId }),
    }));
    if (!isKept) {
      void vscode.window.showWarningMessage(
        vscode.l10n.t(
          'The sign-in could not be removed from VS Code’s secret storage, which is not available now. It is signed out until this window closes; sign out again later.',
        ),
      );
    }
    this.didForget.fire(accountId);
    await closed;
    return true;
  }

  /** Tries again what failed. */
  async retry(): Promise<void> {
    // The accounts could not be read, which does not mean that there are none.
    if (this.opened === undefined) await this.follow();
    else await this.open(this.opened);
  }

  /** Begins anew with the same account, as when a setting has changed. */
  async reopen(): Promise<void> {
    if (this.current.kind === 'ready') await this.open(this.opened);
  }

  dispose(): void {
    this.opening++;
    endRetries();
    clearTimeout(this.restartTimer);
    this.closeService();
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private async openAndStore(account: Account, edit: (stored: StoredAccounts) => StoredAccounts): Promise<void> {
    const isOpen = JSON.stringify(account) === JSON.stringify(this.opened) && this.current.kind !== 'expired';
    // Opened before it is stored, so that the change event finds nothing new here.
    const opened = isOpen ? undefined : this.open(account);
    if (!(await this.storeChange(edit))) {
      void vscode.window.showWarningMessage(
        vscode.l10n.t(
          'VS Code could not keep the sign-in: its secret storage is not available, perhaps because there is no keyring. It lasts until this window closes.',
        ),
      );
    }
    await opened;
  }

  /** Returns whether it lasts longer than this window. */
  private async storeChange(edit: (stored: StoredAccounts) => StoredAccounts): Promise<boolean> {
    const { isKept } = await this.store.change(edit);
    setContextKey('contactLookup.hasAccounts', (await this.store.read()).accounts.length > 0);
    return isKept;
  }

  private async open(account: Account | undefined): Promise<void> {
    const opening = ++this.opening;
    clearTimeout(this.restartTimer);
    // What was to be tried again was meant for the account of then.
    if (account?.id !== this.opened?.id) endRetries();
    this.opened = account;
    this.keptState = undefined;
    if (account?.kind !== 'local') this.localWorkspace.stop();
    if (account === undefined) return this.setState({ kind: 'signedOut' });
    this.setState({ kind: 'starting' });
    try {
      const service = await this.serviceFor(account, opening);
      if (opening !== this.opening) return service.dispose();
      this.startedAt = performance.now();
      this.setState({ kind: 'ready', service });
    } catch (error) {
      this.log.error(logText(error));
      if (opening === this.opening) this.setState({ kind: 'failed', error });
    }
  }

  private async serviceFor(account: Account, opening: number): Promise<ContactService> {
    if (account.kind === 'local') {
      const { url, token } = await this.localWorkspace.start();
      const onRefused = (): void => {
        const error = new UserError(vscode.l10n.t('The local workspace does not know this window any more.'));
        if (opening === this.opening && this.current.kind === 'ready') this.setState({ kind: 'failed', error });
      };
      return this.services.contacts(url, { value: token }, { onRefused, isOwn: true });
    }
    const { origin, token, organization } = account;
    const credential = { value: token, organizationId: organization?.id };
    const expire = (): void => {
      if (opening === this.opening && this.current.kind === 'ready') this.expire(account);
    };
    // A server may keep a single route, such as that of notifications, from some.
    const check = onceAtATime(() =>
      this.services.verify(origin, credential).catch((error: unknown) => {
        if (isApiError(error) && error.kind === 'auth') expire();
        else this.log.warn(logText(error));
      }),
    );
    const onRefused = ({ method, pathTemplate }: AttemptRecord): void => {
      if (method === 'GET' && pathTemplate === '/contacts') expire();
      else void check();
    };
    const service = await this.services.contacts(origin, credential, { onRefused });
    if (opening === this.opening) await this.prepare(account, service);
    return service;
  }

  private expire(account: Account): void {
    this.setState({ kind: 'expired' });
    this.didExpire.fire(account);
  }

  private setState(state: SessionState): void {
    this.closeService();
    this.current = state;
    setContextKey('contactLookup.session', state.kind);
    this.didChange.fire(state);
  }

  private closeService(): void {
    if (this.current.kind !== 'ready') return;
    this.keptState = undefined;
    this.current.service.dispose();
  }

  private restartSoon(): void {
    if (this.opened?.kind !== 'local') return;
    if (performance.now() - this.startedAt > soundAfterMs) this.restarts = 0;
    const delay = restartDelaysMs[this.restarts++];
    if (delay === undefined) {
      const error = new UserError(vscode.l10n.t('The local workspace keeps ending.'));
      this.log.error(logText(error));
      this.setState({ kind: 'failed', error });
      return;
    }
    this.log.warn(`local workspace: starting again in ${delay} ms`);
    this.restartTimer = setTimeout(() => void this.open(this.opened), delay);
  }
}

/** Who asks while it is being done waits for that. */
function onceAtATime(work: () => Promise<void>): () => Promise<void> {
  let underWay: Promise<void> | undefined;
  return () => (underWay ??= work().finally(() => (underWay = undefined)));
}
