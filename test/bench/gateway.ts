import { ContactService } from '../../src/api/contactService.ts';
import { startGateway, type Gateway } from '../harness/gateway/startGateway.ts';
import { poll } from '../harness/processes.ts';
import { sitAt, within, type BenchDesk } from './desk.ts';
import { listAnew } from './list.ts';
import { openPanel } from './panels.ts';
import { spreadOf, type BenchRow } from './statistics.ts';

const treeRuns = 20;
const panelRuns = 20;
const maxAfterAnswerMs = 300;
/** Long enough that what the window does beside it is little. */
const roundTripMs = 400;
const maxRoundTrips = 2;
/** Of a round trip: what the machine needs to answer is no round trip. */
const roundTripShare = 0.2;
const scrolledTo = 2_000;
const pageSize = 100;
const maxAtOnce = 6;

/** What the way to the hosted gateway leaves of the window's speed, measured at a stand-in as slow as it is. */
export async function benchGateway(): Promise<BenchRow[]> {
  const gateway = await startGateway();
  const service = new ContactService({ origin: gateway.url, credential: { value: gateway.key } });
  const { items } = await service.list({ limit: 12 });
  const named = items.find(({ avatar_url: url }) => url !== undefined);
  service.dispose();
  if (named?.display_name === undefined) throw new Error('Nobody of the first has a picture');
  const desk = await sitAt(gateway.url, gateway.key, named.display_name);
  try {
    const tree = await treeRow(desk, gateway);
    const panel = await panelRows(desk, gateway, { id: named.id, name: named.display_name });
    return [tree, ...panel, ...(await pictureRows(desk, gateway))];
  } finally {
    await desk.leave();
    await gateway.stop();
  }
}

async function treeRow(desk: BenchDesk, gateway: Gateway): Promise<BenchRow> {
  const times: number[] = [];
  for (let run = 0; run < treeRuns; run++) {
    const { startedAt, paintedAt } = await listAnew(desk);
    const { requests } = await gateway.log();
    const answer = requests.find(({ path, at }) => path.includes('/contacts?') && at >= startedAt - 1);
    times.push(paintedAt - (answer?.answeredAt ?? NaN));
  }
  return within('gateway: first page of the tree painted after its answer', times, maxAfterAnswerMs);
}

async function panelRows(
  desk: BenchDesk,
  gateway: Gateway,
  contact: { id: string; name: string },
): Promise<BenchRow[]> {
  await gateway.behave({ fixedMs: roundTripMs });
  const header: number[] = [];
  const roundTrips: number[] = [];
  for (let run = 0; run < panelRuns; run++) {
    const before = (await gateway.log()).requests.length;
    header.push((await openPanel(desk, contact, 4)).header);
    const asked = (await gateway.log()).requests.slice(before).filter(({ path }) => !path.includes('/notifications'));
    const first = Math.min(...asked.map(({ at }) => at));
    const last = Math.max(...asked.map(({ answeredAt }) => answeredAt));
    roundTrips.push((last - first) / roundTripMs);
  }
  await gateway.behave({ fixedMs: 0 });
  const spread = spreadOf(roundTrips);
  const holds = spread.p95 < maxRoundTrips + roundTripShare;
  return [
    // It waits for no answer.
    within('gateway: command to header painted, before any answer', header, roundTripMs),
    {
      name: 'gateway: round trips until all tabs are there',
      unit: 'x',
      spread,
      bound: { text: `p95 ${maxRoundTrips}, and ${roundTripShare} for the machine`, holds },
    },
  ];
}

async function pictureRows(desk: BenchDesk, gateway: Gateway): Promise<BenchRow[]> {
  await gateway.behave({ latency: 0.1 });
  const times = scrolledTo / pageSize - 1;
  await desk.probe({ kind: 'growth', command: 'contactLookup.loadMoreContacts', times });
  let seen = -1;
  await poll('no more pictures', 60_000, async () => {
    const { length } = (await gateway.log()).media;
    const isSettled = length === seen;
    seen = length;
    await new Promise((resolve) => setTimeout(resolve, 500));
    return isSettled;
  });
  const { media } = await gateway.log();
  const atOnce = Math.max(...media.map(({ beside }) => beside + 1));
  const count = (name: string, value: number, most: number): BenchRow => ({
    name,
    unit: 'x',
    spread: spreadOf([value]),
    bound: { text: `at most ${most.toLocaleString('en')}`, holds: value <= most },
  });
  return [
    count(`gateway: pictures asked for by ${scrolledTo.toLocaleString('en')} rows`, media.length, scrolledTo),
    count('gateway: pictures under way at once', atOnce, maxAtOnce),
  ];
}
