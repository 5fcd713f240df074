import assert from 'node:assert/strict';
import fc from 'fast-check';
import { apiPrefix } from '../../src/contract/vocabulary.ts';
import { SearchIndex } from '../../src/server/store/searchIndex.ts';
import { testApp, type TestApp } from './support/app.ts';

interface Person {
  id: string;
  display_name: string;
  first_name?: string;
  last_name?: string;
  email?: string;
  phone_number?: string;
  company_name?: string;
  remark?: string;
  labels?: string[];
}

/** Those whom the table looks for, among a seeded workspace in six scripts. */
const people: Person[] = [
  { id: 'con_nguyen', display_name: 'Nguyễn Quỳnh Trang', first_name: 'Quỳnh Trang', last_name: 'Nguyễn', email: 'trang+shop@quynh.example', phone_number: '+84912000345', company_name: 'Công ty Bưởi Đỏ' },
  { id: 'con_do', display_name: 'Đỗ Ưng', first_name: 'Ưng', last_name: 'Đỗ', phone_number: '0933 000 777' },
  { id: 'con_muller', display_name: 'Jürgen Müller-Weiß', email: 'j.mueller@weiss.example', phone_number: '(030) 901820-17', remark: 'prefers e-mail; asks for "Rabatt"' },
  { id: 'con_soren', display_name: 'Søren Ødegård', company_name: 'Smørrebrød ApS', labels: ['vip-nordics'] },
  { id: 'con_lukasz', display_name: 'Łukasz Żółć', email: 'lukasz@zolc.example' },
  { id: 'con_wang', display_name: '王小伟', first_name: '小伟', last_name: '王', company_name: '龘龘科技' },
  { id: 'con_jp', display_name: '高橋ガブリエル', company_name: '東雲デザイン株式会社' },
  { id: 'con_kr', display_name: '민들레', email: 'mindeulle@kkot.example' },
  { id: 'con_ru', display_name: 'Фёдор Щукин', company_name: 'Заря' },
  { id: 'con_ar', display_name: 'عُمَر الخيّام' },
  { id: 'con_sg', display_name: 'Tan Wei Xin', phone_number: '81234567' },
  { id: 'con_uk', display_name: 'Zebedee Quartermaine', phone_number: '+442071838750', remark: '100% sure_thing * AND NEAR(x) OR NOT' },
  { id: 'con_an', display_name: 'An' , email: 'an@only.example' },
  { id: 'con_anna', display_name: 'Annabel Xyloporous', remark: 'zqj' },
  { id: 'con_full', display_name: 'ＦＵＬＬ Ｗｉｄｔｈ', email: 'full@width.example' },
]; // prettier-ignore

/** What is typed, who is to be found (the first in the first place), and who is not. */
const table: [query: string, finds: string[], not?: string[]][] = [
  ['nguyễn quỳnh', ['con_nguyen'], ['con_do']],
  ['nguyen quynh', ['con_nguyen'], ['con_do']],
  ['QUYNH nguyen', ['con_nguyen']],
  ['trang quỳnh nguyễn', ['con_nguyen']],
  ['uynh rang', ['con_nguyen'], ['con_do']],
  ['trang+shop', ['con_nguyen']],
  ['trang+shop@quynh.example', ['con_nguyen']],
  ['+84 912 000 345', ['con_nguyen']],
  ['0912000345', ['con_nguyen']],
  ['0912-000-345', ['con_nguyen']],
  ['(+84) 912.000.345', ['con_nguyen']],
  ['84912000345', ['con_nguyen']],
  ['912000345', ['con_nguyen']],
  ['000345', ['con_nguyen']],
  ['buoi do', ['con_nguyen']],
  ['bưởi', ['con_nguyen']],
  ['do ung', ['con_do'], ['con_nguyen']],
  ['đỗ ưng', ['con_do']],
  ['ung do', ['con_do']],
  ['+84933000777', ['con_do']],
  ['0933000777', ['con_do']],
  ['muller', ['con_muller']],
  ['MÜLLER', ['con_muller']],
  ['weiss', ['con_muller']],
  ['weiß jurgen', ['con_muller']],
  ['03090182017', ['con_muller']],
  ['+49 30 901820 17', ['con_muller']],
  ['"Rabatt"', ['con_muller']],
  ['soren odegard', ['con_soren']],
  ['smorrebrod', ['con_soren']],
  ['vip-nordics', ['con_soren']],
  ['nordics', ['con_soren']],
  ['lukasz zolc', ['con_lukasz']],
  ['żółć', ['con_lukasz']],
  ['王小伟', ['con_wang'], ['con_jp']],
  ['小伟', ['con_wang']],
  ['伟 王小', ['con_wang']],
  ['龘', ['con_wang'], ['con_jp']],
  ['龘龘', ['con_wang']],
  ['科技', ['con_wang']],
  ['高橋ガブリエル', ['con_jp']],
  ['ガブ', ['con_jp']],
  ['ｶﾞﾌﾞﾘｴﾙ', ['con_jp']],
  ['東雲', ['con_jp']],
  ['雲デ', ['con_jp']],
  ['민들레', ['con_kr']],
  ['들', ['con_kr']],
  ['mindeulle@kkot', ['con_kr']],
  ['фёдор', ['con_ru']],
  ['федор щукин', ['con_ru']],
  ['щук', ['con_ru']],
  ['عمر', ['con_ar']],
  ['الخيام عمر', ['con_ar']],
  ['+65 8123 4567', ['con_sg']],
  ['81234567', ['con_sg']],
  ['8123 4567', ['con_sg']],
  ['wei xin', ['con_sg']],
  ['020 7183 8750', ['con_uk']],
  ['+44 (0)20 7183 8750', ['con_uk']],
  ['0044 20 7183 8750', ['con_uk']],
  ['100% sure_thing', ['con_uk'], ['con_an']],
  ['NEAR(x)', ['con_uk'], ['con_an']],
  ['OR NOT', ['con_uk'], ['con_an']],
  ['zebedee*', [], ['con_uk']],
  ['zeb%', [], ['con_uk']],
  ['ze_edee', [], ['con_uk']],
  ['con_uk', ['con_uk'], ['con_an']],
  ['an', ['con_an', 'con_anna']],
  ['an@only.example', ['con_an'], ['con_anna']],
  ['zqj', ['con_anna'], ['con_an']],
  ['zq', ['con_anna'], ['con_an']],
  ['xy', ['con_anna']],
  ['full width', ['con_full']],
  ['nobody of this name', [], ['con_an', 'con_nguyen']],
]; // prettier-ignore

describe('search', () => {
  let server: TestApp;
  before(function () {
    this.timeout(20_000);
    server = testApp(3_000);
    server.store.database.write(() => {
      for (const person of people) server.store.contacts.insert({ ...person, created_at: '2020-01-01T00:00:00.000Z' });
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

  it('has a table of at least 60 queries', () => assert.ok(table.length >= 60, String(table.length)));

  for (const [query, finds, not = []] of table) {
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
    this.timeout(60_000);
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
    this.timeout(120_000);
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
    this.timeout(30_000);
    const many = testApp();
    many.store.database.write(() => {
      many.store.contacts.addMany(() => {
        for (let index = 0; index < 10_001; index++) many.store.contacts.insert({ display_name: `Same ${index}` });
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
