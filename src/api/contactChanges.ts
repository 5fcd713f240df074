import type { ContactTextField } from '../contract/vocabulary.ts';
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
] as const satisfies readonly ContactTextField[];
export type EditableField = (typeof editableFields)[number];

/** Changed fields only. An empty text unsets a field. */
export type ContactChanges = { [Field in EditableField]?: string } & { labels?: readonly string[] };

/** The SDK's names for three fields; both spellings are sent (contract, section 4.2). */
const otherSpelling: Partial<Record<EditableField, string>> = { display_name: 'name', phone_number: 'phone' };

/** The body of an update. */
export function updateBody(changes: ContactChanges): Record<string, unknown> {
  const body: Record<string, unknown> = { ...changes };
  for (const [field, other] of Object.entries(otherSpelling)) {
    const value = changes[field as EditableField];
    if (value !== undefined) body[other] = value;
  }
  return body;
}

/** The fields of `changes` that `contact`, as the server answered it, does not show. */
export function ignoredFields(changes: ContactChanges, contact: Contact): (keyof ContactChanges)[] {
  const { labels, ...texts } = changes;
  const ignored: (keyof ContactChanges)[] = Object.entries(texts)
    .filter(([field, wanted]) => comparable(field, contact[field as EditableField]) !== comparable(field, wanted))
    .map(([field]) => field as EditableField);
  const isLabelled = labels === undefined || [...labels].sort().join('\n') === [...contact.labels].sort().join('\n');
  return isLabelled ? ignored : [...ignored, 'labels'];
}

/** A server may write a number or an address its own way; that is not ignoring it. */
function comparable(field: string, text = ''): string {
  if (field === 'phone_number') return text.replace(/[^\d+]/g, '');
  return field === 'email' ? text.trim().toLowerCase() : text.trim();
}
