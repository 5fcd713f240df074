/** What becomes of a contact that is added or changed, whichever engine keeps it. */
import { contactTextFields } from '../../contract/vocabulary.ts';
import { newContactId } from './contactId.ts';
import type { StoredChanges, ContactDraft, StoredContact } from './records.ts';

/** A new contact, with an id and the moment of its creation where the draft has none. */
export function newContact(draft: ContactDraft): StoredContact {
  const texts = Object.fromEntries(contactTextFields.map((field) => [field, draft[field] ?? '']));
  return {
    ...(texts as Pick<StoredContact, (typeof contactTextFields)[number]>),
    id: draft.id ?? newContactId(),
    created_at: draft.created_at ?? new Date().toISOString(),
    labels: draft.labels ?? [],
    additional_params: draft.additional_params ?? {},
    version: draft.version ?? 1,
  };
}

/**
 * The next version of a contact. When a part of the name changes and `display_name` is not itself given, `display_name`
 * is made of the parts anew.
 */
export function changedContact(before: StoredContact, changes: StoredChanges): StoredContact {
  const after = { ...before, ...changes, updated_at: new Date().toISOString(), version: before.version + 1 };
  const isRenamed = after.first_name !== before.first_name || after.last_name !== before.last_name;
  if (isRenamed && changes.display_name === undefined) after.display_name = fullName(after) || before.display_name;
  return after;
}

/** The parts of a name in the order in which its script writes them. */
export function fullName(parts: { first_name?: string; last_name?: string }): string {
  const { first_name: first = '', last_name: last = '' } = parts;
  const familyFirst = /^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]+$/u;
  if (familyFirst.test(first) && familyFirst.test(last)) return last + first;
  return `${first} ${last}`.trim();
}

/** An e-mail address as it is compared: the case of its letters from A to Z does not matter. */
export const emailKey = (email: string): string => email.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

/** The digits that two numbers of one phone end with. */
export const phoneEnding = (phone: string): string => phone.replace(/\D/g, '').slice(-9);
