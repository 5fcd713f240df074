import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { CodeServer } from '../harness/codeServer.ts';
import { poll } from '../harness/processes.ts';
import { Workbench } from '../browser/workbench.ts';

/** As wide as the place beside the steps. */
const size = { width: 720, height: 460 };

/** The pictures of the walkthrough's steps, in one theme. */
export async function picturesOfWalkthrough(
  browser: Browser,
  server: CodeServer,
  target: string,
  name: string,
): Promise<void> {
  const workbench = await Workbench.open(browser, server.url, size);
  const { page } = workbench;
  const take = (step: string): Promise<Buffer> => page.screenshot({ path: join(target, `${step}-${name}.png`) });
  await workbench.rows('Contacts').first().waitFor();
  const faces = workbench.view('Contacts').locator('[style*="data:image/png"]');
  await poll('the pictures in the tree', 20_000, async () => (await faces.count()) > 3);
  await workbench.runCommand('View: Close All Editors');
  await take('connect');
  await workbench.searchFor('nguyen');
  await workbench.pick('Nguyễn').first().waitFor();
  await take('find');
  await page.keyboard.press('Escape');
  await workbench.runCommand('Contacts: Open an Example Log');
  await page.locator('.editor-instance .detected-link').first().waitFor();
  await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
  await workbench.runCommand('Show or Focus Hover');
  await page.locator('.monaco-hover:visible').getByText('Open').first().waitFor();
  await take('hover');
  await page.keyboard.press('Escape');
  await workbench.runCommand('View: Revert and Close Editor');
  await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
  await openFirstUnread(workbench, page);
  const frame = page.frameLocator('iframe.webview.ready').last().frameLocator('iframe');
  await frame.locator('.messages, [role=tabpanel]').first().waitFor();
  await take('notification');
  await workbench.runCommand('Contacts: Undo Read or Dismiss');
  await workbench.runCommand('View: Close All Editors');
  await workbench.runCommand('Notifications: Clear All Notifications');
  await workbench.runCommand('Contacts: Export Contacts as CSV…');
  await workbench.pick('For People').click();
  await workbench.quickInput.getByPlaceholder('Which columns?').waitFor();
  await take('export');
  await page.keyboard.press('Escape');
  await workbench.close();
}

async function openFirstUnread(workbench: Workbench, page: Page): Promise<void> {
  // Below that of the day before: one that leads to a conversation.
  await workbench.rows('Notifications').nth(3).click();
  await page.locator('.tabs-container .tab').first().waitFor();
  await page.locator('.statusbar-item').getByText('Undo: 1 marked read').waitFor();
}
