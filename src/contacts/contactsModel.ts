import * as vscode from 'vscode';
import { isCancelled } from '../api/apiError.ts';
import type { ContactService } from '../api/contactService.ts';
import type { Contact } from '../api/decode/contact.ts';
import { LatestOnly } from '../platform/cancellation.ts';
import type { LoadState } from '../platform/loadState.ts';
import type { Session } from '../session/session.ts';

const pageSize = 100;
const maxPageSize = 500;

/** The contacts that are loaded, newest first, and the latest that is known of each. */
export class ContactsModel implements vscode.Disposable {
  private readonly session: Session;
  private readonly disposables: vscode.Disposable[] = [];
  private readonly latest = new LatestOnly();
  private readonly didChange = new vscode.EventEmitter<void>();
  /** Rows were added, removed or replaced, or their state is another. */
  readonly onDidChange = this.didChange.event;
  private readonly didChangeContact = new vscode.EventEmitter<Contact>();
  /** One contact has new values. */
  readonly onDidChangeContact = this.didChangeContact.event;
  private rows: Contact[] = [];
  private loadState: LoadState = { kind: 'loading' };
  private more = false;
  private matching: number | undefined;
  private loadingMore: Promise<void> | undefined;

  constructor(session: Session) {
    this.session = session;
    this.disposables.push(
      this.latest,
      this.didChange,
      this.didChangeContact,
      session.onDidChange(() => void this.load()),
    );
  }

  get contacts(): readonly Contact[] {
    return this.rows;
  }

  get state(): LoadState {
    return this.loadState;
  }

  get hasMore(): boolean {
    return this.more;
  }

  /** How many contacts there are in all, where the server says. */
  get total(): number | undefined {
    return this.matching;
  }

  find(contactId: string): Contact | undefined {
    return this.rows.find((contact) => contact.id === contactId);
  }

  /** The contact before or after another in the list. */
  neighbour(contactId: string, direction: 'next' | 'previous'): Contact | undefined {
    const index = this.rows.findIndex((contact) => contact.id === contactId);
    return index < 0 ? undefined : this.rows[direction === 'next' ? index + 1 : index - 1];
  }

  /** Loads the first page, in place of what was there. */
  async load(): Promise<void> {
    this.rows = [];
    this.more = false;
    this.matching = undefined;
    await this.fill(pageSize);
  }

  /** Loads again as many rows as are shown; they stay until the new ones are there. */
  async refresh(): Promise<void> {
    await this.fill(Math.max(pageSize, this.rows.length));
  }

  /** Loads the next page; who asks again meanwhile waits for the same one. */
  loadMore(): Promise<void> {
    this.loadingMore ??= this.loadNextPage().finally(() => (this.loadingMore = undefined));
    return this.loadingMore;
  }

  private async loadNextPage(): Promise<void> {
    const { service } = this.session;
    if (service === undefined) return;
    const page = await service.list({ limit: pageSize, skip: this.rows.length, signal: this.latest.next() });
    const known = new Set(this.rows.map((contact) => contact.id));
    this.rows = [...this.rows, ...page.items.filter((contact) => !known.has(contact.id))];
    // A server that repeats a page would be asked for ever.
    this.more = page.hasMore && this.rows.length > known.size;
    this.matching = page.totalMatching;
    this.become({ kind: 'ready' });
  }

  /** Takes in what the server has just answered about a contact. */
  accept(contact: Contact): void {
    const index = this.rows.findIndex((row) => row.id === contact.id);
    if (index >= 0) this.rows = this.rows.with(index, contact);
    this.didChangeContact.fire(contact);
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private async fill(count: number): Promise<void> {
    const signal = this.latest.next();
    const { service } = this.session;
    const isStuck = ['failed', 'expired'].includes(this.session.state.kind);
    this.become(isStuck ? { kind: 'failed', error: undefined } : { kind: 'loading' });
    if (service === undefined) return;
    try {
      const pages = await firstRows(service, count, signal);
      this.rows = pages.rows;
      this.more = pages.more;
      this.matching = pages.matching;
      this.become({ kind: 'ready' });
    } catch (error) {
      if (!isCancelled(error)) this.become({ kind: 'failed', error });
    }
  }

  private become(state: LoadState): void {
    this.loadState = state;
    this.didChange.fire();
  }
}

async function firstRows(
  service: ContactService,
  count: number,
  signal: AbortSignal,
): Promise<{ rows: Contact[]; more: boolean; matching: number | undefined }> {
  const rows: Contact[] = [];
  for await (const page of service.listPages({ pageSize: Math.min(maxPageSize, count), signal })) {
    rows.push(...page.items);
    if (rows.length >= count || !page.hasMore) return { rows, more: page.hasMore, matching: page.totalMatching };
  }
  return { rows, more: false, matching: rows.length };
}
