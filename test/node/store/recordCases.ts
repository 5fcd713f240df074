/** What every store does with history, notifications, media and imports. */
import assert from 'node:assert/strict';
import type { WorkspaceTransaction } from '../../../src/server/store/workspaceStore.ts';
import { namingColumns } from '../../../src/server/store/records.ts';
import { addContacts } from '../support/app.ts';
import {
  type ConformanceCase,
  everything,
  noChannel,
  at,
  idsOf,
  conversationOf,
  commentOf,
  fileOf,
  activityOf,
  messageOf,
  notificationOf,
  rolledBack,
} from './samples.ts';

export const recordCases: readonly ConformanceCase[] = [
  {
    title: 'keeps the history of a contact, newest first, and none of nobody',
    check: async (store) => {
      await addContacts(store, { id: 'con_1' }, { id: 'con_2' });
      await store.transaction(async ({ history }) => {
        for (const minute of [1, 3, 2, 3]) {
          const id = `${minute}${(await history.newestConversations(9)).length}`;
          await history.insertConversation(conversationOf('con_1', id, minute));
          await history.insertComment(commentOf('con_1', id, minute));
          await history.insertFile(fileOf('con_1', id, minute));
        }
        await history.insertConversation(conversationOf('con_2', 'other', 4));
      });
      const { history } = store;
      const order = ['33', '31', '22', '10'];
      const conversations = await history.conversations('con_1', noChannel);
      assert.deepEqual(
        conversations.map(({ id }) => id),
        order.map((id) => `conv_${id}`),
      );
      assert.deepEqual(conversations.at(2), conversationOf('con_1', '22', 2));
      assert.deepEqual(
        (await history.conversations('con_1', ['line', 'fax'])).map(({ id }) => id),
        ['conv_33', 'conv_31', 'conv_10'],
      );
      assert.deepEqual(
        (await history.newestConversations(3)).map(({ public_id, channel_type }) => [public_id, channel_type]),
        [
          ['tcu_other', 'web'],
          ['tcu_33', 'line'],
          ['tcu_31', 'line'],
        ],
      );
      const owners = await history.ownersOf(['conv_22', 'tcu_other', 'tcu_33', 'conv_none', 'con_1']);
      assert.deepEqual(
        new Map([...owners].map(([id, owner]) => [id, owner.id])),
        new Map([
          ['conv_22', 'con_1'],
          ['tcu_other', 'con_2'],
          ['tcu_33', 'con_1'],
        ]),
      );
      assert.deepEqual(Object.keys(owners.get('conv_22') ?? {}).toSorted(), [...namingColumns].toSorted()); // prettier-ignore
      for (const [id, is] of [['conv_22', true], ['tcu_22', true], ['con_1', false]] as const) {
        assert.equal(await history.hasConversation(id), is);
      } // prettier-ignore
      const pages = [0, 3, 6].map((skip) => history.comments('con_1', noChannel, { limit: 3, skip }));
      const comments = await Promise.all(pages);
      assert.deepEqual(comments.map(idsOf), [['cmt_33', 'cmt_31', 'cmt_22'], ['cmt_10'], []]);
      assert.deepEqual(
        comments.map(({ matching }) => matching),
        [4, 4, 4],
      );
      assert.deepEqual(idsOf(await history.comments('con_1', ['web'], everything)), ['cmt_22']);
      assert.deepEqual(await history.comment('con_1', 'cmt_31'), commentOf('con_1', '31', 3));
      assert.equal(await history.comment('con_2', 'cmt_31'), undefined);
      assert.deepEqual(
        (await history.files('con_1')).map(({ id }) => id),
        order.map((id) => `msg_${id}`),
      );
      assert.deepEqual((await history.files('con_1'))[3], fileOf('con_1', '10', 1));
      const edit = (contact: string): Promise<boolean> =>
        store.transaction((tx) => tx.history.updateComment(contact, 'cmt_22', { text: 'edited', updated_at: at(9) }));
      assert.deepEqual([await edit('con_2'), await edit('con_1')], [false, true]);
      assert.deepEqual(await history.comment('con_1', 'cmt_22'), {
        ...commentOf('con_1', '22', 2),
        text: 'edited',
        updated_at: at(9),
      });
      const remove = (contact: string): Promise<boolean> =>
        store.transaction((tx) => tx.history.deleteComment(contact, 'cmt_31'));
      assert.deepEqual([await remove('con_2'), await remove('con_1'), await remove('con_1')], [false, true, false]);
      await assert.rejects(store.transaction((tx) => tx.history.insertComment(commentOf('con_9', 'x', 1))));
      await assert.rejects(store.transaction((tx) => tx.history.insertActivity(activityOf('none', 'x', at(1)))));
    },
  },
  {
    title: 'gives the history of a contact to another, and what of it is still theirs back',
    check: async (store, again) => {
      await addContacts(store, { id: 'con_1' }, { id: 'con_2' });
      await store.transaction(async ({ history }) => {
        for (const [contact, id] of [['con_1', 'a'], ['con_1', 'b'], ['con_2', 'c']] as const) {
          await history.insertConversation(conversationOf(contact, id, 1));
          await history.insertMessage(messageOf(id, id, 1));
          await history.insertComment(commentOf(contact, id, 1));
          await history.insertFile(fileOf(contact, `file_${id}`, 1));
        }
      }); // prettier-ignore
      const of = async (contact: string): Promise<string> => {
        const { history } = again();
        const items = [
          ...(await history.conversations(contact, noChannel)),
          ...(await history.comments(contact, noChannel, everything)).items,
          ...(await history.files(contact)),
        ];
        for (const item of items) assert.equal(item.contact_id, contact);
        return items.map(({ id }) => id.slice(-1)).join('');
      };
      const moved = await store.transaction((tx) => tx.history.moveAll('con_1', 'con_2'));
      assert.deepEqual(moved, {
        conversations: ['conv_a', 'conv_b'],
        comments: ['cmt_a', 'cmt_b'],
        files: ['msg_file_a', 'msg_file_b'],
      });
      assert.deepEqual([await of('con_1'), await of('con_2')], ['', 'cbacbacba']);
      assert.equal((await store.history.messages('conv_a', everything)).matching, 1);
      await store.transaction((tx) => tx.history.deleteComment('con_2', 'cmt_a'));
      await store.transaction((tx) => tx.history.move({ ...moved, files: [] }, 'con_2', 'con_1'));
      assert.deepEqual([await of('con_1'), await of('con_2')], ['bab', 'cccba']);
      await store.transaction((tx) => tx.history.move(moved, 'con_9', 'con_2'));
      assert.equal(await of('con_2'), 'cccba');
      await assert.rejects(store.transaction((tx) => tx.history.moveAll('con_1', 'con_9')));
      await store.transaction((tx) => tx.contacts.delete('con_2'));
      assert.equal(await of('con_1'), 'bab');
    },
  },
  {
    title: 'keeps a merge until it is taken, or its contact is gone',
    check: async (store) => {
      await addContacts(store, { id: 'con_1' }, { id: 'con_2', labels: ['vip'] });
      const gone = (await store.contacts.get('con_2')) ?? assert.fail();
      const merge = {
        contact_id: 'con_1',
        created_at: at(1),
        gone,
        before: { labels: [] },
        after: { labels: ['vip'] },
        moved: { conversations: ['conv_a'], comments: [], files: [] },
        earlier: [],
      };
      const take = (id: string): Promise<unknown> => store.transaction((tx) => tx.merges.take(id));
      await store.transaction(async ({ merges }) => {
        for (const id of ['mrg_1', 'mrg_2', 'mrg_4', 'mrg_3']) await merges.insert({ ...merge, id });
        await merges.insert({ ...merge, id: 'mrg_other', contact_id: 'con_2' });
      });
      await rolledBack(store, (tx) => tx.merges.take('mrg_1'));
      assert.deepEqual(await take('mrg_1'), { ...merge, id: 'mrg_1' });
      assert.equal(await take('mrg_1'), undefined);
      const takeAll = (): Promise<unknown[]> => store.transaction((tx) => tx.merges.takeAllOf('con_2'));
      assert.deepEqual(await takeAll(), [{ ...merge, id: 'mrg_other', contact_id: 'con_2' }]);
      assert.deepEqual(await takeAll(), []);
      const rest = await store.transaction((tx) => tx.merges.takeAllOf('con_1'));
      assert.deepEqual(idsOf({ items: rest }), ['mrg_2', 'mrg_3', 'mrg_4']);
      await store.transaction((tx) => tx.merges.insert({ ...merge, id: 'mrg_2', earlier: rest }));
      await store.transaction((tx) => tx.contacts.delete('con_1'));
      assert.equal(await take('mrg_2'), undefined);
    },
  },
  {
    title: 'gives the activity of days, both included, by either id of the conversation',
    check: async (store) => {
      await addContacts(store, { id: 'con_1' });
      await store.transaction(async ({ history }) => {
        await history.insertConversation(conversationOf('con_1', 'a', 1));
        await history.insertConversation(conversationOf('con_1', 'b', 2));
        await history.insertActivity(activityOf('b', 'of_b', '2026-03-02T00:00:00.000Z'));
        for (const [index, time] of ['2026-03-01T23:59:59.999Z', '2026-03-02T00:00:00.000Z', '2026-03-03T23:59:59.999Z', '2026-03-04T00:00:00.000Z'].entries()) {
          await history.insertActivity(activityOf('a', String(index), time));
        } // prettier-ignore
      });
      const ids = async (...bounds: [string?, string?]): Promise<string[]> => {
        const [one, other] = await Promise.all(
          ['conv_a', 'tcu_a'].map((id) => store.history.activities(id, bounds[0], bounds[1])),
        );
        assert.deepEqual(one, other);
        return (one ?? []).map(({ id }) => id.slice(4));
      };
      assert.deepEqual(await ids(), ['3', '2', '1', '0']);
      assert.deepEqual(await ids('2026-03-02', '2026-03-03'), ['2', '1']);
      assert.deepEqual(await ids(undefined, '2026-03-01'), ['0']);
      assert.deepEqual(await ids('2026-03-04'), ['3']);
      const [of_b] = await store.history.activities('conv_b', undefined, undefined);
      assert.deepEqual(of_b, activityOf('b', 'of_b', '2026-03-02T00:00:00.000Z'));
    },
  },
  {
    title: 'gives what was said in a conversation, newest first, by either of its ids, and nothing when it is gone',
    check: async (store) => {
      await addContacts(store, { id: 'con_1' }, { id: 'con_2' });
      await store.transaction(async ({ history }) => {
        await history.insertConversation(conversationOf('con_1', 'a', 1));
        await history.insertConversation(conversationOf('con_2', 'b', 2));
        for (const [index, minute] of [3, 1, 2, 3].entries()) {
          await history.insertMessage(messageOf('a', String(index), minute));
        }
        await history.insertMessage(messageOf('b', 'other', 9));
      });
      const ids = async (conversation: string, request = everything): Promise<[string[], number]> => {
        const page = await store.history.messages(conversation, request);
        return [idsOf(page), page.matching];
      };
      for (const id of ['conv_a', 'tcu_a']) {
        assert.deepEqual(await ids(id), [['msg_3', 'msg_0', 'msg_2', 'msg_1'], 4]);
        assert.deepEqual(await ids(id, { limit: 2, skip: 1 }), [['msg_0', 'msg_2'], 4]);
        assert.deepEqual(await ids(id, { limit: 2, skip: 4 }), [[], 4]);
      }
      const { items } = await store.history.messages('conv_a', { limit: 2, skip: 1 });
      assert.deepEqual(items, [messageOf('a', '0', 3), messageOf('a', '2', 2)]);
      assert.deepEqual(await ids('con_1'), [[], 0]);
      await assert.rejects(store.transaction((tx) => tx.history.insertMessage(messageOf('none', 'x', 1))));
      await store.transaction((tx) => tx.contacts.delete('con_1'));
      assert.deepEqual(
        [await ids('conv_a'), await ids('tcu_b')],
        [
          [[], 0],
          [['msg_other'], 1],
        ],
      );
    },
  },
  {
    title: 'lists, counts, reads and dismisses notifications, all or of a type',
    check: async (store) => {
      const kinds = [201, 301, 201, 302];
      await store.transaction(async ({ notifications }) => {
        for (const [index, type] of kinds.entries()) await notifications.insert(notificationOf(String(index), type, index % 3));
      });
      const state = async (type?: number): Promise<unknown[]> => {
        const page = await store.notifications.list(type, everything);
        return [idsOf(page).map((id) => id.slice(4)).join(''), page.matching, page.unread];
      };
      const write = <T>(work: (notifications: WorkspaceTransaction['notifications']) => Promise<T>): Promise<T> =>
        store.transaction((tx) => work(tx.notifications));
      assert.deepEqual([await state(), await state(201), await state(999)], [['2130', 4, 4], ['20', 2, 2], ['', 0, 0]]);
      assert.deepEqual(idsOf(await store.notifications.list(undefined, { limit: 2, skip: 1 })), ['not_1', 'not_3']);
      const { items } = await store.notifications.list(301, everything);
      assert.deepEqual(items, [notificationOf('1', 301, 1)]);
      await write((notifications) => notifications.setRead(['not_0', 'not_none', 'not_1'], true));
      assert.deepEqual([await state(), await state(201)], [['2130', 4, 2], ['20', 2, 1]]);
      await write((notifications) => notifications.setRead(['not_1', 'not_2', 'not_none'], false));
      assert.deepEqual([await state(), await state(201)], [['2130', 4, 3], ['20', 2, 1]]);
      assert.equal(await write((notifications) => notifications.dismiss(['not_0', 'not_none', 'not_3'])), 2);
      assert.equal(await write((notifications) => notifications.dismiss(['not_0'])), 0);
      assert.deepEqual(await state(), ['21', 2, 2]);
      await write((notifications) => notifications.dismissAll(301));
      assert.deepEqual(await state(), ['2', 1, 1]);
      await write((notifications) => notifications.dismissAll(undefined));
      assert.deepEqual(await state(), ['', 0, 0]);
    }, // prettier-ignore
  },
  {
    title: 'keeps media that nobody finds before they are added',
    check: async (store, again) => {
      const content = Uint8Array.from({ length: 70_000 }, (_, index) => index % 251);
      const key = await store.media.keep(content);
      assert.match(key, /^[0-9a-f]{64}$/);
      assert.equal(await store.media.find(key), undefined);
      const media = { key, content_type: 'image/png', file_name: '../é "x".png', bytes: content.length };
      await rolledBack(store, (tx) => tx.media.add(media));
      assert.equal(await store.media.find(key), undefined);
      await store.transaction((tx) => tx.media.add(media));
      assert.deepEqual(await again().media.find(key), media);
      assert.deepEqual(Buffer.from((await again().media.content(key)) ?? []), Buffer.from(content));
      const own = 'ab'.repeat(32);
      assert.equal(await store.media.keep(new Uint8Array(), own), own);
      assert.equal((await store.media.content(own))?.length, 0);
      await assert.rejects(async () => store.media.keep(content, '../evil'));
      for (const none of ['cd'.repeat(32), '../contacts.db', '']) {
        assert.deepEqual([await store.media.find(none), await store.media.content(none)], [undefined, undefined]);
      }
    },
  },
  {
    title: 'takes note of imports, how far they are, and what an undo needs',
    check: async (store, again) => {
      const start = { file: '/tmp/f.csv', options: '{"a":1}', bytes: 100 };
      const write = <T>(work: (imports: WorkspaceTransaction['imports']) => Promise<T>): Promise<T> =>
        store.transaction((tx) => work(tx.imports));
      await write((imports) => imports.insert({ ...start, id: 'imp_1', started_at: at(1) }));
      await write((imports) => imports.insert({ ...start, id: 'imp_2', started_at: at(2) }));
      assert.deepEqual(idsOf({ items: await store.imports.latest(5) }), ['imp_2', 'imp_1']);
      assert.equal((await store.imports.latest(1)).length, 1);
      const isAt = (position: number): Promise<boolean> => write((imports) => imports.isAt('imp_1', position));
      assert.deepEqual([await isAt(0), await isAt(1)], [true, false]);
      const step = { position: 0, contacts: 3, added: 1, updated: 2, skipped: 0, bytesRead: 50 };
      const problems = [{ line: 9, reason: 'b' }, { line: 2, reason: 'a' }]; // prettier-ignore
      await write((imports) =>
        imports.advance('imp_1', {
          ...step,
          problems,
          changes: [
            { contactId: 'con_1', version: 2, before: { remark: 'first' } },
            { contactId: 'con_2', version: 1, before: undefined },
            { contactId: 'con_1', version: 3, before: { remark: 'second', title: 'was' } },
            { contactId: 'con_2', version: 2, before: { remark: 'own' } },
          ],
        }),
      );
      await write((imports) => imports.advance('imp_1', { ...step, position: 3, problems, changes: [] }));
      assert.deepEqual([await isAt(0), await isAt(6)], [false, true]);
      assert.deepEqual(await again().imports.find('imp_1'), {
        ...start,
        id: 'imp_1',
        started_at: at(1),
        state: 'running',
        fault: '',
        added: 2,
        updated: 4,
        skipped: 0,
        rejected: 2,
        position: 6,
        bytesRead: 50,
      });
      assert.deepEqual(await store.imports.problems('imp_1', everything), problems.toReversed());
      assert.deepEqual(await store.imports.problems('imp_1', { limit: 1, skip: 1 }), [problems[0]]);
      await write((imports) => imports.setState('imp_1', 'failed', 'the disk is full'));
      const failed = await store.imports.find('imp_1');
      assert.deepEqual([failed?.state, failed?.fault, await isAt(6)], ['failed', 'the disk is full', false]);
      const taken = [
        ...(await write((imports) => imports.takeChanges('imp_1', 1))),
        ...(await write((imports) => imports.takeChanges('imp_1', 9))),
      ];
      assert.deepEqual(
        taken.toSorted((one, other) => one.contactId.localeCompare(other.contactId)),
        [
          { contactId: 'con_1', version: 3, before: { remark: 'first', title: 'was' } },
          { contactId: 'con_2', version: 2, before: undefined },
        ],
      );
      assert.deepEqual(await write((imports) => imports.takeChanges('imp_1', 9)), []);
      assert.equal(await store.imports.find('imp_9'), undefined);
    },
  },
];
