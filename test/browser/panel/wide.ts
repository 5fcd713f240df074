import assert from 'node:assert/strict';
import type { Frame, Locator } from 'playwright-core';
import { violations } from '../axe.ts';
import type { ServedDesk } from '../support.ts';
import { twoPeople } from './picturesAndFiles.ts';

const narrow = { width: 1200, height: 800 };
const wide = { width: 1700, height: 900 };

/** A panel that has room for who the contact is beside what happened. */
export const wideWindow = (seat: () => ServedDesk): Mocha.Suite =>
  describe('a panel with room', () => {
    let desk: ServedDesk;
    let panel: Frame;
    let name = '';
    let otherName = '';
    before(async () => {
      desk = seat();
      const { workbench } = desk;
      ({ filed: name, other: otherName } = await twoPeople(desk));
      await workbench.runCommand('View: Close All Editors');
      await workbench.page.setViewportSize(wide);
      panel = await workbench.openContact(name);
      await panel.locator('.columns').waitFor();
    });
    after(() => desk.workbench.page.setViewportSize(narrow));

    const left = async (part: Locator): Promise<number> => (await part.boundingBox())?.x ?? NaN;
    const tab = (label: string): Locator => panel.getByRole('tab', { name: label });

    it('shows who the contact is beside what happened', async () => {
      assert.equal(await tab('Details').count(), 0);
      await tab('Timeline').click();
      const row = panel.locator('.rows .row').first();
      await row.waitFor();
      const details = panel.locator('.details');
      assert.ok((await left(details)) < (await left(row)));
      assert.ok((await left(panel.getByRole('heading', { level: 1 }))) < (await left(tab('Timeline'))));
    });

    it('opens on what was looked at last', async () => {
      const { workbench } = desk;
      await tab('Comments').click();
      const next = await workbench.openContact(otherName);
      await next.getByRole('tab', { name: 'Comments', selected: true }).waitFor();
      await workbench.runCommand('View: Close Editor');
      panel = await workbench.openContact(name);
    });

    it('tells the tab that is shown from the others where the system chooses the colors', async () => {
      const { page } = desk.workbench;
      await page.emulateMedia({ forcedColors: 'active' });
      const lines = await panel.evaluate<string[]>(
        `[...document.querySelectorAll('.tab')].map((tab) => tab.ariaSelected + getComputedStyle(tab).borderBottomColor)`,
      );
      const ofOthers = lines.filter((line) => line.startsWith('false')).map((line) => line.slice('false'.length));
      const [ofShown] = lines.filter((line) => line.startsWith('true')).map((line) => line.slice('true'.length));
      assert.equal(new Set(ofOthers).size, 1);
      assert.ok(ofShown !== undefined && !ofOthers.includes(ofShown), lines.join());
      await page.emulateMedia({ forcedColors: null });
    });

    it('keeps still where VS Code or the system asks for that', async () => {
      const { page } = desk.workbench;
      const movesWith = (bodyClass: string): Promise<string> =>
        panel.evaluate<string>(`(() => {
          const before = document.body.className;
          document.body.className = '${bodyClass}';
          const row = document.body.appendChild(document.createElement('div'));
          row.className = 'skeleton-row';
          const { animationName } = getComputedStyle(row);
          row.remove();
          document.body.className = before;
          return animationName;
        })()`);
      await page.emulateMedia({ reducedMotion: 'no-preference' });
      assert.equal(await movesWith(''), 'breathe');
      assert.equal(await movesWith('vscode-reduce-motion'), 'none');
      await page.emulateMedia({ reducedMotion: 'reduce' });
      assert.equal(await movesWith(''), 'none');
      await page.emulateMedia({ reducedMotion: null });
    });

    it('edits on one side while the other stays, and keeps what was typed when it gets narrow', async () => {
      await tab('Files').click();
      await panel.getByRole('button', { name: 'Edit', exact: true }).click();
      const remark = panel.getByRole('textbox', { name: 'Remark', exact: true });
      await remark.fill('typed while there was room');
      assert.equal(await tab('Files').getAttribute('aria-selected'), 'true');
      assert.deepEqual(await violations(panel), []);
      await desk.workbench.page.setViewportSize(narrow);
      await tab('Details').click();
      await remark.waitFor();
      assert.equal(await remark.inputValue(), 'typed while there was room');
      await panel.getByRole('button', { name: 'Discard', exact: true }).click();
      await panel.locator('.details').waitFor();
      await desk.workbench.page.setViewportSize(wide);
      await tab('Details').waitFor({ state: 'detached' });
    });
  });
