import * as vscode from 'vscode';
import type { Contact } from '../api/decode/contact.ts';
import { contactsById } from './contactsById.ts';
import type { ContactsModel } from './contactsModel.ts';
import type { Session } from '../session/session.ts';

const key = 'pinnedContacts';
/** More than these would be a list of their own above the list. */
export const maxPinned = 20;

/** The contacts that stay on top of the list, for each account. Only their ids are kept. */
export class PinnedContacts implements vscode.Disposable {
  private readonly session: Session;
  private readonly model: ContactsModel;
  private readonly memento: vscode.Memento;
  private readonly known = new Map<string, Contact>();
  private readonly didChange = new vscode.EventEmitter<void>();
  readonly onDidChange = this.didChange.event;
  private accountId: string | undefined;

  constructor(session: Session, model: ContactsModel, memento: vscode.Memento) {
    this.session = session;
    this.model = model;
    this.memento = memento;
  }

  /** Those of the account in use that are known, in the order in which they were pinned. */
  get contacts(): readonly Contact[] {
    return this.ids.map((id) => this.known.get(id)).filter((contact) => contact !== undefined);
  }

  has(contactId: string): boolean {
    return this.ids.includes(contactId);
  }

  find(contactId: string): Contact | undefined {
    return this.has(contactId) ? this.known.get(contactId) : undefined;
  }

  /** Takes in what the server has just answered about a contact. */
  accept(contact: Contact): void {
    if (this.known.has(contact.id)) this.known.set(contact.id, contact);
  }

  /** @returns whether there was room for them. */
  async pin(contacts: readonly Contact[]): Promise<boolean> {
    const fresh = contacts.filter(({ id }) => !this.has(id));
    if (this.ids.length + fresh.length > maxPinned) return false;
    for (const contact of fresh) this.known.set(contact.id, contact);
    await this.keep([...this.ids, ...fresh.map(({ id }) => id)]);
    return true;
  }

  unpin(contactIds: readonly string[]): Promise<void> {
    return this.keep(this.ids.filter((id) => !contactIds.includes(id)));
  }

  /** Which are pinned of an account. */
  of(accountId: string): readonly string[] {
    return this.all()[accountId] ?? [];
  }

  /** Pins them where nothing newer is pinned. */
  async restore(accountId: string, contactIds: readonly string[]): Promise<void> {
    if (this.of(accountId).length > 0) return;
    await this.memento.update(key, { ...this.all(), [accountId]: contactIds });
    await this.load();
  }

  async forget(accountId: string): Promise<void> {
    const { [accountId]: _, ...others } = this.all();
    this.known.clear();
    await this.memento.update(key, others);
  }

  dispose(): void {
    this.didChange.dispose();
  }

  /** Asks for those of the account in use, which may be far down in the list. */
  async load(): Promise<void> {
    const { account, service } = this.session;
    if (account?.id !== this.accountId) this.known.clear();
    this.accountId = account?.id;
    const { ids } = this;
    if (service === undefined || ids.length === 0) return;
    const { contacts, goneIds } = await contactsById(ids, this.model, service, { isBackground: true });
    if (this.session.account?.id !== account?.id) return;
    for (const contact of contacts) this.known.set(contact.id, contact);
    if (goneIds.length > 0) await this.unpin(goneIds);
    else this.didChange.fire();
  }

  private get ids(): readonly string[] {
    const { account } = this.session;
    return account === undefined ? [] : this.of(account.id);
  }

  private async keep(ids: readonly string[]): Promise<void> {
    const { account } = this.session;
    if (account === undefined) return;
    await this.memento.update(key, { ...this.all(), [account.id]: ids });
    this.didChange.fire();
  }

  private all(): Record<string, readonly string[]> {
    return this.memento.get(key, {});
  }
}
