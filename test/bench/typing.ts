import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { poll } from '../harness/processes.ts';
import { openBenchDesk, type BenchDesk } from './desk.ts';
import type { SeededServer } from './seededServer.ts';
import { spreadOf, type BenchRow } from './statistics.ts';

const keys = 150;
const keyPauseMs = 40;
const settleMs = 1_500;
/** What two runs of the same differ by. */
const maxRatio = 1.15;

/** How long a key press takes to its letter in a log of many people, with their names beside them and without. */
export async function benchTyping(seeded: SeededServer): Promise<BenchRow[]> {
  const desk = await openBenchDesk(seeded);
  const service = seeded.server.service();
  try {
    const { items } = await service.list({ limit: 100 });
    const name = items[2]?.display_name ?? '';
    const lines = items.map(({ id, email }) => `08:00:00Z INFO message of ${email ?? id} for ${id} taken`);
    writeFileSync(join(desk.workspace, 'people.log'), lines.join('\n'));
    const without = await typeInLog(desk, false, name);
    const withNames = await typeInLog(desk, true, name);
    const ratio = spreadOf(withNames).median / spreadOf(without).median;
    return [
      { name: 'typing: key press to letter, no names', unit: 'ms', spread: spreadOf(without) },
      {
        name: 'typing: key press to letter, names beside 80 mentions',
        unit: 'ms',
        spread: spreadOf(withNames),
        bound: { text: `median at most ${maxRatio} x without`, holds: ratio <= maxRatio },
      },
    ];
  } finally {
    service.dispose();
    await desk.leave();
  }
}

async function typeInLog(desk: BenchDesk, hasNames: boolean, name: string): Promise<number[]> {
  await desk.probe({ kind: 'setting', name: 'contactLookup.inlayNames.enabled', value: hasNames });
  const { workbench } = desk;
  const { page } = workbench;
  await workbench.runCommand('View: Close All Editors');
  await page.keyboard.press('Control+p');
  await workbench.fillQuickInput('people.log');
  await workbench.pick('people.log').first().click();
  const editor = page.locator('.editor-instance .monaco-editor').first();
  await editor.locator('.view-line').first().waitFor();
  if (hasNames) {
    await poll('the names', 60_000, async () =>
      (await editor.locator('.view-lines').innerText()).replaceAll('\u00a0', ' ').includes(name),
    );
  }
  await editor.locator('.view-line').nth(3).click();
  await page.keyboard.press('End');
  await setTimeout(settleMs);
  await watchKeys(page);
  for (let key = 0; key < keys; key++) {
    await page.keyboard.press('abcdefghij'[key % 10] ?? 'a');
    await setTimeout(keyPauseMs);
  }
  const times = await page.evaluate<number[]>('globalThis.letterTimes');
  await workbench.runCommand('File: Revert File');
  return times;
}

/** In the window: notes for each key press when the line that it changed was painted. */
const watchKeys = (page: Page): Promise<void> =>
  page.evaluate(`(() => {
    globalThis.letterTimes = [];
    let pressedAt;
    addEventListener('keydown', () => (pressedAt = performance.now()), true);
    new MutationObserver(() => {
      if (pressedAt === undefined) return;
      const startedAt = pressedAt;
      pressedAt = undefined;
      requestAnimationFrame(() => globalThis.letterTimes.push(performance.now() - startedAt));
    }).observe(document.querySelector('.editor-instance .view-lines'), { childList: true, subtree: true, characterData: true });
  })()`);
