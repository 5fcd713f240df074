import assert from 'node:assert/strict';
import fc from 'fast-check';
import { apiPrefix } from '../../src/contract/vocabulary.ts';
import { Database } from '../../src/server/store/sqlite/database.ts';
import { SqliteStore, storeSchema } from '../../src/server/store/sqlite/sqliteStore.ts';
import { nearest, nearQuery } from '../../src/server/store/nearMatches.ts';
import { searchText } from '../../src/server/store/searchText.ts';
import type { WorkspaceStore } from '../../src/server/store/workspaceStore.ts';
import { itLocally } from './support/engine.ts';
import { addContacts, testApp, type TestApp } from './support/app.ts';
import { morePeople, nearTable } from './support/nearTable.ts';
import { searchedPeople, searchTable } from './support/searchTable.ts';

describe('search', () => {
  let server: TestApp;
  before(async function () {
    server = await testApp(3_000);
    const created_at = '2020-01-01T00:00:00.000Z';
    await addContacts(server.store, ...searchedPeople.map((person) => ({ ...person, created_at })));
  });
  after(() => server.dispose());

  const search = async (query: string, more = '&limit=500'): Promise<Record<string, unknown>> => {
    const response = await server.request(
      `${apiPrefix}/contacts/_search?type=text&q=${encodeURIComponent(query)}${more}`,
    );
    assert.equal(response.status, 200, JSON.stringify(query));
    return (await response.json()) as Record<string, unknown>;
  };
  const idsOf = (answer: Record<string, unknown>): string[] => (answer['data'] as { id: string }[]).map(({ id }) => id);

  it('has a table of at least 60 queries', () => assert.ok(searchTable.length >= 60, String(searchTable.length)));

  for (const [query, finds, not = []] of searchTable) {
    it(`for ${JSON.stringify(query)} finds ${finds.join(', ') || 'none of them'}`, async () => {
      const ids = idsOf(await search(query));
      for (const id of finds) assert.ok(ids.includes(id), `${id} in ${ids.length}`);
      for (const id of not) assert.ok(!ids.includes(id), id);
    });
  }

  it('finds whom somebody meant who mistyped, among the first five, and marks them as near', async () => {
    const created_at = '2020-01-01T00:00:00.000Z';
    await addContacts(server.store, ...morePeople.map((person) => ({ ...person, created_at })));
    assert.ok(nearTable.length >= 60, String(nearTable.length));
    const missed: string[] = [];
    for (const [query, meant] of nearTable) {
      assert.deepEqual(idsOf(await search(query, '&limit=5')), [], `${query}: matches without being near`);
      const answer = await search(query, '&limit=5&near=1');
      assert.equal(answer['is_near'], true);
      if (!idsOf(answer).includes(meant)) missed.push(query);
    }
    assert.deepEqual(missed, []);
  });

  it('takes how an address begins for no word of its own', () => {
    const text = searchText({ display_name: 'Wu', email: 'jonathan@y.example' });
    assert.equal(nearQuery('jonatan')?.distanceTo(text), 1);
    assert.equal(nearQuery('joq')?.distanceTo(text), undefined);
  });

  it('looks at no more of what may be near than it can while everybody waits', () => {
    const remark = 'delivery invoice '.repeat(60);
    const texts = Array.from({ length: 4_000 }, (_, n) => ({
      n,
      text: searchText({ display_name: `Person ${n}`, remark }),
    }));
    const meant = (n: number): { n: number; text: string } => ({ n, text: searchText({ display_name: 'Jonathan' }) });
    const found = (query: string, among: readonly { n: number; text: string }[]): number[] =>
      nearest(among, nearQuery(query) ?? assert.fail(query), 5).map(({ n }) => n);
    assert.deepEqual(found('jonahtan', [...texts.slice(0, 100), meant(-1)]), [-1]);
    assert.deepEqual(found('jonahtan deliverry', [...texts, meant(-1)]), []);
    // What stands far behind is nobody's name.
    const late = searchText({ display_name: 'A', remark: `${'x '.repeat(1_000)}jonathan` });
    assert.equal(nearQuery('jonahtan')?.distanceTo(late), undefined);
    assert.equal(nearQuery('a'.repeat(41)), undefined);
  });

  it('gives what matches as ever where near matches are wanted too', async () => {
    for (const [query, finds] of searchTable) {
      if (finds.length > 0) assert.deepEqual(await search(query, '&limit=50&near=1'), await search(query, '&limit=50'));
    }
    for (const query of ['zzzzzzzz qqqqqqqq', 'xq', '']) {
      const { is_near, data } = await search(query, '&limit=5&near=1');
      if (query !== '') assert.deepEqual([is_near, data], [true, []], query);
    }
  });

  it('puts a whole field before the start of a word, and that before a part; then what changed last', async () => {
    const change = (id: string, changes: { remark?: string; display_name?: string }): Promise<unknown> =>
      server.store.transaction(({ contacts }) => contacts.update(id, changes));
    for (const [id, display_name] of [
      ['con_part_1', 'Aquokka'],
      ['con_start_1', 'Big Quokkaland'],
      ['con_field_1', 'Quokka'],
      ['con_part_2', 'Zquokkas'],
      ['con_start_2', 'Quokkas'],
      ['con_field_2', 'QUÓKKA'],
    ] as const) {
      await addContacts(server.store, { id, display_name });
    }
    const order = ['con_field_2', 'con_field_1', 'con_start_2', 'con_start_1', 'con_part_2', 'con_part_1'];
    assert.deepEqual(idsOf(await search('quokka')), order);
    for (let skip = 0; skip < order.length; skip++) {
      assert.deepEqual(idsOf(await search('quokka', `&limit=1&skip=${skip}`)), [order[skip]]);
    }
    await change('con_part_1', { remark: 'changed' });
    assert.deepEqual(idsOf(await search('quokka')).slice(4), ['con_part_1', 'con_part_2']);
    await change('con_field_1', { display_name: 'Wombat' });
    assert.ok(!idsOf(await search('quokka')).includes('con_field_1'));
    assert.deepEqual(idsOf(await search('wombat')), ['con_field_1']);
    await server.store.transaction(({ contacts }) => contacts.delete('con_field_1'));
    assert.deepEqual(idsOf(await search('wombat')), []);
  });

  it('finds exactly those that a look at every text finds, whatever is typed', async function () {
    const all: string[] = [];
    const sort = { column: 'id', descending: false };
    for (let skip = 0; skip < (await server.store.contacts.count()); skip += 500) {
      all.push(...(await server.store.contacts.list(sort, { limit: 500, skip })).items.map(searchText));
    }
    const pieces = fc.constantFrom(...all.slice(0, 400)).chain((text) => {
      const letters = [...text.replace(/[\ue000-\uf8ff]/g, ' ')];
      return fc.tuple(fc.nat(letters.length - 1), fc.integer({ min: 1, max: 9 })).map(([start, length]) => {
        return letters
          .slice(start, start + length)
          .join('')
          .trim();
      });
    });
    await fc.assert(
      fc.asyncProperty(fc.array(pieces, { minLength: 1, maxLength: 3 }), async (words) => {
        const query = words.join(' ').trim();
        if (query === '' || /^[\d\s()+./-]+$/.test(query)) return;
        const wanted = query.split(/\s+/);
        const expected = all.filter((text) => wanted.every((word) => text.includes(word))).length;
        assert.equal((await search(query, '&limit=1'))['count'], expected, query);
      }),
      { numRuns: 400 },
    );
  });

  it('answers every text with a list, and never fails', async function () {
    const operators = ['AND', 'OR', 'NOT', 'NEAR', 'NEAR(a b, 2)', '"', '*', '^', '+', '-', ':', '{', '}', '(', ')', 'text:', '%', '_', '\0', "'", '\\', '\ud800', '\ue001', '""', '"a" OR "b"']; // prettier-ignore
    const typed = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }),
      fc
        .array(fc.constantFrom(...operators, 'a', 'nguyen', ' '), { minLength: 1, maxLength: 20 })
        .map((some) => some.join(' ')),
    );
    await fc.assert(
      fc.asyncProperty(typed, async (query) => {
        const response = await server.request(
          `${apiPrefix}/contacts/_search?limit=3&q=${encodeURIComponent(query.toWellFormed())}`,
        );
        assert.equal(response.status, 200);
        assert.ok(Array.isArray(((await response.json()) as { data: unknown }).data));
      }),
      { numRuns: 10_000 },
    );
    for (const query of operators) await search(query.toWellFormed());
  });

  it('counts up to 10,000, and says where it stopped', async function () {
    const many = await testApp();
    // An id of chance would have the digits that are looked for in it now and then.
    const same = Array.from({ length: 10_001 }, (_, n) => ({ id: `con_same_${n}`, display_name: `Same ${n}` }));
    await many.store.transaction(({ contacts }) => contacts.bulkInsert(same));
    const count = async (query: string, more = ''): Promise<unknown[]> => {
      const answer = await many.json(`${apiPrefix}/contacts/_search?limit=10&q=${query}${more}`);
      return [answer['count'], answer['count_is_exact'], answer['has_more'], (answer['data'] as unknown[]).length];
    };
    try {
      assert.deepEqual(await count('same'), [10_000, false, true, 10]);
      assert.deepEqual(await count('s'), [10_000, false, true, 10]);
      assert.deepEqual(await count('same', '&skip=9999'), [10_000, false, false, 2]);
      assert.deepEqual(await count('10000'), [1, true, false, 1]);
    } finally {
      await many.dispose();
    }
  });

  it('finds by two letters who came after these were last searched for, one or many, from any window', async () => {
    const own = await testApp();
    const other = await own.again();
    let added = 0;
    const add = (store: WorkspaceStore, names: readonly string[]): Promise<unknown> =>
      addContacts(store, ...names.map((display_name) => ({ id: `con_${++added}`, display_name })));
    const count = async (): Promise<number> =>
      (await own.store.contacts.search('qv', undefined, { limit: 10, skip: 0 })).matching;
    try {
      assert.equal(await count(), 0);
      await add(own.store, ['aqvo', 'nobody']);
      assert.equal(await count(), 1);
      await add(other, ['eqvi']);
      assert.equal(await count(), 2);
      await own.store.transaction(({ contacts }) => contacts.delete('con_3'));
      assert.equal(await count(), 1);
      await add(other, ['iqvy']);
      assert.equal(await count(), 2);
      const many = Array.from({ length: 1_200 }, (_, index) => (index % 100 === 0 ? 'uqvu' : 'somebody'));
      await add(other, many);
      assert.equal(await count(), 14);
    } finally {
      await other.close();
      await own.dispose();
    }
  });

  it('counts anew after a change by any window', async () => {
    const other = await server.again();
    const count = async (): Promise<unknown> => (await search('counted', '&limit=1'))['count'];
    try {
      const counted = { display_name: 'Counted' };
      await addContacts(server.store, counted, counted);
      let there = 2;
      assert.equal(await count(), there);
      for (const store of [server.store, other]) {
        await addContacts(store, counted);
        there++;
        assert.equal(await count(), there);
      }
    } finally {
      await other.close();
    }
  });

  itLocally('is built for a store that was made before it', async () => {
    const database = Database.open(server.directory, storeSchema);
    const before = idsOf(await search('nguyen', '&limit=10&sort=display_name'));
    database.write((tables) => {
      tables.run("INSERT INTO search_trigram (search_trigram) VALUES ('delete-all')");
      tables.run('DELETE FROM search_entry');
      tables.run("DELETE FROM setting WHERE name = 'search_layout'");
    });
    database.close();
    assert.deepEqual(idsOf(await search('nguyen')), []);
    await SqliteStore.open(server.directory).close();
    assert.deepEqual(idsOf(await search('nguyen', '&limit=10&sort=display_name')), before);
  });
});
