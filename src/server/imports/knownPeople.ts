import { isSamePhone } from '../../contract/phone.ts';
import { emailKey, phoneEnding } from '../store/contactChanges.ts';
import type { ContactDraft, StoredContact } from '../store/records.ts';
import type { PersonalKeys } from '../store/workspaceStore.ts';

/** Shorter numbers are those of many. */
const minPhoneDigits = 6;

/** What the store is to be asked for before anybody can be told to be new. */
export const keysOf = (drafts: readonly ContactDraft[]): PersonalKeys => ({
  ids: present(drafts.map(({ id }) => id)),
  emails: present(drafts.map(({ email }) => email && emailKey(email))),
  phoneEndings: present(drafts.map(({ phone_number: phone }) => phone && phoneKey(phone))),
});

/** Those whom rows of a file may be about: who is in the store, and who was added or changed since. */
export class KnownPeople {
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
   * Who has the id, else the e-mail address, else the phone number of `draft`, however they are written. A number that
   * people of different addresses and names have is that of their firm, and makes them not the same.
   */
  reachedBy(draft: ContactDraft): StoredContact | undefined {
    const { id = '', email = '', display_name: name = '', area_code, phone_number: phone = '' } = draft;
    const named = this.byId.get(id) ?? this.among(this.byEmail, emailKey(email), (one) => sameEmail(one, email));
    return (
      named ??
      this.among(
        this.byPhone,
        phoneKey(phone),
        (one) =>
          (email === '' || one.email === '' || one.display_name === name) &&
          isSamePhone(one, { area_code, phone_number: phone }),
      )
    );
  }

  /** Who is known by a key may have another by now. */
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
