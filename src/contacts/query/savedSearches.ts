import * as vscode from 'vscode';
import type { ContactService } from '../../api/contactService.ts';
import { LatestOnly } from '../../platform/cancellation.ts';
import { queryFrom, type ContactQuery } from './contactQuery.ts';
import type { ContactCount } from './contactReader.ts';

const key = 'savedSearches';
export const maxSavedSearches = 20;
const countedAtOnce = 3;

export interface SavedSearch {
  name: string;
  query: ContactQuery;
}

/** The searches that the user has given names, for each account, and how many contacts each of them finds. */
export class SavedSearches implements vscode.Disposable {
  private readonly memento: vscode.Memento;
  private readonly counting = new LatestOnly();
  /** By account and query. */
  private readonly counts = new Map<string, ContactCount>();
  private readonly didChange = new vscode.EventEmitter<void>();
  readonly onDidChange = this.didChange.event;

  constructor(memento: vscode.Memento) {
    this.memento = memento;
  }

  of(accountId: string | undefined): readonly SavedSearch[] {
    if (accountId === undefined) return [];
    const stored = this.all()[accountId];
    return Array.isArray(stored) ? stored.flatMap(savedSearchIn) : [];
  }

  /** How many contacts a search finds, as far as it was counted. */
  count(accountId: string | undefined, search: SavedSearch): ContactCount | undefined {
    return this.counts.get(keyOf(accountId, search.query));
  }

  /** Keeps a search in place of one of the same name. */
  async save(accountId: string, search: SavedSearch): Promise<void> {
    const others = this.of(accountId).filter(({ name }) => name !== search.name);
    await this.store(accountId, [...others, search].slice(-maxSavedSearches));
  }

  async delete(accountId: string, name: string): Promise<void> {
    await this.store(
      accountId,
      this.of(accountId).filter((search) => search.name !== name),
    );
  }

  async forget(accountId: string): Promise<void> {
    this.counts.clear();
    const { [accountId]: _, ...others } = this.all();
    await this.memento.update(key, others);
    this.didChange.fire();
  }

  /** Counts what each search of an account finds. A search that cannot be counted now keeps the count it had. */
  async countAll(service: ContactService, accountId: string): Promise<void> {
    const signal = this.counting.next();
    const waiting = [...this.of(accountId)];
    const countNext = async (): Promise<void> => {
      for (let search = waiting.shift(); search !== undefined; search = waiting.shift()) {
        const { query } = search;
        try {
          const count = await countOf(service, query, signal);
          if (count !== undefined) this.counts.set(keyOf(accountId, query), count);
          this.didChange.fire();
        } catch {
          // The list says what is wrong with the connection; a count is only beside it.
        }
      }
    };
    await Promise.all(Array.from({ length: countedAtOnce }, countNext));
  }

  dispose(): void {
    this.counting.dispose();
    this.didChange.dispose();
  }

  private async store(accountId: string, searches: readonly SavedSearch[]): Promise<void> {
    await this.memento.update(key, { ...this.all(), [accountId]: searches });
    this.didChange.fire();
  }

  private all(): Record<string, unknown> {
    return this.memento.get<Record<string, unknown>>(key, {});
  }
}

const keyOf = (accountId: string | undefined, { text, channels, labels }: ContactQuery): string =>
  JSON.stringify([accountId, text, channels, labels]);

/** The count that one page reveals; for a filtered search, a lower bound that is marked as inexact. */
async function countOf(
  service: ContactService,
  query: ContactQuery,
  signal: AbortSignal,
): Promise<ContactCount | undefined> {
  const { ContactReader } = await import('./contactReader.ts');
  return (await new ContactReader(service, query, true).read(0, 1, signal)).count;
}

function savedSearchIn(stored: unknown): SavedSearch[] {
  const { name, query } = (stored ?? {}) as { name?: unknown; query?: unknown };
  return typeof name === 'string' ? [{ name, query: queryFrom(query) }] : [];
}
