/** What the stand-in gateway holds, and how it changes. */
import { randomUUID } from 'node:crypto';
import {
  activitiesOf,
  commentsOf,
  contactIndexOf,
  conversationsOf,
  filesOf,
  makeNotifications,
  messagesOf,
  type SampleFile,
  type TeamView,
  type WireNotification,
} from './history.ts';
import { makeContacts, newContact, organizationId, type WireContact } from './people.ts';

export const contactCount = 65_681;
const notificationCount = 618;
const unreadCount = 595;

/** What an update takes (contract, section 4.2); a field that is not among them is left alone without a word. */
const updatable = [
  'display_name',
  'first_name',
  'last_name',
  'avatar_url',
  'gender',
  'area_code',
  'phone_number',
  'email',
  'language',
  'remark',
] as const;
const genders: Record<string, string> = { m: 'Male', male: 'Male', f: 'Female', female: 'Female' };

/** The stand-in gateway's in-memory data, with the changes made to it. */
export class GatewayWorld {
  private readonly contacts: WireContact[];
  /** Those that are not deleted, newest first. */
  private listed: readonly WireContact[];
  private readonly places: Map<string, number>;
  private readonly files: readonly SampleFile[];
  private readonly words = new Map<string, Set<number>>();
  private readonly added = new Map<string, Record<string, unknown>[]>();
  private notifications: WireNotification[];
  private readonly deletedComments = new Set<string>();
  private commentNumber = 0;
  /** Every write that was done, in order, as `what id text`. */
  readonly ledger: string[] = [];

  constructor(now: number, avatarUrls: readonly string[], files: readonly SampleFile[], count = contactCount) {
    this.contacts = makeContacts(count, now, avatarUrls);
    this.listed = this.contacts;
    this.files = files;
    this.places = new Map(this.contacts.map(({ id }, index) => [id, index]));
    this.notifications = makeNotifications(
      this.contacts,
      Math.min(notificationCount, Math.floor(count / 8)),
      Math.min(unreadCount, Math.floor(count / 9)),
    );
    for (const index of this.contacts.keys()) this.indexWords(index);
  }

  contact(id: string): WireContact | undefined {
    return this.contacts[this.places.get(id) ?? -1];
  }

  /** A card's id has the contact's in it. */
  contactOfBoardItem(id: string): WireContact | undefined {
    return this.contact(id.replace(/^bi_/, 'con_'));
  }

  list(sort: string): readonly WireContact[] {
    const field = sort.replace(/^-/, '');
    // Already sorted newest first; sorting so many for every page would make the gateway unrealistically slow.
    if (field === 'created_at' && sort.startsWith('-')) return this.listed;
    const direction = sort.startsWith('-') ? -1 : 1;
    return this.listed.toSorted((one, other) => direction * textOf(one, field).localeCompare(textOf(other, field)));
  }

  /** By whole words only, and all of them. */
  search(query: string): WireContact[] {
    const [first, ...others] = wordsIn([query]).map((word) => this.words.get(word) ?? new Set<number>());
    if (first === undefined) return [];
    const found = [...first].filter((index) => others.every((indexes) => indexes.has(index)));
    return found
      .sort((one, other) => one - other)
      .flatMap((index) => this.contacts[index] ?? [])
      .filter(({ id }) => this.places.has(id));
  }

  update(id: string, changes: Record<string, unknown>): WireContact | undefined {
    const index = this.places.get(id);
    const contact = this.contacts[index ?? -1];
    if (index === undefined || contact === undefined) return undefined;
    this.forgetWords(index);
    const given: Record<string, unknown> = {
      ...changes,
      display_name: changes['display_name'] ?? changes['name'],
      phone_number: changes['phone_number'] ?? changes['phone'],
    };
    for (const field of updatable) {
      const value = given[field];
      if (typeof value === 'string') Object.assign(contact, stored(field, value));
    }
    if (given['display_name'] === undefined && (given['first_name'] ?? given['last_name']) !== undefined) {
      contact.display_name = [contact['first_name'], contact['last_name']].filter(Boolean).join(' ');
    }
    if (Array.isArray(changes['labels'])) contact['labels'] = changes['labels'].map((name) => ({ name, color: '' }));
    contact['updated_at'] = new Date().toISOString();
    this.indexWords(index);
    this.ledger.push(`update ${id} ${JSON.stringify(changes)}`);
    return contact;
  }

  create(fields: Record<string, unknown>): WireContact {
    const contact = newContact(`con_${randomUUID()}`, new Date().toISOString());
    this.places.set(contact.id, this.contacts.length);
    // First: until somebody is deleted both are one array.
    this.listed = [contact, ...this.listed];
    this.contacts.push(contact);
    this.update(contact.id, fields);
    // Null until first changed (contract, section 4.2).
    contact['updated_at'] = null;
    this.ledger.push(`create ${contact.id}`);
    return contact;
  }

  /** @returns whether it was there. */
  delete(id: string): boolean {
    if (!this.places.delete(id)) return false;
    this.listed = this.listed.filter((contact) => contact.id !== id);
    this.ledger.push(`delete ${id}`);
    return true;
  }

  conversations(id: string): Record<string, unknown>[] | undefined {
    return this.of(id, conversationsOf);
  }

  /** One team's view of a conversation, by its own id or by the conversation's. */
  teamConversation(id: string): TeamView | undefined {
    const index = contactIndexOf(id) ?? -1;
    const contact = this.contacts[index];
    const all = contact === undefined ? [] : conversationsOf(contact, index);
    return all.find((each) => each['public_id'] === id || each['_id'] === id);
  }

  /** The id of some conversation. */
  get anyConversation(): string {
    const [contact] = this.contacts;
    return contact === undefined ? '' : String(conversationsOf(contact, 0)[0]?.['_id']);
  }

  messages(viewId: string): unknown[] {
    const contact = this.contacts[contactIndexOf(viewId) ?? -1];
    const conversation = this.teamConversation(viewId)?.conversation;
    return contact === undefined || conversation === undefined ? [] : messagesOf(contact, conversation, this.files);
  }

  activities(conversationId: string): unknown[] {
    const contact = this.contacts[contactIndexOf(conversationId) ?? -1];
    return contact === undefined ? [] : activitiesOf(contact, conversationId);
  }

  filesOf(id: string): unknown[] | undefined {
    return this.of(id, (contact, index) => filesOf(contact, index, this.files));
  }

  /** Newest first. */
  comments(id: string): Record<string, unknown>[] | undefined {
    const sample = this.of(id, commentsOf);
    return (
      sample &&
      [...(this.added.get(id) ?? []), ...sample.toReversed()].filter(
        (each) => !this.deletedComments.has(String(each['_id'])),
      )
    );
  }

  comment(id: string, commentId: string): Record<string, unknown> | undefined {
    return this.comments(id)?.find((each) => each['_id'] === commentId);
  }

  /** @returns whether it was there. */
  deleteComment(id: string, commentId: string): boolean {
    if (this.comment(id, commentId) === undefined) return false;
    this.deletedComments.add(commentId);
    this.ledger.push(`delete ${commentId}`);
    return true;
  }

  addComment(id: string, content: string): Record<string, unknown> {
    const at = new Date().toISOString();
    const from = { _id: 'u_self', display_name: 'You' };
    const comment = { _id: `cmt_new_${++this.commentNumber}`, content, from, created_at: at, updated_at: null };
    this.added.set(id, [comment, ...(this.added.get(id) ?? [])]);
    this.ledger.push(`comment ${id} ${content}`);
    return comment;
  }

  notificationsOf(type: string | undefined): WireNotification[] {
    return this.notifications.filter((each) => type === undefined || String(each.type) === type);
  }

  get unread(): number {
    return this.notifications.filter(({ is_read: isRead }) => !isRead).length;
  }

  markRead(ids: readonly string[]): void {
    for (const each of this.notifications) if (ids.includes(each.id)) each.is_read = true;
  }

  dismiss(ids: readonly string[]): void {
    this.notifications = this.notifications.filter(({ id }) => !ids.includes(id));
  }

  /** @param type a number, or a word: `conversations` are those of the types that begin with 2. */
  dismissAll(type: string | undefined): void {
    const isMeant = (each: WireNotification): boolean =>
      type === undefined || (type === 'conversations' ? Math.floor(each.type / 100) === 2 : String(each.type) === type);
    this.notifications = this.notifications.filter((each) => !isMeant(each));
  }

  *csv(): Generator<string> {
    const columns = ['id', 'display_name', 'email', 'phone_number', 'channel_type', 'created_at'] as const;
    yield `${columns.join(',')}\r\n`;
    for (const contact of this.listed) {
      yield `${columns.map((column) => `"${textOf(contact, column).replaceAll('"', '""')}"`).join(',')}\r\n`;
    }
  }

  private of<T>(id: string, make: (contact: WireContact, index: number) => T): T | undefined {
    const index = this.places.get(id);
    const contact = this.contacts[index ?? -1];
    return index === undefined || contact === undefined ? undefined : make(contact, index);
  }

  private forgetWords(index: number): void {
    for (const word of this.wordsOf(index)) this.words.get(word)?.delete(index);
  }

  private indexWords(index: number): void {
    for (const word of this.wordsOf(index)) {
      const indexes = this.words.get(word) ?? new Set();
      indexes.add(index);
      this.words.set(word, indexes);
    }
  }

  private wordsOf(index: number): string[] {
    const contact = this.contacts[index];
    const fields = ['id', 'display_name', 'first_name', 'last_name', 'email', 'phone_number', 'company_name'];
    return contact === undefined ? [] : wordsIn(fields.map((field) => textOf(contact, field)));
  }
}

export { organizationId };

const textOf = (contact: WireContact, field: string): string => {
  const value = contact[field];
  return typeof value === 'string' ? value : '';
};

const wordsIn = (texts: readonly string[]): string[] =>
  texts.flatMap((text) => text.toLowerCase().split(/\s+/)).filter((word) => word !== '');

/** How the gateway keeps a value: in its own spelling (contract, section 6). */
function stored(field: string, value: string): Record<string, string> {
  if (field === 'gender') return { gender: genders[value.toLowerCase()] ?? value };
  if (field === 'email') return { email: value.trim().toLowerCase() };
  const [, areaCode, number] =
    field === 'phone_number' ? (/^\+(84|852|886|44|86|81)(\d+)$/.exec(digits(value)) ?? []) : [];
  if (areaCode !== undefined && number !== undefined) return { area_code: areaCode, phone_number: number };
  return { [field]: field === 'phone_number' ? digits(value) : value };
}

const digits = (text: string): string => text.replace(/[^\d+]/g, '');
