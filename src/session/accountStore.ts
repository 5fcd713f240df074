import * as vscode from 'vscode';
import { noAccounts, parseAccounts, type StoredAccounts } from './account.ts';

const secretKey = 'contactLookup.accounts';

type Edit = (stored: StoredAccounts) => StoredAccounts;

/** The accounts in VS Code's SecretStorage, and nowhere else. All windows share them. */
export class AccountStore implements vscode.Disposable {
  private readonly secrets: vscode.SecretStorage;
  private readonly didChange = new vscode.EventEmitter<void>();
  /** This or another window has changed the accounts. */
  readonly onDidChange = this.didChange.event;
  private readonly listener: vscode.Disposable;
  /** This window's accounts, while VS Code's secret storage cannot be used. */
  private unsavedAccounts: StoredAccounts | undefined;
  private unsavedEdits: readonly Edit[] = [];
  private lastTurn: Promise<unknown> = Promise.resolve();

  constructor(secrets: vscode.SecretStorage) {
    this.secrets = secrets;
    this.listener = secrets.onDidChange(({ key }) => {
      if (key === secretKey) this.didChange.fire();
    });
  }

  /** Throws what VS Code throws when its storage cannot be read. */
  async read(): Promise<StoredAccounts> {
    return this.unsavedAccounts ?? parseAccounts(await this.secrets.get(secretKey));
  }

  /**
   * Stores what `edit` makes of the accounts.
   * @returns whether they are kept when this window closes: on a machine without a keyring they may not be.
   */
  change(edit: Edit): Promise<{ isKept: boolean }> {
    return this.runExclusive(() => this.write(edit));
  }

  /** Runs `work` while this window changes no account. */
  runExclusive<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.lastTurn.then(work);
    this.lastTurn = turn.catch(() => undefined);
    return turn;
  }

  dispose(): void {
    vscode.Disposable.from(this.listener, this.didChange).dispose();
  }

  private async write(edit: Edit): Promise<{ isKept: boolean }> {
    const edits = [...this.unsavedEdits, edit];
    let stored: StoredAccounts | undefined;
    try {
      stored = parseAccounts(await this.secrets.get(secretKey));
      const changed = applied(edits, stored);
      if (changed.accounts.length === 0) await this.secrets.delete(secretKey);
      else await this.secrets.store(secretKey, JSON.stringify(changed));
      this.unsavedEdits = [];
      this.unsavedAccounts = undefined;
      return { isKept: true };
    } catch {
      // What cannot be read is not overwritten: once it can be, all that was changed here is changed there.
      this.unsavedEdits = edits;
      this.unsavedAccounts = applied(edits, stored ?? noAccounts);
      this.didChange.fire();
      return { isKept: false };
    }
  }
}

const applied = (edits: readonly Edit[], stored: StoredAccounts): StoredAccounts =>
  edits.reduce((accounts, edit) => edit(accounts), stored);
