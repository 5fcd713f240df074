import assert from 'node:assert/strict';
import { join } from 'node:path';
import { readFileSync, writeFileSync } from 'node:fs';
import * as v from 'valibot';
import {
  contactRecord,
  mergedContactRecord,
  unmergedContacts,
  updatedContactRecord,
} from '../../src/contract/contact.ts';
import {
  activityRecord,
  commentRecord,
  conversationRecord,
  fileRecord,
  messageRecord,
} from '../../src/contract/history.ts';
import {
  backupReport,
  importPreview,
  importProblems,
  importRun,
  importRuns,
  undoReport,
} from '../../src/contract/imports.ts';
import { listOf } from '../../src/contract/list.ts';
import { notificationList } from '../../src/contract/notification.ts';
import { apiPrefix, localPrefix } from '../../src/contract/vocabulary.ts';
import { contactRoutes } from '../../src/server/routes/contacts.ts';
import { conversationRoutes } from '../../src/server/routes/conversations.ts';
import { mediaRoutes } from '../../src/server/routes/media.ts';
import { notificationRoutes } from '../../src/server/routes/notifications.ts';
import { routeOf } from '../../src/server/teamMetrics.ts';
import { projectRoot } from '../harness/paths.ts';
import { poll } from '../harness/processes.ts';
import { itLocally } from './support/engine.ts';
import { jsonInit, testApp, uploadInit, type TestApp } from './support/app.ts';
import { png } from './support/pictures.ts';

describe('what the contact server answers', () => {
  let server: TestApp;
  before(async () => {
    server = await testApp(60);
  });
  after(() => server.dispose());

  /** The answer to a request, which is of the shape and has nothing else in it. */
  async function answered<Schema extends v.GenericSchema>(
    schema: Schema,
    path: string,
    init?: RequestInit,
    prefix: string = apiPrefix,
  ): Promise<v.InferOutput<Schema>> {
    const response = await server.request(`${prefix}${path}`, init);
    const body: unknown = await response.json();
    assert.ok(response.ok, `${path}: ${JSON.stringify(body)}`);
    const read = v.parse(schema, body);
    assert.deepEqual(read, body, path);
    return read;
  }

  it('is of no route that the contract does not name', () => {
    const contract = readFileSync(join(projectRoot, 'docs/contract.md'), 'utf8')
      .replaceAll(/\{\w+\}/g, '{}')
      .replaceAll('contact/', 'contacts/');
    const lines = contract.split('\n');
    const origin = (): string => '';
    const { store } = server;
    const routes = [
      contactRoutes(store, origin, () => undefined),
      mediaRoutes(store, origin),
      conversationRoutes(store, origin),
      notificationRoutes(store),
    ];
    const named = routes.flatMap((each) => each.routes).filter(({ method }) => method !== 'ALL');
    assert.ok(named.length > 15);
    for (const { method, path } of named) {
      const asWritten = path.replaceAll(/:\w+(\{[^}]*\})?/g, '{}').replace('/contact/', '/contacts/');
      const isNamed = lines.some((line) => line.includes(method) && line.split(/[\s`?]+/).includes(asWritten));
      assert.ok(isNamed, `${method} ${path}`);
      const asked = `${apiPrefix}${path.replaceAll(/:\w+(\{[^}]*\})?/g, 'anybody')}`;
      assert.equal(routeOf(asked), asked.replaceAll('anybody', ':id'), 'is measured by its name');
    }
  });

  it('has the shapes of the contract, of contacts and what happened with them', async () => {
    const { data } = await answered(listOf(contactRecord), '/contacts?limit=60');
    assert.equal(data.length, 60);
    await answered(listOf(contactRecord), '/contacts/_search?q=nguyen');
    const made = await answered(
      contactRecord,
      '/contacts',
      jsonInit('POST', { name: 'An', labels: [{ name: 'vip' }] }),
    );
    assert.deepEqual([made.display_name, made.labels, made.updated_at], ['An', ['vip'], null]);
    await answered(updatedContactRecord, `/contacts/${made.id}`, jsonInit('PUT', { phone: null }));
    await answered(commentRecord, `/contacts/${made.id}/comments`, jsonInit('POST', { text: 'said' }));
    const seen = { conversations: 0, comments: 0, files: 0, activities: 0, messages: 0 };
    for (const { id } of [...data, made]) {
      await answered(contactRecord, `/contacts/${id}`);
      const conversations = await answered(
        v.object({ data: v.array(conversationRecord) }),
        `/contacts/${id}/conversations`,
      );
      const comments = await answered(listOf(commentRecord), `/contacts/${id}/comments`);
      const files = await answered(v.array(fileRecord), `/contact/${id}/files`);
      seen.conversations += conversations.data.length;
      seen.comments += comments.data.length;
      seen.files += files.length;
      for (const { _id, public_id } of conversations.data) {
        const { items } = await answered(
          v.object({ items: v.array(activityRecord) }),
          `/conversations_activities/${_id}`,
        );
        seen.activities += items.length;
        const said = await answered(listOf(messageRecord), `/conversation_messages?conversation_id=${_id}&limit=50`);
        const byView = `/conversation_messages?type=team_conversation_id&q=${public_id}&limit=50`;
        assert.deepEqual(await answered(listOf(messageRecord), byView), said);
        seen.messages += said.data.length;
      }
    }
    for (const [what, count] of Object.entries(seen)) assert.ok(count > 5, what);
    await answered(v.object({ url: v.string() }), '/contacts/_fileupload', uploadInit(png()));
    const merging = jsonInit('POST', { contact_id: data[0]?.id, changes: { email: 'an@x.example' } });
    const merged = await answered(mergedContactRecord, `/contacts/${made.id}/_merge`, merging);
    assert.equal(merged.email, 'an@x.example');
    const undoing = jsonInit('POST', { merge_id: merged.merge_id });
    const both = await answered(unmergedContacts, `/contacts/${made.id}/_unmerge`, undoing);
    assert.deepEqual([both.data[1], both.data[0]?.email], [data[0], '']);
  });

  it('has the shapes of the contract, of notifications', async () => {
    const { data } = await answered(notificationList, '/notifications?limit=100');
    assert.equal(data.length, 40);
    const success = v.object({ success: v.literal(true) });
    const [first, second] = data.map(({ id }) => id);
    await answered(success, '/notifications/read', jsonInit('PUT', { notification_id: [first] }));
    await answered(success, '/notifications/unread', jsonInit('PUT', { notification_id: [first] }));
    await answered(success, '/notifications/dismiss', jsonInit('DELETE', { notification_id: second }));
    await answered(success, '/notifications/dismiss/all?type=201', { method: 'DELETE' });
  });

  itLocally('has the shapes of the contract, of files in and out', async () => {
    const path = join(server.directory, 'people.csv');
    writeFileSync(path, 'name,email\nAn,an@x.example\nBad,no mail\n');
    const preview = await answered(importPreview, '/imports/preview', jsonInit('POST', { path }), localPrefix);
    assert.deepEqual(preview.contacts[0], { display_name: 'An', email: 'an@x.example' });
    const { id } = await answered(importRun, '/imports', jsonInit('POST', { path, duplicates: 'skip' }), localPrefix);
    await poll('the end', 60_000, async () => {
      return (await answered(importRun, `/imports/${id}`, undefined, localPrefix)).state === 'done';
    });
    await answered(importRuns, '/imports', undefined, localPrefix);
    const { data } = await answered(importProblems, `/imports/${id}/problems`, undefined, localPrefix);
    assert.deepEqual(
      data.map(({ line }) => line),
      [3],
    );
    const undone = await answered(undoReport, `/imports/${id}/undo`, jsonInit('POST', {}), localPrefix);
    assert.equal(undone.removed, 1);
    const target = join(server.directory, 'a.backup');
    await answered(backupReport, '/backup', jsonInit('POST', { path: target }), localPrefix);
    await answered(backupReport, '/restore', jsonInit('POST', { path: target }), localPrefix);
  });

  it('is a word about what is wrong, where a request is', async () => {
    for (const [method, path, body, message] of [
      ['GET', '/contacts?limit=0', undefined, 'limit must be a whole number from 1 to 500'],
      ['GET', '/contacts?sort=-nonsense', undefined, 'sort names no column of a contact'],
      ['GET', '/conversation_messages', undefined, 'conversation_id must be an id'],
      ['POST', '/contacts/con_a/_merge', {}, 'contact_id must be an id'],
      ['POST', '/contacts/con_a/_merge', { contact_id: 'con_a' }, 'contact_id must be another contact'],
      ['POST', '/contacts', [1], 'must be a JSON object'],
      ['POST', '/contacts', { email: 5 }, 'email must be text'],
      ['POST', '/contacts', { email: 'x'.repeat(20_001) }, 'email is longer than 20000 characters'],
      ['POST', '/contacts', { labels: 'vip' }, 'labels must be a list of text'],
      ['POST', '/contacts', { additional_params: [] }, 'additional_params must be an object'],
      ['PUT', '/notifications/read', {}, 'notification_id must be an id or a list of ids'],
      ['PUT', '/notifications/read', [], 'notification_id must be an id or a list of ids'],
    ] as const) {
      const init = body === undefined ? {} : jsonInit(method, body);
      const response = await server.request(`${apiPrefix}${path}`, init);
      assert.deepEqual(
        [response.status, ((await response.json()) as { message: string }).message],
        [400, message],
        `${path} ${JSON.stringify(body)?.slice(0, 80)}`,
      );
    }
  });
});
