import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ContactService } from '../../src/api/contactService.ts';
import { PictureStore } from '../../src/contacts/pictureStore.ts';
import { png } from './support/pictures.ts';

const maxKeptBytes = 64 * 1024 * 1024;
const largeBytes = 3_000_000;

describe('the pictures that are kept', () => {
  let server: Server;
  let origin: string;
  let underWay = 0;
  let mostAtOnce = 0;
  const requests: string[] = [];
  let service: ContactService;
  const { signal } = new AbortController();
  before(async () => {
    server = createServer(({ url = '' }, response) => {
      requests.push(url);
      mostAtOnce = Math.max(mostAtOnce, ++underWay);
      response.on('close', () => underWay--);
      // Later, so that those asked for at once are under way at once.
      setImmediate(() => {
        if (url.startsWith('/busy')) response.writeHead(503).end();
        else if (url.startsWith('/gone')) response.writeHead(403).end();
        else if (url.startsWith('/page')) response.end('<html></html>');
        else response.end(url.startsWith('/large') ? Buffer.concat([png(), Buffer.alloc(largeBytes)]) : png());
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    service = new ContactService({
      origin: 'https://gateway.test',
      credential: { value: 'api_x' },
      foreignMedia: () => 'loopbackToo',
    });
  });
  after(() => {
    service.dispose();
    server.closeAllConnections();
    server.close();
  });
  const load = (store: PictureStore, path: string, maxBytes = 5_000_000) =>
    store.load(service, `${origin}${path}`, maxBytes, signal);

  it('take no more than 64 MB, and those that were used last stay', async () => {
    const store = new PictureStore();
    const paths = Array.from({ length: 30 }, (_, index) => `/large${index}`);
    for (const path of paths) {
      await load(store, path);
      store.known(`${origin}/large0`);
    }
    const kept = paths.map((path) => store.known(`${origin}${path}`)?.data?.length ?? 0);
    const total = kept.reduce((sum, length) => sum + length, 0);
    assert.ok(total <= maxKeptBytes && total > maxKeptBytes / 2, String(total));
    assert.ok((kept[0] ?? 0) > 0, 'the one that was used again and again');
    assert.equal(kept[1], 0, 'the oldest of the others');
  });

  it('are loaded six at a time, and each once while it is under way', async () => {
    const store = new PictureStore();
    requests.length = 0;
    mostAtOnce = 0;
    const paths = Array.from({ length: 60 }, (_, index) => `/small${index % 30}`);
    await Promise.all(paths.map((path) => load(store, path)));
    assert.equal(requests.length, 30);
    assert.ok(mostAtOnce <= 6 && mostAtOnce > 1, String(mostAtOnce));
  });

  it('say why there is none, and whether that may pass', async () => {
    const store = new PictureStore();
    assert.deepEqual(await load(store, '/busy'), { reason: 'mediaServer', isTransient: true });
    assert.deepEqual(await load(store, '/gone'), { reason: 'mediaGone', isTransient: false });
    assert.deepEqual(await load(store, '/page'), {});
  });

  it('are not lost to a look for a smaller one', async () => {
    const store = new PictureStore();
    const [large] = await Promise.all([load(store, '/large'), load(store, '/large', 1_000)]);
    assert.ok(large.data !== undefined);
    assert.equal((await load(store, '/large', 1_000)).data, large.data);
    assert.equal(store.known(`${origin}/large`)?.data, large.data);
  });
});
