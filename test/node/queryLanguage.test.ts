import assert from 'node:assert/strict';
import type { ContactService } from '../../src/api/contactService.ts';
import type { Contact } from '../../src/api/decode/contact.ts';
import { ContactService as Service } from '../../src/api/contactService.ts';
import { allContacts } from '../../src/contacts/query/contactQuery.ts';
import { ContactReader } from '../../src/contacts/query/contactReader.ts';
import { parseQuery, type QueryFault } from '../../src/contacts/query/queryLanguage.ts';
import { timeRange } from '../../src/contacts/query/timeRange.ts';
import { findContacts } from '../../src/lookup/findContacts.ts';
import { seedWorkspace } from '../../src/server/seed/seedWorkspace.ts';
import { SqliteStore } from '../../src/server/store/sqlite/sqliteStore.ts';
import { defaultBehavior } from '../harness/gateway/gatewayBehavior.ts';
import { startGateway, type Gateway } from '../harness/gateway/startGateway.ts';
import { temporaryDirectory } from './support/app.ts';
import { startServer, type ServerProcess } from './support/serverProcess.ts';

const dayMs = 86_400_000;
const now = Date.now();
const time = (text: string | undefined): number => Date.parse(text ?? '');
const has = (text: string | undefined, part: string): boolean => (text ?? '').toLowerCase().includes(part);
const at = (year: number, month: number, day = 1): number => new Date(year, month - 1, day).getTime();
const today = new Date(now);
const midnight = at(today.getFullYear(), today.getMonth() + 1, today.getDate());
const yesterday = at(today.getFullYear(), today.getMonth() + 1, today.getDate() - 1);
const thisYear = today.getFullYear();

type Means = (contact: Contact) => boolean;

/** Queries, each with whom it means, said in another way than the language says it. */
const meanings: readonly (readonly [string, Means])[] = [
  ['label:vip', ({ labels }) => labels.includes('vip')],
  ['label:VIP', ({ labels }) => labels.includes('vip')],
  ['LABEL:vip', ({ labels }) => labels.includes('vip')],
  ['label:"khách quen"', ({ labels }) => labels.includes('khách quen')],
  ['label:"khach quen"', ({ labels }) => labels.includes('khách quen')],
  ['label:重要', ({ labels }) => labels.includes('重要')],
  ['label:vi', () => false],
  ['-label:vip', ({ labels }) => !labels.includes('vip')],
  ['label:vip label:lead', ({ labels }) => labels.includes('vip') && labels.includes('lead')],
  ['label:vip -label:lead', ({ labels }) => labels.includes('vip') && !labels.includes('lead')],
  ['channel:whatsapp', ({ channel_type: channel }) => channel === 'whatsapp'],
  ['channel:WhatsApp', ({ channel_type: channel }) => channel === 'whatsapp'],
  ['-channel:web', ({ channel_type: channel }) => channel !== 'web'],
  ['channel:web label:vip', ({ channel_type: channel, labels }) => channel === 'web' && labels.includes('vip')],
  ['channel:web channel:line', () => false],
  ['has:email', ({ email }) => email !== undefined],
  ['-has:email', ({ email }) => email === undefined],
  ['has:phone', ({ phone_number: phone }) => phone !== undefined],
  ['has:EMAIL -has:phone', ({ email, phone_number: phone }) => email !== undefined && phone === undefined],
  ['has:picture', ({ avatar_url: url }) => url !== undefined],
  ['has:company', ({ company_name: company }) => company !== undefined],
  ['has:position', ({ position }) => position !== undefined],
  ['has:location', ({ location }) => location !== undefined],
  ['has:birthday', ({ birthday }) => birthday !== undefined],
  ['has:remark', ({ remark }) => remark !== undefined],
  ['has:label', ({ labels }) => labels.length > 0],
  ['-has:label has:email', ({ labels, email }) => labels.length === 0 && email !== undefined],
  ['company:lotus', ({ company_name: company }) => has(company, 'lotus')],
  ['company:LOTUS', ({ company_name: company }) => has(company, 'lotus')],
  ['company:"northwind freight"', ({ company_name: company }) => has(company, 'northwind freight')],
  ['-company:lotus has:company', ({ company_name: company }) => company !== undefined && !has(company, 'lotus')],
  ['position:engineer', ({ position }) => has(position, 'engineer')],
  ['location:london', ({ location }) => has(location, 'london')],
  ['email:example', ({ email }) => has(email, 'example')],
  ['email:@xinghe.', ({ email }) => has(email, '@xinghe.')],
  ['phone:84', (c) => `${c.area_code ?? ''}${c.phone_number ?? ''}`.replace(/\D/g, '').includes('84')],
  ['phone:+84', (c) => `${c.area_code ?? ''}${c.phone_number ?? ''}`.replace(/\D/g, '').includes('84')],
  ['remark:"prefers e-mail"', ({ remark }) => has(remark, 'prefers e-mail')],
  ['language:vi', ({ language }) => /^vi(?:-|$)/i.test(language ?? '')],
  ['language:vi has:email', ({ language, email }) => /^vi(?:-|$)/i.test(language ?? '') && email !== undefined],
  ['name:linh', (c) => [c.display_name, c.first_name, c.last_name].some((name) => has(name, 'linh'))],
  ['seen:<7d', ({ last_seen: seen }) => time(seen) >= now - 7 * dayMs],
  ['seen:<1w', ({ last_seen: seen }) => time(seen) >= now - 7 * dayMs],
  ['seen:>30d', ({ last_seen: seen }) => time(seen) < now - 30 * dayMs],
  ['seen:<24h', ({ last_seen: seen }) => time(seen) >= now - dayMs],
  ['seen:>6m', ({ last_seen: seen }) => time(seen) < now - 180 * dayMs],
  ['seen:never', ({ last_seen: seen }) => seen === undefined],
  ['-seen:never', ({ last_seen: seen }) => seen !== undefined],
  ['seen:today', ({ last_seen: seen }) => time(seen) >= midnight],
  ['created:yesterday', ({ created_at: made }) => time(made) < midnight && time(made) >= yesterday],
  [`created:${thisYear}`, ({ created_at: made }) => new Date(time(made)).getFullYear() === thisYear],
  [`created:${thisYear - 1}..`, ({ created_at: made }) => time(made) >= at(thisYear - 1, 1)],
  [`created:..${thisYear - 1}`, ({ created_at: made }) => time(made) < at(thisYear, 1)],
  [`created:${thisYear}-1..${thisYear}-6`, ({ created_at: made }) => time(made) >= at(thisYear, 1) && time(made) < at(thisYear, 7)],
  ['created:2026-10', ({ created_at: made }) => time(made) >= at(2026, 10) && time(made) < at(2026, 11)],
  ['created:2026-10..', ({ created_at: made }) => time(made) >= at(2026, 10)],
  ['created:2026-10-05..2026-11-03', ({ created_at: made }) => time(made) >= at(2026, 10, 5) && time(made) < at(2026, 11, 4)],
  ['changed:never', ({ updated_at: changed }) => changed === undefined],
  ['changed:<1y', ({ updated_at: changed }) => time(changed) >= now - 365 * dayMs],
  ['has:email seen:<6m -label:vip', ({ email, last_seen: seen, labels }) => email !== undefined && time(seen) >= now - 180 * dayMs && !labels.includes('vip')],
  // What is no filter is text, which on both servers nobody has.
  ['colour:blue qqxz', () => false],
  ['label:vip qqxz', () => false],
]; // prettier-ignore

const faultsOf = (query: string): [QueryFault['kind'], string][] =>
  parseQuery(query).faults.map(({ kind, typed }) => [kind, typed]);

describe('the language of queries', () => {
  it('is at least sixty queries here', () => assert.ok(meanings.length >= 60, String(meanings.length)));

  it('takes words, quotes, and what mail programs and people write', () => {
    for (const [query, text] of [
      ['', ''],
      ['  james   fletcher ', 'james fletcher'],
      ['"Fletcher, James"', 'Fletcher James'],
      ['Fletcher, James', 'Fletcher James'],
      ['Fletcher,James', 'Fletcher,James'],
      ['"james fletcher', 'james fletcher'],
      ['James Fletcher <j.fletcher@x.example>', 'j.fletcher@x.example'],
      ['"Fletcher, James" <j.fletcher@x.example>;', 'j.fletcher@x.example'],
      ['<j@x.example>', 'j@x.example'],
      ['label:vip james', 'james'],
      ['james label:vip fletcher', 'james fletcher'],
      ['tel:+84 912 000 345', 'tel:+84 912 000 345'],
      ['https://x.example/a', 'https://x.example/a'],
      ['12:30', '12:30'],
      ['a-b -c', 'a-b -c'],
      ['+84912000345', '+84912000345'],
      ['lable:vip', 'lable:vip'],
    ] as const) {
      assert.equal(parseQuery(query).text, text, query);
    }
    assert.equal(parseQuery('"Fletcher, James" <j@x.example>').fallback, 'Fletcher James');
  });

  it('can do without what an exclusion begins with, while that is typed', () => {
    for (const query of ['wupper -', 'wupper -h', 'wupper -HA', 'wupper  -label']) {
      const { text, fallback } = parseQuery(query);
      assert.deepEqual([text, fallback], [query.replace('  ', ' '), 'wupper'], query);
    }
    for (const query of [
      '-',
      '-h',
      'wupper - metall',
      'wupper -h ',
      'wupper -hx',
      'wupper-h',
      'wupper "-h',
      'wupper',
    ]) {
      assert.equal(parseQuery(query).fallback, undefined, query);
    }
  });

  it('has a word about what is wrong, and leaves it out', () => {
    for (const [query, faults] of [
      ['james fletcher', []],
      ['label:', [['noValue', 'label:']]],
      ['-has:', [['noValue', 'has:']]],
      ['lable:vip', [['unknown', 'lable:']]],
      ['phone:abc', [['noValue', 'phone:']]],
      ['has:wings', [['noKind', 'wings']]],
      ['has:constructor', [['noKind', 'constructor']]],
      ['channel:pigeon', [['noChannel', 'pigeon']]],
      ['seen:soon', [['noTime', 'soon']]],
      ['seen:<7', [['noTime', '<7']]],
      ['created:2026-13', [['noTime', '2026-13']]],
      ['created:2026-02-30', [['noTime', '2026-02-30']]],
      ['created:2026-1-1x', [['noTime', '2026-1-1x']]],
      ['created:..', [['noTime', '..']]],
      ['created:2026..soon', [['noTime', '2026..soon']]],
      ['seen:soon has:wings', [['noTime', 'soon'], ['noKind', 'wings']]],
      ['mailto:a@x.example', []],
      ['http://a.example', []],
    ] as const) {
      assert.deepEqual(faultsOf(query), faults, query);
      const isPlain = !/label:vip|<7d/.test(query);
      if (isPlain) assert.equal(parseQuery(query).hasConditions, false, query);
    } // prettier-ignore
  });

  it('counts days as where the user is, over changes of the clock and of the year', () => {
    const newYear = new Date(2026, 0, 1, 0, 30);
    assert.deepEqual(timeRange('yesterday', newYear), { from: at(2025, 12, 31), until: at(2026, 1, 1) });
    assert.deepEqual(timeRange('2025-12', newYear), { from: at(2025, 12), until: at(2026, 1) });
    assert.deepEqual(timeRange('<2h', newYear), { from: newYear.getTime() - 7_200_000, until: Infinity });
    assert.deepEqual(timeRange('2026-3-29', newYear), { from: at(2026, 3, 29), until: at(2026, 3, 30) });
  });
});

describe('queries with filters', () => {
  let directory: string;
  let server: ServerProcess;
  let gateway: Gateway;
  const services: Record<string, ContactService> = {};
  before(async () => {
    directory = temporaryDirectory();
    const store = SqliteStore.open(directory);
    await seedWorkspace(store, 1_500, today);
    await store.close();
    [server, gateway] = await Promise.all([
      startServer(directory),
      startGateway({ ...defaultBehavior, latency: 0 }, undefined, 3_000),
    ]);
    services['the local workspace'] = server.service();
    services['the gateway'] = new Service({ origin: gateway.url, credential: { value: gateway.key } });
  });
  after(async () => {
    for (const service of Object.values(services)) service.dispose();
    await Promise.all([server.kill(), gateway.stop()]);
  });

  for (const name of ['the local workspace', 'the gateway']) {
    it(`find the same people in ${name} as a plain look at everybody`, async () => {
      const service = services[name] ?? assert.fail();
      const { signal } = new AbortController();
      const looked = 5_000;
      const everybody: Contact[] = [];
      for await (const page of service.listPages({ pageSize: 500 })) {
        everybody.push(...page.items);
        if (everybody.length >= looked) break;
      }
      let foundSomebody = 0;
      for (const [query, means] of meanings) {
        const reader = new ContactReader(service, { ...allContacts, text: query });
        const { contacts, lookedAt } = await reader.read(looked, 500, signal);
        // Our own server leaves out others itself.
        const among = name === 'the gateway' ? everybody.slice(0, lookedAt) : everybody;
        const wanted = among.filter(means);
        const asked = parseQuery(query).text === '' ? wanted : [];
        assert.deepEqual(
          contacts.map(({ id }) => id),
          asked.map(({ id }) => id),
          query,
        );
        if (contacts.length > 0) foundSomebody++;
      }
      assert.ok(foundSomebody >= 30, `${foundSomebody} of them find somebody`);
    });

    it(`find somebody in ${name} while an exclusion is being typed`, async () => {
      const service = services[name] ?? assert.fail();
      const { signal } = new AbortController();
      const [{ display_name: who = '' } = assert.fail()] = (await service.list({ limit: 1 })).items;
      const { contacts, isNear } = await findContacts(service, `${who} -h`, 10, signal);
      assert.deepEqual([contacts[0]?.display_name, isNear], [who, false]);
    });
  }
});
