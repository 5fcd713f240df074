import type { Mapping } from '../../contract/imports.ts';
import { importFields, type ImportField } from '../../contract/localData.ts';
import { channelTypes } from '../../contract/vocabulary.ts';
import { unescapeFormula } from '../../contract/formulaEscaping.ts';
import { normalizePhone } from '../../contract/internationalNumber.ts';
import { isSamePhone } from '../../contract/phone.ts';
import { fullName } from '../store/contactChanges.ts';
import type { StoredChanges, ContactDraft, StoredContact } from '../store/records.ts';

/** What the columns of Google Contacts, Outlook, HubSpot and of our own and the gateway's exports are called. */
const knownColumns: Record<ImportField, readonly string[]> = {
  id: ['id', 'contact id', 'public_id'],
  display_name: ['display_name', 'display name', 'name', 'full name', 'file as', 'contact name'],
  first_name: ['first_name', 'first name', 'given name', 'firstname'],
  last_name: ['last_name', 'last name', 'family name', 'surname', 'lastname'],
  email: ['email', 'e-mail 1 - value', 'e-mail address', 'email address', 'e-mail', 'mail', 'primary email', 'e-mail 2 address', 'e-mail 2 - value', 'additional email addresses', 'work email'],
  area_code: ['area_code', 'area code', 'country code'],
  phone_number: ['phone_number', 'phone', 'phone 1 - value', 'mobile phone', 'mobile phone number', 'phone number', 'primary phone', 'business phone', 'home phone', 'other phone', 'mobile', 'telephone', 'tel', 'phone 2 - value', 'whatsapp phone number'],
  company_name: ['company_name', 'organization name', 'organization 1 - name', 'company', 'company name', 'associated company', 'primary associated company name', 'organization', 'organisation'],
  position: ['position', 'organization title', 'organization 1 - title', 'job title', 'role'],
  title: ['title', 'salutation'],
  location: ['location', 'address 1 - city', 'business city', 'home city', 'city', 'address 1 - country', 'business country/region', 'country/region', 'country'],
  gender: ['gender'],
  language: ['language', 'preferred language'],
  birthday: ['birthday', 'date of birth'],
  remark: ['remark', 'notes', 'note', 'description', 'comments'],
  channel_type: ['channel_type', 'channel'],
  labels: ['labels', 'group membership', 'categories', 'tags', 'keywords'],
  created_at: ['created_at', 'create date', 'created'],
  updated_at: ['updated_at', 'last modified date', 'updated', 'changed'],
}; // prettier-ignore

/** Several columns of one name have been numbered. */
const plainName = (column: string): string =>
  column
    .replace(/ \(\d+\)$/, '')
    .trim()
    .toLowerCase();

const ownId = /^con_[\w-]{1,100}$/;

/** The mapping that the columns' names tell; empty where they tell of nobody. */
export function inferMapping(columns: readonly string[]): Mapping {
  const byName = Map.groupBy(columns, plainName);
  const mapping: Mapping = {};
  for (const field of importFields) {
    const found = knownColumns[field].flatMap((name) => byName.get(name) ?? []);
    if (found.length > 0) mapping[field] = found;
  }
  return identifiesContacts(mapping) ? mapping : {};
}

/** Whether rows can be told apart by it. */
export const identifiesContacts = (mapping: Mapping): boolean =>
  (['display_name', 'first_name', 'last_name', 'email', 'phone_number'] as const).some((field) => mapping[field]);

/** Google puts several values into one cell. */
const severalValues = ':::';
const maxFieldLength = 20_000;

/** The contact of a row. Cells that our own export has made safe for spreadsheets are as they were before. */
export function draftOf(row: Readonly<Record<string, string>>, mapping: Mapping): ContactDraft {
  const draft: ContactDraft = {};
  for (const [field, columns] of Object.entries(mapping) as [ImportField, readonly string[]][]) {
    const text = columns.map((column) => unescapeFormula(row[column] ?? '').trim()).find(Boolean) ?? '';
    if (text === '') continue;
    // Ids of other programs are numbers that anything may have.
    if (field === 'id' && !ownId.test(text)) continue;
    if (field === 'labels') draft.labels = labelsIn(text);
    else if (field === 'created_at' || field === 'updated_at') draft[field] = isoTime(text);
    else if (field === 'phone_number') draft[field] = phoneIn(firstValue(text));
    else draft[field] = field === 'email' ? firstValue(text) : text;
  }
  const whole = withMiddleName(row, draft);
  // Nobody is renamed by what friends call them.
  const isNamed = Boolean(whole.display_name || fullName(whole));
  return withName(isNamed ? whole : { ...whole, display_name: (row['Nickname'] ?? '').trim() });
}

/** Fills in display_name from the other fields if it is empty, and marks it as made. */
export function withName(draft: ContactDraft): ContactDraft {
  if (draft.display_name) return draft;
  const { email, phone_number, company_name } = draft;
  const display_name = fullName(draft) || email || phone_number || company_name || '';
  return { ...draft, display_name, is_name_made: true };
}

/** Google and Outlook have a column for it; we have none. */
function withMiddleName(row: Readonly<Record<string, string>>, draft: ContactDraft): ContactDraft {
  const middle = (row['Middle Name'] ?? row['Additional Name'] ?? '').trim();
  return middle === '' ? draft : { ...draft, first_name: [draft.first_name, middle].filter(Boolean).join(' ') };
}

/** A spreadsheet writes a long number as `8.4912E+10`: most of its digits are lost. */
const phoneIn = (text: string): string => (/^[\d.,]+E\+\d+$/i.test(text) ? '' : normalizePhone(text));

const firstValue = (text: string): string => text.split(severalValues)[0]?.trim() ?? '';

/** What was put into one cell: by us and Outlook with semicolons, by Google with three colons. */
const labelsIn = (text: string): string[] =>
  text
    .split(text.includes(severalValues) ? severalValues : ';')
    .map((label) => label.trim())
    .filter((label) => label !== '' && !label.startsWith('* '));

/** A moment as the store sorts it; what is none stays, to be refused with its row. */
const isoTime = (text: string): string => (Number.isNaN(Date.parse(text)) ? text : new Date(text).toISOString());

/** Why a contact cannot be taken in; `undefined` for one that can. */
export function validateDraft(draft: ContactDraft): string | undefined {
  if (!draft.display_name) return 'no name, e-mail or phone number';
  if (draft.id !== undefined && !/^[\w-]{1,100}$/.test(draft.id)) return 'the id is not one';
  if (draft.email && !/^\S+@\S+$/.test(draft.email)) return 'the e-mail address is not one';
  const isKnownChannel = !draft.channel_type || (channelTypes as readonly string[]).includes(draft.channel_type);
  if (!isKnownChannel) return 'the channel is not a known one';
  for (const name of ['created_at', 'updated_at'] as const) {
    if (draft[name] && Number.isNaN(Date.parse(draft[name]))) return `${name} is not a date`;
  }
  return Object.values(draft).some((value) => typeof value === 'string' && value.length > maxFieldLength)
    ? `a field is longer than ${maxFieldLength} characters`
    : undefined;
}

/** What a row says about a known contact: a cell that is empty or not there says nothing, nor does a name made of others. */
export function changesFrom(draft: ContactDraft, known: StoredContact): StoredChanges {
  const {
    id: _id,
    created_at: _created,
    updated_at: _updated,
    is_sample: _sample,
    is_name_made: isNameMade,
    labels = [],
    ...fields
  } = draft;
  const isPlaceholder = draft.display_name === draft.email || draft.display_name === draft.phone_number;
  const unsaid = new Set<string>([
    ...(isNameMade === true || isPlaceholder ? ['display_name'] : []),
    ...(isWorsePhone(draft, known) ? ['phone_number', 'area_code'] : []),
  ]);
  const texts = Object.fromEntries(
    Object.entries(fields).filter(([field, value]) => value !== '' && !unsaid.has(field)),
  );
  return { ...texts, ...(labels.length === 0 ? {} : { labels }) };
}

/** The same number without its country, which is known. */
const isWorsePhone = ({ area_code, phone_number = '' }: ContactDraft, known: StoredContact): boolean =>
  known.phone_number.startsWith('+') &&
  !phone_number.startsWith('+') &&
  isSamePhone(known, { area_code, phone_number });
