import { readdirSync, readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

/** What the processes that draw this machine's only browser hold for themselves, in bytes, once they have tidied up. */
export async function rendererBytes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  // What could be given back is not needed.
  await session.send('Memory.simulatePressureNotification', { level: 'critical' });
  await session.send('HeapProfiler.collectGarbage');
  await session.detach();
  const renderers = readdirSync('/proc').filter((id) => /^\d+$/.test(id) && isRenderer(id));
  return renderers.reduce((sum, id) => sum + privateBytes(id), 0);
}

const isRenderer = (id: string): boolean => readOrEmpty(`/proc/${id}/cmdline`).includes('--type=renderer');

const privateBytes = (id: string): number => {
  const rollup = readOrEmpty(`/proc/${id}/smaps_rollup`);
  return [...rollup.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB$/gm)].reduce(
    (sum, [, kB]) => sum + Number(kB) * 1024,
    0,
  );
};

/** A process may end while it is looked at. */
function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
