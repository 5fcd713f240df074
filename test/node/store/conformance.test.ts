import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { Random } from '../../../src/server/seed/random.ts';
import type { ContactDraft, StoredPage, StoredContact } from '../../../src/server/store/records.ts';
import { PostgresDatabase } from '../../../src/server/store/postgres/database.ts';
import { PostgresOrganizations } from '../../../src/server/store/postgres/organizations.ts';
import { PostgresStore } from '../../../src/server/store/postgres/postgresStore.ts';
import { SqliteStore } from '../../../src/server/store/sqlite/sqliteStore.ts';
import type { WorkspaceStore, WorkspaceTransaction } from '../../../src/server/store/workspaceStore.ts';
import { temporaryDirectory } from '../support/app.ts';
import { teamDatabase, type TeamDatabase } from '../support/teamDatabase.ts';
import { randomSeed } from '../support/randomSeed.ts';
import { conformanceCases } from './conformance.ts';
import { mergeContacts, undoMerge } from '../../../src/server/merging.ts';
import { commentOf, conversationOf, messageOf, notificationOf, type ConformanceCase } from './samples.ts';
import { MemoryStore, MemoryWorkspace } from './memoryStore.ts';
import { wrongStores } from './wrongStores.ts';

let database: TeamDatabase | undefined;
/** As two servers have them. */
let connected: PostgresDatabase[] = [];
before(async () => {
  database = await teamDatabase();
  connected = [await PostgresDatabase.open(database.url), await PostgresDatabase.open(database.url)];
});
after(async () => {
  for (const each of connected) await each.close();
  await database?.drop();
});

/** A new workspace, opened as often as is wanted. */
interface Opened {
  open: () => WorkspaceStore;
  dispose: () => void;
}

const implementations: Record<string, () => Opened | Promise<Opened>> = {
  SQLite: () => {
    const directory = temporaryDirectory();
    return {
      open: () => SqliteStore.open(directory),
      dispose: () => rmSync(directory, { recursive: true, force: true }),
    };
  },
  PostgreSQL: async () => {
    const [first = assert.fail(), second = assert.fail()] = connected;
    const { id } = await new PostgresOrganizations(first).findOrCreate(randomUUID());
    const inTurn = [first, second, first, second].values();
    return { open: () => new PostgresStore(inTurn.next().value ?? first, id), dispose: () => undefined };
  },
  memory: () => {
    const workspace = new MemoryWorkspace();
    return { open: () => new MemoryStore(workspace), dispose: () => undefined };
  },
};

async function run({ check }: ConformanceCase, { open, dispose }: Opened): Promise<void> {
  const opened: WorkspaceStore[] = [];
  const openOnce = (): WorkspaceStore => {
    const store = open();
    opened.push(store);
    return store;
  };
  try {
    await check(openOnce(), openOnce);
  } finally {
    await Promise.all(opened.map((store) => store.close()));
    dispose();
  }
}

for (const [name, create] of Object.entries(implementations)) {
  describe(`a store in ${name}`, () => {
    for (const each of conformanceCases) it(each.title, async () => run(each, await create()));
  });
}

describe('the cases that every store is checked with', () => {
  it('know at least ten ways to be wrong', () => assert.ok(Object.keys(wrongStores).length >= 10));

  for (const [fault, spoil] of Object.entries(wrongStores)) {
    it(`find a store that ${fault}`, async () => {
      const seen = new Set<'right' | 'wrong'>();
      for (const each of conformanceCases) {
        const workspace = new MemoryWorkspace();
        const open = (): WorkspaceStore => spoil(new MemoryStore(workspace), workspace);
        const result = await run(each, { open, dispose: () => undefined }).then(
          () => 'right' as const,
          () => 'wrong' as const,
        );
        if (seen.add(result).size === 2) return;
      }
      assert.fail(seen.has('right') ? 'all cases passed' : 'it does nothing right');
    });
  }
});

describe('stores that are told the same', () => {
  it('answer the same', async () => {
    const random = new Random(randomSeed());
    const made = await Promise.all(Object.values(implementations).map(async (create) => create()));
    const stores = made.map(({ open }) => open());
    const words = ['An', 'an', 'Đỗ', '王', 'Ann-Marie', 'x@y.example', '0912', 'Søren', '', 'b c', '+84912000345'];
    const word = (): string => random.pick(words);
    const id = (): string => `con_${random.between(0, 30)}`;
    const draft = (): ContactDraft => ({
      display_name: `${word()} ${word()}`.trim(),
      first_name: word(),
      email: word(),
      phone_number: random.chance(0.5) ? word() : '',
      labels: random.chance(0.3) ? [word()] : [],
      created_at: new Date(Date.UTC(2026, 0, random.between(1, 9))).toISOString(),
    });
    const merges: [string, string][] = [];
    const writes: (() => (tx: WorkspaceTransaction) => Promise<unknown>)[] = [
      () => {
        const contact = { ...draft(), id: id() };
        return async ({ contacts }) =>
          (await contacts.get(contact.id)) === undefined && (await contacts.insert(contact)) === contact.id;
      },
      () => {
        const [changed, { created_at: _, ...changes }] = [id(), draft()];
        const version = random.chance(0.3) ? random.between(1, 4) : undefined;
        return async ({ contacts }) => outcomeOf(await contacts.update(changed, changes, version));
      },
      () => {
        const gone = id();
        return ({ contacts }) => contacts.delete(gone);
      },
      () => {
        const comment = commentOf(id(), String(random.next()), random.between(0, 50));
        return async ({ contacts, history }) =>
          (await contacts.get(comment.contact_id)) && history.insertComment(comment);
      },
      () => {
        const [conversation, at] = [
          conversationOf(id(), String(random.next()), random.between(0, 50)),
          random.between(0, 50),
        ];
        const message = { ...messageOf('', String(random.next()), at), conversation_id: conversation.id };
        return async ({ contacts, history }) => {
          if ((await contacts.get(conversation.contact_id)) === undefined) return;
          await history.insertConversation(conversation);
          await history.insertMessage(message);
        };
      },
      () => {
        const [kept, gone, mergeId] = [id(), id(), `mrg_${random.next()}`];
        const { labels, email } = draft();
        merges.push([kept, mergeId]);
        return async (tx) => {
          const merged =
            kept === gone
              ? 'same'
              : await mergeContacts(tx, kept, gone, { labels: labels ?? [], email: email ?? '' }, mergeId);
          return typeof merged === 'string' ? merged : merged.contact.version;
        };
      },
      () => {
        const [kept, mergeId] = merges.length === 0 ? ['con_0', 'mrg_none'] : random.pick(merges.slice(-3));
        return async (tx) => (await undoMerge(tx, kept, mergeId))?.map((each) => [each.id, each.version, each.labels]);
      },
      () => {
        const notification = notificationOf(String(random.next()), random.pick([201, 301]), random.between(0, 50));
        return ({ notifications }) => notifications.insert(notification);
      },
      () => {
        const type = random.chance(0.2) ? undefined : random.pick([201, 301]);
        return ({ notifications }) => notifications.dismissAll(type);
      },
    ];
    const reads: (() => (store: WorkspaceStore) => Promise<unknown>)[] = [
      () => {
        const query = [word(), word()].slice(random.between(0, 1)).join(' ');
        const sort = random.chance(0.3) ? { column: 'display_name', descending: random.chance(0.5) } : undefined;
        const request = { limit: random.between(1, 8), skip: random.between(0, 8) };
        return async ({ contacts }) => withoutTimes(await contacts.search(query, sort, request));
      },
      () => {
        const sort = { column: random.pick(['created_at', 'email', 'id']), descending: random.chance(0.5) };
        return async ({ contacts }) => withoutTimes(await contacts.list(sort, { limit: 40, skip: 0 }));
      },
      () => {
        const keys = { ids: [id()], emails: [word()], phoneEndings: ['912000345'] };
        return async ({ contacts }) => (await contacts.findByKeys(keys)).map((contact) => contact.id);
      },
      () => {
        const contact = id();
        return async ({ history }) => {
          const conversations = await history.conversations(contact, []);
          const said = await Promise.all(
            conversations.map((each) => history.messages(each.public_id, { limit: 5, skip: 0 })),
          );
          return [conversations, said, await history.comments(contact, [], { limit: 5, skip: 0 })];
        };
      },
      () => {
        const type = random.chance(0.5) ? undefined : 201;
        return ({ notifications }) => notifications.list(type, { limit: 5, skip: 1 });
      },
    ];
    try {
      for (let step = 0; step < 1_500; step++) {
        const write = random.pick(writes)();
        const read = random.pick(reads)();
        const [first, ...others] = await Promise.all(
          stores.map(async (store) => [await store.transaction(write), await read(store)]),
        );
        for (const other of others) assert.deepEqual(other, first, `step ${step}`);
      }
    } finally {
      await Promise.all(stores.map((store) => store.close()));
      for (const { dispose } of made) dispose();
    }
  });
});

const outcomeOf = (outcome: StoredContact | string): unknown =>
  typeof outcome === 'string' ? outcome : outcome.version;

/** Each store has made its changes at another moment. */
const withoutTimes = (page: StoredPage<StoredContact>): unknown => ({
  ...page,
  items: page.items.map((contact) => ({ ...contact, updated_at: contact.updated_at !== '' })),
});
