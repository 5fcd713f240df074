import assert from 'node:assert/strict';
import { exportColumns } from '../../src/contract/exportColumns.ts';
import { apiPrefixes, csvColumns } from '../../src/contract/vocabulary.ts';
import { StoreBusyError } from '../../src/server/store/errors.ts';
import { jsonInit, testApp, testHost, uploadInit, type TestApp } from './support/app.ts';
import { claimedSize, gif, jpeg, png, svg, webp } from './support/pictures.ts';

type Json = Record<string, unknown>;

describe('pictures and CSV of the contact server', () => {
  let server: TestApp;
  let contact: Json;
  const prefix = apiPrefixes[0];
  const at = (path: string): string => `${prefix}${path}`;
  const firstContact = async (): Promise<Json> =>
    ((await server.json(at('/contacts?limit=1')))['data'] as Json[])[0] ?? {};

  before(async () => {
    server = await testApp(120);
    contact = await firstContact();
  });
  after(() => server.dispose());

  it('takes pictures by their first bytes, and serves them back inert', async () => {
    for (const [content, type] of [
      [png(), 'image/png'],
      [gif, 'image/gif'],
      [jpeg, 'image/jpeg'],
      [webp, 'image/webp'],
    ] as const) {
      const { url } = await server.json(at('/contacts/_fileupload'), uploadInit(content, 'x.html', 'text/html'));
      const path = new URL(url as string).pathname;
      assert.match(path, /\/media\/[0-9a-f]{64}$/);
      const response = await server.request(path);
      assert.equal(response.headers.get('content-type'), type);
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
      assert.deepEqual(new Uint8Array(await response.arrayBuffer()), new Uint8Array(content));
    }
  });

  it('names no file at such length that its header would be refused on the way', async () => {
    for (const name of [
      `${'x'.repeat(100_000)}.png`,
      `${'名'.repeat(4_000)}.png`,
      `${'\u{1f600}'.repeat(4_000)}.png`,
    ]) {
      const { url } = await server.json(at('/contacts/_fileupload'), uploadInit(png(), name));
      const response = await server.request(new URL(url as string).pathname);
      const named = response.headers.get('content-disposition') ?? '';
      assert.ok(named.length < 2_000, `${named.length} characters`);
      assert.match(decodeURIComponent(named), /^attachment; filename\*=UTF-8''(?:x+|名+|\u{1f600}+)\.png$/u);
    }
  });

  it('refuses every other upload', async () => {
    const status = async (init: RequestInit): Promise<number> =>
      (await server.request(at('/contacts/_fileupload'), init)).status;
    const html = new TextEncoder().encode('<html><script>1</script></html>');
    assert.equal(await status(uploadInit(svg, 'x.png', 'image/png')), 415);
    assert.equal(await status(uploadInit(html, 'x.png', 'image/png')), 415);
    assert.equal(await status(uploadInit(new Uint8Array(), 'x.png', 'image/png')), 415);
    assert.equal(await status(uploadInit(png().slice(0, 12))), 415);
    assert.equal(await status(uploadInit(claimedSize(50_000))), 400);
    assert.equal(await status(uploadInit(new Uint8Array(5 * 1024 * 1024 + 1))), 413);
    assert.equal(await status(uploadInit(new Uint8Array(6 * 1024 * 1024))), 413);
    assert.equal(await status({ method: 'POST', body: 'x', headers: { 'content-type': 'multipart/form-data' } }), 415);
    const cut = { 'content-type': 'multipart/form-data; boundary=x' };
    assert.equal(await status({ method: 'POST', body: '--x\r\nContent-Dis', headers: cut }), 400);
    const two = new FormData();
    two.append('file', new File([new Uint8Array(png())], 'a.png'));
    two.append('file', new File([new Uint8Array(png())], 'b.png'));
    assert.equal(await status({ method: 'POST', body: two }), 400);
  });

  it('attaches an uploaded picture to a contact whatever port it is reached by', async () => {
    const { url } = await server.json(at('/contacts/_fileupload'), uploadInit(png()));
    const earlier = String(url).replace(testHost, '127.0.0.1:999');
    const updated = await server.json(at(`/contacts/${contact['id']}`), jsonInit('PUT', { avatar_url: earlier }));
    assert.equal(updated['avatar_url'], url);
  });

  it('exports every contact once, as CSV that no spreadsheet calculates', async () => {
    await server.request(at('/contacts'), jsonInit('POST', { display_name: '=1+1', remark: '', email: '' }));
    const response = await server.request(at('/contacts/_export_csv?sort=display_name'));
    assert.equal(response.headers.get('content-type'), 'text/csv; charset=utf-8');
    const text = await response.text();
    const { parse } = await import('csv-parse/sync');
    const rows = parse(text, { columns: true }) as Record<string, string>[];
    assert.equal(text.split('\n')[0], csvColumns.join(','));
    assert.equal(rows.length, await server.store.contacts.count());
    assert.equal(new Set(rows.map((row) => row['id'])).size, rows.length);
    assert.ok(rows.some((row) => row['display_name'] === "'=1+1"));
    assert.ok(
      rows.some((row) => /^\+\d+$/.test(row['phone_number'] ?? '')),
      'plain phone numbers stay as they are',
    );
  });

  it('answers an export that cannot begin as any other failure, and tells no reader why one broke off', async () => {
    const { contacts } = server.store;
    const asUsual = contacts.exportCsv.bind(contacts);
    const failing = (error: Error, ...before: string[]): void => {
      contacts.exportCsv = async function* () {
        for (const text of before) yield new TextEncoder().encode(text);
        throw error;
      };
    };
    try {
      // Nobody would end what nobody reads.
      failing(new Error('An export was begun.'));
      const head = await server.request(at('/contacts/_export_csv'), { method: 'HEAD' });
      assert.deepEqual([head.status, head.headers.get('content-type')], [200, 'text/csv; charset=utf-8']);
      failing(new StoreBusyError('All connections are in use.'));
      const busy = await server.request(at('/contacts/_export_csv'));
      assert.deepEqual([busy.status, busy.headers.get('retry-after')], [503, '1']);
      const fault = new Error('a row: ana@secret.example');
      failing(fault, 'id\n', 'con_1\n');
      const broken = await server.request(at('/contacts/_export_csv'));
      assert.equal(broken.status, 200);
      await assert.rejects(broken.text(), (error) => !String((error as Error).stack).includes('secret'));
      assert.ok(server.errors.includes(fault), 'the log of the server is told');
    } finally {
      contacts.exportCsv = asUsual;
    }
  });

  it('exports the columns that are asked for, in any order of the contacts', async () => {
    const { parse } = await import('csv-parse/sync');
    const contacts = (await server.json(at('/contacts?limit=500&sort=-created_at')))['data'] as Json[];
    const fields = exportColumns.filter((column) => column !== 'labels');
    for (const sort of ['-created_at', '-display_name']) {
      const path = at(`/contacts/_export_csv?sort=${sort}&exact=1&columns=${fields.join()}`);
      const rows = parse(await (await server.request(path)).text(), { columns: true }) as Record<string, string>[];
      assert.equal(rows.length, await server.store.contacts.count());
      for (const listed of contacts) {
        const row = rows.find(({ id }) => id === listed['id']);
        assert.deepEqual(row, Object.fromEntries(fields.map((field) => [field, listed[field] ?? ''])));
      }
    }
    for (const columns of ['id,seq', '', 'id,', 'avatar_url', 'id;remark']) {
      assert.equal((await server.request(at(`/contacts/_export_csv?columns=${columns}`))).status, 400, columns);
    }
  });
});
