import type { WritableField } from '../contract/contact.ts';
import type { JsonObject } from '../contract/json.ts';
import { otherSpellings } from '../contract/vocabulary.ts';
import type { Contact } from './decode/contact.ts';

/** The fields that a user may change. */
export const editableFields = [
  'display_name',
  'first_name',
  'last_name',
  'email',
  'phone_number',
  'area_code',
  'company_name',
  'position',
  'title',
  'location',
  'gender',
  'language',
  'birthday',
  'remark',
  'avatar_url',
  'channel_type',
] as const satisfies readonly WritableField[];
export type EditableField = (typeof editableFields)[number];

/** Changed fields only. An empty text unsets a field. */
export type ContactChanges = { [Field in EditableField]?: string } & { labels?: readonly string[] };

/** The body of an update. */
export function updateBody(changes: ContactChanges): Readonly<JsonObject> {
  const { display_name, phone_number } = changes;
  const others = { [otherSpellings.display_name]: display_name, [otherSpellings.phone_number]: phone_number };
  const sent = Object.entries(others).filter(([, value]) => value !== undefined);
  return { ...changes, ...Object.fromEntries(sent) };
}

/** The fields of `changes` that the server's `contact` does not reflect; compared by meaning, not by spelling. */
export function ignoredFields(changes: ContactChanges, contact: Contact): (keyof ContactChanges)[] {
  const { labels, ...texts } = changes;
  const ignored: (keyof ContactChanges)[] = Object.entries(texts)
    .map(([field]) => field as EditableField)
    .filter((field) => !isShown(field, changes, contact));
  const hasSameLabels = labels === undefined || [...labels].sort().join('\n') === [...contact.labels].sort().join('\n');
  return hasSameLabels ? ignored : [...ignored, 'labels'];
}

/** How servers write a gender (contract, section 6), by its first letter. */
const genderSpellings: Readonly<Record<string, string>> = { m: 'male', f: 'female', o: 'other' };

/** A server may write a value its own way; that is not ignoring it. */
function isShown(field: EditableField, changes: ContactChanges, contact: Contact): boolean {
  if (field === 'phone_number' || field === 'area_code') return isPhoneShown(field, changes, contact);
  return comparable(field, contact[field]) === comparable(field, changes[field]);
}

function comparable(field: EditableField, text = ''): string {
  const plain = text.trim().replace(/\s+/g, ' ');
  if (field === 'email' || field === 'language') return plain.toLowerCase();
  if (field === 'gender') return genderSpellings[plain.toLowerCase()] ?? plain.toLowerCase();
  // A day may come back as the moment when it begins.
  if (field === 'birthday') return /^(\d{4}-\d{2}-\d{2})T00:00:00/.exec(plain)?.[1] ?? plain;
  return plain;
}

/** A number may be kept whole, or apart from the code of its country; either may have been sent. */
function isPhoneShown(field: 'phone_number' | 'area_code', changes: ContactChanges, contact: Contact): boolean {
  const wanted = digitsOf(changes[field]);
  const shown = digitsOf(contact[field]);
  if (wanted === shown) return true;
  if (wanted === '') return false;
  const number = digitsOf(contact.phone_number);
  const shownWhole = new Set([number, `${digitsOf(contact.area_code)}${number}`]);
  if (field === 'area_code') return shown === '' && number.startsWith(wanted);
  const wantedWhole = [wanted, `${digitsOf(changes.area_code ?? contact.area_code)}${wanted}`];
  return wantedWhole.some((one) => shownWhole.has(one));
}

const digitsOf = (text = ''): string => text.replace(/\D/g, '').replace(/^00/, '');
