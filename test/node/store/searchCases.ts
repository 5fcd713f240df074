/** What every store does with searches. */
import assert from 'node:assert/strict';
import { addContacts } from '../support/app.ts';
import { morePeople, nearTable } from '../support/nearTable.ts';
import { searchedPeople, searchTable } from '../support/searchTable.ts';
import { type ConformanceCase, everything, at, idsOf, found, conversationOf } from './samples.ts';

export const searchCases: readonly ConformanceCase[] = [
  {
    title: 'searches best match first, then what changed last',
    check: async (store) => {
      for (const [id, display_name] of [
        ['part_1', 'Aquokka'],
        ['start_1', 'Big Quokkaland'],
        ['field_1', 'Quokka'],
        ['part_2', 'Zquokkas'],
        ['start_2', 'Quokkas'],
        ['field_2', 'QUÓKKA'],
      ] as const) {
        await addContacts(store, { id, display_name });
      }
      const order = ['field_2', 'field_1', 'start_2', 'start_1', 'part_2', 'part_1'];
      assert.deepEqual(await found(store, 'quokka'), order);
      for (let skip = 0; skip <= order.length; skip++) {
        const page = await store.contacts.search('quokka', undefined, { limit: 2, skip });
        assert.deepEqual(idsOf(page), order.slice(skip, skip + 2));
        assert.deepEqual([page.matching, page.isExact], [6, true]);
      }
      const uncounted = { limit: 2, skip: 2, isCounted: false };
      const some = await store.contacts.search('quokka', undefined, uncounted);
      assert.deepEqual(idsOf(some), order.slice(2, 4), 'the same, counted or not');
      assert.ok(some.matching >= 4, JSON.stringify(some));
      if (some.isExact) assert.equal(some.matching, 6);
      const rest = await store.contacts.search('quokka', undefined, { ...uncounted, limit: 10 });
      assert.deepEqual([rest.matching, rest.isExact], [6, true], 'all are found');
      await store.transaction(({ contacts }) => contacts.update('part_1', { remark: 'changed' }));
      assert.deepEqual((await found(store, 'quokka')).slice(4), ['part_1', 'part_2']);
      await store.transaction(({ contacts }) => contacts.update('field_1', { display_name: 'Wombat' }));
      assert.deepEqual([await found(store, 'wombat'), (await found(store, 'quokka')).length], [['field_1'], 5]);
      const byId = await store.contacts.search('quokka', { column: 'id', descending: true }, { limit: 2, skip: 1 });
      assert.deepEqual([idsOf(byId), byId.matching], [['start_1', 'part_2'], 5]);
      assert.deepEqual((await found(store, '  ')).length, 6, 'all, where there is no word');
    },
  },
  {
    title: 'finds whom the table of searches says',
    check: async (store) => {
      await addContacts(store, ...searchedPeople);
      for (const [query, finds, not = []] of searchTable) {
        const ids = await found(store, query);
        for (const id of finds) assert.ok(ids.includes(id), `${query}: ${id} in ${ids.join()}`);
        for (const id of not) assert.ok(!ids.includes(id), `${query}: ${id}`);
      }
    },
  },
  {
    title: 'finds whom a mistyped query may mean, nearest first, then what changed last',
    check: async (store) => {
      await addContacts(store, ...searchedPeople, ...morePeople);
      await addContacts(
        store,
        { id: 'con_near_1', display_name: 'Quokkaland' },
        { id: 'con_near_2', display_name: 'Quokka' },
      );
      await addContacts(store, { id: 'con_near_3', display_name: 'Quokka' });
      const near = async (query: string, limit = 5): Promise<string[]> =>
        (await store.contacts.nearest(query, limit)).map(({ id }) => id);
      assert.deepEqual(await near('qoukka'), ['con_near_3', 'con_near_2', 'con_near_1']);
      assert.deepEqual(await near('qoukka', 1), ['con_near_3']);
      for (const [query, meant] of nearTable) assert.ok((await near(query)).includes(meant), query);
      for (const query of ['', ' ', 'q', 'zzzzzzzzzzz', '%_', "'"]) assert.deepEqual(await near(query), [], query);
    },
  },
  {
    title: 'finds whose conversation an id names',
    check: async (store) => {
      await addContacts(store, { id: 'con_1' }, { id: 'con_2', remark: 'conv_a' });
      await store.transaction(({ history }) => history.insertConversation(conversationOf('con_1', 'a', 1)));
      for (const query of ['conv_a', ' tcu_a ']) assert.deepEqual(await found(store, query), ['con_1']);
      assert.deepEqual(await found(store, 'conv_a', { limit: 5, skip: 1 }), []);
      assert.deepEqual(await found(store, 'conv_b'), []);
    },
  },
  {
    title: 'takes many at once as changed when their dates say, and counts matches up to 10,000',
    check: async (store) => {
      const drafts = Array.from({ length: 10_001 }, (_, n) => ({
        id: `con_${n}`,
        display_name: `Same ${n}`,
        created_at: at(n % 7),
        updated_at: n === 5 ? at(99) : '',
      }));
      await store.transaction(async ({ contacts }) => {
        await contacts.bulkInsert(drafts.slice(0, 6_000));
        await contacts.bulkInsert(drafts.slice(6_000));
      });
      assert.equal(await store.contacts.count(), 10_001);
      assert.deepEqual(await found(store, 'same', { limit: 3, skip: 0 }), ['con_5', 'con_9995', 'con_9988']);
      const page = await store.contacts.search('same', undefined, { limit: 10, skip: 9_999 });
      assert.deepEqual([page.items.length, page.matching, page.isExact], [2, 10_000, false]);
      const one = await store.contacts.search('same 9995', undefined, everything);
      assert.deepEqual([one.matching, one.isExact], [1, true]);
    },
  },
];
