import type { Contact } from '../api/decode/contact.ts';
import { digitsOf, fold } from '../contract/folding.ts';

/** Where in a contact a query was found; `several` where no one field has all of its words. */
export type MatchedField =
  | 'name'
  | 'email'
  | 'phone'
  | 'company'
  | 'position'
  | 'location'
  | 'label'
  | 'remark'
  | 'id'
  | 'several';

export interface WhyMatched {
  field: MatchedField;
  /** The text in which it was found, as it is stored. */
  text: string;
}

const minPhoneDigits = 3;
const comparedDigits = 9;

/** Why a server, which may compare in a way of its own, has found `contact` for `query`. */
export function whyMatched(contact: Contact, query: string): WhyMatched {
  const words = fold(query).split(/\s+/).filter(Boolean);
  const hasAll = (text: string): boolean => words.every((word) => fold(text).includes(word));
  const candidates: [MatchedField, string | undefined][] = [
    ['id', contact.id === query.trim() ? contact.id : undefined],
    ['name', contact.display_name],
    ['name', [contact.first_name, contact.last_name].filter(Boolean).join(' ')],
    ['email', contact.email],
    ['company', contact.company_name],
    ['position', contact.position],
    ['location', contact.location],
    ...contact.labels.map((label): [MatchedField, string] => ['label', label]),
    ['remark', contact.remark],
    ['id', contact.id],
  ];
  const found = candidates.find(([, text]) => text !== undefined && text !== '' && hasAll(text));
  const phone = `${contact.area_code ?? ''}${contact.phone_number ?? ''}`;
  if (isPartOfPhone(query, phone)) return { field: 'phone', text: phone };
  return { field: found?.[0] ?? 'several', text: found?.[1] ?? '' };
}

/** Whether a server would find `contact` for `query`, as far as can be told without asking it. */
export function mayMatch(contact: Contact, query: string): boolean {
  if (whyMatched(contact, query).field !== 'several') return true;
  const { display_name, first_name, last_name, email, company_name, position, location, labels, remark, id } = contact;
  const fields = [display_name, first_name, last_name, email, company_name, position, location, ...labels, remark, id];
  const all = fold(fields.join(' '));
  return fold(query)
    .split(/\s+/)
    .filter(Boolean)
    .every((word) => all.includes(word));
}

function isPartOfPhone(query: string, phone: string): boolean {
  const text = fold(query).replace(/^tel:/, '');
  if (!/^[\d\s()+./-]+$/.test(text)) return false;
  const [asked, stored] = [text, phone].map((number) => digitsOf(number).replace(/^0+/, ''));
  if (asked === undefined || stored === undefined || asked.length < minPhoneDigits) return false;
  return stored.includes(asked.slice(-comparedDigits)) || (stored.length > 5 && asked.endsWith(stored));
}
