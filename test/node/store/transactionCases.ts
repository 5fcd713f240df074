/** What every store does with transactions. */
import assert from 'node:assert/strict';
import type { WorkspaceStore, WorkspaceTransaction } from '../../../src/server/store/workspaceStore.ts';
import { addContacts } from '../support/app.ts';
import {
  type ConformanceCase,
  everything,
  noChannel,
  at,
  found,
  commentOf,
  notificationOf,
  rolledBack,
} from './samples.ts';

export const transactionCases: readonly ConformanceCase[] = [
  {
    title: 'writes all of a transaction or nothing, and shows it to nobody before its end',
    check: async (store, again) => {
      await addContacts(store, { id: 'con_1', display_name: 'Before' });
      const other = again();
      const seen = async (): Promise<unknown[]> => [
        await store.contacts.count(),
        await other.contacts.count(),
        (await store.contacts.get('con_1'))?.display_name,
        await found(store, 'during'),
        (await store.notifications.list(undefined, everything)).matching,
        (await store.history.comments('con_1', noChannel, everything)).matching,
        await store.isClaimed('claimed'),
        await store.imports.latest(5),
      ];
      const before = await seen();
      const work = async (tx: WorkspaceTransaction): Promise<void> => {
        await tx.contacts.insert({ id: 'con_2', display_name: 'During' });
        await tx.contacts.update('con_1', { display_name: 'During' });
        await tx.notifications.insert(notificationOf('1', 201, 1));
        await tx.history.insertComment(commentOf('con_1', '1', 1));
        await tx.imports.insert({ id: 'imp_1', file: '/f', options: '{}', started_at: at(1), bytes: 1 });
        await tx.claim('claimed');
        assert.equal(await tx.contacts.count(), 2, 'sees itself');
        assert.equal((await tx.contacts.get('con_1'))?.display_name, 'During');
        assert.deepEqual(await seen(), before, 'nobody else does');
      };
      await rolledBack(store, work);
      assert.deepEqual(await seen(), before);
      const nothing: unknown[] = [];
      assert.deepEqual(await store.transaction(async (tx) => (await work(tx), nothing)), nothing);
      assert.deepEqual((await seen()).slice(0, 7), [2, 2, 'During', ['con_1', 'con_2'], 1, 1, true]);
    },
  },
  {
    title: 'writes nothing of a large transaction that fails',
    check: async (store, again) => {
      const drafts = Array.from({ length: 2_500 }, (_, n) => ({ id: `con_${n}`, display_name: `Large ${n}` }));
      await rolledBack(store, async ({ contacts }) => {
        for (const draft of drafts) await contacts.insert(draft);
      });
      await rolledBack(store, async ({ notifications, imports }) => {
        for (let n = 0; n < 600; n++) {
          await notifications.insert(notificationOf(String(n), 201, n));
          await imports.insert({ id: `imp_${n}`, file: '/f', options: '{}', started_at: at(n), bytes: 1 });
        }
      });
      const other = again();
      for (const each of [store, other]) {
        assert.deepEqual([await each.contacts.count(), await found(each, 'large')], [0, []]);
        assert.deepEqual((await each.contacts.list({ column: 'id', descending: false }, everything)).items, []);
        assert.deepEqual((await each.notifications.list(undefined, everything)).items, []);
        assert.deepEqual(await each.imports.latest(5), []);
      }
      await addContacts(other, ...drafts.slice(0, 3));
      assert.equal(await store.contacts.count(), 3);
    },
  },
  {
    title: 'does transactions one after another, whoever begins them, and none of it after the end',
    check: async (store, again) => {
      await addContacts(store, { id: 'con_1', remark: '0' });
      const other = again();
      const increments = Array.from({ length: 40 }, (_, n) =>
        (n % 2 === 0 ? store : other).transaction(async ({ contacts }) => {
          const { remark } = (await contacts.get('con_1')) ?? {};
          await new Promise((resolve) => setImmediate(resolve));
          await contacts.update('con_1', { remark: String(Number(remark) + 1) });
        }),
      );
      await Promise.all(increments);
      assert.equal((await store.contacts.get('con_1'))?.remark, '40');
      let kept: WorkspaceTransaction | undefined;
      await store.transaction(async (tx) => void (kept = tx));
      await assert.rejects(async () => kept?.contacts.insert({ id: 'con_late' }));
      assert.equal(await store.contacts.get('con_late'), undefined);
    },
  },
  {
    title: 'has another version after every change, and the same without one',
    check: async (store, again) => {
      const other = again();
      const versions = async (): Promise<string[]> => [await store.version(), await other.version()];
      const seen = [await versions()];
      const changed = async (): Promise<void> => {
        const now = await versions();
        for (const index of [0, 1])
          assert.ok(!seen.some((each) => each[index] === now[index]), `${index}: ${String(now)}`);
        await store.contacts.list({ column: 'id', descending: false }, everything);
        await found(store, 'x');
        assert.deepEqual(await versions(), now);
        seen.push(now);
      };
      await addContacts(store, { id: 'con_1' });
      await changed();
      await addContacts(other, { id: 'con_2' });
      await changed();
      await store.transaction(({ notifications }) => notifications.insert(notificationOf('1', 201, 1)));
      await changed();
      await other.transaction(({ contacts }) => contacts.delete('con_1'));
      await changed();
    },
  },
  {
    title: 'lets a name be claimed once',
    check: async (store, again) => {
      const other = again();
      const claim = (from: WorkspaceStore): Promise<boolean> => from.transaction((tx) => tx.claim('seeded'));
      assert.equal(await store.isClaimed('seeded'), false);
      await rolledBack(store, (tx) => tx.claim('seeded'));
      const claims = await Promise.all([claim(store), claim(other), claim(store)]);
      assert.deepEqual(claims.toSorted(), [false, false, true]);
      assert.deepEqual([await store.isClaimed('seeded'), await other.isClaimed('seeded')], [true, true]);
      assert.equal(other.organizationId, store.organizationId);
    },
  },
];
