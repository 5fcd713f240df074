import { fold } from '../../contract/folding.ts';
import { isSamePhone } from '../../contract/phone.ts';
import { emailKey, phoneEnding } from '../store/contactChanges.ts';
import type { ContactDraft, StoredContact } from '../store/records.ts';
import type { IdentityKeys } from '../store/workspaceStore.ts';

/** Shorter numbers are those of many. */
const minPhoneDigits = 6;

/** The keys to look up in the store before a contact can be considered new. */
export const keysOf = (drafts: readonly ContactDraft[]): IdentityKeys => ({
  ids: present(drafts.map(({ id }) => id)),
  emails: present(drafts.map(({ email }) => email && emailKey(email))),
  phoneEndings: present(drafts.map(({ phone_number: phone }) => phone && phoneKey(phone))),
});

/** Those whom rows of a file may be about: who is in the store, and who was added or changed since. */
export class ExistingContacts {
  private readonly byId = new Map<string, StoredContact>();
  private readonly byEmail = new Map<string, Set<string>>();
  private readonly byPhone = new Map<string, Set<string>>();

  /** @param contacts in the order in which they were added. */
  constructor(contacts: readonly StoredContact[]) {
    for (const contact of contacts) this.put(contact);
  }

  /** Takes in somebody who is new or was changed. */
  put(contact: StoredContact): void {
    this.byId.set(contact.id, contact);
    add(this.byEmail, emailKey(contact.email), contact.id);
    add(this.byPhone, phoneKey(contact.phone_number), contact.id);
  }

  get(id: string): StoredContact | undefined {
    return this.byId.get(id);
  }

  /**
   * Finds the contact with the same id, else e-mail address, else phone number as `draft`, however they are written. A
   * number shared by people with different addresses or names is their company's or family's, and does not make them the
   * same.
   */
  findMatch(draft: ContactDraft): StoredContact | undefined {
    const { id = '', email = '', display_name: name = '', area_code, phone_number: phone = '' } = draft;
    const named = this.byId.get(id) ?? this.among(this.byEmail, emailKey(email), (one) => sameEmail(one, email));
    return (
      named ??
      this.among(
        this.byPhone,
        phoneKey(phone),
        (one) =>
          (email === '' || one.email === '' ? mayBeNames(one.display_name, name) : one.display_name === name) &&
          isSamePhone(one, { area_code, phone_number: phone }),
      )
    );
  }

  /** Checks each match again: a contact indexed under a key may have another by now. */
  private among(
    known: ReadonlyMap<string, ReadonlySet<string>>,
    key: string,
    isMeant: (contact: StoredContact) => boolean,
  ): StoredContact | undefined {
    if (key === '') return undefined;
    for (const id of known.get(key) ?? []) {
      const contact = this.byId.get(id);
      if (contact !== undefined && isMeant(contact)) return contact;
    }
    return undefined;
  }
}

/** Whether two names may be one person's: the words of one are among those of the other, or one is none. */
function mayBeNames(one: string, other: string): boolean {
  const [first, second] = [one, other].map((text) => (isName(text) ? fold(text).trim() : ''));
  if (!first || !second) return true;
  const [shorter, longer] = first.length < second.length ? [first, second] : [second, first];
  const words = new Set(longer.split(/\s+/));
  // Where names have no spaces, the family's is how the whole begins.
  return longer.startsWith(shorter) || shorter.split(/\s+/).every((word) => words.has(word));
}

/** A contact without one is called by an address or a number. */
const isName = (text: string): boolean => /\p{L}/u.test(text) && !text.includes('@');

const sameEmail = (contact: StoredContact, email: string): boolean => emailKey(contact.email) === emailKey(email);

const present = (texts: readonly (string | undefined)[]): string[] => [
  ...new Set(texts.flatMap((text) => (text === undefined || text === '' ? [] : [text]))),
];

/** Empty for a number that tells of nobody. */
function phoneKey(phone: string): string {
  const ending = phoneEnding(phone);
  return ending.length < minPhoneDigits ? '' : ending;
}

function add(known: Map<string, Set<string>>, key: string, id: string): void {
  if (key === '') return;
  const ids = known.get(key);
  if (ids === undefined) known.set(key, new Set([id]));
  else ids.add(id);
}
