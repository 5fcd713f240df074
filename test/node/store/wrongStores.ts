import type { WorkspaceStore, WorkspaceTransaction } from '../../../src/server/store/workspaceStore.ts';
import type { MemoryWorkspace } from './memoryStore.ts';

type Spoil = (store: WorkspaceStore, workspace: MemoryWorkspace) => WorkspaceStore;

/** `store` with its transactions as `change` makes them. */
const withTransactions = (
  store: WorkspaceStore,
  change: (tx: WorkspaceTransaction) => Partial<WorkspaceTransaction>,
): WorkspaceStore => with_(store, { transaction: (work) => store.transaction((tx) => work({ ...tx, ...change(tx) })) });

/** `store` with some of what it has replaced; the rest keeps its `this`. */
const with_ = (store: WorkspaceStore, replaced: Partial<WorkspaceStore>): WorkspaceStore => ({
  organizationId: store.organizationId,
  contacts: store.contacts,
  history: store.history,
  notifications: store.notifications,
  media: store.media,
  imports: store.imports,
  transaction: (work) => store.transaction(work),
  version: () => store.version(),
  isClaimed: (name) => store.isClaimed(name),
  close: () => store.close(),
  ...replaced,
});

/** Each wrong in one way that a new engine might well be wrong in. */
export const wrongStores: Record<string, Spoil> = {
  'keeps half of a transaction that failed': (store, workspace) =>
    with_(store, {
      transaction: (work) =>
        store.transaction((tx) =>
          work(tx).catch(async (error: unknown) => {
            await tx.notifications.dismissAll(999);
            setImmediate(() => (workspace.tables.version += 1));
            workspace.tables.claims.add('claimed');
            throw error;
          }),
        ),
    }),
  'shows what is not committed': (store, workspace) =>
    withTransactions(store, ({ contacts }) => ({
      contacts: {
        ...contacts,
        insert: async (draft) => {
          const id = await contacts.insert(draft);
          const contact = await contacts.get(id);
          if (contact !== undefined) workspace.tables.contacts.set(id, { contact, changed: 0 });
          return id;
        },
      },
    })),
  'begins a transaction before the last has ended': (store, workspace) =>
    with_(store, {
      transaction: (work) => {
        workspace.lastTurn = Promise.resolve();
        return store.transaction(work);
      },
    }),
  'lets a transaction write after its end': (store) => {
    let late: WorkspaceTransaction | undefined;
    return with_(store, {
      transaction: (work) =>
        store.transaction(async (tx) => {
          late = tx;
          const insert: WorkspaceTransaction['contacts']['insert'] = (draft) =>
            late === undefined ? Promise.resolve('con_lost') : late.contacts.insert(draft);
          try {
            return await work({ ...tx, contacts: { ...tx.contacts, insert } });
          } finally {
            late = undefined;
          }
        }),
    });
  },
  'ignores the version that a change is for': (store) =>
    withTransactions(store, ({ contacts }) => ({
      contacts: { ...contacts, update: (id, changes) => contacts.update(id, changes) },
    })),
  'leaves the comments of a deleted contact': (store) =>
    withTransactions(store, ({ contacts }) => ({
      contacts: {
        ...contacts,
        delete: async (id) => {
          const { matching } = await store.history.comments(id, [], { limit: 1, skip: 0 });
          return matching > 0 ? false : contacts.delete(id);
        },
      },
    })),
  'breaks ties in a list as it likes': (store) =>
    with_(store, {
      contacts: {
        ...store.contacts,
        list: async (sort, request) => {
          const page = await store.contacts.list(sort, request);
          return { ...page, items: page.items.toReversed() };
        },
      },
    }),
  'sorts as people do, not by code point': (store) =>
    with_(store, {
      contacts: {
        ...store.contacts,
        list: async (sort, { limit, skip }) => {
          const { items, matching } = await store.contacts.list(sort, { limit: 10_000, skip: 0 });
          if (sort.column === 'display_name' && !sort.descending) {
            items.sort((one, other) => one.display_name.localeCompare(other.display_name));
          }
          return { items: items.slice(skip, skip + limit), matching };
        },
      },
    }),
  'always has the same version': (store) => with_(store, { version: async () => '1' }),
  'gives a claim to everybody': (store) =>
    withTransactions(store, (tx) => ({ claim: (name) => tx.claim(name).then(() => true) })),
  'searches by age alone': (store) =>
    with_(store, {
      contacts: {
        ...store.contacts,
        search: (query, sort, request) =>
          store.contacts.search(query, sort ?? { column: 'created_at', descending: true }, request),
      },
    }),
  'counts no more than a page': (store) =>
    with_(store, {
      contacts: {
        ...store.contacts,
        search: async (query, sort, request) => {
          const page = await store.contacts.search(query, sort, request);
          return { ...page, matching: page.items.length };
        },
      },
    }),
  'takes the case of an address for a difference': (store) =>
    with_(store, {
      contacts: {
        ...store.contacts,
        findByKeys: async (keys) => {
          const people = await store.contacts.findByKeys(keys);
          return people.filter(
            ({ id, email }) => keys.emails.length === 0 || keys.emails.includes(email) || keys.ids.includes(id),
          );
        },
      },
    }),
  'leaves out the last day of activity': (store) =>
    with_(store, {
      history: {
        ...store.history,
        activities: async (id, start, end) => {
          const activities = await store.history.activities(id, start, end);
          return end === undefined ? activities : activities.filter(({ created_at }) => created_at < end);
        },
      },
    }),
  'gives what was said in the order in which it was added': (store) =>
    with_(store, {
      history: {
        ...store.history,
        messages: async (id, { limit, skip }) => {
          const { items, matching } = await store.history.messages(id, { limit: 500, skip: 0 });
          const asAdded = items.toSorted((one, other) => other.id.localeCompare(one.id));
          return { items: asAdded.slice(skip, skip + limit), matching };
        },
      },
    }),
  'gives the history of everybody to who is merged': (store) =>
    withTransactions(store, ({ history }) => ({
      history: {
        ...history,
        move: async (moved, from, to) => {
          await history.move(moved, from === 'con_9' ? 'con_1' : from, to);
        },
      },
    })),
  'shows media before they are added': (store) =>
    with_(store, {
      media: {
        ...store.media,
        find: async (key) =>
          (await store.media.find(key)) ??
          ((await store.media.content(key)) && { key, content_type: '', file_name: '', bytes: 0 }),
      },
    }),
  'knows of an import’s contact only how it was last': (store) =>
    withTransactions(store, ({ imports }) => ({
      imports: {
        ...imports,
        advance: (id, step) =>
          imports.advance(id, {
            ...step,
            changes: [...new Map(step.changes.map((each) => [each.contactId, each])).values()],
          }),
      },
    })),
};
