import { randomBytes } from 'node:crypto';
import type { ContactTextField } from '../../../src/contract/vocabulary.ts';
import { emailKey, phoneEnding } from '../../../src/server/store/contactChanges.ts';
import {
  namingColumns,
  sortableColumns,
  type NamedContact,
  type ExportedContact,
  type StoredPage,
  type PageRequest,
  type Sort,
  type StoredActivity,
  type StoredContact,
} from '../../../src/server/store/records.ts';
import { csvOf } from '../../../src/server/store/csv.ts';
import { nearest, nearQuery } from '../../../src/server/store/nearMatches.ts';
import { conversationIdIn, matchKinds, searchText, waysToMatch } from '../../../src/server/store/searchText.ts';
import {
  maxExactCount,
  maxContactsPerPhone,
  type ContactReads,
  type HistoryReads,
  type ImportReads,
  type MediaReads,
  type NotificationReads,
} from '../../../src/server/store/workspaceStore.ts';
import type { Tables } from './memoryTables.ts';

const pageOf = <T>(items: readonly T[], { limit, skip }: PageRequest): StoredPage<T> => ({
  items: structuredClone(items.slice(skip, skip + limit)),
  matching: items.length,
});

/** As bytes of UTF-8, and so by code point. */
export const compareTexts = (one: string, other: string): number =>
  Buffer.compare(Buffer.from(one), Buffer.from(other));

/** Newest first; among equals, what was added last. */
const newestFirst = <T>(items: readonly T[], timeOf: (item: T) => string): T[] =>
  items.toReversed().toSorted((one, other) => compareTexts(timeOf(other), timeOf(one)));

export function contactReads(tables: () => Tables): ContactReads {
  const all = (): StoredContact[] => [...tables().contacts.values()].map(({ contact }) => contact);

  const sorted = (contacts: readonly StoredContact[], { column, descending }: Sort): StoredContact[] => {
    if (!sortableColumns.has(column)) throw new Error(`Not a column: ${column}`);
    const keyOf = (contact: StoredContact): string =>
      column === 'labels' ? JSON.stringify(contact.labels) : contact[column as 'id' | ContactTextField];
    const ascending = contacts.toSorted((one, other) => compareTexts(keyOf(one), keyOf(other)));
    if (!descending) return ascending;
    return contacts.toReversed().toSorted((one, other) => compareTexts(keyOf(other), keyOf(one)));
  };

  /** How well a contact matches, best 0; `undefined` for one that does not. */
  const rankOf = (contact: StoredContact, query: string): number | undefined => {
    const ways = waysToMatch(query);
    const text = searchText(contact);
    const rank = matchKinds.findIndex(
      (kind) =>
        ways[kind].length === 0 || ways[kind].some((patterns) => patterns.every((pattern) => text.includes(pattern))),
    );
    return rank < 0 ? undefined : rank;
  };

  return {
    get: async (id) => structuredClone(tables().contacts.get(id)?.contact),
    count: async () => tables().contacts.size,
    findByKeys: async ({ ids, emails, phoneEndings }) => {
      const ofPhone = new Set(
        phoneEndings.flatMap((ending) =>
          all()
            .filter((contact) => contact.phone_number !== '' && phoneEnding(contact.phone_number) === ending)
            .slice(0, maxContactsPerPhone),
        ),
      );
      const keys = new Set(emails.map(emailKey));
      return structuredClone(
        all().filter(
          (contact) =>
            ids.includes(contact.id) ||
            (contact.email !== '' && keys.has(emailKey(contact.email))) ||
            ofPhone.has(contact),
        ),
      );
    },
    list: async (sort, request) => pageOf(sorted(all(), sort), request),
    search: async (query, sort, request) => {
      const conversation = conversationIdIn(query);
      const named = tables().conversations.find(({ id, public_id }) => [id, public_id].includes(conversation ?? ''));
      const owner = named && tables().contacts.get(named.contact_id);
      if (owner !== undefined) return { ...pageOf([owner.contact], request), isExact: true };
      const ranked = [...tables().contacts.values()]
        .flatMap((entry) => {
          const rank = rankOf(entry.contact, query);
          return rank === undefined ? [] : [{ ...entry, rank }];
        })
        .toSorted((one, other) => one.rank - other.rank || other.changed - one.changed);
      const found = ranked.map(({ contact }) => contact);
      // Those of one time are in the order in which they were added, and not of their ranks.
      const inOrder =
        sort &&
        sorted(
          all().filter((contact) => found.includes(contact)),
          sort,
        );
      const { items, matching } = pageOf(inOrder ?? found, request);
      return { items, matching: Math.min(matching, maxExactCount), isExact: matching <= maxExactCount };
    },
    nearest: async (query, limit) => {
      const near = nearQuery(query);
      const entries = [...tables().contacts.values()]
        .map(({ contact, changed }) => ({ contact, changed, text: searchText(contact) }))
        .toSorted((one, other) => other.changed - one.changed);
      for (const ways of near?.stages ?? []) {
        const candidates = entries.filter(({ text }) => ways.some((way) => way.every((each) => text.includes(each))));
        const found = near === undefined ? [] : nearest(candidates, near, limit);
        if (found.length > 0) return structuredClone(found.map(({ contact }) => contact));
      }
      return [];
    },
    exportCsv: (request) => csvOf(inOneBatch(sorted(all(), request.sort)), request),
  };
}

async function* inOneBatch(contacts: readonly StoredContact[]): AsyncGenerator<ExportedContact[]> {
  yield [...contacts];
}

const isOfChannel = (channels: readonly string[], { channel_type }: { channel_type: string }): boolean =>
  channels.length === 0 || channels.includes(channel_type);

/** Conversations that have `id` as one of their two. */
const namedBy = ({ conversations }: Tables, id: string): Set<string> =>
  new Set(conversations.filter((each) => each.id === id || each.public_id === id).map((each) => each.id));

export const historyReads = (tables: () => Tables): HistoryReads => ({
  conversations: async (contactId, channels) =>
    structuredClone(
      newestFirst(
        tables().conversations.filter((each) => each.contact_id === contactId && isOfChannel(channels, each)),
        ({ timestamp }) => timestamp,
      ),
    ),
  newestConversations: async (limit) =>
    newestFirst(tables().conversations, ({ timestamp }) => timestamp)
      .slice(0, limit)
      .map(({ public_id, channel_type }) => ({ public_id, channel_type })),
  ownersOf: async (conversationIds) =>
    new Map(
      conversationIds.flatMap((wanted) => {
        const named = tables().conversations.find(({ id, public_id }) => [id, public_id].includes(wanted));
        const owner = tables().contacts.get(named?.contact_id ?? '')?.contact;
        if (owner === undefined) return [];
        const names = Object.fromEntries(namingColumns.map((column) => [column, owner[column]])) as NamedContact;
        return [[wanted, names] as const];
      }),
    ),
  hasConversation: async (id) => tables().conversations.some((each) => each.id === id || each.public_id === id),
  comments: async (contactId, channels, request) =>
    pageOf(
      newestFirst(
        tables().comments.filter((each) => each.contact_id === contactId && isOfChannel(channels, each)),
        ({ created_at }) => created_at,
      ),
      request,
    ),
  comment: async (contactId, id) =>
    structuredClone(tables().comments.find((each) => each.contact_id === contactId && each.id === id)),
  files: async (contactId) =>
    structuredClone(
      newestFirst(
        tables().files.filter((each) => each.contact_id === contactId),
        ({ created_at }) => created_at,
      ),
    ),
  messages: async (conversationId, request) => {
    const ids = namedBy(tables(), conversationId);
    const all = tables().messages.filter(({ conversation_id }) => ids.has(conversation_id));
    return pageOf(
      newestFirst(all, ({ created_at }) => created_at),
      request,
    );
  },
  activities: async (conversationId, start = '', end = '9999-12-31') => {
    const ids = namedBy(tables(), conversationId);
    const isWanted = ({ conversation_id, created_at }: StoredActivity): boolean =>
      ids.has(conversation_id) && created_at.slice(0, 10) >= start && created_at.slice(0, 10) <= end;
    return structuredClone(newestFirst(tables().activities.filter(isWanted), ({ created_at }) => created_at));
  },
});

export const notificationReads = (tables: () => Tables): NotificationReads => ({
  list: async (type, request) => {
    const wanted = tables().notifications.filter((each) => type === undefined || each.type === type);
    const page = pageOf(
      newestFirst(wanted, ({ created_at }) => created_at),
      request,
    );
    return { ...page, unread: wanted.filter((each) => !each.is_read).length };
  },
});

export const mediaReads = (tables: () => Tables, blobs: Map<string, Uint8Array<ArrayBuffer>>): MediaReads => ({
  find: async (key) => structuredClone(tables().media.get(key)),
  content: async (key) => blobs.get(key),
  keep: async (content, key = randomBytes(32).toString('hex')) => {
    if (!/^[0-9a-f]{64}$/.test(key)) throw new Error('Not a key of media.');
    blobs.set(key, new Uint8Array(content));
    return key;
  },
});

export const importReads = (tables: () => Tables): ImportReads => ({
  find: async (id) => structuredClone(tables().imports.get(id)?.run),
  latest: async (limit) =>
    [...tables().imports.values()]
      .map(({ run }) => structuredClone(run))
      .toSorted((one, other) => compareTexts(other.started_at, one.started_at))
      .slice(0, limit),
  problems: async (id, request) =>
    pageOf(
      (tables().imports.get(id)?.problems ?? []).toSorted((one, other) => one.line - other.line),
      request,
    ).items,
});
