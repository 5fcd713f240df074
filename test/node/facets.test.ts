import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import type { Sort, StoredContact } from '../../src/server/store/records.ts';
import { migrations } from '../../src/server/store/sqlite/migrations.ts';
import { SqliteStore } from '../../src/server/store/sqlite/sqliteStore.ts';
import type { ContactFilter } from '../../src/server/store/workspaceStore.ts';
import { temporaryDirectory } from './support/app.ts';

/** The version that had nothing of it. */
const versionBefore = 12;
const channels = ['web', 'LINE', 'line', 'wecom', ''];
/** Some look like what JSON puts between texts. */
const labels = ['vip', 'VIP', ',', '","', '"', 'a"', '\\', 'x\ny', '重要', 'khách quen', '😀', ']', '[]'];

const contact = fc.record({
  channel_type: fc.constantFrom(...channels),
  labels: fc.uniqueArray(fc.constantFrom(...labels), { maxLength: 3 }),
  display_name: fc.string({ maxLength: 3 }),
  created_at: fc.constantFrom('2026-01-01', '2026-01-02', '2026-01-03').map((day) => `${day}T00:00:00.000Z`),
});
const change = fc.record(
  {
    channel_type: fc.constantFrom(...channels),
    labels: fc.subarray(labels),
    display_name: fc.string({ maxLength: 3 }),
  },
  { requiredKeys: [] },
);
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('add' as const), contact }) },
  fc.record({ kind: fc.constant('change' as const), place: fc.nat(), change }),
  fc.record({ kind: fc.constant('delete' as const), place: fc.nat() }),
);
const question = fc.record({
  filter: fc.record({ channels: fc.subarray(['web', 'line', 'WeCom']), labels: fc.subarray(labels, { maxLength: 3 }) }),
  sort: fc.record({ column: fc.constantFrom('created_at', 'display_name', 'labels'), descending: fc.boolean() }),
  request: fc.record({ limit: fc.integer({ min: 1, max: 30 }), skip: fc.nat({ max: 20 }) }),
});

const passes = ({ channels: of, labels: any }: ContactFilter, { channel_type, labels: has }: StoredContact): boolean =>
  (of.length === 0 || of.some((each) => each.toLowerCase() === channel_type.toLowerCase())) &&
  (any.length === 0 || any.some((label) => has.includes(label)));

const everybody = { limit: 10_000, skip: 0 };

describe('contacts by channel and label', () => {
  it('are those of a list of all that pass, in its order, with their exact number, whatever was changed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 20, maxLength: 120 }),
        fc.array(question, { minLength: 5, maxLength: 10 }),
        async (steps, questions) => {
          const directory = temporaryDirectory();
          const store = SqliteStore.open(directory);
          try {
            const ids: string[] = [];
            await store.transaction(async ({ contacts }) => {
              for (const each of steps) {
                if (each.kind === 'add') ids.push(await contacts.insert(each.contact));
                else if (ids.length === 0) continue;
                else if (each.kind === 'change') await contacts.update(ids[each.place % ids.length] ?? '', each.change);
                else await contacts.delete(ids.splice(each.place % ids.length, 1)[0] ?? '');
              }
            });
            for (const { filter, sort, request } of questions) await compare(store, filter, sort, request);
            const { items } = await store.contacts.list({ column: 'id', descending: false }, everybody);
            assert.equal(await store.contacts.count(), items.length);
            const inUse = [...new Set(items.flatMap((each) => each.labels))];
            const byCodePoint = inUse.toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
            assert.deepEqual(await store.facets.labels(), byCodePoint);
          } finally {
            await store.close();
            rmSync(directory, { recursive: true, force: true });
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('are counted in a workspace of an earlier version too', async () => {
    const directory = temporaryDirectory();
    await SqliteStore.open(directory).close();
    const path = join(directory, 'contacts.db');
    const now = new DatabaseSync(path);
    const mark = now.prepare('PRAGMA application_id').get()?.['application_id'];
    now.close();
    for (const name of readdirSync(directory)) rmSync(join(directory, name), { recursive: true });
    const older = new DatabaseSync(path);
    for (const sql of migrations.slice(0, versionBefore)) older.exec(sql);
    older.exec(`PRAGMA application_id = ${mark}; PRAGMA user_version = ${versionBefore}`);
    for (const [id, channel, has] of [
      ['a', 'line', '["vip"]'],
      ['b', 'line', '[]'],
      ['c', '', '["vip"]'],
    ] as const) {
      older
        .prepare("INSERT INTO contact (id, channel_type, labels, created_at) VALUES (?, ?, ?, '2026-01-01')")
        .run(id, channel, has);
    }
    older.close();
    const opened = SqliteStore.open(directory);
    const sort = { column: 'id', descending: false };
    assert.equal((await opened.facets.list({ channels: ['line'], labels: ['vip'] }, sort, everybody)).matching, 1);
    assert.equal((await opened.facets.list({ channels: ['line'], labels: [] }, sort, everybody)).matching, 2);
    await opened.close();
    rmSync(directory, { recursive: true, force: true });
  });
});

async function compare(
  store: SqliteStore,
  filter: ContactFilter,
  sort: Sort,
  request: { limit: number; skip: number },
): Promise<void> {
  const all = (await store.contacts.list(sort, everybody)).items.filter((each) => passes(filter, each));
  const { items, matching } = await store.facets.list(filter, sort, request);
  assert.equal(matching, all.length);
  assert.deepEqual(items, all.slice(request.skip, request.skip + request.limit));
}
