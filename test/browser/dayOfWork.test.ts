import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { poll } from '../harness/processes.ts';
import { png } from '../node/support/pictures.ts';
import { openDesk, type Desk } from './support.ts';
import type { Workbench } from './workbench.ts';

describe('a day of work, in VS Code', () => {
  let desk: Desk;
  let workbench: Workbench;
  const name = 'Đỗ Thùy Linh';
  before(async function () {
    desk = await openDesk();
    ({ workbench } = desk);
  });
  after(() => desk.leave());

  it('opens the local workspace with one click in the welcome view', async () => {
    await workbench.showContacts();
    await workbench.view('Contacts').getByRole('button', { name: 'Use Local Workspace' }).click();
    await workbench.rows('Contacts').first().waitFor();
    assert.ok((await workbench.rows('Contacts').count()) > 5);
    await poll('the pictures', 60_000, async () => {
      const icons = workbench.view('Contacts').locator('.custom-view-tree-node-item-icon[style*="data:image/png"]');
      return (await icons.count()) > 3;
    });
  });

  it('shows 100 contacts, and more when asked', async () => {
    const view = workbench.view('Contacts');
    const scrollToEnd = async (): Promise<void> => {
      await view.locator('.monaco-list').first().focus();
      await workbench.page.keyboard.press('End');
    };
    await scrollToEnd();
    const more = workbench.row('Contacts', 'Load More…');
    await more.filter({ hasText: '100 of 250' }).click();
    await poll('the next 100', 60_000, async () => {
      await scrollToEnd();
      return (await more.filter({ hasText: '200 of 250' }).count()) === 1;
    });
    await workbench.page.keyboard.press('Home');
  });

  it('finds a contact by a name without its accents', async () => {
    await workbench.searchFor('do thuy linh');
    const page = await workbench.openFound(name);
    await page.locator('.details').waitFor();
    for (const tab of ['Conversations', 'Comments', 'Files', 'Activity']) {
      await page.getByRole('tab', { name: tab }).click();
      await page.locator('[role=tabpanel] .rows, [role=tabpanel] .state').first().waitFor();
    }
    await page.getByRole('tab', { name: 'Details' }).click();
  });

  it('changes the phone, and it is the same in tree and panel, also after a reload', async () => {
    const phone = '+842855550199';
    const page = await workbench.contactPage(name);
    await page.getByRole('button', { name: 'Edit' }).click();
    const input = page.getByRole('textbox', { name: 'Phone' });
    await input.fill('12 ab');
    await page.getByText('A phone number has').waitFor();
    await input.fill('+84285 555 0199');
    await page.locator('.note', { hasText: phone }).waitFor();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.locator('.detail', { hasText: phone }).waitFor();
    await workbench.row('Contacts', name).filter({ hasText: phone }).waitFor();
    await workbench.reload();
    await workbench.row('Contacts', name).filter({ hasText: phone }).waitFor();
    const again = await workbench.contactPage(name);
    await again.locator('.detail', { hasText: phone }).waitFor();
  });

  it('cuts a picture, uploads it and shows it', async () => {
    const picture = join(desk.workspace, 'portrait.png');
    writeFileSync(picture, png(40, 40));
    const page = await workbench.contactPage(name);
    const before = await page.locator('header .avatar').getAttribute('src');
    await page.getByRole('button', { name: 'Upload Picture' }).click();
    await workbench.answerFileDialog(picture);
    await page.getByRole('dialog').getByRole('button', { name: 'Upload' }).click();
    await page.getByText('The picture is in place.').waitFor();
    const shown = await poll('the new picture in the panel', 60_000, async () => {
      const source = await page.locator('header img.avatar').getAttribute('src');
      return source === before ? undefined : source;
    });
    await poll('the new picture in the tree', 60_000, async () => {
      const style = await workbench
        .row('Contacts', name)
        .locator('.custom-view-tree-node-item-icon')
        .getAttribute('style');
      return style?.includes(shown ?? '');
    });
  });

  it('exports exactly as many rows as there are contacts', async () => {
    const target = join(desk.workspace, 'all.csv');
    await workbench.runCommand('Contacts: Export Contacts as CSV…');
    await workbench.quickInput.getByPlaceholder('For whom is the file?').waitFor();
    await workbench.page.keyboard.press('Enter');
    await workbench.quickInput.getByPlaceholder('Which columns?').waitFor();
    await workbench.page.keyboard.press('Enter');
    await workbench.answerFileDialog(target);
    await workbench.notification.filter({ hasText: 'Contacts exported: 250 rows' }).waitFor();
    const rows = parse(readFileSync(target, 'utf8'), { columns: true }) as Record<string, string>[];
    assert.equal(rows.length, 250);
    assert.ok(rows.some((row) => row['Display name'] === name && 'Position' in row && 'Remark' in row));
    await workbench.notification.getByRole('button', { name: 'Open', exact: true }).click();
    await workbench.page.locator('.tabs-container .tab.active').filter({ hasText: 'all.csv' }).waitFor();
    await workbench.runCommand('View: Close Editor');
  });

  it('reads one notification, dismisses one, dismisses all, with the right count after each', async () => {
    const count = Number(await workbench.statusCount());
    assert.ok(count > 3);
    const unread = (): Promise<string> => workbench.view('Notifications').innerText();
    const before = await unread();
    await workbench.pressOnFirstUnread('Mark as Read');
    // VS Code draws a tree a moment after the status bar.
    await poll('the rows drawn anew', 60_000, async () => (await unread()) !== before);
    await poll('one fewer', 60_000, async () => (await workbench.statusCount()) === String(count - 1));
    await workbench.pressOnFirstUnread('Dismiss');
    await poll('two fewer', 60_000, async () => (await workbench.statusCount()) === String(count - 2));
    await workbench.runCommand('Contacts: Dismiss All Notifications…');
    await workbench.dialog.getByRole('button', { name: 'Cancel' }).click();
    assert.equal(await workbench.statusCount(), String(count - 2));
    await workbench.runCommand('Contacts: Dismiss All Notifications…');
    await workbench.dialog.getByRole('button', { name: 'Dismiss All' }).click();
    await poll('none', 60_000, async () => (await workbench.statusCount()) === '0');
    await workbench.view('Notifications').getByText('Nobody is waiting for you.').waitFor();
  });
});
