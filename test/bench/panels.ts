import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { poll } from '../harness/processes.ts';
import { openBenchDesk, within, type BenchDesk } from './desk.ts';
import { busyContact, type SeededServer } from './seededServer.ts';
import { sizeRow, type BenchRow } from './statistics.ts';

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
export async function benchPanels(seeded: SeededServer): Promise<BenchRow[]> {
  const desk = await openBenchDesk(seeded);
  const service = seeded.server.service();
  try {
    const header: number[] = [];
    const sections: number[] = [];
    for (let run = 0; run < warmUps + runs; run++) {
      const times = await openPanel(desk, busyContact, 4);
      if (run < warmUps) continue;
      header.push(times.header);
      sections.push(times.all);
    }
    const { items } = await service.list({ limit: 20 + panels });
    const growth = await growthOf(
      desk,
      items.map(({ id }) => id),
    );
    return [
      within('panel: command to header painted', header, maxHeaderMs),
      within('panel: command to all sections painted', sections, maxSectionsMs),
      sizeRow(`panel: left in the heap by ${panels} opened and closed`, growth, maxGrowthBytes),
    ];
  } finally {
    service.dispose();
    await desk.leave();
  }
}

/**
 * Opens a contact's panel.
 * @param tabs how many of its tabs show a count.
 * @returns milliseconds from the command until its header, and until all of it was painted.
 */
export async function openPanel(
  { workbench, folder }: BenchDesk,
  contact: { id: string; name: string },
  tabs: number,
): Promise<{ header: number; all: number }> {
  rmSync(join(folder, 'opened'), { force: true });
  writeFileSync(join(folder, 'open'), contact.id);
  // Looking at a page takes its time from it.
  await setTimeout(settleMs);
  await poll('the panel', 20_000, () => existsSync(join(folder, 'opened')));
  const panel = await workbench.contactPage(contact.name);
  await poll('all sections', 20_000, async () => (await panel.locator('.tab .count').count()) === tabs);
  const startedAt = Number(readFileSync(join(folder, 'opened'), 'utf8'));
  const painted = await panel.evaluate<Record<string, number>>(paintTimes);
  return { header: (painted['header'] ?? NaN) - startedAt, all: Math.max(...Object.values(painted)) - startedAt };
}

/** What opening and closing a panel for each contact leaves in the heap, in bytes. */
async function growthOf(desk: BenchDesk, ids: readonly string[]): Promise<number> {
  return (await desk.probe<{ growth: number }>({ kind: 'panels', ids })).growth;
}
