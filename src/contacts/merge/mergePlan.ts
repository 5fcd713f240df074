import { editableFields, type ContactChanges, type EditableField } from '../../api/contactChanges.ts';
import type { Contact } from '../../api/decode/contact.ts';

/** A field that two contacts have different values of. */
export interface Difference {
  field: EditableField;
  kept: string;
  other: string;
}

/** The code of a country goes with its number, and no contact's channel changes. */
const offered = editableFields.filter((field) => field !== 'area_code' && field !== 'channel_type');

/** What the contact that goes has, and the one that stays has not, or has otherwise. */
export const differences = (kept: Contact, other: Contact): Difference[] =>
  offered
    .map((field) => ({ field, kept: kept[field] ?? '', other: other[field] ?? '' }))
    .filter((each) => each.other !== '' && each.other !== each.kept);

/**
 * What changes of the contact that stays: the fields that were taken from the other. A server would make its name anew of
 * the parts of one; it stays unless it was taken too.
 */
export function mergeChanges(kept: Contact, other: Contact, taken: readonly EditableField[]): ContactChanges {
  const changes: ContactChanges = Object.fromEntries(taken.map((field) => [field, other[field] ?? '']));
  if (taken.includes('phone_number')) changes.area_code = other.area_code ?? '';
  const hasParts = taken.includes('first_name') || taken.includes('last_name');
  if (hasParts && kept.display_name !== undefined) changes.display_name ??= kept.display_name;
  return changes;
}

/** With the labels of both, for a server that does not put them together itself. */
export function withLabels(changes: ContactChanges, kept: Contact, other: Contact): ContactChanges {
  const labels = [...new Set([...kept.labels, ...other.labels])];
  return labels.length === kept.labels.length ? changes : { ...changes, labels };
}
