/** The first minute: five steps, each done when it is done, by keyboard alone. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { poll } from '../harness/processes.ts';
import { openDesk, type Desk } from './support.ts';
import type { Workbench } from './workbench.ts';

describe('the walkthrough, by keyboard alone', () => {
  let desk: Desk;
  let workbench: Workbench;
  before(async () => {
    desk = await openDesk();
    ({ workbench } = desk);
    await workbench.runCommand('Welcome: Open Walkthrough...');
    await workbench.pick('Get Started with Contact Lookup').waitFor();
    await workbench.page.keyboard.type('Get Started with Contact Lookup');
    await workbench.page.keyboard.press('Enter');
    await steps().first().waitFor();
  });
  after(() => desk.leave());

  const steps = () => workbench.page.locator('.gettingStartedContainer .getting-started-step');
  const areDone = (count: number): Promise<unknown> =>
    poll(`${count} steps are done`, 60_000, async () => (await steps().locator('.complete').count()) === count);
  /** What a step's button does, by the focus and Enter. */
  const press = async (step: string, button: string): Promise<void> => {
    const { page } = workbench;
    const head = steps().filter({ hasText: step });
    const shown = head.getByRole('button', { name: button });
    await workbench.runCommand('View: Focus Active Editor Group');
    if (!(await shown.isVisible())) {
      await head.focus();
      await page.keyboard.press('Enter');
      await shown.waitFor();
    }
    await shown.focus();
    await page.keyboard.press('Enter');
  };
  const back = async (): Promise<void> => {
    await workbench.runCommand('Welcome: Open Walkthrough...');
    await workbench.pick('Get Started with Contact Lookup').waitFor();
    await workbench.page.keyboard.type('Get Started with Contact Lookup');
    await workbench.page.keyboard.press('Enter');
    await steps().first().waitFor();
  };

  it('has five steps with a picture each, none of which is done', async () => {
    assert.equal(await steps().count(), 5);
    await areDone(0);
    const picture = workbench.page.locator('.gettingStartedContainer .getting-started-media img');
    await poll('a picture that is there', 60_000, async () =>
      picture.first().evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth > 100),
    );
  });

  it('connects', async () => {
    await press('Connect, or try it here', 'Use Local Workspace');
    await workbench.showContacts();
    await workbench.rows('Contacts').first().waitFor();
    await back();
    await areDone(1);
  });

  it('finds somebody', async () => {
    await press('Find somebody', 'Search Contacts');
    await workbench.quickInput.waitFor();
    await workbench.page.keyboard.type('nguyen');
    await workbench.pick('Nguyễn').first().waitFor();
    await workbench.page.keyboard.press('Enter');
    await workbench.page.locator('.tabs-container .tab').filter({ hasText: 'Nguyễn' }).first().waitFor();
    await back();
    await areDone(2);
  });

  it('shows who an address is', async () => {
    await press('See who an address is', 'Open an Example Log');
    await workbench.page.locator('.editor-instance .detected-link').first().waitFor();
    await workbench.runCommand('Show or Focus Hover');
    await workbench.page.locator('.monaco-hover:visible').getByRole('link', { name: 'Copy E-mail' }).waitFor();
    await workbench.page.keyboard.press('Escape');
    await back();
    await areDone(3);
  });

  it('reads a notification', async () => {
    await press('Read a notification', 'Show Notifications');
    await poll('the list has the focus', 60_000, () =>
      workbench.page.evaluate<boolean>(
        `document.activeElement?.closest('.pane')?.querySelector('.pane-header')?.getAttribute('aria-label')?.startsWith('Notifications') === true`,
      ),
    );
    const { keyboard } = workbench.page;
    await keyboard.press('Home');
    await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    await workbench.page.locator('.statusbar-item').getByText('Undo: 1 marked read').waitFor();
    await back();
    await areDone(4);
  });

  it('takes data out, and is done', async () => {
    await press('Take data out', 'Export Contacts as CSV');
    await workbench.pick('For People').waitFor();
    await workbench.page.keyboard.press('Enter');
    await workbench.quickInput.getByPlaceholder('Which columns?').waitFor();
    await workbench.page.keyboard.press('Enter');
    const target = join(desk.workspace, 'all.csv');
    await workbench.typeFileDialog(target);
    await workbench.notification.filter({ hasText: 'Contacts exported: 250 rows' }).waitFor();
    assert.equal(parse(readFileSync(target), { columns: true }).length, 250);
    await back();
    await areDone(5);
  });
});
