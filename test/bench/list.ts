import { setTimeout } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { poll } from '../harness/processes.ts';
import { openBenchDesk, within, type BenchDesk } from './desk.ts';
import type { SeededServer } from './seededServer.ts';
import { sizeRow, type BenchRow } from './statistics.ts';

const rounds = 3;
const treeRuns = 40;
/** Between two runs, so that VS Code is done with the one before. */
const settleMs = 400;
const giveUpMs = 20_000;
const pageSize = 100;
const scrolledTo = 10_000;
const maxQuickPickMs = 150;
const maxTreeMs = 300;
const maxGrowthBytes = 25_000_000;

export const typedQueries = [
  'nguyen',
  '王',
  'northwind',
  '+84',
  'muller',
  'an',
  'сергей',
  'busy',
  'linh le',
  '鈴木',
  '0933',
  'charlotte',
];

/** The groups that are there before anything is typed. */
const before = ['Last search', 'Contacts', 'Recently opened'];

/** Key press to painted results of the search, the tree's first page, and what scrolling far leaves in the heap. */
export async function benchList(seeded: SeededServer): Promise<BenchRow[]> {
  const desk = await openBenchDesk(seeded);
  try {
    const picks: number[] = [];
    for (let round = 0; round < rounds; round++)
      for (const query of typedQueries) {
        if (process.env['BENCH_VERBOSE']) console.log(query);
        picks.push(await search(desk, query));
      }
    await desk.workbench.page.keyboard.press('Escape');
    const tree: number[] = [];
    for (let run = 0; run < treeRuns; run++) tree.push(await firstPage(desk));
    const command = 'contactLookup.loadMoreContacts';
    const { growth } = await desk.probe<{ growth: number }>({
      kind: 'growth',
      command,
      times: scrolledTo / pageSize - 1,
    });
    const header = desk.workbench.view('Contacts').locator('.monaco-list-row').first();
    await poll(
      'all that was loaded',
      60_000,
      async () => (await header.getAttribute('aria-setsize')) === String(scrolledTo + 1),
    );
    const of = `of ${seeded.contacts.toLocaleString('en')}`;
    return [
      within(`search ${of}: key press to painted results, debounce included`, picks, maxQuickPickMs),
      within(`tree ${of}: command to its first page painted`, tree, maxTreeMs),
      sizeRow(
        `tree ${of}: left in the heap by loading ${scrolledTo.toLocaleString('en')} contacts`,
        growth,
        maxGrowthBytes,
      ),
    ];
  } finally {
    await desk.leave();
  }
}

/** In the window: begins to watch for when the rows of what is typed were painted, after the last letter. */
const watchSearch = (page: Page): Promise<void> =>
  page.evaluate(`void (globalThis.watched = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error('nothing was found')), ${giveUpMs});
    let pressedAt;
    addEventListener('input', () => (pressedAt = performance.now()), true);
    const isFound = () => {
      const group = document.querySelector('.quick-input-list .monaco-list-row[data-index="0"] .quick-input-list-separator');
      return group !== null && group.textContent !== '' && !${JSON.stringify(before)}.includes(group.textContent);
    };
    new MutationObserver((_, observer) => {
      if (pressedAt === undefined || !isFound()) return;
      observer.disconnect();
      requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - pressedAt)));
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
  }))`);

/** What the last watch has seen. */
const watched = (page: Page): Promise<number> => page.evaluate<number>('globalThis.watched');

/** Types a query. @returns how long its results took from the last key press until they were painted. */
export async function search({ workbench }: BenchDesk, query: string): Promise<number> {
  const { page } = workbench;
  if ((await workbench.quickInput.count()) === 0) {
    await workbench.runCommand('Contacts: Search Contacts…');
    await workbench.quickInput.getByPlaceholder('Name, e-mail, phone, company').waitFor();
  }
  await workbench.fillQuickInput('');
  const first = workbench.quickInput.locator('.monaco-list-row[data-index="0"] .quick-input-list-separator');
  await poll('the contacts before a search', 20_000, async () => before.includes((await first.textContent()) ?? ''));
  await setTimeout(settleMs);
  await watchSearch(page);
  // All but the last letter at once, as after a pause of somebody who types: one search, for the whole.
  await page.keyboard.insertText(query.slice(0, -1));
  await page.keyboard.insertText(query.at(-1) ?? '');
  return watched(page);
}

/** In the window: begins to watch for when the rows of the tree are painted anew. */
const watchRows = (page: Page): Promise<void> =>
  page.evaluate(`void (globalThis.watched = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error('no rows were drawn')), ${giveUpMs});
    const tree = document.querySelector('.pane:has(> .pane-header[aria-label^="Contacts"]) .monaco-list-rows');
    new MutationObserver((_, observer) => {
      observer.disconnect();
      requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.timeOrigin + performance.now())));
    }).observe(tree, { childList: true, subtree: true, attributes: true });
  }))`);

/** Lists all contacts anew. @returns when that was asked for and when the rows were painted, by the clock of the machine. */
export async function listAnew(desk: BenchDesk): Promise<{ startedAt: number; paintedAt: number }> {
  await setTimeout(settleMs);
  await watchRows(desk.workbench.page);
  const { startedAt } = await desk.probe<{ startedAt: number }>({
    kind: 'command',
    command: 'contactLookup.clearQuery',
  });
  return { startedAt, paintedAt: await watched(desk.workbench.page) };
}

/** How long all contacts take from the command that lists them until their first page is painted. */
export async function firstPage(desk: BenchDesk): Promise<number> {
  const { startedAt, paintedAt } = await listAnew(desk);
  return paintedAt - startedAt;
}
