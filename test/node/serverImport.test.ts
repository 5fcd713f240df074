import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { unescapeFormula, escapeFormula } from '../../src/contract/formulaEscaping.ts';
import { importFields } from '../../src/contract/localData.ts';
import { exportColumns } from '../../src/contract/exportColumns.ts';
import { inferMapping } from '../../src/server/imports/columns.ts';
import { importFile, ImportError, type ImportReport } from '../../src/server/imports/importFile.ts';
import type { WorkspaceStore } from '../../src/server/store/workspaceStore.ts';
import { temporaryDirectory, testApp, type TestApp } from './support/app.ts';
import { columnNames } from './support/sentences.ts';
import { startServer } from './support/serverProcess.ts';

const ownHeader =
  'id,display_name,first_name,last_name,email,phone_number,channel_type,company_name,title,location,labels,created_at,updated_at';

describe('importing CSV', () => {
  let directory: string;
  let store: WorkspaceStore;
  let app: TestApp;
  beforeEach(async () => {
    app = await testApp();
    ({ directory, store } = app);
  });
  afterEach(() => app.dispose());

  const importText = (text: string): Promise<ImportReport> => {
    const file = join(directory, 'import.csv');
    writeFileSync(file, text);
    return importFile(store, file);
  };
  const names = async (): Promise<string[]> =>
    (await store.contacts.list({ column: 'created_at', descending: true }, { limit: 100, skip: 0 })).items.map(
      (contact) => contact.display_name,
    );

  it('takes our own export, and the same again changes nothing', async () => {
    const source = await testApp(60);
    const text = await (await source.request('/channel-service/v1/contacts/_export_csv')).text();
    const report = await importText(text);
    assert.deepEqual(report, { added: 60, updated: 0, rejected: [] });
    assert.deepEqual(await importText(text), { added: 0, updated: 60, rejected: [] });
    const byId = { column: 'id', descending: false };
    const { items: wanted } = await source.store.contacts.list(byId, { limit: 100, skip: 0 });
    for (const contact of wanted) {
      const kept = await store.contacts.get(contact.id);
      assert.equal(kept?.display_name, contact.display_name);
      assert.equal(kept?.phone_number, contact.phone_number);
      assert.deepEqual(kept?.labels, contact.labels);
      assert.equal(kept?.created_at, contact.created_at);
    }
    await source.dispose();
  });

  it('knows the columns of our own export by the words that it gives people', () => {
    const words = columnNames();
    const expected = importFields.map((field) => [field, [words[field]]]);
    assert.deepEqual(inferMapping(Object.values(words)), Object.fromEntries(expected));
    assert.deepEqual(Object.keys(words).toSorted(), [...exportColumns, 'avatar_url'].toSorted());
  });

  it('knows a company in British English too', () => {
    assert.deepEqual(inferMapping(['Name', 'Organisation']), {
      display_name: ['Name'],
      company_name: ['Organisation'],
    });
  });

  it('takes the headers of Google Contacts, the new and the old', async () => {
    await importText(
      '\ufeffFirst Name,Middle Name,Last Name,Organization Name,Organization Title,Notes,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value\r\n' +
        'Thị Hương,,Nguyễn,Sao Mai,Lead,"two\nlines",* myContacts ::: vip,Work,huong@a.example ::: h@b.example,Mobile,+84 912 345 678\r\n',
    );
    const [contact] = (await store.contacts.search('huong', undefined, { limit: 5, skip: 0 })).items;
    assert.equal(contact?.display_name, 'Thị Hương Nguyễn');
    assert.equal(contact?.email, 'huong@a.example');
    assert.equal(contact?.phone_number, '+84912345678', 'in the form of all numbers');
    assert.equal(contact?.company_name, 'Sao Mai');
    assert.equal(contact?.remark, 'two\nlines');
    assert.deepEqual(contact?.labels, ['vip']);
    await importText(
      'Name,Given Name,Family Name,Group Membership,E-mail 1 - Type,E-mail 1 - Value,Phone 1 - Type,Phone 1 - Value,Organization 1 - Name\n' +
        '王伟,伟,王,* myContacts,* Home,wei@c.example,Mobile,13812345678,星河\n',
    );
    const [wei] = (await store.contacts.search('王', undefined, { limit: 5, skip: 0 })).items;
    assert.equal(wei?.company_name, '星河');
  });

  it('erases nothing that a row does not speak of', async () => {
    const header = 'First Name,Last Name,Organization Name,Notes,Labels,E-mail 1 - Value,Phone 1 - Value\n';
    await importText(`${header}Ana,Lima,,,,ana@b.example,\n`);
    const [ana] = (await store.contacts.search('ana@b', undefined, { limit: 1, skip: 0 })).items;
    assert.ok(ana);
    const changes = { phone_number: '+1555', company_name: 'Acme', remark: 'r', labels: ['vip'] };
    await store.transaction(({ contacts }) => contacts.update(ana.id, changes));
    assert.equal((await importText(`${header}Ana,Lima,,new,,ana@b.example,\n`)).updated, 1);
    await importText(`id,email,phone_number\n${ana.id},ana@b.example,\n`);
    const kept = await store.contacts.get(ana.id);
    assert.deepEqual(
      [kept?.display_name, kept?.phone_number, kept?.company_name, kept?.remark, kept?.labels],
      ['Ana Lima', '+1555', 'Acme', 'new', ['vip']],
    );
  });

  it('renames nobody by a part of their name, by a nickname, or by what their name is made of', async () => {
    const add = (draft: Record<string, string>): Promise<string> =>
      store.transaction(({ contacts }) => contacts.insert(draft));
    const jo = await add({ display_name: 'Jo Doe', first_name: 'Jo', last_name: 'Doe', email: 'jo@x.example' });
    const wei = await add({ display_name: '王伟 (Acme)', first_name: '伟', last_name: '王', email: 'wei@x.example' });
    const firm = await add({ display_name: 'Ana Lim', email: 'ana@x.example', phone_number: '+84912000345' });
    const report = await importText(
      'First Name,Last Name,Nickname,Company,E-mail Address,Phone\n' +
        'Jo,,Joey,Acme,jo@x.example,\n伟,王,,Acme,wei@x.example,\n,,,Acme,ana@x.example,091 200 0345\n' +
        'Robert,Smith,Bob,,bob@x.example,\n,,Bobby,,bobby@x.example,8.4912E+10\n',
    );
    assert.deepEqual([report.updated, report.added], [3, 2]);
    const stored = async (id: string): Promise<unknown[]> => {
      const { display_name, last_name, company_name, phone_number } = (await store.contacts.get(id)) ?? assert.fail(id);
      return [display_name, last_name, company_name, phone_number];
    };
    assert.deepEqual(await stored(jo), ['Jo Doe', 'Doe', 'Acme', '']);
    assert.deepEqual(await stored(wei), ['王伟 (Acme)', '王', 'Acme', '']);
    assert.deepEqual(await stored(firm), ['Ana Lim', '', 'Acme', '+84912000345']);
    assert.deepEqual((await names()).toSorted(), ['Ana Lim', 'Bobby', 'Jo Doe', 'Robert Smith', '王伟 (Acme)']);
    assert.equal((await importText('First Name,Last Name,Email\nEva,Doe,jo@x.example\n')).updated, 1);
    assert.deepEqual((await stored(jo)).slice(0, 2), ['Eva Doe', 'Doe']);
    const { items } = await store.contacts.search('bobby', undefined, { limit: 1, skip: 0 });
    assert.equal(items[0]?.phone_number, '', 'of a number in powers of ten most digits are lost');
  });

  it('believes the mark of UTF-8, and takes quoted cells behind a space', async () => {
    const file = join(directory, 'import.csv');
    const damaged = Buffer.from([0x41, 0x6e, 0xe1, 0x73]);
    writeFileSync(
      file,
      Buffer.concat([
        Buffer.from('\ufeffName, "Email"\nNguyễn Văn,"van@x.example"\n'),
        damaged,
        Buffer.from(', "b, c@x.example"\n'),
      ]),
    );
    const report = await importFile(store, file);
    assert.deepEqual(await names(), ['Nguyễn Văn']);
    assert.deepEqual(
      report.rejected.map(({ line }) => line),
      [3],
    );
    assert.equal(
      (await store.contacts.search('van@x', undefined, { limit: 1, skip: 0 })).items[0]?.display_name,
      'Nguyễn Văn',
    );
  });

  it('says in which line of the file a row begins, also behind Excel’s line of the separator', async () => {
    const report = await importText('sep=;\nName;Email;Notes\nAna;no mail;"one\ntwo\nthree"\nBo;no mail;\n');
    assert.deepEqual(
      report.rejected.map(({ line }) => line),
      [3, 6],
    );
  });

  it('takes of a vCard what is not empty, every space, and no year that nobody has given', async () => {
    const file = join(directory, 'cards.vcf');
    writeFileSync(
      file,
      [
        'BEGIN:VCARD', 'VERSION:3.0', 'FN:Eve', 'EMAIL;TYPE=INTERNET:', 'EMAIL:eve@x.example', 'TEL:', 'TEL:+84912000345',
        'BDAY;X-APPLE-OMIT-YEAR=1604:1604-04-15', 'NOTE;ENCODING=QUOTED-PRINTABLE:one two=', ' three', 'END:VCARD', '',
      ].join('\r\n'),
    ); // prettier-ignore
    await importFile(store, file);
    const [eve] = (await store.contacts.search('eve@x', undefined, { limit: 1, skip: 0 })).items;
    assert.deepEqual(
      [eve?.display_name, eve?.phone_number, eve?.birthday, eve?.remark],
      ['Eve', '+84912000345', '', 'one two three'],
    );
  });

  it('leaves out a malformed row, says its line, and takes the rest', async () => {
    const report = await importText(
      [
        ownHeader,
        ',Ana,,,ana@a.example,,,,,,,,',
        'too,few,cells',
        ',,,,,,,,,,,,',
        ',Bad Mail,,,not a mail,,,,,,,,',
        ',Bad Channel,,,,,pigeon,,,,,,',
        ',Bad Date,,,,,,,,,,never,',
        ',"Two',
        'Lines",,,,,,,,,,,',
        ',Last,,,,,,,,,,,',
      ].join('\n'),
    );
    assert.equal(report.added, 3);
    assert.deepEqual(
      report.rejected.map(({ line }) => line).sort((a, b) => a - b),
      [3, 4, 5, 6, 7],
    );
    assert.deepEqual(await names(), ['Ana', 'Two\nLines', 'Last'], 'in the order of the file');
  });

  it('says so when the file is no list of contacts, or is not there', async () => {
    await assert.rejects(importText('color,size\nred,1\n'), ImportError);
    await assert.rejects(importText(''), ImportError);
    await assert.rejects(importFile(store, join(directory, 'nothing.csv')), ImportError);
  });

  it('takes 10,000 rows by the command line, and finds them', async () => {
    const rows = Array.from({ length: 10_000 }, (_, n) => `,Person ${n},,,p${n}@x.example,+1555${n},,,,,,,`);
    const file = join(directory, 'many.csv');
    writeFileSync(file, [ownHeader, ...rows].join('\n'));
    const data = temporaryDirectory();
    const server = await startServer(data, '--import', file);
    const service = server.service();
    assert.ok(server.stderr.includes('import: 10000 added, 0 updated, 0 left out'));
    const page = await service.list({ limit: 3 });
    assert.equal(page.totalMatching, 10_000);
    assert.deepEqual(
      page.items.map((contact) => contact.display_name),
      ['Person 0', 'Person 1', 'Person 2'],
    );
    assert.equal((await service.search({ q: 'p9876@x' })).items[0]?.display_name, 'Person 9876');
    service.dispose();
    await server.kill();
    rmSync(data, { recursive: true, force: true });
  });
});

describe('a CSV cell', () => {
  it('is never a formula, and comes back as it was', () => {
    const hostile = [
      '=1+1',
      '+1-555-1234',
      '-1',
      '@SUM(A1)',
      '\t=1',
      '\r=1',
      '\0=1',
      '＝1',
      '＋1',
      '－1',
      '＠x',
      ' =1',
      '"=1',
      "'=1",
    ];
    for (const text of hostile) assert.ok(escapeFormula(text).startsWith("'"), JSON.stringify(text));
    for (const text of ['+84912345678', '+123', 'a=b', 'Ana', '', "O'Connor"]) assert.equal(escapeFormula(text), text);
    const start = fc.constantFrom('=', '+', '-', '@', "'", '"', ' ', '\t', '', '＝', '+1');
    fc.assert(
      fc.property(start, fc.string({ unit: 'grapheme' }), (first, rest) => {
        assert.equal(unescapeFormula(escapeFormula(first + rest)), first + rest);
      }),
      { numRuns: 2000 },
    );
  });
});
