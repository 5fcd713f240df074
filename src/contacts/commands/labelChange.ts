import type { Contact } from '../../api/decode/contact.ts';

/** Labels that contacts are to have, and labels that they are to have no more. */
export interface LabelChange {
  added: readonly string[];
  removed: readonly string[];
}

/** How many of `contacts` have each label, those of most first. */
export function labelCounts(contacts: readonly Contact[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const label of contacts.flatMap((contact) => [...new Set(contact.labels)])) {
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return new Map([...counts].sort(([one, n], [other, m]) => m - n || one.localeCompare(other)));
}

/** What has changed when `chosen` are the labels of all; a label of some of them that is not chosen stays with those. */
export function labelChange(contacts: readonly Contact[], chosen: readonly string[]): LabelChange {
  const counts = labelCounts(contacts);
  const isOnAll = (label: string): boolean => counts.get(label) === contacts.length;
  return {
    added: chosen.filter((label) => !isOnAll(label)),
    removed: [...counts.keys()].filter((label) => isOnAll(label) && !chosen.includes(label)),
  };
}

/** What of a change there is to do on one contact. */
export const changeOn = ({ labels }: Contact, { added, removed }: LabelChange): LabelChange => ({
  added: added.filter((label) => !labels.includes(label)),
  removed: removed.filter((label) => labels.includes(label)),
});

export const isNothing = ({ added, removed }: LabelChange): boolean => added.length + removed.length === 0;

/** A contact's labels after a change, in their order, with what is added at the end. */
export const labelsAfter = ({ labels }: Contact, { added, removed }: LabelChange): string[] => [
  ...new Set([...labels.filter((label) => !removed.includes(label)), ...added]),
];

export const reversed = ({ added, removed }: LabelChange): LabelChange => ({ added: removed, removed: added });
