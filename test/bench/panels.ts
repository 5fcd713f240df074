import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { signInWithKey } from '../browser/support.ts';
import { Workbench } from '../browser/workbench.ts';
import { launchChromium } from '../harness/chromium.ts';
import { startCodeServer } from '../harness/codeServer.ts';
import { poll } from '../harness/processes.ts';
import { benchToken, busyContact, type Million } from './million.ts';
import { sizeRow, spreadOf, type BenchRow } from './statistics.ts';

const settleMs = 700;
const runs = 100;
/** The first load what all others use. */
const warmUps = 3;
const panels = 100;
const maxHeaderMs = 150;
const maxSectionsMs = 600;
const maxGrowthBytes = 10_000_000;

/** In the page of a contact: when what it marks with `elementtiming` was painted first. */
const paintTimes = `new Promise((resolve) => {
  new PerformanceObserver((list) => {
    const times = {};
    for (const { identifier, renderTime } of list.getEntries()) times[identifier] ??= performance.timeOrigin + renderTime;
    resolve(times);
  }).observe({ type: 'element', buffered: true });
})`;

/** From the command to what is painted of the contact's panel, and what panels leave behind. */
export async function benchPanels({ server }: Million): Promise<BenchRow[]> {
  const home = mkdtempSync(join(tmpdir(), 'contact-lookup-bench-'));
  const host = await startCodeServer({
    home,
    workspace: join(home, 'workspace'),
    settings: { 'contactLookup.environment': 'custom', 'contactLookup.serverUrl': server.url },
    helpers: [fileURLToPath(new URL('probe', import.meta.url))],
  });
  const browser = await launchChromium();
  const service = server.service();
  try {
    const workbench = await Workbench.open(browser, host.url);
    await workbench.showContacts();
    await signInWithKey(workbench, server.url, benchToken);
    await workbench.row('Contacts', busyContact.name).first().waitFor({ timeout: 60_000 });
    const folder = join(host.userData, 'User', 'globalStorage', 'contact-lookup.probe');
    const header: number[] = [];
    const sections: number[] = [];
    for (let run = 0; run < warmUps + runs; run++) {
      rmSync(join(folder, 'opened'), { force: true });
      writeFileSync(join(folder, 'open'), busyContact.id);
      // Looking at a page takes its time from it.
      await setTimeout(settleMs);
      await poll('the panel', 20_000, () => existsSync(join(folder, 'opened')));
      const panel = await workbench.contactPage(busyContact.name);
      await poll('all sections', 20_000, async () => (await panel.locator('.tab .count').count()) === 4);
      const startedAt = Number(readFileSync(join(folder, 'opened'), 'utf8'));
      const painted = await panel.evaluate<Record<string, number>>(paintTimes);
      if (run >= warmUps) {
        header.push((painted['header'] ?? NaN) - startedAt);
        sections.push(Math.max(...Object.values(painted)) - startedAt);
      }
    }
    const { items } = await service.list({ limit: 20 + panels });
    const growth = await growthOf(
      workbench,
      folder,
      items.map(({ id }) => id),
    );
    return [
      within('panel: command to header painted', header, maxHeaderMs),
      within('panel: command to all sections painted', sections, maxSectionsMs),
      sizeRow(`panel: left in the heap by ${panels} opened and closed`, growth, maxGrowthBytes),
    ];
  } finally {
    service.dispose();
    await browser.close();
    await host.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

function within(name: string, times: readonly number[], maxMs: number): BenchRow {
  const spread = spreadOf(times);
  return { name, unit: 'ms', spread, bound: { text: `p95 under ${maxMs} ms`, holds: spread.p95 < maxMs } };
}

async function growthOf(workbench: Workbench, folder: string, ids: readonly string[]): Promise<number> {
  writeFileSync(join(folder, 'contacts.json'), JSON.stringify(ids));
  const result = join(folder, 'panels.json');
  await workbench.runCommand('Probe: Open and Close Panels');
  await poll('the panels', 180_000, () => existsSync(result));
  return (JSON.parse(readFileSync(result, 'utf8')) as { growth: number }).growth;
}
