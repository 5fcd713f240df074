import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Frame } from 'playwright-core';
import { png } from '../node/support/pictures.ts';
import { giveFile } from './pageFiles.ts';
import { sitDown, type Desk } from './support.ts';
import { Workbench } from './workbench.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const themes = [
  'Default Light Modern',
  'Default Dark Modern',
  'Default High Contrast',
  'Default High Contrast Light',
] as const;

/** What axe has against the page as it is shown now. */
async function violations(panel: Frame): Promise<string[]> {
  if (!(await panel.evaluate<boolean>("'axe' in window"))) await panel.evaluate(axeSource);
  const result = await panel.evaluate<{
    passes: unknown[];
    violations: { id: string; nodes: { html: string }[] }[];
  }>('axe.run()');
  if (result.passes.length === 0) return ['nothing was looked at'];
  return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

describe('the contact panel, for everybody', () => {
  let desk: Desk;
  before(async function () {
    desk = await sitDown({ opensContacts: true });
    await desk.workbench.rows('Contacts').first().waitFor();
    await desk.workbench.close();
  });
  after(() => desk.leave());

  for (const theme of themes) {
    it(`has no fault that axe finds, in any tab: ${theme}`, async function () {
      await desk.server.configure({ 'workbench.colorTheme': theme });
      const workbench = await Workbench.open(desk.browser, desk.server.url);
      const name = 'Đỗ Thùy Linh';
      await workbench.showContacts();
      const panel = await workbench.openContact(name);
      for (const tab of ['Details', 'Timeline', 'Conversations', 'Comments', 'Files', 'Activity']) {
        await panel.getByRole('tab', { name: tab }).click();
        await panel.locator('[role=tabpanel] .rows, [role=tabpanel] .details').first().waitFor();
        assert.deepEqual(await violations(panel), [], tab);
      }
      await panel.getByRole('button', { name: 'Edit' }).click();
      await panel.getByRole('textbox', { name: 'Phone' }).fill('12 ab');
      await panel.getByText('A phone number has').waitFor();
      assert.deepEqual(await violations(panel), [], 'the form, with a fault');
      await panel.getByRole('button', { name: 'Discard' }).click();
      await panel.locator('.details').waitFor();
      await giveFile(panel, 'paste', png(40, 60), 'face.png');
      await panel.getByRole('dialog').waitFor();
      assert.deepEqual(await violations(panel), [], 'the picture to be cut');
      await panel.getByRole('button', { name: 'Cancel' }).click();
      await workbench.close();
    });
  }
});
