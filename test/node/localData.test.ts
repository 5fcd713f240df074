import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ImportRun } from '../../src/contract/imports.ts';
import type { DuplicateRule } from '../../src/contract/localData.ts';
import { localPrefix } from '../../src/contract/vocabulary.ts';
import { ImportRuns } from '../../src/server/imports/importRuns.ts';
import { previewOf } from '../../src/server/imports/preview.ts';
import type { ContactDraft, StoredContact } from '../../src/server/store/records.ts';
import { Database } from '../../src/server/store/sqlite/database.ts';
import { SqliteStore, storeSchema } from '../../src/server/store/sqlite/sqliteStore.ts';
import { poll } from '../harness/processes.ts';
import { addContacts, temporaryDirectory } from './support/app.ts';
import { importFiles } from './support/importFiles.ts';
import { startServer } from './support/serverProcess.ts';

const everything = { limit: 500, skip: 0 };
const firstTen = { limit: 10, skip: 0 };
const newestFirst = { column: 'created_at', descending: true };

describe('importing files into the local workspace', () => {
  let directory: string;
  let store: SqliteStore;
  let runs: ImportRuns;
  beforeEach(() => {
    directory = temporaryDirectory();
    store = SqliteStore.open(join(directory, 'data'));
    runs = new ImportRuns(store);
  });
  afterEach(async () => {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const fileOf = (content: string | Buffer, name = 'people.csv'): string => {
    const path = join(directory, name);
    writeFileSync(path, content);
    return path;
  };
  const importFile = async (path: string, duplicates: DuplicateRule = 'skip'): Promise<ImportRun> => {
    const { format, encoding, delimiter, mapping } = await previewOf(path);
    const id = await runs.start(path, { format, encoding, delimiter, mapping, duplicates });
    return (await runs.ended(id)) as ImportRun;
  };
  const contacts = async (): Promise<StoredContact[]> => (await store.contacts.list(newestFirst, everything)).items;
  const create = (draft: ContactDraft): Promise<unknown> => addContacts(store, draft);
  const shownFields = (contact: StoredContact): string[] => [
    contact.display_name,
    contact.email,
    contact.phone_number,
    contact.company_name,
    contact.position,
    contact.labels.join(';'),
    contact.remark,
  ];
  const counts = ({ state, added, updated, skipped, rejected }: ImportRun): unknown[] => [
    state,
    added,
    updated,
    skipped,
    rejected,
  ];

  it('knows at least 12 kinds of files', () => assert.ok(importFiles.length >= 12));

  for (const { name, content, people } of importFiles) {
    it(`takes ${name}, and the same again adds nobody`, async () => {
      const path = fileOf(content, name);
      const preview = await previewOf(path);
      assert.equal(preview.contacts[0]?.display_name, people[0]?.[0]);
      assert.deepEqual(counts(await importFile(path)), ['done', people.length, 0, 0, 0]);
      assert.deepEqual((await contacts()).map(shownFields), people);
      assert.deepEqual(counts(await importFile(path)), ['done', 0, 0, people.length, 0]);
      assert.equal((await contacts()).length, people.length);
      const [first] = await contacts();
      if (name.startsWith('apple') || name.includes('vcard4')) {
        const key = /^media:(\w+)$/.exec(first?.avatar_url ?? '')?.[1] ?? '';
        assert.deepEqual(Buffer.from((await store.media.content(key)) ?? []).subarray(1, 4), Buffer.from('PNG'));
      }
    });
  }

  it('finds who is there by e-mail or phone, however they are written, and does with them what it is told', async () => {
    await create({ display_name: 'Known', email: 'Known@X.example', remark: 'old' });
    await create({ display_name: 'Phone', phone_number: '+84 (91) 200-03.45', company_name: 'A' });
    const path = fileOf(
      'name,email,phone,company\nBy mail,known@x.EXAMPLE,,B\nBy phone,,091 200 0345,\nNew,new@x.example,,C\nShort,,12345,\nOther,,12345,\n',
    );
    assert.deepEqual(counts(await importFile(path, 'skip')), ['done', 3, 0, 2, 0]);
    assert.deepEqual(counts(await importFile(path, 'update')), ['done', 2, 3, 0, 0]);
    const [known] = (await store.contacts.search('known@x', undefined, everything)).items;
    assert.deepEqual([known?.display_name, known?.company_name, known?.remark], ['By mail', 'B', 'old']);
    const before = (await contacts()).length;
    assert.deepEqual(counts(await importFile(path, 'both')), ['done', 5, 0, 0, 0]);
    assert.equal((await contacts()).length, before + 5);
  });

  it('takes the columns that it is told of where it does not know them', async () => {
    const path = fileOf('wer;wo;womit\nJürgen;Köln;j@k.example\n');
    assert.deepEqual((await previewOf(path)).mapping, {});
    const mapping = { display_name: ['wer'], location: ['wo'], email: ['womit'] };
    const preview = await previewOf(path, mapping);
    assert.deepEqual(preview.contacts, [{ display_name: 'Jürgen', location: 'Köln', email: 'j@k.example' }]);
    const { encoding, delimiter } = preview;
    await runs.ended(await runs.start(path, { format: 'csv', encoding, delimiter, mapping, duplicates: 'skip' }));
    assert.equal((await contacts())[0]?.location, 'Köln');
  });

  it('leaves out a malformed row, says its line, and takes the rest', async () => {
    const csv = fileOf('name,email\nAna,ana@a.example\nBad,no mail\ntoo,many,cells\n,\nLast,last@a.example\n');
    const run = await importFile(csv);
    assert.deepEqual(counts(run), ['done', 2, 0, 0, 3]);
    assert.deepEqual(
      (await runs.problems(run.id, firstTen)).map(({ line }) => line),
      [3, 4, 5],
    );
    const cards = fileOf(
      'BEGIN:VCARD\nVERSION:3.0\nFN:One\nEND:VCARD\nBEGIN:VCARD\nVERSION:3.0\nnonsense\nEND:VCARD\nBEGIN:VCARD\nFN:Cut\nBEGIN:VCARD\nVERSION:3.0\nFN:Two\nEND:VCARD\nBEGIN:VCARD\nFN:Off\n',
      'cards.vcf',
    );
    const vcards = await importFile(cards);
    assert.deepEqual(counts(vcards), ['done', 2, 0, 0, 3]);
    assert.deepEqual(
      (await runs.problems(vcards.id, firstTen)).map(({ line }) => line),
      [5, 9, 15],
    );
  });

  it('keeps colleagues with one switchboard apart, and takes no other program’s numbers for ids', async () => {
    const header = 'id,First Name,E-mail Address,Business Phone\n';
    const rows = Array.from(
      { length: 5 },
      (_, index) => `${index},Colleague ${index},c${index}@firm.example,+442079460000\n`,
    );
    const path = fileOf(`${header}${rows.join('')}`);
    assert.deepEqual(counts(await importFile(path)), ['done', 5, 0, 0, 0]);
    const others = fileOf('id,name,email\n0,Somebody Else,else@x.example\n', 'others.csv');
    assert.deepEqual(counts(await importFile(others, 'update')), ['done', 1, 0, 0, 0]);
    assert.equal((await contacts()).length, 6);
  });

  it('keeps people apart who share a number and have no address, unless their names may be one', async () => {
    const header = 'Name,Phone,Company\n';
    await importFile(
      fileOf(`${header}Anna Smith,+44 20 7946 0000,\n王伟,+86 138 1234 5678,\nLim Ana Maria,+65 6123 4567,\n`),
    );
    const run = await importFile(
      fileOf(
        `${header}Bob Smith,+442079460000,Firm\n王,+8613812345678,星河\nAna Lim,+6561234567,Sol\n+442079460000,+442079460000,Firm\n`,
      ),
      'update',
    );
    assert.deepEqual(counts(run), ['done', 1, 3, 0, 0]);
    const { items } = await store.contacts.search('smith', undefined, { limit: 5, skip: 0 });
    assert.deepEqual(items.map(({ display_name }) => display_name).toSorted(), ['Anna Smith', 'Bob Smith']);
  });

  it('keeps people apart whose numbers only end alike', async () => {
    await create({ display_name: 'New York', phone_number: '+1 212 555 0123' });
    await create({ display_name: '王伟', phone_number: '13812345678', area_code: '+86' });
    const path = fileOf('name,phone\nChicago,+1 312 555 0123\n李娜,+86 158 1234 5678\n王,0086 138 1234 5678\n');
    assert.deepEqual(counts(await importFile(path)), ['done', 2, 0, 1, 0]);
  });

  it('takes the first of several columns of one name that has a text', async () => {
    const path = fileOf('Name,Email,Email\nAna,ana@a.example,\nBea,,bea@b.example\n');
    await importFile(path);
    assert.deepEqual(
      (await contacts()).map(({ email }) => email),
      ['ana@a.example', 'bea@b.example'],
    );
  });

  it('does not say that it is done where the rest of the file could not be told', async () => {
    const rest = Array.from({ length: 60_000 }, (_, index) => `Person ${index},p${index}@x.example`).join('\n');
    const run = await importFile(fileOf(`name,email\nAna,ana@a.example\n"Open,o@x.example\n${rest}\n`));
    assert.deepEqual([run.state, run.fault], ['failed', 'the file could not be understood']);
  });

  it('takes a picture of an Android telephone', async () => {
    const picture = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
    const card = [
      'BEGIN:VCARD',
      'VERSION:2.1',
      'N:Doe;Jo;;;',
      'FN:Jo Doe',
      'TEL;HOME;PREF:+15550001111',
      `PHOTO;ENCODING=BASE64;PNG:${picture}`,
      '',
      'END:VCARD',
    ];
    assert.deepEqual(counts(await importFile(fileOf(card.join('\r\n'), 'android.vcf'))), ['done', 1, 0, 0, 0]);
    const [jo] = await contacts();
    assert.deepEqual([jo?.display_name, jo?.phone_number], ['Jo Doe', '+15550001111']);
    assert.match(jo?.avatar_url ?? '', /^media:/);
  });

  const manyRows = (count: number): string =>
    `name,email\n${Array.from({ length: count }, (_, index) => (index % 1_000 === 7 ? `Bad ${index},no mail` : `Person ${index},p${index}@x.example`)).join('\n')}\n`;

  it('stops where it is cancelled, goes on from there, and is taken back whole', async () => {
    await create({ display_name: 'Before', email: 'p3@x.example', remark: 'kept' });
    const path = fileOf(manyRows(20_000));
    const { encoding, delimiter, mapping } = await previewOf(path);
    const id = await runs.start(path, { format: 'csv', encoding, delimiter, mapping, duplicates: 'update' });
    await poll('some of them', 60_000, async () => ((await runs.find(id))?.added ?? 0) > 0);
    await runs.cancel(id);
    const cancelled = (await runs.ended(id)) as ImportRun;
    assert.equal(cancelled.state, 'cancelled');
    assert.ok(cancelled.added < 19_979);
    assert.equal(await store.contacts.count(), cancelled.added + 1);
    assert.equal(await runs.resume(id), 'resumed');
    assert.deepEqual(counts((await runs.ended(id)) as ImportRun), ['done', 19_979, 1, 0, 20]);
    assert.equal(await runs.resume(id), 'ended');
    const [changed] = (await store.contacts.search('p5@x.example', undefined, everything)).items;
    await store.transaction((tx) => tx.contacts.update(changed?.id ?? '', { remark: 'worked on' }));
    assert.deepEqual(await runs.undo(id), { removed: 19_978, restored: 1, kept: 1 });
    assert.deepEqual(
      (await contacts()).map(({ display_name: name, remark }) => [name, remark]).sort(),
      [['Before', 'kept'], ['Person 5', 'worked on']],
    ); // prettier-ignore
    assert.equal((await runs.find(id))?.state, 'undone');
  });

  it('is taken back but for whom somebody has written about, and is not gone on with halfway', async () => {
    const path = fileOf(manyRows(1_500));
    const { encoding, delimiter, mapping } = await previewOf(path);
    const id = await runs.start(path, { format: 'csv', encoding, delimiter, mapping, duplicates: 'skip' });
    const { added } = (await runs.ended(id)) as ImportRun;
    // The last that is taken back: changes are kept by the ids of contacts.
    const known = (await contacts()).toSorted((one, other) => (one.id < other.id ? 1 : -1))[0];
    assert.ok(known !== undefined);
    const comment = { id: 'cmt_1', contact_id: known.id, text: 'called back', author: { _id: 'u', display_name: 'U' } };
    const at = new Date().toISOString();
    await store.transaction((tx) =>
      tx.history.insertComment({ ...comment, channel_type: '', labels: [], created_at: at, updated_at: at }),
    );
    // As where the window is closed, or the disk is full, after the first of them.
    let transactions = 0;
    const fails = new Proxy(store, {
      get: (target, name) => {
        if (name !== 'transaction') return Reflect.get(target, name, target) as unknown;
        return (work: Parameters<typeof store.transaction>[0]) =>
          ++transactions > 2 ? Promise.reject(new Error('gone')) : target.transaction(work);
      },
    });
    await assert.rejects(new ImportRuns(fails).undo(id), /gone/);
    const left = await store.contacts.count();
    assert.ok(left > 0 && left < added, String(left));
    assert.equal((await runs.find(id))?.state, 'undoing');
    assert.equal(await runs.resume(id), 'ended');
    const report = await runs.undo(id);
    assert.deepEqual([report?.removed, report?.kept], [left - 1, 1]);
    assert.deepEqual(
      (await contacts()).map((contact) => contact.id),
      [known.id],
    );
    assert.equal((await store.history.comments(known.id, [], everything)).items[0]?.text, 'called back');
    assert.equal((await runs.find(id))?.state, 'undone');
  });

  it('is made once, though two windows go on with it, and not with another file', async () => {
    const path = fileOf(manyRows(20_000));
    const { encoding, delimiter, mapping } = await previewOf(path);
    const id = await runs.start(path, { format: 'csv', encoding, delimiter, mapping, duplicates: 'both' });
    const other = SqliteStore.open(join(directory, 'data'));
    const otherRuns = new ImportRuns(other);
    await poll('some of them', 60_000, async () => ((await runs.find(id))?.added ?? 0) > 0);
    assert.equal(await otherRuns.resume(id), 'resumed');
    await Promise.all([runs.ended(id), otherRuns.ended(id)]);
    assert.equal((await runs.find(id))?.state, 'done');
    assert.equal(await store.contacts.count(), 19_980);
    const stopped = await runs.start(path, { format: 'csv', encoding, delimiter, mapping, duplicates: 'both' });
    await runs.cancel(stopped);
    await runs.ended(stopped);
    writeFileSync(path, manyRows(100));
    assert.equal(await runs.resume(stopped), 'fileChanged');
    // One that another window has begun and that has ended is taken back all the same.
    assert.notEqual(await otherRuns.undo(id), undefined);
    assert.equal(await store.contacts.count(), (await runs.find(stopped))?.added ?? NaN);
    await other.close();
  });

  it('gives the same after a kill and a resume as in one go', async function () {
    const path = fileOf(manyRows(30_000));
    const broken = join(directory, 'broken');
    let server = await startServer(broken);
    const ask = async (method: string, route: string, body?: unknown): Promise<Record<string, unknown>> => {
      const response = await fetch(`${server.url}${localPrefix}${route}`, {
        method,
        headers: { 'x-access-token': server.token, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      assert.ok(response.ok, String(response.status));
      return (await response.json()) as Record<string, unknown>;
    };
    const { id } = await ask('POST', '/imports', { path, duplicates: 'skip' });
    await poll('some of them', 60_000, async () => Number((await ask('GET', `/imports/${String(id)}`))['added']) > 0);
    await server.kill('SIGKILL');
    server = await startServer(broken);
    const left = await ask('GET', `/imports/${String(id)}`);
    assert.ok(Number(left['added']) < 29_970, JSON.stringify(left));
    await ask('POST', `/imports/${String(id)}/resume`);
    const done = await poll('the end', 60_000, async () => {
      const run = await ask('GET', `/imports/${String(id)}`);
      return run['state'] === 'done' ? run : undefined;
    });
    assert.deepEqual([done['added'], done['skipped'], done['rejected']], [29_970, 0, 30]);
    await server.kill();
    await importFile(path);
    const people = (of: string): unknown[] => {
      const database = Database.openReader(of, storeSchema);
      const rows = database.all('SELECT display_name, email FROM contact ORDER BY created_at DESC, seq DESC');
      database.close();
      return rows;
    };
    assert.deepEqual(people(broken), people(store.directory));
  });
});
