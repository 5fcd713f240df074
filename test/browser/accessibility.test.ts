import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Frame } from 'playwright-core';
import { poll } from '../harness/processes.ts';
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

/** In the page: what has the focus, and whether that can be seen. */
const focusedElement = `(() => {
  const node = document.activeElement;
  if (node === null || node === document.body) return undefined;
  const { outlineStyle, outlineWidth } = getComputedStyle(node);
  // A region is named by its tab, and not by all that is in it.
  const content = node.getAttribute('role') === 'tabpanel' ? 'tab panel' : node.textContent;
  const text = node.getAttribute('aria-label') ?? node.labels?.[0]?.textContent ?? content ?? '';
  return { text: text.trim(), isVisible: outlineStyle !== 'none' && outlineWidth !== '0px' };
})()`;

describe('the contact panel, for everybody', () => {
  let desk: Desk;
  before(async function () {
    this.timeout(180_000);
    desk = await sitDown({ opensContacts: true });
    await desk.workbench.rows('Contacts').first().waitFor();
    await desk.workbench.close();
  });
  after(() => desk.leave());

  for (const theme of themes) {
    it(`has no fault that axe finds, in any tab: ${theme}`, async function () {
      this.timeout(90_000);
      await desk.server.configure({ 'workbench.colorTheme': theme });
      const workbench = await Workbench.open(desk.browser, desk.server.url);
      const name = 'Đỗ Thùy Linh';
      await workbench.showContacts();
      await workbench.row('Contacts', name).first().click();
      const panel = await workbench.contactPage(name);
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
      await workbench.close();
    });
  }

  it('is worked by the keyboard alone: find, open, change, save, take back, comment', async function () {
    this.timeout(90_000);
    const workbench = await Workbench.open(desk.browser, desk.server.url);
    const { keyboard } = workbench.page;
    const name = 'Phạm Hoàng Long';
    await workbench.runCommand('Contacts: Search Contacts…');
    await workbench.quickInput.getByPlaceholder('Name, e-mail, phone or id').waitFor();
    await keyboard.type('pham hoang long');
    const first = workbench.quickInput.locator('.monaco-list-row').first();
    await poll('the one searched for', 10_000, async () => (await first.innerText()).includes(name));
    await keyboard.press('Enter');
    const panel = await workbench.contactPage(name);
    await panel.locator('.details').waitFor();
    await workbench.runCommand('View: Focus Active Editor Group');

    /** Presses Tab until `label` has the focus, which can be seen each time. */
    const tabTo = async (label: string): Promise<void> => {
      for (let steps = 0; steps < 60; steps++) {
        await keyboard.press('Tab');
        const focused = await panel.evaluate<{ text: string; isVisible: boolean } | undefined>(focusedElement);
        if (focused === undefined) continue;
        assert.ok(focused.isVisible, `the focus on ${focused.text} can be seen`);
        if (focused.text.startsWith(label)) return;
      }
      throw new Error(`${label} is not reached`);
    };

    await tabTo('Edit');
    await keyboard.press('Enter');
    await tabTo('Company');
    await keyboard.press('Control+a');
    await keyboard.type('By keyboard');
    await keyboard.press('Control+s');
    await panel.getByText('Saved.').waitFor();
    assert.equal(await panel.evaluate<string>('document.activeElement.textContent'), 'Edit', 'the focus is not lost');
    await tabTo('Undo');
    await keyboard.press('Enter');
    await panel.getByText('Undone.').waitFor();
    await tabTo('Details');
    for (let steps = 0; steps < 3; steps++) await keyboard.press('ArrowRight');
    await panel.getByRole('tab', { name: 'Comments', selected: true }).waitFor();
    await tabTo('Write a comment');
    await keyboard.type('typed, not clicked');
    await tabTo('Add Comment');
    await keyboard.press('Enter');
    await panel.locator('.row', { hasText: 'typed, not clicked' }).waitFor();
    await workbench.close();
  });
});
