import { globSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LocalMirror } from '../../src/api/mirror/localMirror.ts';
import { MirroredContactService } from '../../src/api/mirror/mirroredContactService.ts';
import { MirrorService } from '../../src/api/mirror/mirrorService.ts';
import type { MirroredContact } from '../../src/contract/mirror.ts';
import { channelTypes } from '../../src/contract/vocabulary.ts';
import { makePerson } from '../../src/server/seed/people.ts';
import { contactLabels } from '../../src/server/seed/phrases.ts';
import { Random } from '../../src/server/seed/random.ts';
import { contactCount } from '../harness/gateway/gatewayWorld.ts';
import { startGateway } from '../harness/gateway/startGateway.ts';
import { poll } from '../harness/processes.ts';
import { temporaryDirectory } from '../node/support/app.ts';
import { nearTable } from '../node/support/nearTable.ts';
import { startServer, type ServerProcess } from '../node/support/serverProcess.ts';
import { benchMirrorDesk } from './mirrorDesk.ts';
import { timesOf } from './search.ts';
import { manyContacts } from './seededServer.ts';
import { sizeRow, spreadOf, type BenchRow } from './statistics.ts';

const maxAnswerMs = 16;
const maxBytesEach = 1_200;
const maxFillRatio = 1.2;
const { atOnce, perSecond } = { atOnce: 2, perSecond: 4 };
const pageSize = 500;
const nearRuns = 3;
const maxFilterMs = 50;
const filterRuns = 60;
/** As of the samples. */
const labelShare = 0.12;

/** Contacts of a server that are kept on this machine: filled from a gateway as slow as it is, and asked. */
export async function benchMirror(): Promise<BenchRow[]> {
  return [...(await filledRows()), ...(await manyRows())];
}

async function filledRows(): Promise<BenchRow[]> {
  const gateway = await startGateway();
  const data = temporaryDirectory();
  const server = await startServer(data, '--mirror');
  const source = new MirroredContactService({ origin: gateway.url, credential: { value: gateway.key } });
  const started = performance.now();
  const mirror = new LocalMirror({
    source,
    access: server,
    holder: 'bench',
    onState: () => undefined,
    onChange: () => undefined,
    onFault: () => undefined,
  });
  try {
    await poll('the first page', 60_000, async () => (await mirror.list({ limit: 1 })).items.length > 0, 50);
    const first = performance.now() - started;
    await poll('all of them', 600_000, async () => mirror.isWhole, 50);
    const whole = performance.now() - started;
    const pages = (await gateway.log()).requests.filter(({ path }) => path.includes('sort=-created_at'));
    const waits = pages.reduce((sum, { at, answeredAt }) => sum + answeredAt - at, 0);
    const forced = Math.max((pages.length * 1000) / perSecond, waits / atOnce);
    return [
      { name: 'mirror: first page searchable', unit: 'ms', spread: spreadOf([first]) },
      { name: `mirror: ${contactCount.toLocaleString('en')} here`, unit: 'ms', spread: spreadOf([whole]) },
      {
        name: 'mirror: of the time that delays and limits force',
        unit: 'x',
        spread: spreadOf([whole / forced]),
        bound: { text: `at most ${maxFillRatio}`, holds: whole / forced <= maxFillRatio },
      },
      ...(await askedRows(server, data, contactCount)),
    ];
  } finally {
    await mirror.dispose();
    source.dispose();
    await gateway.stop();
    await server.kill();
    rmSync(data, { recursive: true, force: true });
  }
}

/** As many as no stand-in has, put in as pages of a server would be. */
async function manyRows(): Promise<BenchRow[]> {
  const data = temporaryDirectory();
  const server = await startServer(data, '--mirror');
  const mirror = new MirrorService({ origin: server.url, credential: { value: server.token } });
  const random = new Random(1);
  const now = Date.now();
  const started = performance.now();
  for (let filled = 0; filled < manyContacts; filled += pageSize) {
    const contacts = Array.from({ length: pageSize }, (_, index): MirroredContact => ({
      ...makePerson(random, filled + index),
      channel_type: random.pick(channelTypes),
      labels: contactLabels.filter(() => random.chance(labelShare)),
      id: `con_${random.uuid()}`,
      created_at: new Date(now - (filled + index) * 60_000).toISOString(),
    }));
    await mirror.apply({ contacts, isOlder: true, progress: { filled: filled + pageSize } });
  }
  await mirror.apply({ progress: { isWhole: true } });
  const taken = performance.now() - started;
  mirror.dispose();
  const rows = [await filterRow(server), ...(await askedRows(server, data, manyContacts))];
  await server.kill();
  rows.push(...(await benchMirrorDesk(data, manyContacts)));
  rmSync(data, { recursive: true, force: true });
  const name = `mirror: ${manyContacts.toLocaleString('en')} taken in, a page of ${pageSize} at a time`;
  return [{ name, unit: 'ms', spread: spreadOf([taken]) }, ...rows];
}

/** Pages of a hundred, each of another place, with how many there are. */
async function filterRow(server: ServerProcess): Promise<BenchRow> {
  const service = server.service();
  const times: number[] = [];
  let matching = 0;
  for (let run = 0; run < filterRuns; run++) {
    const [channel = 'line', label = 'vip'] = [
      channelTypes[run % channelTypes.length],
      contactLabels[run % contactLabels.length],
    ];
    const started = performance.now();
    const page = await service.list({ channels: [channel], labels: [label], limit: 100, skip: run });
    times.push(performance.now() - started);
    if (page.isFiltered !== true || page.totalMatching === undefined)
      throw new Error('It was not filtered, or not counted.');
    matching = page.totalMatching;
  }
  service.dispose();
  const spread = spreadOf(times);
  return {
    name: `mirror of ${manyContacts.toLocaleString('en')}: by channel and label, some ${matching.toLocaleString('en')} counted`,
    unit: 'ms',
    spread,
    bound: { text: `p95 under ${maxFilterMs} ms`, holds: spread.p95 < maxFilterMs },
  };
}

async function askedRows(server: ServerProcess, data: string, count: number): Promise<BenchRow[]> {
  const { worst } = await timesOf(server);
  const spread = spreadOf(worst.times);
  const service = server.service();
  const near: number[] = [];
  for (let run = 0; run < nearRuns; run++) {
    for (const [q] of nearTable) {
      const started = performance.now();
      await service.search({ q, near: true, limit: 50 });
      near.push(performance.now() - started);
    }
  }
  service.dispose();
  const bytes = globSync(join(data, 'contacts.db*')).reduce((sum, file) => sum + statSync(file).size, 0) / count;
  const of = `of ${count.toLocaleString('en')}`;
  return [
    {
      name: `mirror ${of}: the worst search of 40, “${worst.query}”`,
      unit: 'ms',
      spread,
      bound: { text: `p95 under ${maxAnswerMs} ms`, holds: spread.p95 < maxAnswerMs },
    },
    { name: `mirror ${of}: near matches of what is mistyped`, unit: 'ms', spread: spreadOf(near) },
    sizeRow(`mirror ${of}: bytes a contact`, Math.round(bytes), maxBytesEach),
  ];
}
