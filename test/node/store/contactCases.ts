/** What every store does with contacts: put in, listed, changed, deleted, exported and found by their keys. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { parse } from 'csv-parse/sync';
import { escapeFormula } from '../../../src/contract/formulaEscaping.ts';
import { contactTextFields } from '../../../src/contract/vocabulary.ts';
import { exportColumns } from '../../../src/contract/exportColumns.ts';
import type { ContactDraft, Sort } from '../../../src/server/store/records.ts';
import type { WorkspaceTransaction } from '../../../src/server/store/workspaceStore.ts';
import { addContacts } from '../support/app.ts';
import {
  type ConformanceCase,
  everything,
  noChannel,
  at,
  idsOf,
  found,
  conversationOf,
  commentOf,
  fileOf,
  activityOf,
} from './samples.ts';

export const contactCases: readonly ConformanceCase[] = [
  {
    title: 'gives a contact back as it was put in, with all fields, and what the draft did not have',
    check: async (store, again) => {
      const texts = Object.fromEntries(contactTextFields.map((field, index) => [field, `${field} ’${index}\n😀`]));
      const draft: ContactDraft = {
        ...texts,
        id: 'con_whole',
        created_at: at(1),
        labels: ['vip', 'a "b"'],
        additional_params: { deep: [{ n: 1 }] },
      };
      const [id = '', made = ''] = await addContacts(store, draft, {});
      assert.deepEqual(await store.contacts.get(id), { ...draft, version: 1 });
      assert.deepEqual(await again().contacts.get(id), { ...draft, version: 1 });
      const empty = await store.contacts.get(made);
      assert.match(made, /^con_[\w-]{30,}$/);
      assert.ok(Math.abs(Date.parse(empty?.created_at ?? '') - Date.now()) < 60_000);
      assert.deepEqual([empty?.display_name, empty?.updated_at, empty?.labels, empty?.version], ['', '', [], 1]);
      assert.equal(await store.contacts.get('con_nobody'), undefined);
      assert.equal(await store.contacts.count(), 2);
    },
  },
  {
    title: 'keeps texts as long as there are, and finds who has them',
    check: async (store, again) => {
      // Of chance, so that nothing makes them shorter.
      const long = (length: number): string => randomBytes(length).toString('base64').slice(0, length);
      const texts = {
        display_name: long(20_000),
        remark: long(20_000),
        last_seen: long(5_000),
        phone_number: long(5_000),
      };
      const email = `${long(5_000)}@long.example`;
      await addContacts(store, { id: 'con_long', email, ...texts }, { id: 'con_short', display_name: '!' });
      const kept = await again().contacts.get('con_long');
      assert.deepEqual({ ...texts, ...kept }, { ...kept, ...texts });
      const keys = { ids: [], emails: [email.toLowerCase()], phoneEndings: [] };
      assert.deepEqual(
        (await store.contacts.findByKeys(keys)).map(({ id }) => id),
        ['con_long'],
      );
      for (const column of ['display_name', 'last_seen', 'email']) {
        const sort = { column, descending: true };
        assert.deepEqual(idsOf(await store.contacts.list(sort, everything)), ['con_long', 'con_short'], column);
      }
      assert.deepEqual(await found(store, texts.remark.slice(9_000, 9_030)), ['con_long']);
    },
  },
  {
    title: 'refuses a second contact of an id',
    check: async (store) => {
      await addContacts(store, { id: 'con_1', display_name: 'First' });
      await assert.rejects(addContacts(store, { id: 'con_1', display_name: 'Second' }));
      assert.equal((await store.contacts.get('con_1'))?.display_name, 'First');
    },
  },
  {
    title: 'lists by every column, both ways, ties as they were added, and page by page everybody once',
    check: async (store) => {
      const names = ['b', 'B', 'a', '', 'é', '𝒜', '\uffff', 'b', 'a', '10', '9'];
      await addContacts(
        store,
        ...names.map((display_name, index) => ({ id: `con_${index}`, display_name, created_at: at(index % 3) })),
      );
      const byName = [
        'con_3',
        'con_9',
        'con_10',
        'con_1',
        'con_2',
        'con_8',
        'con_0',
        'con_7',
        'con_4',
        'con_6',
        'con_5',
      ];
      const sort = { column: 'display_name', descending: false };
      assert.deepEqual(idsOf(await store.contacts.list(sort, everything)), byName, 'by code point');
      const backwards = await store.contacts.list({ ...sort, descending: true }, everything);
      assert.deepEqual(idsOf(backwards), byName.toReversed());
      for (const column of ['id', 'labels', ...contactTextFields]) {
        for (const descending of [false, true]) {
          const whole = idsOf(await store.contacts.list({ column, descending }, everything));
          const paged: string[] = [];
          for (let skip = 0; skip <= names.length; skip += 4) {
            const page = await store.contacts.list({ column, descending }, { limit: 4, skip });
            assert.equal(page.matching, names.length);
            paged.push(...idsOf(page));
          }
          assert.deepEqual(paged, whole, column);
          assert.equal(new Set(whole).size, names.length);
        }
      }
      await assert.rejects(async () => store.contacts.list({ column: 'version; --', descending: false }, everything));
    },
  },
  {
    title: 'changes what it is told to and nothing else, of the version that it is told',
    check: async (store) => {
      await addContacts(store, {
        id: 'con_1',
        first_name: 'An',
        last_name: 'Vo',
        display_name: 'An Vo',
        remark: 'kept',
      });
      await addContacts(store, { id: 'con_2', first_name: '伟', last_name: '王', display_name: '王伟' });
      const update = (...call: Parameters<WorkspaceTransaction['contacts']['update']>): Promise<unknown> =>
        store.transaction(({ contacts }) => contacts.update(...call));
      const before = await store.contacts.get('con_1');
      const after = await update('con_1', { labels: ['vip'], email: 'a@x.example' });
      assert.deepEqual(after, await store.contacts.get('con_1'));
      const { updated_at } = after as { updated_at: string };
      assert.ok(Math.abs(Date.parse(updated_at) - Date.now()) < 60_000);
      assert.deepEqual({ ...before, labels: ['vip'], email: 'a@x.example', version: 2, updated_at }, after);
      assert.equal(await update('con_1', { remark: 'late' }, 1), 'changedMeanwhile');
      assert.equal(await update('con_nobody', { remark: 'x' }), 'notFound');
      assert.equal((await store.contacts.get('con_1'))?.remark, 'kept');
      await update('con_1', { first_name: 'Anh' }, 2);
      assert.equal((await store.contacts.get('con_1'))?.display_name, 'Anh Vo', 'follows its parts');
      await update('con_1', { first_name: 'Bo', display_name: 'Boss' });
      assert.equal((await store.contacts.get('con_1'))?.display_name, 'Boss');
      await update('con_2', { first_name: '小伟' });
      const wang = await store.contacts.get('con_2');
      assert.deepEqual([wang?.display_name, wang?.version], ['王小伟', 2]);
    },
  },
  {
    title: 'deletes a contact with all of the history, and nobody else’s',
    check: async (store) => {
      await addContacts(store, { id: 'con_1', display_name: 'Gone' }, { id: 'con_2', display_name: 'Here' });
      await store.transaction(async ({ history }) => {
        for (const id of ['1', '2']) {
          await history.insertConversation(conversationOf(`con_${id}`, id, 1));
          await history.insertComment(commentOf(`con_${id}`, id, 1));
          await history.insertFile(fileOf(`con_${id}`, id, 1));
          await history.insertActivity(activityOf(id, id, at(1)));
        }
      });
      const remove = (): Promise<boolean> => store.transaction(({ contacts }) => contacts.delete('con_1'));
      assert.deepEqual([await remove(), await remove()], [true, false]);
      const left = async (id: string): Promise<number[]> => [
        (await store.history.conversations(`con_${id}`, noChannel)).length,
        (await store.history.comments(`con_${id}`, noChannel, everything)).matching,
        (await store.history.files(`con_${id}`)).length,
        (await store.history.activities(`conv_${id}`, undefined, undefined)).length,
      ];
      assert.deepEqual([await left('1'), await left('2')], [[0, 0, 0, 0], [1, 1, 1, 1]]); // prettier-ignore
      assert.deepEqual([await found(store, 'gone'), await found(store, 'here')], [[], ['con_2']]);
      assert.equal(await store.contacts.count(), 1);
    },
  },
  {
    title: 'exports everybody once, in any order, also while others are added',
    check: async (store) => {
      const drafts = Array.from({ length: 2_500 }, (_, n) => ({
        id: `con_${n}`,
        display_name: `Name ${n % 4}`,
        created_at: at(n % 5),
      }));
      await store.transaction(({ contacts }) => contacts.bulkInsert(drafts));
      const expected = (sort: Sort): string[] => {
        const value = (n: number): number => (sort.column === 'display_name' ? n % 4 : n % 5);
        const order = drafts.map((_, n) => n).sort((one, other) => value(one) - value(other) || one - other);
        return (sort.descending ? order.toReversed() : order).map((n) => `con_${n}`);
      };
      for (const sort of [
        { column: 'created_at', descending: true },
        { column: 'created_at', descending: false },
        { column: 'display_name', descending: true },
      ]) {
        const pieces: Uint8Array[] = [];
        for await (const piece of store.contacts.exportCsv({ sort, columns: ['id'], isExact: false })) {
          if (pieces.length === 0) await addContacts(store, { id: `new_${sort.column}_${String(sort.descending)}` });
          pieces.push(piece);
        }
        const [header, ...exported] = Buffer.concat(pieces).toString('utf8').trimEnd().split('\n');
        assert.equal(header, 'id');
        assert.deepEqual(
          exported.filter((id) => id.startsWith('con_')),
          expected(sort),
        );
        assert.equal(new Set(exported).size, exported.length);
      }
    },
  },
  {
    title: 'exports every text as a cell that no spreadsheet takes for a formula, or as it is',
    check: async (store) => {
      const starts = [
        '',
        '\0',
        '\ud800',
        '\\',
        '\\u0000',
        ' ',
        '\t',
        '\n',
        '\r',
        '\v',
        '\u00a0',
        '\u2007',
        '\u3000',
        '\ufeff',
        '\u200b',
        '"',
        "'",
        '中',
      ];
      const signs = [
        '=1+1',
        '+1',
        '+841234567',
        '+84 123',
        '-2',
        '@x',
        '＝1',
        '＋1',
        '－1',
        '＠x',
        '',
        'a,"b"',
        ':',
        '{',
        '~',
        '0',
        'z',
        '[',
        '\\N',
      ];
      const texts = starts.flatMap((start) => signs.map((sign) => start + sign));
      const drafts = texts.map((each, n) => ({
        id: `con_${String(n).padStart(4, '0')}`,
        organization_id: each,
        remark: each,
        labels: [[], [each, `b${each}`, 'a'], [each], ['a', '中文', 'b c']][n % 4]?.filter(
          (label) => label.trim() !== '',
        ),
      }));
      await addContacts(store, ...drafts);
      for (const isExact of [true, false]) {
        const request = { sort: { column: 'id', descending: false }, columns: exportColumns, isExact };
        const rows = parse(await text(store.contacts.exportCsv(request)), { columns: true }) as Record<
          string,
          string
        >[];
        assert.equal(rows.length, drafts.length);
        const cell = isExact ? (field: string): string => field : escapeFormula;
        for (const [n, row] of rows.entries()) {
          const contact = await store.contacts.get(drafts[n]?.id ?? '');
          assert.deepEqual(
            exportColumns.map((column) => row[column]),
            exportColumns.map((column) => cell([contact?.[column] ?? ''].flat().join('; ').toWellFormed())),
          );
        }
      }
    },
  },
  {
    title: 'finds people by id, e-mail in any case, and the end of a number',
    check: async (store) => {
      await addContacts(
        store,
        { id: 'con_1', email: 'Ann@X.example', phone_number: '+84 (91) 200-03.45' },
        { id: 'con_2', email: 'ann@x.EXAMPLE' },
        { id: 'con_3', phone_number: '0912000345' },
        { id: 'con_4', phone_number: '5' },
        { id: 'con_5' },
        { id: 'con_7', phone_number: '\u202a+84\u00a0(91)\t333\u201303\u221245\u202c' },
        { id: 'con_8', phone_number: '＋84\u202f91\u2011333\u201003\u201445\u200e' },
        { id: 'con_9', phone_number: '\u2066+84\u2007（91）333\u201203\uff0d45\u2069' },
      );
      const keys = { ids: [], emails: [], phoneEndings: [] };
      const known = async (some: Partial<Record<keyof typeof keys, string[]>>): Promise<string[]> =>
        (await store.contacts.findByKeys({ ...keys, ...some })).map(({ id }) => id);
      assert.deepEqual(await known({}), []);
      assert.deepEqual(await known({ emails: ['ann@x.example', 'other@x.example'] }), ['con_1', 'con_2']);
      assert.deepEqual(await known({ phoneEndings: ['912000345'] }), ['con_1', 'con_3']);
      assert.deepEqual(await known({ ids: ['con_5', 'con_3', 'con_none'], phoneEndings: ['912000345'] }), [
        'con_1',
        'con_3',
        'con_5',
      ]);
      assert.deepEqual(await known({ phoneEndings: ['913330345'] }), ['con_7', 'con_8', 'con_9']);
      assert.deepEqual(await known({ emails: [''], phoneEndings: [''] }), []);
      await store.transaction(async ({ contacts }) => {
        await contacts.insert({ id: 'con_6', email: 'new@x.example' });
        assert.deepEqual(
          (await contacts.findByKeys({ ...keys, emails: ['new@x.example'] })).length,
          1,
          'in a transaction',
        );
      });
      await addContacts(
        store,
        ...Array.from({ length: 600 }, (_, n) => ({ id: `firm_${n}`, phone_number: '+442079460000' })),
      );
      const firm = await known({ phoneEndings: ['079460000'] });
      assert.deepEqual([firm.length, firm[0], firm.at(-1)], [500, 'firm_0', 'firm_499']);
    },
  },
];
