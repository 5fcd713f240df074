import type * as vscode from 'vscode';

const key = 'recentContacts';
const maxRecent = 10;
const maxAccounts = 20;

/** Which contacts were opened last, for each account. Only their ids are kept. */
export class RecentContacts {
  private readonly memento: vscode.Memento;

  constructor(memento: vscode.Memento) {
    this.memento = memento;
  }

  /** The ids, the latest first. */
  of(accountId: string): readonly string[] {
    return this.all()[accountId] ?? [];
  }

  async add(accountId: string, contactId: string): Promise<void> {
    const { [accountId]: before = [], ...others } = this.all();
    const ids = [contactId, ...before.filter((id) => id !== contactId)].slice(0, maxRecent);
    const kept = Object.entries(others).slice(0, maxAccounts - 1);
    await this.memento.update(key, Object.fromEntries([[accountId, ids], ...kept]));
  }

  /** A contact that is no longer there. */
  async remove(accountId: string, contactId: string): Promise<void> {
    const all = this.all();
    await this.memento.update(key, { ...all, [accountId]: this.of(accountId).filter((id) => id !== contactId) });
  }

  async forget(accountId: string): Promise<void> {
    const { [accountId]: _, ...others } = this.all();
    await this.memento.update(key, others);
  }

  private all(): Record<string, string[]> {
    return this.memento.get<Record<string, string[]>>(key, {});
  }
}
