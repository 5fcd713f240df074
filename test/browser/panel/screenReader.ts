import assert from 'node:assert/strict';
import type { Frame, Locator } from 'playwright-core';
import { poll } from '../../harness/processes.ts';
import { accessibilityFaults, heardIn } from '../accessibleTree.ts';
import type { ServedDesk } from '../support.ts';
import { Transcript } from '../transcript.ts';
import { twoPeople } from './picturesAndFiles.ts';

const usual = { width: 1200, height: 800 };
/** A screen of 1,280 × 1,024 at 400 %. */
const enlarged = { width: 320, height: 256 };

/** In the page: whatever takes the focus and is then out of sight, or under something else. */
const hiddenWithFocus = `(async () => {
  const hidden = [];
  const drawn = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  let count = 0;
  for (const element of document.querySelectorAll('button, input, select, textarea')) {
    element.focus();
    if (document.activeElement !== element) continue;
    count += 1;
    await drawn();
    const { left, right, top, bottom } = element.getBoundingClientRect();
    const [x, y] = [(left + right) / 2, (top + Math.min(bottom, innerHeight)) / 2];
    const seen = document.elementFromPoint(x, y);
    const isSeen = seen !== null && (element.contains(seen) || seen.contains(element));
    const name = element.getAttribute('aria-label') ?? element.textContent;
    if (!isSeen || left < 0 || right > innerWidth) hidden.push(name + ' ' + [left, top, right, bottom].join());
  }
  if (document.documentElement.scrollWidth > innerWidth) hidden.push('the page is wider than its place');
  return { count, hidden };
})()`;

/** Who hears the panel, and who sees a small part of it. */
export const screenReader = (seat: () => ServedDesk): Mocha.Suite =>
  describe('the contact panel, for who hears it or sees little of it', () => {
    let desk: ServedDesk;
    let panel: Frame;
    let name = '';
    let otherName = '';
    before(async () => {
      desk = seat();
      const { workbench } = desk;
      ({ filed: name, other: otherName } = await twoPeople(desk));
      await workbench.runCommand('View: Close All Editors');
      panel = await workbench.openContact(name);
    });

    const tab = (label: string): Locator => panel.getByRole('tab', { name: label });
    const page = (): Locator => panel.locator('body');
    const edit = async (): Promise<void> => {
      await panel.getByRole('button', { name: 'Edit', exact: true }).click();
      await panel.locator('.contact-form').waitFor();
    };
    const discard = async (): Promise<void> => {
      await panel.getByRole('button', { name: 'Discard', exact: true }).click();
      await panel.locator('.details').waitFor();
    };

    it('names each thing that can be done, none as another', async () => {
      for (const label of ['Details', 'Timeline', 'Conversations', 'Comments', 'Files', 'Activity']) {
        await tab(label).click();
        await panel.getByRole('tabpanel', { name: label }).waitFor();
        await panel.locator('.skeleton').waitFor({ state: 'detached' });
        assert.deepEqual(await accessibilityFaults(page()), [], label);
      }
      await tab('Details').click();
      await edit();
      assert.deepEqual(await accessibilityFaults(page()), []);
      await discard();
      const heard = await heardIn(page());
      assert.ok(heard.includes(`heading "${name}" level 1`), heard.join('\n'));
      assert.ok(heard.includes('tab "Details" selected'), heard.join('\n'));
    });

    it('names each row of the list with what it shows', async () => {
      const rows = desk.workbench.rows('Contacts');
      assert.deepEqual(await accessibilityFaults(desk.workbench.view('Contacts')), []);
      const heard = await rows.evaluateAll((all) => all.map((row) => row.getAttribute('aria-label') ?? ''));
      assert.ok(heard.length > 3 && heard.every((label) => /^.+, .+$/.test(label)), heard.join('\n'));
    });

    it('says how much of the timeline a filter leaves', async () => {
      await tab('Timeline').click();
      await panel.locator('.rows .row').first().waitFor();
      const shown = `${await panel.locator('.rows .row').count()} entries are shown.`;
      const transcript = new Transcript();
      await transcript.follow(panel);
      await panel.getByRole('checkbox', { name: 'Files' }).uncheck();
      await transcript.hears('Nothing here with this filter.');
      await panel.getByRole('checkbox', { name: 'Files' }).check();
      await transcript.hears(shown);
      assert.deepEqual(await transcript.take(), ['Nothing here with this filter.', shown]);
    });

    it('says that something takes long, and what is there then', async () => {
      const { workbench } = desk;
      await workbench.runCommand('View: Close All Editors');
      await desk.whileServerIsSilent(async () => {
        panel = await workbench.openContact(otherName);
        await tab('Timeline').click();
        await panel.locator('.only-said').getByText('This is still loading.').waitFor();
      });
      await poll('what is there', 60_000, async () =>
        /(?:are|is) shown\.$|happened yet\.$/.test(await panel.locator('.only-said').innerText()),
      );
    });

    it('is all there at a zoom of 400 %, nothing in the focus under anything', async () => {
      const { workbench } = desk;
      await workbench.runCommand('View: Close All Editors');
      panel = await workbench.openContact(name);
      await workbench.runCommand('View: Close Primary Side Bar');
      await workbench.page.setViewportSize(enlarged);
      try {
        for (const label of ['Details', 'Timeline', 'Comments', 'Files']) {
          await tab(label).click();
          await panel.getByRole('tabpanel', { name: label }).waitFor();
          await isAllSeen(label);
        }
        await tab('Details').click();
        await edit();
        await isAllSeen('the form');
        await panel.getByRole('textbox', { name: 'Position', exact: true }).fill('typed at 400 %');
        await discard();
      } finally {
        await workbench.page.setViewportSize(usual);
        await workbench.runCommand('View: Focus into Primary Side Bar');
      }
    });

    const isAllSeen = async (where: string): Promise<void> => {
      const { count, hidden } = await panel.evaluate<{ count: number; hidden: string[] }>(hiddenWithFocus);
      assert.deepEqual(hidden, [], where);
      assert.ok(count > 10, where);
    };
  });
