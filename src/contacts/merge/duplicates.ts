import type { Contact } from '../../api/decode/contact.ts';
import { digitsOf, fold } from '../../contract/folding.ts';
import { isSamePhone } from '../../contract/phone.ts';
import { contactName, isAnonymous } from '../contactName.ts';

/** Why contacts may be one person. */
export type SameField = 'email' | 'phone' | 'name';

/** Contacts that may be one person, in the order in which they were met. */
export interface Duplicates {
  same: SameField;
  /** What they have in common, as the first of them has it. */
  text: string;
  contacts: readonly Contact[];
}

/** What more contacts have in common is a firm's, and tells of nobody. */
const maxInGroup = 20;
/** National numbers are as short as eight digits, and extensions are no phones. */
const comparedDigits = 7;

/** Collects contacts and tells which may be one person: by e-mail, by phone in any format, by name and company. */
export class DuplicateFinder {
  private readonly byKey = new Map<string, Contact[]>();
  private readonly isWanted: (key: string) => boolean;
  private looked = 0;
  private held = 0;

  /** @param isWanted whether it is of interest who has a key of `keysOf`. */
  constructor(isWanted: (key: string) => boolean = () => true) {
    this.isWanted = isWanted;
  }

  get lookedAt(): number {
    return this.looked;
  }

  /** How many of them are held, to be compared with the rest: visitors of whom nothing is known are not. */
  get comparable(): number {
    return this.held;
  }

  add(contacts: readonly Contact[]): void {
    for (const contact of contacts) {
      this.looked++;
      const keys = keysOf(contact).filter(this.isWanted);
      if (keys.length > 0) this.held++;
      for (const key of keys) {
        const known = this.byKey.get(key);
        if (known === undefined) this.byKey.set(key, [contact]);
        else known.push(contact);
      }
    }
  }

  /** Those who share more come first; the same people are named once. */
  groups(): Duplicates[] {
    const seen = new Set<string>();
    const groups: Duplicates[] = [];
    for (const [key, contacts] of this.byKey) {
      if (contacts.length < 2) continue;
      const same = key.slice(0, key.indexOf(' ')) as SameField;
      for (const together of same === 'phone' ? samePhones(contacts) : [contacts]) {
        const ids = together.map(({ id }) => id).join(' ');
        if (together.length > maxInGroup || seen.has(ids)) continue;
        seen.add(ids);
        groups.push({ same, text: textOf(same, together[0]), contacts: together });
      }
    }
    return groups.sort((one, other) => order.indexOf(one.same) - order.indexOf(other.same));
  }
}

const order: readonly SameField[] = ['email', 'phone', 'name'];

/** What a contact may share with another, each behind the name of what it is. */
export function keysOf(contact: Contact): string[] {
  const keys: string[] = [];
  const add = (same: SameField, text: string): void => void keys.push(`${same} ${text}`);
  if (contact.email !== undefined) add('email', contact.email.trim().toLowerCase());
  const digits = digitsOf(contact.phone_number ?? '');
  if (digits.length >= comparedDigits) add('phone', digits.slice(-comparedDigits));
  const [name, company] = [fold(contactName(contact)).trim(), fold(contact.company_name ?? '').trim()];
  if (name !== '' && company !== '' && !isAnonymous(contact)) add('name', `${name}\n${company}`);
  return keys;
}

const textOf = (same: SameField, contact: Contact | undefined): string => {
  if (contact === undefined) return '';
  if (same === 'email') return contact.email ?? '';
  return same === 'phone' ? (contact.phone_number ?? '') : `${contactName(contact)}, ${contact.company_name ?? ''}`;
};

/** The last digits alone may be those of two countries. */
function samePhones(contacts: readonly Contact[]): Contact[][] {
  const groups: Contact[][] = [];
  for (const contact of contacts) {
    const group = groups.find(([first]) => first !== undefined && isSamePhone(first, contact));
    if (group === undefined) groups.push([contact]);
    else group.push(contact);
  }
  return groups.filter(({ length }) => length > 1);
}
