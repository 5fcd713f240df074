import * as vscode from 'vscode';
import { isCancelled } from '../api/apiError.ts';
import type { Contact } from '../api/decode/contact.ts';
import { LatestOnly } from '../platform/cancellation.ts';
import type { LoadState } from '../platform/loadState.ts';
import { loadStateOf } from '../session/loadStateOf.ts';
import type { Session } from '../session/session.ts';
import { allContacts, type ContactQuery } from './query/contactQuery.ts';
import type { ContactCount, ContactReader, ContactsRead } from './query/contactReader.ts';

const pageSize = 100;

/** The contacts of the current query that are loaded, and the latest that is known of each. */
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
  private readonly didChangeQuery = new vscode.EventEmitter<void>();
  readonly onDidChangeQuery = this.didChangeQuery.event;
  private current: ContactQuery;
  private accountId: string | undefined;
  /** The query whose contacts are there. */
  private shown: ContactQuery | undefined;
  private reader: ContactReader | undefined;
  private rows: readonly Contact[] = [];
  /** Where each contact is in `rows`. */
  private indexes = new Map<string, number>();
  private loadState: LoadState = { kind: 'loading' };
  /** Those that are being deleted, and those that are and that the server may list for a while. */
  private readonly hidden = new Set<string>();
  private readonly gone = new Set<string>();
  /** What was answered about single contacts since the read that is under way began. */
  private accepted = new Map<string, Contact>();
  private more = false;
  private counted: ContactCount | undefined;
  private looked = 0;
  private loadingMore: Promise<void> | undefined;

  /** @param query what is listed at first. */
  constructor(session: Session, query: ContactQuery = allContacts) {
    this.session = session;
    this.current = query;
    this.disposables.push(
      this.latest,
      this.didChange,
      this.didChangeContact,
      this.didChangeQuery,
      session.onDidChange(() => this.follow()),
      session.onDidChangeContacts(() => void this.refresh()),
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

  /** How many contacts the query has in all, where that is known. */
  get count(): ContactCount | undefined {
    return this.counted;
  }

  /** How many contacts were looked at to find those that pass the query's filters. */
  get lookedAt(): number {
    return this.looked;
  }

  get query(): ContactQuery {
    return this.current;
  }

  /** Lists other contacts; those that are there stay until the new ones have come. */
  async setQuery(query: ContactQuery): Promise<void> {
    this.current = query;
    this.didChangeQuery.fire();
    await this.fill(pageSize);
  }

  find(contactId: string): Contact | undefined {
    const place = this.indexes.get(contactId);
    return place === undefined ? undefined : this.rows[place];
  }

  /** The contact before or after another in the list. */
  neighbor(contactId: string, direction: 'next' | 'previous'): Contact | undefined {
    const place = this.indexes.get(contactId);
    return place === undefined ? undefined : this.rows[direction === 'next' ? place + 1 : place - 1];
  }

  /** Another account has other labels, and nothing of what was searched for. */
  private follow(): void {
    const { account } = this.session;
    if (this.accountId !== undefined && account?.id !== this.accountId) {
      this.current = { ...allContacts, sort: this.current.sort };
      this.didChangeQuery.fire();
    }
    this.accountId = account?.id ?? this.accountId;
    void this.load();
  }

  /** Loads the first page, in place of what was there. */
  async load(): Promise<void> {
    this.clear();
    await this.fill(pageSize);
  }

  /** Loads again as many rows as are shown; they stay until the new ones are there. */
  async refresh(): Promise<void> {
    await this.fill(Math.max(pageSize, this.rows.length), this.looked);
  }

  /** Loads the next page; who asks again meanwhile waits for the same one. */
  loadMore(): Promise<void> {
    this.loadingMore ??= this.loadNextPage().finally(() => (this.loadingMore = undefined));
    return this.loadingMore;
  }

  private async loadNextPage(): Promise<void> {
    const { reader } = this;
    // What is asked for meanwhile is of another query.
    if (reader === undefined || reader.query !== this.current) return;
    const signal = this.latest.next();
    this.accepted = new Map();
    const read = await reader.read(pageSize, pageSize, signal);
    this.show({ ...read, contacts: [...this.rows, ...read.contacts] });
    this.setState({ kind: 'ready' });
  }

  /** Takes in what the server has just answered about a contact. */
  accept(contact: Contact): void {
    const place = this.indexes.get(contact.id);
    if (place !== undefined) this.rows = this.rows.with(place, contact);
    this.accepted.set(contact.id, contact);
    this.didChangeContact.fire(contact);
  }

  isHidden(contactId: string): boolean {
    return this.hidden.has(contactId);
  }

  /** Takes contacts off the list, whatever the server says. */
  hide(contactIds: readonly string[]): void {
    for (const id of contactIds) this.hidden.add(id);
    this.place(this.rows);
    this.didChange.fire();
  }

  /** Lets the list show them again, when it is next loaded. */
  unhide(contactIds: readonly string[]): void {
    for (const id of contactIds) this.hidden.delete(id);
  }

  /** They are deleted: what the server lists of them from now on is not shown, until it lists them no more. */
  forgetOnceGone(contactIds: readonly string[]): void {
    for (const id of contactIds) this.gone.add(id);
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private async fill(count: number, lookedAt = 0): Promise<void> {
    const signal = this.latest.next();
    const { service } = this.session;
    this.setState(loadStateOf(this.session.state));
    if (service === undefined) return;
    const { current: query } = this;
    try {
      // Not needed before there is somebody to ask.
      const reader = new (await import('./query/contactReader.ts')).ContactReader(service, query);
      this.accepted = new Map();
      const read = await reader.read(count, count, signal, lookedAt);
      this.forgetGone(read.contacts);
      this.show(read);
      this.reader = reader;
      this.shown = reader.query;
      this.setState({ kind: 'ready' });
    } catch (error) {
      if (isCancelled(error)) return;
      // The rows shown belong to another query.
      if (this.shown !== this.current) this.clear();
      this.setState({ kind: 'failed', error });
    }
  }

  /** Who is listed no more may come back, by an import or out of a backup. */
  private forgetGone(listed: readonly Contact[]): void {
    const ids = new Set(listed.map(({ id }) => id));
    for (const id of [...this.gone].filter((each) => !ids.has(each))) {
      this.gone.delete(id);
      this.hidden.delete(id);
    }
  }

  private clear(): void {
    this.reader = undefined;
    this.show({ contacts: [], hasMore: false, count: undefined, lookedAt: 0 });
  }

  private show({ contacts, hasMore, count, lookedAt }: ContactsRead): void {
    this.place(contacts);
    this.more = hasMore;
    this.counted = count;
    this.looked = lookedAt;
  }

  private place(contacts: readonly Contact[]): void {
    this.rows = contacts
      .filter(({ id }) => !this.hidden.has(id))
      // What a read that began earlier says of them is older.
      .map((contact) => this.accepted.get(contact.id) ?? contact);
    this.indexes = new Map(this.rows.map(({ id }, place) => [id, place]));
  }

  private setState(state: LoadState): void {
    this.loadState = state;
    this.didChange.fire();
  }
}
