import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { apiPrefix, localPrefix } from '../../src/contract/vocabulary.ts';
import { ImportRuns } from '../../src/server/imports/importRuns.ts';
import { StoreIncompleteError } from '../../src/server/store/errors.ts';
import { backUp, restore } from '../../src/server/store/sqlite/backup.ts';
import { SqliteStore } from '../../src/server/store/sqlite/sqliteStore.ts';
import { poll } from '../harness/processes.ts';
import { addContacts, jsonInit, sqliteApp, temporaryDirectory, type TestApp } from './support/app.ts';
import { copyInto } from './support/olderStore.ts';
import { startServer } from './support/serverProcess.ts';

const everything = { limit: 500, skip: 0 };
const newestFirst = { column: 'created_at', descending: true };

describe('the backup of a workspace', () => {
  let app: TestApp<SqliteStore>;
  let target: string;
  beforeEach(async () => {
    app = await sqliteApp(120);
    target = join(temporaryDirectory(), 'workspace.contacts-backup');
  });
  afterEach(async () => {
    await app.dispose();
    rmSync(join(target, '..'), { recursive: true, force: true });
  });
  const exported = async (of: TestApp): Promise<string> =>
    (await of.request(`${apiPrefix}/contacts/_export_csv?sort=id`)).text();

  it('holds everything, pictures too, and puts it back over what is there', async () => {
    const before = await exported(app);
    assert.equal((await backUp(app.store, target)).contacts, 120);
    assert.deepEqual(readdirSync(join(target, '..')), ['workspace.contacts-backup']);
    const other = await sqliteApp(10);
    assert.deepEqual((await restore(other.store, target)).contacts, 120);
    assert.equal(await exported(other), before);
    const { items } = await other.store.contacts.list(newestFirst, everything);
    const key = items.map(({ avatar_url: url }) => /^media:(\w+)$/.exec(url)?.[1]).find((each) => each !== undefined);
    assert.ok(key !== undefined && (await other.store.media.content(key)) !== undefined);
    assert.equal(
      (await other.store.contacts.search(items[0]?.display_name ?? '', undefined, everything)).items.length > 0,
      true,
    );
    assert.equal((await other.request(`${apiPrefix}/contacts/${items[0]?.id}`)).status, 200);
    await addContacts(other.store, { display_name: 'Written afterwards' });
    assert.equal(await other.store.contacts.count(), 121);
    await other.dispose();
  });

  it('is searched as it is when it is back, also by another window', async () => {
    const [id = ''] = await addContacts(app.store, { display_name: 'Aqvo' }, { display_name: 'Last' });
    await backUp(app.store, target);
    await app.store.transaction(({ contacts }) => contacts.delete(id));
    const window = SqliteStore.open(app.directory);
    const found = async (store: SqliteStore): Promise<number> =>
      (await store.contacts.search('qv', undefined, everything)).matching;
    assert.deepEqual([await found(app.store), await found(window)], [0, 0]);
    await restore(app.store, target);
    assert.deepEqual([await found(app.store), await found(window)], [1, 1]);
    await window.close();
  });

  it('is of one moment, though others write all the time', async function () {
    const data = temporaryDirectory();
    const server = await startServer(data, '--seed', '300');
    const service = server.service();
    const { items } = await service.list({ limit: 2 });
    const [one, other] = items;
    assert.ok(one && other);
    let rounds = 0;
    const over = new AbortController();
    // The second is always written after the first: at any moment it is the same or one behind.
    const writing = (async () => {
      while (!over.signal.aborted) {
        rounds++;
        await service.update(one.id, { remark: String(rounds) });
        await service.update(other.id, { remark: String(rounds) });
      }
    })();
    const ask = async (route: string, path: string): Promise<number> =>
      (
        await fetch(`${server.url}${localPrefix}${route}`, {
          method: 'POST',
          headers: { 'x-access-token': server.token, 'content-type': 'application/json' },
          body: JSON.stringify({ path }),
        })
      ).status;
    for (let turn = 0; turn < 5; turn++) {
      const from = rounds;
      await poll('more writes', 60_000, () => rounds > from + 3);
      assert.equal(await ask('/backup', target), 200);
      const restored = await sqliteApp(0);
      await restore(restored.store, target);
      const remark = async (id: string): Promise<number> => Number((await restored.store.contacts.get(id))?.remark);
      const [first, second] = [await remark(one.id), await remark(other.id)];
      assert.ok(first >= from);
      assert.ok(first - second <= 1 && first >= second);
      assert.equal(await restored.store.contacts.count(), 300);
      await restored.dispose();
    }
    over.abort();
    await writing;
    // Back into the workspace that is in use.
    assert.equal(await ask('/restore', target), 200);
    assert.ok(Number((await service.get(one.id, { isFresh: true })).remark) <= rounds);
    service.dispose();
    await server.kill();
    rmSync(data, { recursive: true, force: true });
  });

  it('is refused when it is none, is damaged, or is of a newer version, and changes nothing then', async () => {
    const before = await exported(app);
    await backUp(app.store, target);
    const bytes = readFileSync(target);
    const refused = async (content: Buffer, reason: RegExp, status = 400): Promise<void> => {
      writeFileSync(target, content);
      const response = await app.request(`${localPrefix}/restore`, jsonInit('POST', { path: target }));
      assert.equal(response.status, status);
      assert.match(((await response.json()) as { message: string }).message, reason);
      assert.equal(await exported(app), before);
    };
    await refused(Buffer.from('name,email\n'), /no backup, or it is damaged/);
    await refused(Buffer.alloc(0), /no backup|empty/);
    await refused(bytes.subarray(0, bytes.length / 2), /damaged/);
    writeFileSync(target, bytes);
    const newer = new DatabaseSync(target);
    newer.exec('PRAGMA user_version = 99');
    newer.close();
    await refused(readFileSync(target), /newer version/, 409);
    const missing = await app.request(`${localPrefix}/restore`, jsonInit('POST', { path: `${target}.not` }));
    assert.equal(missing.status, 404);
  });

  it('is missed when it has been put back and the log is then lost', async () => {
    await backUp(app.store, target);
    const [folder, copied] = [temporaryDirectory(), temporaryDirectory()];
    const before = SqliteStore.open(folder);
    await addContacts(before, { display_name: 'Here before' });
    await before.close();
    const store = SqliteStore.open(folder);
    await restore(store, target);
    for (const name of ['contacts.db', 'contacts.db.created', 'contacts.db.commits'])
      cpSync(join(folder, name), join(copied, name));
    await store.close();
    assert.throws(() => SqliteStore.open(copied), StoreIncompleteError);
    for (const each of [folder, copied]) rmSync(each, { recursive: true, force: true });
  });

  it('of an older version is brought up to date, and itself stays as it is', async () => {
    await backUp(app.store, target);
    const older = join(target, '..', 'older.contacts-backup');
    copyInto(older, 4, target);
    const bytes = readFileSync(older);
    const other = await sqliteApp(3);
    assert.equal((await restore(other.store, older)).contacts, 120);
    assert.deepEqual(await new ImportRuns(other.store).latest(5), []);
    await other.dispose();
    assert.deepEqual(readFileSync(older), bytes);
  });

  it('keeps what was there when it cannot be written', async () => {
    const response = await app.request(`${localPrefix}/backup`, jsonInit('POST', { path: join(target, '..') }));
    assert.notEqual(response.status, 200);
    assert.deepEqual(readdirSync(join(target, '..')), []);
    for (const path of ['relative', '', 7]) {
      const refusal = await app.request(`${localPrefix}/backup`, jsonInit('POST', { path }));
      assert.equal(refusal.status, 400);
    }
  });
});
