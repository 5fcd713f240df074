import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { channelTypes } from '../../src/contract/vocabulary.ts';
import type { DamageReport } from '../../src/contract/damage.ts';
import { Random } from '../../src/server/seed/random.ts';
import { seedWorkspace } from '../../src/server/seed/seedWorkspace.ts';
import {
  MediaDamagedError,
  StoreDamagedError,
  StoreError,
  StoreIncompleteError,
} from '../../src/server/store/errors.ts';
import { acceptLoss, backUpDaily, newestBackup, recover } from '../../src/server/store/sqlite/recovery.ts';
import { migrations } from '../../src/server/store/sqlite/migrations.ts';
import { SqliteStore } from '../../src/server/store/sqlite/sqliteStore.ts';
import { serverModule } from '../harness/paths.ts';
import { exitOf } from '../harness/processes.ts';
import { importFile } from '../../src/server/imports/importFile.ts';
import { addContacts, temporaryDirectory, testDay } from './support/app.ts';
import { randomSeed } from './support/randomSeed.ts';
import { copyInto } from './support/olderStore.ts';
import { startServer } from './support/serverProcess.ts';

const copies = Number(process.env['COPIES'] ?? 200);
const pageBytes = 4_096;
const everything = { limit: 500, skip: 0 };
const queries = ['nguyen', 'a', '王', 'qz', 'vip', '+84', 'con_', 'lotus retail'];

/** Each does harm to a file's bytes, somewhere. */
const harms: Record<string, (bytes: Buffer, random: Random) => Buffer> = {
  'a bit flipped': (bytes, random) => {
    const at = random.between(0, bytes.length - 1);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random.between(0, 7));
    return bytes;
  },
  'a page of zeros': (bytes, random) => {
    const at = random.between(0, Math.floor(bytes.length / pageBytes)) * pageBytes;
    return bytes.fill(0, at, Math.min(at + pageBytes, bytes.length));
  },
  'cut off': (bytes, random) => bytes.subarray(0, random.between(1, bytes.length - 1)),
  'a block of garbage': (bytes, random) => {
    const at = random.between(0, bytes.length - 1);
    return bytes.fill(random.hex(64), at, Math.min(at + random.between(16, 2_000), bytes.length));
  },
  emptied: () => Buffer.alloc(0),
};

/** All that a store answers, as one digest. Damaged media are named in it. */
async function digestOf(store: SqliteStore): Promise<{ digest: string; damagedMedia: string[] }> {
  const hash = createHash('sha256');
  const damagedMedia: string[] = [];
  const add = (answer: unknown): void => void hash.update(JSON.stringify(answer ?? null));
  const { items } = await store.contacts.list({ column: 'display_name', descending: true }, everything);
  add([
    store.organizationId,
    items,
    await store.contacts.list({ column: 'created_at', descending: false }, everything),
  ]);
  for (const query of queries) add(await store.contacts.search(query, undefined, everything));
  const keys = new Set<string>();
  for (const { id, avatar_url } of items) {
    const conversations = await store.history.conversations(id, channelTypes);
    const files = await store.history.files(id);
    add([await store.contacts.get(id), conversations, files, await store.history.comments(id, [], everything)]);
    for (const each of conversations) add(await store.history.activities(each.public_id, undefined, undefined));
    for (const url of [avatar_url, ...files.map((file) => file.url)]) keys.add(url.replace('media:', ''));
  }
  const runs = await store.imports.latest(10);
  for (const { id } of runs) add([runs, await store.imports.problems(id, everything)]);
  for (const type of [undefined, 201]) add(await store.notifications.list(type, everything));
  for (const key of [...keys].toSorted()) {
    const media = await store.media.find(key);
    add(media);
    await store.media.content(key).then(
      (content) => add(content === undefined ? 'gone' : createHash('sha256').update(content).digest('hex')),
      (error: unknown) => {
        assert.ok(error instanceof MediaDamagedError, String(error));
        damagedMedia.push(key);
      },
    );
  }
  return { digest: hash.digest('hex'), damagedMedia };
}

/** With somebody new, somebody changed, and a row that is left out. */
async function addImport(store: SqliteStore): Promise<void> {
  const file = join(store.directory, 'people.csv');
  const [known] = (await store.contacts.list({ column: 'id', descending: false }, { limit: 1, skip: 0 })).items;
  writeFileSync(file, `id,name,email\n,Imported,imported@x.example\n${known?.id},Changed,\n,,\n`);
  await importFile(store, file);
  rmSync(file);
}

describe('a store that is damaged', () => {
  let sound: string;
  /** The same, of a process that was killed: its last writes are in a log. */
  let killed: string;
  let backup: string;
  let digest: string;
  const folders: string[] = [];
  const copy = (of = sound): string => {
    const folder = temporaryDirectory();
    folders.push(folder);
    cpSync(of, folder, { recursive: true });
    return folder;
  };
  before(async () => {
    sound = temporaryDirectory();
    folders.push(sound);
    const store = SqliteStore.open(sound);
    await seedWorkspace(store, 120, testDay);
    await store.transaction(({ notifications }) => notifications.setRead(['none'], true));
    await addImport(store);
    await store.close();
    const again = SqliteStore.open(sound);
    for (const id of ['con_late', 'con_last']) {
      await addContacts(again, { id, display_name: id === 'con_late' ? 'Added later' : 'Added last' });
    }
    assert.equal(await backUpDaily(again), true);
    ({ digest } = await digestOf(again));
    killed = copy();
    rmSync(join(killed, 'contacts.db-shm'));
    await again.close();
    backup = newestBackup(sound)?.path ?? '';
  });
  after(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  it('says so before it answers anything otherwise, or answers as before', async () => {
    const random = new Random(randomSeed());
    const seen = { refused: 0, incomplete: 0, media: 0, asBefore: 0 };
    for (let n = 0; n < copies; n++) {
      const folder = copy(killed);
      const media = readdirSync(join(folder, 'media'));
      const file = random.pick(['contacts.db', 'contacts.db', 'contacts.db-wal', join('media', random.pick(media))]);
      const [name, harm] = random.pick(Object.entries(harms));
      const path = join(folder, file);
      const before = readFileSync(path);
      const after = harm(Buffer.from(before), random);
      if (after.equals(before)) continue;
      writeFileSync(path, after);
      const what = `${file}, ${name}`;
      let store: SqliteStore;
      try {
        store = SqliteStore.open(folder);
      } catch (error) {
        assert.ok(error instanceof StoreError, `${what}: ${String(error)}`);
        if (error instanceof StoreIncompleteError) seen.incomplete++;
        else seen.refused++;
        const isLeft = file !== 'contacts.db' || error instanceof StoreIncompleteError;
        if (isLeft) assert.deepEqual(readFileSync(path), after, `${what}: it is left as it was found`);
        continue;
      }
      const found = await digestOf(store);
      await store.close();
      if (found.damagedMedia.length > 0) {
        assert.deepEqual(found.damagedMedia, [file.replace(/^media./, '')], what);
        seen.media++;
      } else {
        assert.equal(found.digest, digest, what);
        seen.asBefore++;
      }
      rmSync(folder, { recursive: true, force: true });
    }
    assert.ok(seen.refused > copies / 5 && seen.incomplete > 0 && seen.media > 0, JSON.stringify(seen));
  });

  it('has lost its last changes with its log, says how many, and can be used without them', async () => {
    for (const [harm, missing] of [
      [(log: string) => rmSync(log), 2],
      [(log: string) => truncateSync(log, statSync(log).size - 1), 1],
    ] as const) {
      const folder = copy(killed);
      const log = join(folder, 'contacts.db-wal');
      harm(log);
      const left = existsSync(log) ? readFileSync(log) : undefined;
      assert.throws(
        () => SqliteStore.open(folder),
        (error) => error instanceof StoreIncompleteError && error.message.includes(`last ${missing} change`),
      );
      if (left !== undefined) assert.deepEqual(readFileSync(log), left, 'the log is left as it was found');
      acceptLoss(folder);
      const aside = readdirSync(folder).filter((name) => name.startsWith('damaged-'));
      assert.equal(aside.length, 1);
      if (left !== undefined) assert.deepEqual(readFileSync(join(folder, aside[0] ?? '', 'contacts.db-wal')), left);
      const store = SqliteStore.open(folder);
      assert.equal(await store.contacts.count(), 123 - missing);
      await addContacts(store, { display_name: 'Afterwards' });
      await store.close();
      await SqliteStore.open(folder).close();
    }
  });

  it('is set aside whole, and the backup gives everything back', async () => {
    const folder = copy();
    const file = join(folder, 'contacts.db');
    const bytes = readFileSync(file).fill(0, 8 * pageBytes, 20 * pageBytes);
    writeFileSync(file, bytes);
    assert.throws(() => SqliteStore.open(folder), StoreDamagedError);
    await recover(folder, newestBackup(folder)?.path ?? '');
    const store = SqliteStore.open(folder);
    assert.equal((await digestOf(store)).digest, digest);
    await store.close();
    const aside = readdirSync(folder).find((name) => name.startsWith('damaged-')) ?? '';
    assert.deepEqual(readFileSync(join(folder, aside, 'contacts.db')), bytes);
  });

  it('is put right by a backup of every earlier version', async () => {
    for (let version = 1; version < migrations.length; version++) {
      const folder = copy();
      const made = newestBackup(folder)?.path ?? '';
      const older = `${made}.older`;
      copyInto(older, version, made);
      renameSync(older, made);
      const file = join(folder, 'contacts.db');
      writeFileSync(file, readFileSync(file).fill(0, 8 * pageBytes, 20 * pageBytes));
      assert.equal(newestBackup(folder)?.contacts, 123, `version ${version}`);
      await recover(folder, made);
      const store = SqliteStore.open(folder);
      assert.equal(await store.contacts.count(), 123);
      await store.close();
    }
  });

  it('stays where it is when the backup is damaged too, in one row', async () => {
    const folder = copy();
    const file = join(folder, 'contacts.db');
    writeFileSync(file, readFileSync(file).fill(0, 8 * pageBytes, 20 * pageBytes));
    const path = newestBackup(folder)?.path ?? '';
    const content = readFileSync(path);
    const at = content.indexOf('Added later');
    assert.ok(at > 0);
    content.write('Added Later', at);
    writeFileSync(path, content);
    assert.equal(newestBackup(folder), undefined);
    await assert.rejects(recover(folder, path), StoreError);
    assert.ok(existsSync(file));
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.startsWith('damaged-')),
      [],
    );
  });

  it('is not begun anew where all that was written was in a log that is gone', async () => {
    const [folder, other] = [temporaryDirectory(), temporaryDirectory()];
    folders.push(folder, other);
    const store = SqliteStore.open(folder);
    await addContacts(store, { display_name: 'In the log' });
    for (const name of ['contacts.db', 'contacts.db.created']) cpSync(join(folder, name), join(other, name));
    await store.close();
    assert.throws(() => SqliteStore.open(other), StoreDamagedError);
  });

  it('mends its searches by itself where only these are wrong', async () => {
    const folder = copy();
    const { DatabaseSync } = await import('node:sqlite');
    const database = new DatabaseSync(join(folder, 'contacts.db'));
    database.exec("UPDATE search_entry SET text = 'nothing' WHERE contact_seq % 2 = 0");
    database.close();
    const store = SqliteStore.open(folder);
    assert.ok((await store.contacts.search('added later', undefined, everything)).matching === 1);
    const all = await Promise.all(queries.map((query) => store.contacts.search(query, undefined, everything)));
    await store.close();
    const original = SqliteStore.open(sound);
    for (const [index, query] of queries.entries()) {
      assert.equal(
        all[index]?.matching,
        (await original.contacts.search(query, undefined, everything)).matching,
        query,
      );
    }
    await original.close();
  });

  it('is backed up once a day, in three files, and never while it is empty', async () => {
    const folder = temporaryDirectory();
    folders.push(folder);
    const store = SqliteStore.open(folder);
    const on = (hours: number): Date => new Date(Date.UTC(2026, 0, 1, hours));
    assert.equal(await backUpDaily(store, on(0)), false);
    await addContacts(store, { display_name: 'Somebody' });
    const made: boolean[] = [];
    for (const hours of [0, 1, 23, 24, 30, 49, 80, 120]) made.push(await backUpDaily(store, on(hours)));
    assert.deepEqual(made, [true, false, false, true, false, true, true, true]);
    const names = readdirSync(join(folder, 'backups'));
    assert.equal(names.length, 3);
    assert.deepEqual(newestBackup(folder)?.at, '2026-01-06T00:00:00Z');
    writeFileSync(join(folder, 'backups', names.toSorted().at(-1) ?? ''), 'damaged as well');
    assert.deepEqual([newestBackup(folder)?.at, newestBackup(folder)?.contacts], ['2026-01-04T08:00:00Z', 1]);
    await store.close();
  });

  it('ends the server, which says what to do, and what it says works', async () => {
    const folder = copy();
    const file = join(folder, 'contacts.db');
    writeFileSync(file, readFileSync(file).fill(0, 8 * pageBytes, 20 * pageBytes));
    const child = spawn(process.execPath, [serverModule, '--data', folder], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    let text = '';
    let told: unknown;
    child.stderr?.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
    child.on('message', (message) => (told = message));
    assert.equal(await exitOf(child), 3);
    assert.match(
      text,
      /contacts\.db is damaged.*\nThe newest sound backup is of .*, with 123 contacts\. Start with --restore/,
    );
    const { kind, backup: offered } = (told as DamageReport).damaged;
    assert.deepEqual([kind, offered?.contacts], ['damaged', 123]);
    const server = await startServer(folder, '--restore', join(folder, 'backups', backup.split('/').at(-1) ?? ''));
    const service = server.service();
    assert.equal((await service.list({ limit: 1 })).totalMatching, 123);
    service.dispose();
    await server.kill();
    // Whoever is told twice to put it right does no harm.
    await (await startServer(folder, '--set-aside')).kill();
    assert.equal(readdirSync(folder).filter((name) => name.startsWith('damaged-')).length, 1);
  });

  it('that has lost changes ends the server too, unless that is accepted', async () => {
    const folder = copy(killed);
    rmSync(join(folder, 'contacts.db-wal'));
    await assert.rejects(startServer(folder), /has lost its last 2 changes.*--restore.*--accept-loss/s);
    const server = await startServer(folder, '--accept-loss');
    const service = server.service();
    assert.equal((await service.list({ limit: 1 })).totalMatching, 121);
    service.dispose();
    await server.kill();
  });

  it('is found by the thread that looks at large ones, and a sound one is not', async () => {
    const damaged = copy();
    const file = join(damaged, 'contacts.db');
    const bytes = readFileSync(file);
    bytes.write('Added Later', bytes.indexOf('Added later'));
    writeFileSync(file, bytes);
    const findings: unknown[] = [];
    for (const directory of [sound, damaged]) {
      const worker = new Worker(serverModule, { workerData: { directory } });
      findings.push(await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject)));
    }
    assert.equal(findings[0], undefined);
    assert.match(String(findings[1]), /^is damaged: /);
  });

  it('of another organization is not taken for the server’s own', async () => {
    const folder = temporaryDirectory();
    folders.push(folder);
    const users = join(folder, 'users.json');
    writeFileSync(users, JSON.stringify({ organizations: ['Own', 'Other'], users: [] }));
    await (await startServer(folder, '--users', users)).kill();
    const [other = ''] = readdirSync(join(folder, 'organizations'));
    const file = join(folder, 'organizations', other, 'contacts.db');
    writeFileSync(file, 'no database');
    await assert.rejects(startServer(folder, '--users', users, '--set-aside'), (error: Error) => {
      assert.ok(error.message.includes(file) && !/backup|set-aside/.test(error.message), error.message);
      return true;
    });
    assert.equal(readFileSync(file, 'utf8'), 'no database');
  });

  it('that shows in use is named in the answer, and at every start from then on', async () => {
    const folder = temporaryDirectory();
    folders.push(folder);
    const first = await startServer(folder, '--seed', '3000');
    await first.kill();
    const server = await startServer(folder);
    const file = join(folder, 'contacts.db');
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.fill(0, 4 * pageBytes));
    const ended = exitOf(server.child);
    const ask = async (): Promise<unknown> => {
      const response = await fetch(`${server.url}/channel-service/v1/contacts?limit=500&sort=email`, {
        headers: { 'x-access-token': server.token },
      });
      return response.json();
    };
    assert.deepEqual(await ask(), { code: 50000, message: 'The store is damaged' });
    assert.equal(await ended, 3);
    writeFileSync(file, bytes);
    await assert.rejects(startServer(folder), /damaged/);
    const again = await startServer(folder, '--set-aside', '--seed', '5');
    assert.ok(!existsSync(`${file}.damaged`));
    await again.kill();
  });
});
