import assert from 'node:assert/strict';
import fc from 'fast-check';
import { apiPrefix } from '../../src/contract/vocabulary.ts';
import { SearchIndex } from '../../src/server/store/searchIndex.ts';
import { openStore, type Store } from '../../src/server/store/store.ts';
import { testApp, type TestApp } from './support/app.ts';
import { searchedPeople, searchTable } from './support/searchTable.ts';

describe('search', () => {
  let server: TestApp;
  before(function () {
    server = testApp(3_000);
    server.store.database.write(() => {
      for (const person of searchedPeople)
        server.store.contacts.insert({ ...person, created_at: '2020-01-01T00:00:00.000Z' });
    });
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

  it('puts a whole field before the start of a word, and that before a part; then what changed last', async () => {
    const name = (id: string, display_name: string): void =>
      server.store.database.write(() => void server.store.contacts.insert({ id, display_name }));
    for (const [id, text] of [
      ['con_part_1', 'Aquokka'],
      ['con_start_1', 'Big Quokkaland'],
      ['con_field_1', 'Quokka'],
      ['con_part_2', 'Zquokkas'],
      ['con_start_2', 'Quokkas'],
      ['con_field_2', 'QUÓKKA'],
    ] as const) {
      name(id, text);
    }
    const order = ['con_field_2', 'con_field_1', 'con_start_2', 'con_start_1', 'con_part_2', 'con_part_1'];
    assert.deepEqual(idsOf(await search('quokka')), order);
    for (let skip = 0; skip < order.length; skip++) {
      assert.deepEqual(idsOf(await search('quokka', `&limit=1&skip=${skip}`)), [order[skip]]);
    }
    server.store.contacts.update('con_part_1', { remark: 'changed' });
    assert.deepEqual(idsOf(await search('quokka')).slice(4), ['con_part_1', 'con_part_2']);
    server.store.contacts.update('con_field_1', { display_name: 'Wombat' });
    assert.ok(!idsOf(await search('quokka')).includes('con_field_1'));
    assert.deepEqual(idsOf(await search('wombat')), ['con_field_1']);
    server.store.contacts.delete('con_field_1');
    assert.deepEqual(idsOf(await search('wombat')), []);
  });

  it('finds exactly those that a look at every text finds, whatever is typed', async function () {
    const all = server.store.database.all('SELECT text FROM search_entry').map(({ text }) => String(text));
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
    const many = testApp();
    many.store.database.write(() => {
      many.store.contacts.addMany(() => {
        for (let index = 0; index < 10_001; index++) {
          // An id of chance would have the digits that are looked for in it now and then.
          many.store.contacts.insert({ id: `con_same_${index}`, display_name: `Same ${index}` });
        }
      });
    });
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
      many.dispose();
    }
  });

  it('finds by two letters who came after these were last searched for, one or many, from any window', async () => {
    const own = testApp();
    const other = openStore(own.directory);
    let added = 0;
    const add = (store: Store, names: readonly string[]): void =>
      store.database.write(() => {
        for (const display_name of names) store.contacts.insert({ id: `con_${++added}`, display_name });
      });
    const count = (): number => own.store.contacts.search('qv', undefined, { limit: 10, skip: 0 }).matching;
    try {
      assert.equal(count(), 0);
      add(own.store, ['aqvo', 'nobody']);
      assert.equal(count(), 1);
      add(other, ['eqvi']);
      assert.equal(count(), 2);
      own.store.database.write(() => own.store.contacts.remove('con_3'));
      assert.equal(count(), 1);
      add(other, ['iqvy']);
      assert.equal(count(), 2);
      const many = Array.from({ length: 1_200 }, (_, index) => (index % 100 === 0 ? 'uqvu' : 'somebody'));
      add(other, many);
      assert.equal(count(), 14);
    } finally {
      other.close();
      own.dispose();
    }
  });

  it('counts anew after a change by any window', async () => {
    const other = openStore(server.directory);
    const count = async (): Promise<unknown> => (await search('counted', '&limit=1'))['count'];
    const add = (store: Store): number =>
      store.database.write(() => {
        store.contacts.insert({ display_name: 'Counted' });
        return 1;
      });
    try {
      let there = add(server.store) + add(server.store);
      assert.equal(await count(), there);
      for (const store of [server.store, other]) {
        there += add(store);
        assert.equal(await count(), there);
      }
    } finally {
      other.close();
    }
  });

  it('is built for a store that was made before it', async () => {
    const { database } = server.store;
    const before = idsOf(await search('nguyen', '&limit=10&sort=display_name'));
    database.write(() => {
      database.run("INSERT INTO search_trigram (search_trigram) VALUES ('delete-all')");
      database.run('DELETE FROM search_entry');
      database.run("DELETE FROM setting WHERE name = 'search_layout'");
    });
    assert.deepEqual(idsOf(await search('nguyen')), []);
    new SearchIndex(database).ensure();
    assert.deepEqual(idsOf(await search('nguyen', '&limit=10&sort=display_name')), before);
  });
});
