import type { Contact } from '../../api/decode/contact.ts';
import type { SectionName, Sections } from '../../protocol/contactViews.ts';

/** A section that is there. */
export type Ready<Name extends SectionName> = Extract<Sections[Name], { status: 'ready' }>;

interface Seen {
  contact?: { contact: Contact; at: string };
  sections: { [Name in SectionName]?: { section: Ready<Name>; at: string } };
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

  keepSection<Name extends SectionName>(contactId: string, name: Name, section: Ready<Name>): void {
    Object.assign(this.of(contactId).sections, { [name]: { section, at: new Date().toISOString() } });
  }

  contact(contactId: string): { contact: Contact; at: string } | undefined {
    return this.seen.get(contactId)?.contact;
  }

  /** The section as it was, marked with its age and with why there is nothing newer. */
  section<Name extends SectionName>(contactId: string, name: Name, message: string): Sections[Name] | undefined {
    const kept = this.seen.get(contactId)?.sections[name];
    return kept && { ...kept.section, stale: { asOf: kept.at, message } };
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
