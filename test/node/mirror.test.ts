/** An account's contacts on this machine, against the stand-in gateway: filled, kept in step, through kills. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { ContactService } from '../../src/api/contactService.ts';
import type { Contact } from '../../src/api/decode/contact.ts';
import type { Page } from '../../src/api/decode/page.ts';
import { Random } from '../../src/server/seed/random.ts';
import type { SyncPace } from '../../src/api/mirror/syncState.ts';
import { MirrorService } from '../../src/api/mirror/mirrorService.ts';
import { defaultBehavior } from '../harness/gateway/gatewayBehavior.ts';
import { startGateway, type Gateway } from '../harness/gateway/startGateway.ts';
import { temporaryDirectory } from './support/app.ts';
import { MirrorWindow, until, WindowFault } from './support/mirrorWindows.ts';
import { startServer } from './support/serverProcess.ts';
import { randomSeed } from './support/randomSeed.ts';

/** With `MIRROR=whole`, the gateway is as it was seen, as slow and as large, and there is as much of everything. */
const isWhole = process.env['MIRROR'] === 'whole';
const contactCount = isWhole ? 65_681 : 5_000;
const kills = isWhole ? 20 : 5;
const changes = isWhole ? 10_000 : 400;
const changeKills = isWhole ? 50 : 6;
const quick: Partial<SyncPace> = { atOnce: 2, perSecond: 500, stepMs: 50, sweepMs: 5, followMs: 20, leaseMs: 400 };
const pageSize = 200;
/** Pages that a window may have asked for, or not taken in, when it was killed. */
const underWay = 5;

describe('the contacts of an account, kept on this machine', () => {
  let gateway: Gateway;
  let service: ContactService;
  let data: string;
  const windows = new Set<MirrorWindow>();
  const open = async (pace: Partial<SyncPace> = quick): Promise<MirrorWindow> => {
    const window = await MirrorWindow.open(data, gateway, pace);
    windows.add(window);
    return window;
  };
  const start = async (count: number, latency = 0): Promise<void> => {
    gateway = await startGateway({ ...defaultBehavior, latency }, undefined, count);
    service = new ContactService({ origin: gateway.url, credential: { value: gateway.key } });
  };
  beforeEach(() => {
    data = temporaryDirectory();
  });
  afterEach(async () => {
    for (const window of windows) await window.kill();
    windows.clear();
    service.dispose();
    await gateway.stop();
    rmSync(data, { recursive: true, force: true });
  });

  const whole = (window: MirrorWindow): Promise<void> =>
    until(async () => (await window.ask('state')).progress.isWhole, 'the mirror is whole');
  const allOf = async (page: (skip: number) => Promise<Page<Contact>>): Promise<Map<string, Contact>> => {
    const all = new Map<string, Contact>();
    for (let skip = 0; ;) {
      const { items, received, hasMore } = await page(skip);
      for (const contact of items) all.set(contact.id, contact);
      skip += received;
      if (!hasMore || received === 0) return all;
    }
  };
  /** After a look at everybody that began from now on, and a step behind it. */
  const afterSweep = async (window: MirrorWindow): Promise<void> => {
    const { sweep } = (await window.ask('state')).progress;
    const wanted = sweep.number + (sweep.isUnderWay ? 2 : 1);
    await until(async () => {
      const { sweep: now } = (await window.ask('state')).progress;
      return now.number > wanted || (now.number === wanted && !now.isUnderWay);
    }, 'a sweep');
    await window.ask('look');
  };
  const assertSame = async (window: MirrorWindow): Promise<void> => {
    const there = await allOf((skip) => service.list({ limit: pageSize, skip }));
    const here = await allOf((skip) => window.ask('list', { skip }));
    assert.deepEqual([...here.keys()].sort(), [...there.keys()].sort());
    for (const [id, contact] of there) assert.deepEqual(here.get(id), JSON.parse(JSON.stringify(contact)), id);
  };

  it('are searchable after the first page and whole without asking twice for any page that was taken in, however often it is killed', async () => {
    await start(contactCount, isWhole ? 1 : 0.05);
    const random = new Random(randomSeed());
    const pace = isWhole ? { leaseMs: 1_000 } : { perSecond: 100, leaseMs: 400 };
    let window = await open(pace);
    await until(async () => (await window.ask('state')).contacts > 0, 'the first page');
    const [first] = (await service.list({ limit: 1 })).items;
    const { url, token } = await window.ask('access');
    const mirror = new ContactService({ origin: url, credential: { value: token } });
    assert.ok((await mirror.search({ q: first?.display_name ?? '', limit: 50 })).items.some(({ id }) => id === first?.id));
    assert.ok((await window.ask('state')).contacts < contactCount);
    mirror.dispose();
    const filledAtKills: number[] = [];
    const stops = Array.from({ length: kills }, () => random.between(pageSize, contactCount - 10 * pageSize));
    for (const stop of stops.sort((one, other) => one - other)) {
      await until(async () => (await window.ask('state')).progress.filled >= stop, `${stop} rows`);
      await window.kill();
      windows.delete(window);
      window = await open(pace);
      filledAtKills.push((await window.ask('state')).progress.filled);
    }
    await whole(window);
    const { requests } = await gateway.log();
    const asked = requests.flatMap(({ path }) => /^\/[^?]+\/contacts\?(?=.*sort=-created_at)(?=.*limit=500)(?:.*&)?skip=(\d+)/.exec(path)?.[1] ?? []);
    const times = Map.groupBy(asked.map(Number), (skip) => skip);
    const skips = Array.from({ length: Math.ceil(contactCount / pageSize) }, (_, page) => page * pageSize);
    assert.deepEqual(skips.filter((skip) => !times.has(skip)), [], 'every page was asked for');
    for (const [skip, { length }] of times) {
      const kill = filledAtKills.filter((filled) => skip >= filled && skip < filled + underWay * pageSize).length;
      assert.ok(length <= 1 + kill, `${length} times from ${skip}, ${kill} kills while it was under way`);
    }
    await assertSame(window);
  }); // prettier-ignore

  it('answer with those who are here so far while the gateway does not', async () => {
    await start(3_000);
    const [first = assert.fail()] = (await service.list({ limit: 1 })).items;
    const window = await open({ perSecond: 4 });
    await until(async () => (await window.ask('state')).contacts > 0, 'the first page');
    await gateway.behave({ isUnreachable: true });
    assert.ok((await window.ask('state')).contacts < 3_000);
    const found = await window.ask('search', { q: first.display_name ?? '' });
    assert.ok(found.items.some(({ id }) => id === first.id));
    assert.ok((await window.ask('list', { skip: 0 })).items.length > 0);
    // With pages on their way, and others waiting for their turn.
    await gateway.behave({ isUnreachable: false, fixedMs: 2_000 });
    windows.delete(window);
    await window.close();
  });

  it('cost little while nothing is new', async () => {
    await start(4_000);
    const [stepMs, sweepMs] = [600, 240];
    const window = await open({ ...quick, stepMs, sweepMs });
    await whole(window);
    const [from, before] = [Date.now(), (await gateway.log()).requests.length];
    await until(async () => (await window.ask('state')).progress.sweep.position >= 2_000, 'half of a sweep');
    const asked = (await gateway.log()).requests.length - before;
    const elapsed = Date.now() - from;
    const allowed = 2 * (elapsed / stepMs + 2) + elapsed / sweepMs + 2;
    assert.ok(asked <= allowed, `${asked} requests in ${elapsed} ms, ${allowed} allowed`);
  });

  it('are asked of the gateway again where what kept them is gone', async () => {
    await start(1_000);
    const window = await open();
    await whole(window);
    await window.ask('loseMirror');
    assert.equal((await window.ask('list', { skip: 0 })).items.length, pageSize);
    assert.ok((await window.ask('get', { id: (await service.list({ limit: 1 })).items[0]?.id ?? '' })).id);
  });

  it('are not taken for whole while some are missing, whoever came while nobody looked', async () => {
    await start(4_000);
    const slow = await open({ ...quick, perSecond: 12 });
    await until(async () => (await slow.ask('state')).progress.filled >= 1_200, 'a part');
    windows.delete(slow);
    await slow.close();
    for (let n = 0; n < 1_100; n++) await service.create({ display_name: `new ${n}` });
    const window = await open();
    await whole(window);
    assert.ok((await window.ask('state')).contacts >= 4_000, String((await window.ask('state')).contacts));
  });

  it('are not taken for whole of a server that gives its first page again and again', async () => {
    await start(1_000);
    await gateway.behave({ ignoresSkip: true });
    const window = await open();
    const pages = async (): Promise<number> =>
      (await gateway.log()).requests.filter(({ path }) => path.includes('limit=500')).length;
    await until(async () => (await pages()) >= 12, 'some tries');
    const { progress, contacts } = await window.ask('state');
    assert.deepEqual([progress.isWhole, contacts], [false, pageSize]);
  });

  it('go on with a gateway that turns requests away and breaks', async () => {
    await start(1_500);
    await gateway.behave({ tooManyPercent: 10, badGatewayPercent: 10, retryAfterSeconds: 1 });
    const window = await open();
    await whole(window);
    await gateway.behave({ tooManyPercent: 0, badGatewayPercent: 0 });
    await assertSame(window);
  });

  it('stay gone where a list that was read before comes after, from whichever window', async () => {
    const server = await startServer(temporaryDirectory(), '--mirror');
    const [one, other] = [0, 1].map(
      () => new MirrorService({ origin: server.url, credential: { value: server.token } }),
    );
    const people = server.service();
    try {
      const contacts = [{ id: 'con_stays' }, { id: 'con_goes' }];
      const here = async (): Promise<number | undefined> => (await people.list({ limit: 9 })).totalMatching;
      await one?.apply({ contacts, isListed: true });
      await one?.apply({ removed: ['con_goes'] });
      await other?.apply({ contacts, isListed: true });
      assert.equal(await here(), 1);
      // Somebody has looked at the contact itself since: it is there again.
      await other?.apply({ contacts: [{ id: 'con_goes' }] });
      await one?.apply({ contacts, isListed: true });
      assert.equal(await here(), 2);
    } finally {
      for (const each of [one, other, people]) each?.dispose();
      await server.kill();
    }
  });

  it('are as at the gateway after a sweep, whatever was created, changed and deleted there and here, with windows and servers killed', async () => {
    await start(isWhole ? 20_000 : 2_000);
    const random = new Random(randomSeed());
    const open2 = [await open(), await open()];
    await whole(open2[0] ?? assert.fail());
    const ids = [...(await allOf((skip) => service.list({ limit: pageSize, skip }))).keys()];
    const gone = new Set<string>();
    /** What was acknowledged as saved in a window, and changed by nobody since. */
    const saved = new Map<string, string>();
    const someone = (): string => {
      for (;;) {
        const id = random.pick(ids);
        if (!gone.has(id)) return id;
      }
    };
    const change = async (step: number): Promise<void> => {
      const place = random.between(0, 1);
      const window = open2[place] ?? assert.fail();
      const id = someone();
      const text = `step ${step}`;
      const what = random.between(0, 9);
      if (what < 3) {
        saved.delete(id);
        await service.update(id, { remark: text });
      } else if (what < 5) ids.push((await service.create({ display_name: text, email: `${step}@x.example` })).id);
      else if (what < 6) {
        saved.delete(id);
        gone.add(id);
        await service.delete(id);
      } else if (what < 7) {
        saved.delete(id);
        gone.add(id);
        await window.ask('delete', { id });
        await assert.rejects(window.ask('get', { id }), WindowFault, 'deleted here');
      } else if (what < 8) {
        const { id: made } = await window.ask('create', { display_name: text });
        ids.push(made);
        assert.equal((await window.ask('get', { id: made })).display_name, text);
      } else {
        saved.delete(id);
        await window.ask('update', { id, changes: { remark: text } });
        saved.set(id, text);
      }
      for (const [each, remark] of [...saved].slice(-3)) {
        assert.equal((await window.ask('get', { id: each })).remark, remark, `saved here: ${each}`);
      }
    };
    const every = Math.floor(changes / changeKills);
    for (let step = 1; step <= changes; step++) {
      if (step % every === 0) {
        const place = (step / every) % 2;
        const victim = open2[place] ?? assert.fail();
        if (random.chance(0.5)) await victim.killServer();
        await victim.kill();
        windows.delete(victim);
        open2[place] = await open();
      }
      await change(step);
    }
    const [window = assert.fail()] = open2;
    await afterSweep(window);
    await assertSame(window);
  }); // prettier-ignore
});
