import type { Contact } from '../../api/decode/contact.ts';
import type { SectionName } from '../../protocol/contactViews.ts';
import type { HistoryParts, Loaded } from '../contactHistory.ts';

interface Seen {
  contact?: { contact: Contact; at: string };
  sections: { [Name in SectionName]?: { loaded: Loaded<HistoryParts[Name]>; at: string } };
}

const maxSeen = 100;

/**
 * What the panels have shown of contacts, for when there is no connection. It is kept while VS Code runs, for the
 * account in use, and never written to disk.
 */
export class SeenContacts {
  private readonly seen = new Map<string, Seen>();

  keepContact(contact: Contact): void {
    this.of(contact.id).contact = { contact, at: new Date().toISOString() };
  }

  keepSection<Name extends SectionName>(contactId: string, name: Name, loaded: Loaded<HistoryParts[Name]>): void {
    Object.assign(this.of(contactId).sections, { [name]: { loaded, at: new Date().toISOString() } });
  }

  contact(contactId: string): { contact: Contact; at: string } | undefined {
    return this.seen.get(contactId)?.contact;
  }

  /** The section as it was, and when. */
  section<Name extends SectionName>(
    contactId: string,
    name: Name,
  ): { loaded: Loaded<HistoryParts[Name]>; at: string } | undefined {
    return this.seen.get(contactId)?.sections[name];
  }

  forgetAll(): void {
    this.seen.clear();
  }

  /** The contact's place, which is now the newest; the oldest goes when there are too many. */
  private of(contactId: string): Seen {
    const found = this.seen.get(contactId) ?? { sections: {} };
    this.seen.delete(contactId);
    this.seen.set(contactId, found);
    const [oldest] = this.seen.keys();
    if (this.seen.size > maxSeen && oldest !== undefined) this.seen.delete(oldest);
    return found;
  }
}
