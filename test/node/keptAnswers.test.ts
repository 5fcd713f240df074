import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { SqliteStore } from '../../src/server/store/sqlite/sqliteStore.ts';
import { temporaryDirectory } from './support/app.ts';

describe('answers of another server that are kept', () => {
  let directory: string;
  let store: SqliteStore;
  before(() => {
    directory = temporaryDirectory();
    store = SqliteStore.open(directory);
  });
  after(async () => {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const timeOf = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
  const keep = (contact: number | string, name: string, minute: number, value: unknown = minute): Promise<void> => {
    const contact_id = typeof contact === 'number' ? `con_${contact}` : contact;
    return store.mirror.keep({ contact_id, name, value, kept_at: timeOf(minute) });
  };
  const valueOf = async (contact: number | string, name: string): Promise<unknown> =>
    (await store.mirror.kept(typeof contact === 'number' ? `con_${contact}` : contact, name))?.value;

  it('are the last of each name, with when they were given', async () => {
    await keep(0, 'comments', 1, { items: ['before'] });
    await keep(0, 'comments', 2, { items: ['\u0000 " 重要'] });
    await keep(0, 'files', 1, null);
    assert.deepEqual(await store.mirror.kept('con_0', 'comments'), {
      contact_id: 'con_0',
      name: 'comments',
      value: { items: ['\u0000 " 重要'] },
      kept_at: timeOf(2),
    });
    assert.equal(await valueOf(0, 'files'), null);
    assert.equal(await store.mirror.kept('con_0', 'conversations'), undefined);
  });

  it('are of the 500 contacts that were asked about last, and of none beside', async () => {
    await keep('', 'notifications', 0);
    for (let contact = 1; contact <= 499; contact++) await keep(contact, 'comments', 10 + contact);
    assert.notEqual(await valueOf(0, 'comments'), undefined);
    await keep(0, 'comments', 1_000);
    await keep(500, 'comments', 1_001);
    assert.equal(await valueOf(1, 'comments'), undefined, 'the one who was not asked about for longest');
    assert.equal(await valueOf(0, 'files'), null);
    assert.equal(await valueOf(2, 'comments'), 12);
    assert.equal(await valueOf('', 'notifications'), 0);
  });

  it('go with their contact', async () => {
    await store.mirror.apply({ contacts: [], isOlder: false, isListed: false, removed: ['con_2'] });
    assert.equal(await valueOf(2, 'comments'), undefined);
    assert.equal(await valueOf(3, 'comments'), 13);
  });
});
