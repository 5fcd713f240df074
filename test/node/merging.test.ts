import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { isApiError } from '../../src/api/apiError.ts';
import type { ContactService } from '../../src/api/contactService.ts';
import type { Contact } from '../../src/api/decode/contact.ts';
import {
  changeOn,
  isNothing,
  labelsAfter,
  reversed,
  type LabelChange,
} from '../../src/contacts/commands/labelChange.ts';
import { mergeChanges } from '../../src/contacts/merge/mergePlan.ts';
import { apiPrefix } from '../../src/contract/vocabulary.ts';
import { Random } from '../../src/server/seed/random.ts';
import { SqliteStore } from '../../src/server/store/sqlite/sqliteStore.ts';
import { defaultBehavior } from '../harness/gateway/gatewayBehavior.ts';
import { startGateway } from '../harness/gateway/startGateway.ts';
import { ContactService as Service } from '../../src/api/contactService.ts';
import { conversationOf, fileOf } from './store/samples.ts';
import { addContacts, temporaryDirectory } from './support/app.ts';
import { isKind } from './support/isKind.ts';
import { randomSeed } from './support/randomSeed.ts';
import { startServer, type ServerProcess } from './support/serverProcess.ts';

/** Each is some random steps, after which the store is what a model in memory is. */
const sequences = Number(process.env['SEQUENCES'] ?? 40);
const stepsOfSequence = 10;
const killEvery = 50;

/** Whom a contact was made of, and so what is theirs. */
interface Person {
  email: string;
  labels: Set<string>;
  /** Of conversations, comments and files. */
  things: Set<string>;
}

interface Merge {
  kept: string;
  gone: string;
  id: string;
  before: Person;
  after: Person;
  goneAs: Person;
  /** Merges into who went. */
  earlier: Merge[];
}

describe('two contacts that are one person', () => {
  let data: string;
  let servers: ServerProcess[];
  let services: ContactService[];
  beforeEach(async () => {
    data = temporaryDirectory();
    const store = SqliteStore.open(data);
    await addContacts(store, ...Array.from({ length: 12 }, (_, index) => ({ id: `con_${index}`, display_name: `P${index}`, labels: [`l${index}`] })));
    await store.transaction(async ({ history }) => {
      for (let index = 0; index < 12; index++) {
        await history.insertConversation(conversationOf(`con_${index}`, String(index), index));
        await history.insertFile(fileOf(`con_${index}`, String(index), index));
      }
    });
    await store.close();
    servers = [await startServer(data), await startServer(data)];
    services = servers.map((server) => server.service());
  }); // prettier-ignore
  afterEach(async () => {
    for (const service of services) service.dispose();
    for (const server of servers) await server.kill();
    rmSync(data, { recursive: true, force: true });
  });

  const thingsOf = async (service: ContactService, id: string): Promise<string[]> => {
    const [conversations, comments, files] = await Promise.all([
      service.getConversations(id),
      service.getComments(id, { limit: 500 }),
      service.getFiles(id),
    ]);
    return [...conversations.items, ...comments.items, ...files].map((each) => each.id).sort();
  };

  it('become one with the history and labels of both, and two again with all that was theirs', async () => {
    const [service = assert.fail()] = services;
    const comment = await service.addComment('con_1', 'of one');
    const before = [await service.get('con_0'), await service.get('con_1')];
    const merged = (await service.merge('con_0', 'con_1', { email: 'both@x.example' })) ?? assert.fail();
    assert.deepEqual([merged.contact.email, merged.contact.labels], ['both@x.example', ['l0', 'l1']]);
    assert.deepEqual(await thingsOf(service, 'con_0'), [comment.id, 'conv_0', 'conv_1', 'msg_0', 'msg_1'].sort());
    await assert.rejects(service.get('con_1', { isFresh: true }), isKind('notFound'));
    assert.equal((await service.search({ q: 'conv_1' })).items[0]?.id, 'con_0', 'a notification leads to who stayed');
    await service.update('con_0', { remark: 'written since' });
    await service.undoMerge('con_0', merged.mergeId);
    const after = [
      await service.get('con_0', { isFresh: true }),
      await service.get('con_1', { isFresh: true }),
    ];
    const known = ({ email, labels, display_name, created_at }: Contact): unknown => [email, labels, display_name, created_at];
    assert.deepEqual(after.map(known), before.map(known));
    assert.equal(after[0]?.remark, 'written since');
    assert.deepEqual(await thingsOf(service, 'con_0'), ['conv_0', 'msg_0']);
    assert.deepEqual(await thingsOf(service, 'con_1'), [comment.id, 'conv_1', 'msg_1'].sort());
    await assert.rejects(service.undoMerge('con_0', merged.mergeId), isKind('notFound'));
  }); // prettier-ignore

  it('keep a name that was not to change, and where either can be reached', async () => {
    const [service = assert.fail()] = services;
    const kept = await service.update('con_0', { display_name: 'Lotus Support' });
    const gone = await service.update('con_1', { first_name: 'Minh', last_name: 'Tran', phone_number: '+84912000345' });
    assert.equal(gone.contact.display_name, 'Minh Tran');
    const changes = mergeChanges(kept.contact, gone.contact, ['first_name', 'last_name', 'phone_number']);
    const { origin } = service;
    const send = (path: string, method: string, body: unknown): Promise<Response> =>
      fetch(`${origin}${apiPrefix}${path}`, {
        method,
        headers: { 'content-type': 'application/json', 'x-api-key': servers[0]?.token ?? '' },
        body: JSON.stringify(body),
      });
    await send('/contacts/con_0', 'PUT', { line_id: 'kept', additional_params: { a: 1 } });
    await send('/contacts/con_1', 'PUT', { line_id: 'gone', facebook_id: 'fb_1', additional_params: { a: 2, b: 2 }, last_seen: '2026-01-02T00:00:00.000Z' });
    const merged = (await service.merge('con_0', 'con_1', changes)) ?? assert.fail();
    const { contact } = merged;
    assert.deepEqual([contact.display_name, contact.first_name, contact.phone_number], ['Lotus Support', 'Minh', '+84912000345']);
    assert.deepEqual([contact.line_id, contact.facebook_id, contact.additional_params, contact.last_seen], ['kept', 'fb_1', { a: 1, b: 2 }, '2026-01-02T00:00:00.000Z']);
    await service.update('con_0', { display_name: 'Renamed since' });
    await service.undoMerge('con_0', merged.mergeId);
    const after = await service.get('con_0', { isFresh: true });
    assert.deepEqual([after.display_name, after.first_name, after.facebook_id], ['Renamed since', undefined, undefined]);
  }); // prettier-ignore

  it('become two again after they became part of a third, and a wrong undo costs nothing', async () => {
    const [service = assert.fail()] = services;
    const first = (await service.merge('con_1', 'con_2', {})) ?? assert.fail();
    const second = (await service.merge('con_0', 'con_1', {})) ?? assert.fail();
    await assert.rejects(service.undoMerge('con_1', first.mergeId), isKind('notFound'));
    await assert.rejects(service.undoMerge('con_3', second.mergeId), isKind('notFound'));
    await service.undoMerge('con_0', second.mergeId);
    await service.undoMerge('con_1', first.mergeId);
    for (const n of [0, 1, 2]) assert.deepEqual(await thingsOf(service, `con_${n}`), [`conv_${n}`, `msg_${n}`]);
  });

  it('stay as they are on a server that knows no merging', async () => {
    const gateway = await startGateway({ ...defaultBehavior, latency: 0 });
    const service = new Service({ origin: gateway.url, credential: { value: gateway.key } });
    const { items } = await service.list({ limit: 2 });
    assert.equal(await service.merge(items[0]?.id ?? '', items[1]?.id ?? '', { email: 'x@y.example' }), undefined);
    assert.deepEqual((await service.list({ limit: 2 })).items, items);
    service.dispose();
    await gateway.stop();
  });

  it('lose nothing in any order of merging, editing, deleting and undoing, by two windows and with kills', async () => {
    const random = new Random(randomSeed());
    const people = new Map<string, Person>();
    for (let index = 0; index < 12; index++) {
      people.set(`con_${index}`, { email: '', labels: new Set([`l${index}`]), things: new Set([`conv_${index}`, `msg_${index}`]) });
    } // prettier-ignore
    let merges: Merge[] = [];
    const copy = ({ email, labels, things }: Person): Person => ({
      email,
      labels: new Set(labels),
      things: new Set(things),
    });
    const someone = (): string => random.pick([...people.keys()]);
    const isThere = (id: string): Promise<boolean> =>
      (services[0] ?? assert.fail()).get(id, { isFresh: true }).then(
        () => true,
        (error: unknown) => !isApiError(error) || error.kind !== 'notFound',
      );

    const merge = (kept: string, gone: string, id: string, email: string): void => {
      const [one = assert.fail(), other = assert.fail()] = [people.get(kept), people.get(gone)];
      const after = { email, labels: new Set([...one.labels, ...other.labels]), things: new Set([...one.things, ...other.things]) };
      const earlier = merges.filter((each) => each.kept === gone);
      merges = merges.filter((each) => each.kept !== gone);
      merges.push({ kept, gone, id, before: copy(one), after: copy(after), goneAs: copy(other), earlier });
      people.set(kept, after);
      people.delete(gone);
    }; // prettier-ignore
    const undo = ({ kept, gone, before, after, goneAs, earlier }: Merge): void => {
      merges.push(...earlier);
      const now = people.get(kept) ?? assert.fail();
      const back = [...goneAs.things].filter((thing) => now.things.delete(thing));
      people.set(gone, { ...copy(goneAs), things: new Set(back) });
      if (now.email === after.email) now.email = before.email;
      if ([...now.labels].join() === [...after.labels].join()) now.labels = new Set(before.labels);
    };
    /** What was done to several at once, and can be taken back from those who are still there. */
    let bulk: Map<string, LabelChange> = new Map();
    /** As the command on several does it. @returns what was done of it to whom. */
    const relabel = async (
      service: ContactService,
      wanted: ReadonlyMap<string, LabelChange>,
    ): Promise<Map<string, LabelChange>> => {
      const done = new Map<string, LabelChange>();
      for (const [id, change] of wanted) {
        const person = people.get(id);
        if (person === undefined) continue;
        const contact = await service.get(id, { isFresh: true });
        const todo = changeOn(contact, change);
        if (isNothing(todo)) continue;
        await service.update(id, { labels: labelsAfter(contact, todo) });
        for (const label of todo.added) person.labels.add(label);
        for (const label of todo.removed) person.labels.delete(label);
        done.set(id, todo);
      }
      return done;
    };
    const actions: ((service: ContactService) => Promise<void>)[] = [
      async (service) => {
        const change = {
          added: [`n${random.between(0, 9)}`],
          removed: [`n${random.between(0, 9)}`, `l${random.between(0, 11)}`],
        };
        if (change.removed.includes(change.added[0] ?? '')) return;
        bulk = await relabel(service, new Map([someone(), someone(), someone()].map((id) => [id, change])));
      },
      async (service) => {
        await relabel(service, new Map([...bulk].map(([id, change]) => [id, reversed(change)])));
        bulk = new Map();
      },
      async (service) => {
        const [kept, gone, email] = [someone(), someone(), `m${random.between(0, 9)}@x.example`];
        if (kept === gone || people.size < 3) return;
        const merged = (await service.merge(kept, gone, { email })) ?? assert.fail('there is no such route');
        merge(kept, gone, merged.mergeId, email);
      },
      async (service) => {
        const last = merges.at(-1 - random.between(0, 2));
        if (last === undefined) return;
        const isPossible = people.has(last.kept) && !people.has(last.gone);
        const undone = service.undoMerge(last.kept, last.id);
        if (!isPossible) return assert.rejects(undone, isKind('notFound'));
        await undone;
        merges = merges.filter((each) => each !== last);
        undo(last);
      },
      async (service) => {
        const id = someone();
        const { id: comment } = await service.addComment(id, 'said');
        people.get(id)?.things.add(comment);
      },
      async (service) => {
        const id = someone();
        const [comment] = (await service.getComments(id, { limit: 1 })).items;
        if (comment === undefined) return;
        await service.deleteComment(id, comment.id);
        people.get(id)?.things.delete(comment.id);
      },
      async (service) => {
        const [id, email] = [someone(), `e${random.between(0, 9)}@x.example`];
        await service.update(id, { email });
        const person = people.get(id);
        if (person !== undefined) person.email = email;
      },
      async (service) => {
        const [id, label] = [someone(), `n${random.between(0, 9)}`];
        const person = people.get(id) ?? assert.fail();
        person.labels.add(label);
        await service.update(id, { labels: [...person.labels] });
      },
      async (service) => {
        const { id } = await service.create({ display_name: 'New' });
        people.set(id, { email: '', labels: new Set(), things: new Set() });
      },
      async (service) => {
        const id = someone();
        if (people.size < 6) return;
        await service.delete(id);
        people.delete(id);
        merges = merges.filter(({ kept }) => kept !== id);
      },
    ];
    const compare = async (when: string): Promise<void> => {
      const service = random.pick(services);
      const { items } = await service.list({ limit: 500, sort: 'id' });
      assert.deepEqual(items.map(({ id }) => id), [...people.keys()].sort(), when);
      for (const { id, email = '', labels } of items) {
        const person = people.get(id) ?? assert.fail();
        assert.deepEqual([id, email, labels.toSorted()], [id, person.email, [...person.labels].sort()], when);
        assert.deepEqual(await thingsOf(service, id), [...person.things].sort(), `${when}, ${id}`);
      }
    }; // prettier-ignore
    /** Ends a server while it merges: nothing of it is there afterwards, or all. */
    const killWhileMerging = async (step: number): Promise<void> => {
      const victim = step % servers.length;
      const [kept, gone, email] = [someone(), someone(), 'killed@x.example'];
      const asked = kept === gone ? undefined : services[victim]?.merge(kept, gone, { email });
      const answered = asked?.catch(() => undefined);
      await servers[victim]?.kill();
      const merged = await answered;
      services[victim]?.dispose();
      servers[victim] = await startServer(data);
      services[victim] = servers[victim].service();
      if (kept !== gone && !(await isThere(gone))) merge(kept, gone, merged?.mergeId ?? 'mrg_unknown', email);
      if (merged === undefined) merges = merges.filter(({ id }) => id !== 'mrg_unknown');
    };
    for (let sequence = 1; sequence <= sequences; sequence++) {
      for (let step = (sequence - 1) * stepsOfSequence + 1; step <= sequence * stepsOfSequence; step++) {
        if (step % killEvery === 0) await killWhileMerging(step / killEvery);
        else await random.pick(actions)(random.pick(services));
      }
      await compare(`after sequence ${sequence}`);
    }
  });
});
