import type { ContactService } from '../api/contactService.ts';
import type { Contact } from '../api/decode/contact.ts';
import { allContacts } from '../contacts/query/contactQuery.ts';
import { ContactReader } from '../contacts/query/contactReader.ts';
import { parseQuery } from '../contacts/query/queryLanguage.ts';

const pageSize = 500;

export interface FoundContacts {
  contacts: readonly Contact[];
  /** What was searched for by words. */
  searched: string;
  /** Nobody matches, and these come nearest. */
  isNear?: boolean;
  /** Where contacts are left that were not looked at for the query's filters. */
  lookFurther?: { lookedAt: number; next: (signal: AbortSignal) => Promise<FoundContacts> };
}

/**
 * Contacts that a query means, words and filters; at most `limit` by words alone. Filters look through what the server
 * gives, a few thousand contacts at a time.
 * @throws ApiError
 */
export async function findContacts(
  service: ContactService,
  query: string,
  limit: number,
  signal: AbortSignal,
): Promise<FoundContacts> {
  const { text, hasConditions, fallback = '' } = parseQuery(query);
  if (hasConditions) {
    const reader = new ContactReader(service, { ...allContacts, text: query });
    return filtered(reader, text, limit, [], signal);
  }
  if (text === '') return { contacts: [], searched: '' };
  const wanted = { limit, signal, near: true, isCounted: false };
  const { items, isNear = false } = await service.search({ q: text, ...wanted, near: fallback === '' });
  if (items.length > 0 || fallback === '') return { contacts: items, searched: text, isNear };
  const second = await service.search({ q: fallback, ...wanted });
  return { contacts: second.items, searched: fallback, isNear: second.isNear ?? false };
}

/**
 * As many as are known on this machine already of those whom a query by words means, where the server is asked for the
 * rest; nobody where it is not.
 */
export async function findKeptContacts(
  { mirror }: ContactService,
  query: string,
  limit: number,
  signal: AbortSignal,
): Promise<readonly Contact[]> {
  const { text, hasConditions } = parseQuery(query);
  if (mirror === undefined || mirror.isWhole || hasConditions || text === '') return [];
  return (await mirror.search({ q: text, limit, signal, isCounted: false })).items;
}

async function filtered(
  reader: ContactReader,
  searched: string,
  limit: number,
  before: readonly Contact[],
  signal: AbortSignal,
): Promise<FoundContacts> {
  const { contacts: found, hasMore, lookedAt } = await reader.read(limit, pageSize, signal);
  const contacts = [...before, ...found];
  if (!hasMore) return { contacts, searched };
  const next = (again: AbortSignal): Promise<FoundContacts> => filtered(reader, searched, limit, contacts, again);
  return { contacts, searched, lookFurther: { lookedAt, next } };
}

/** Those who are on this machine, and whom the server knows beside them. */
export function withKept(kept: readonly Contact[], found: FoundContacts): FoundContacts {
  const ids = new Set(kept.map(({ id }) => id));
  return { ...found, contacts: [...kept, ...found.contacts.filter(({ id }) => !ids.has(id))] };
}
