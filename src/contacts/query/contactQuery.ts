/** Orders that the list offers, as the contract writes them (section 3, `sort`). */
export const contactSorts = ['-created_at', '-updated_at', 'display_name', '-last_seen'] as const;
export type ContactSort = (typeof contactSorts)[number];

/** Which contacts are listed, and in which order. */
export interface ContactQuery {
  /** What is searched for; empty for all. */
  text: string;
  /** Any of these; none for all. */
  channels: readonly string[];
  /** Any of these; none for all. */
  labels: readonly string[];
  /** Absent for the newest first, and for the best match first where something is searched for. */
  sort?: ContactSort | undefined;
}

export const allContacts: ContactQuery = { text: '', channels: [], labels: [] };

/** Whether some contacts are left out. */
export const isNarrow = (query: ContactQuery): boolean => query.text !== '' || isFiltered(query);

/** Whether a text may say more than words, which only its language tells (`queryLanguage.ts`, loaded when it is needed). */
const mayHaveConditions = (text: string): boolean => /(?:^|\s)-?[a-z]+:/i.test(text);

/** Whether some of the contacts that a server lists are left out, by it or here: the contract has no such filters. */
export const isFiltered = ({ text, channels, labels }: ContactQuery): boolean =>
  channels.length > 0 || labels.length > 0 || mayHaveConditions(text);

/** A query out of what was stored, which may be of another version. */
export function queryFrom(stored: unknown): ContactQuery {
  const { text, channels, labels, sort } = (stored ?? {}) as Record<string, unknown>;
  const known = contactSorts.find((each) => each === sort);
  return {
    text: typeof text === 'string' ? text : '',
    channels: texts(channels),
    labels: texts(labels),
    ...(known === undefined ? {} : { sort: known }),
  };
}

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
