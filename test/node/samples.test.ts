import assert from 'node:assert/strict';
import { join } from 'node:path';
import { rmSync } from 'node:fs';
import { LocalDataService } from '../../src/api/localDataService.ts';
import type { ContactService } from '../../src/api/contactService.ts';
import { temporaryDirectory } from './support/app.ts';
import { startServer, type ServerProcess } from './support/serverProcess.ts';

describe('the contacts that the local workspace begins with', () => {
  let data: string;
  let server: ServerProcess;
  let service: ContactService;
  let local: LocalDataService;
  before(async () => {
    data = join(temporaryDirectory(), 'data');
    server = await startServer(data, '--seed', '60');
    service = server.service();
    local = new LocalDataService({ origin: server.url, credential: { value: server.token } });
  });
  after(async () => {
    service.dispose();
    local.dispose();
    await server.kill();
    rmSync(join(data, '..'), { recursive: true, force: true });
  });

  it('go when that is wanted, but for those that somebody has changed or written about, and do not come back', async () => {
    const { items } = await service.list({ limit: 100 });
    const [changed, commented] = items.map(({ id }) => id);
    await service.update(changed ?? '', { remark: 'a real one now' });
    await service.addComment(commented ?? '', 'this one too');
    const own = await service.create({ display_name: 'My Own' });
    assert.deepEqual(await local.countSamples(), { untouched: 58, kept: 2 });
    assert.deepEqual(await local.removeSamples(), { untouched: 58, kept: 2 });
    const left = async (): Promise<string[]> => (await service.list({ limit: 100 })).items.map(({ id }) => id).sort();
    assert.deepEqual(await left(), [changed, commented, own.id].sort());
    const kept = new Set([changed, commented]);
    const { items: notifications } = await service.listNotifications({ limit: 100 });
    assert.ok(notifications.every(({ contact }) => contact?.id !== undefined && kept.has(contact.id)));
    assert.deepEqual(
      (await service.search({ q: items[5]?.display_name ?? '' })).items.filter(({ id }) => id === items[5]?.id),
      [],
    );
    assert.deepEqual(await local.removeSamples(), { untouched: 0, kept: 2 });
    await server.kill();
    server = await startServer(data, '--seed', '60');
    service.dispose();
    service = server.service();
    assert.deepEqual(await left(), [changed, commented, own.id].sort());
  });
});
