/** Names, addresses and numbers on a screen that others see: dots everywhere, and all there again afterwards. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ContactDraft } from '../../src/server/store/records.ts';
import { poll } from '../harness/processes.ts';
import { shownTexts } from './shownTexts.ts';
import { sitAtServer, type ServedDesk } from './support.ts';
import type { Workbench } from './workbench.ts';

const numbers = [0, 1, 2, 3, 4, 5, 6, 7];
const values = {
  name: numbers.map((each) => `Farnsworthy${each}q`),
  email: numbers.map((each) => `addr${each}zephyr`),
  phone: numbers.map((each) => `91200033${each}`),
  company: numbers.map((each) => `Xylowerke${each}`),
  remark: numbers.map((each) => `quondam${each}note`),
};
const all = Object.values(values).flat();
const people = numbers.map((each): ContactDraft => ({
  id: `con_hidden_${each}`,
  display_name: `Ada ${values.name[each]}`,
  email: `${values.email[each]}@canary.example`,
  phone_number: `+84${values.phone[each]}`,
  company_name: values.company[each] ?? '',
  remark: values.remark[each] ?? '',
  created_at: `2031-01-0${each + 1}T00:00:00.000Z`,
}));

describe('personal data that is hidden', () => {
  let desk: ServedDesk;
  let workbench: Workbench;
  before(async () => {
    desk = await sitAtServer({ seed: 20, added: people });
    ({ workbench } = desk);
    const service = desk.service();
    await service.addComment('con_hidden_7', `asked by ${values.name[6]} of ${values.company[6]}`);
    service.dispose();
  });
  after(() => desk.leave());

  /** Every text of the window, its title, and every page in it. */
  const seen = async (): Promise<string> => {
    const { page } = workbench;
    const texts = await Promise.all(page.frames().map((frame) => shownTexts(frame, 'body').catch(() => [])));
    return [await page.title(), ...texts.flat()].join('\n');
  };
  const shown = async (): Promise<string[]> => {
    const texts = await seen();
    return all.filter((value) => texts.includes(value));
  };
  const isNowhere = (where: string): Promise<unknown> =>
    poll(`nothing of anybody: ${where}`, 60_000, async () => (await shown()).length === 0);
  const toggle = (title: string): Promise<void> => workbench.runCommand(`Contacts: ${title}`);
  const tabs = ['Timeline', 'Conversations', 'Comments', 'Files', 'Activity'];

  it('is dots in the list, the search, a panel, its title, and a hover', async () => {
    const { page, quickInput } = workbench;
    const panel = await workbench.openContact('Ada Farnsworthy7q');
    await poll('the values before', 60_000, async () => (await shown()).length > 12);
    await toggle('Hide Personal Data');
    await workbench.page.locator('.statusbar-item').getByText('Personal Data Is Hidden').waitFor();
    await isNowhere('list and panel');
    await workbench.rows('Contacts').filter({ hasText: '•••' }).first().waitFor();
    for (const tab of tabs) {
      await panel.getByRole('tab', { name: tab }).click();
      await poll('the section', 60_000, async () => (await panel.locator('.skeleton').count()) === 0);
      await isNowhere(tab);
    }
    await panel.getByText('•••').first().waitFor();
    await workbench.searchFor('canary.example');
    await poll('them, as dots', 60_000, async () => (await quickInput.getByText('@••••••.•••••••').count()) > 5);
    await isNowhere('search');
    await page.keyboard.press('Escape');
    writeFileSync(join(desk.workspace, 'app.log'), 'taken by con_hidden_3\n');
    await workbench.openFile('app.log');
    await workbench.hoverOnMention((hover) => hover.getByText('•••'));
    await isNowhere('hover');
  });

  it('stays so in a new window, and is asked for where something is to be changed', async () => {
    await workbench.reload();
    await workbench.showContacts();
    await workbench.rows('Contacts').filter({ hasText: '•••' }).nth(5).waitFor();
    await isNowhere('a new window');
    await workbench.pressOnRow(workbench.rows('Contacts').first(), 'Update Contact…');
    await workbench.notification.getByText('Personal data is hidden.').waitFor();
    await isNowhere('a question');
    await workbench.notification.getByRole('button', { name: 'Show Personal Data' }).click();
    await workbench.pick('Remark').getByText('quondam7note').waitFor();
    await workbench.page.keyboard.press('Escape');
  });

  it('is all there again afterwards', async () => {
    await poll('the list', 60_000, async () => {
      const texts = await seen();
      return [...values.name, ...values.phone].every((value) => texts.includes(value));
    });
    assert.equal(await workbench.page.locator('.statusbar-item').getByText('Personal Data Is Hidden').count(), 0);
    const panel = await workbench.openContact('Ada Farnsworthy7q');
    await panel.getByRole('tab', { name: 'Comments' }).click();
    await panel.getByText('asked by Farnsworthy6q of Xylowerke6').waitFor();
    await panel.getByRole('tab', { name: 'Details' }).click();
    for (const kind of [values.email, values.company, values.remark])
      await panel
        .getByText(kind[7] ?? '')
        .first()
        .waitFor();
  });

  it('is not in the title of a tab that came back and that nobody has looked at', async () => {
    await workbench.openContact('Ada Farnsworthy6q');
    await workbench.reload();
    const open = workbench.page.locator('.tabs-container .tab');
    await open.filter({ hasText: 'Farnsworthy7q' }).waitFor();
    await workbench.contactPage('Ada Farnsworthy6q');
    await toggle('Hide Personal Data');
    await isNowhere('the titles of tabs');
    await open.and(workbench.page.locator('.active')).filter({ hasText: '•••' }).waitFor();
    await toggle('Show Personal Data');
    await open.filter({ hasText: 'Farnsworthy7q' }).waitFor();
    await open.and(workbench.page.locator('.active')).filter({ hasText: 'Farnsworthy6q' }).waitFor();
    await workbench.runCommand('View: Close Editor');
    await workbench.showContacts();
    await workbench.openContact('Ada Farnsworthy7q');
  });

  it('is not in a comment that is being changed, nor offered to be mentioned', async () => {
    const panel = await workbench.contactPage('Ada Farnsworthy7q');
    await panel.getByRole('tab', { name: 'Comments' }).click();
    await panel.getByText('asked by Farnsworthy6q').first().hover();
    await panel.getByRole('button', { name: 'Edit Comment' }).first().click();
    const box = panel.getByRole('textbox', { name: 'Edit Comment' });
    await poll('the comment in the box', 60_000, async () => (await box.inputValue()).includes('Farnsworthy6q'));
    await toggle('Hide Personal Data');
    await box.waitFor({ state: 'detached' });
    await isNowhere('a comment');
    await toggle('Show Personal Data');
    await poll('the comment again', 60_000, async () =>
      (await box.inputValue().catch(() => '')).includes('Farnsworthy6q'),
    );
    await panel.getByRole('button', { name: 'Cancel' }).first().click();
  });

  it('is dots in what was seen before the connection was lost, and there again', async () => {
    const panel = await workbench.contactPage('Ada Farnsworthy7q');
    await desk.stopServer();
    await toggle('Hide Personal Data');
    await panel.getByText('As of').first().waitFor();
    await isNowhere('what was seen before');
    await toggle('Show Personal Data');
    await panel.getByText('asked by Farnsworthy6q of Xylowerke6').waitFor();
    await desk.startServerAgain();
    await toggle('Refresh Contacts');
    await workbench.rows('Contacts').filter({ hasText: 'Farnsworthy7q' }).waitFor();
  });

  it('keeps a form that is open, and what was typed into it', async () => {
    const panel = await workbench.contactPage('Ada Farnsworthy7q');
    await panel.getByRole('button', { name: 'Edit', exact: true }).click();
    await panel.getByRole('textbox', { name: 'Remark', exact: true }).fill('typed before it was hidden');
    await toggle('Hide Personal Data');
    await panel.getByRole('textbox').first().waitFor({ state: 'detached' });
    await isNowhere('a form');
    await toggle('Show Personal Data');
    const field = panel.getByRole('textbox', { name: 'Remark', exact: true });
    await poll(
      'what was typed',
      60_000,
      async () => (await field.inputValue().catch(() => '')) === 'typed before it was hidden',
    );
    await panel.getByRole('button', { name: 'Discard', exact: true }).click();
  });

  it('is not in the box of a search of the list that is asked again', async () => {
    // A panel is drawn anew when personal data is hidden, and takes the focus from a box that was opened meanwhile.
    await workbench.runCommand('View: Close All Editors');
    await workbench.runCommand('Contacts: Search in the List…');
    await workbench.answerPrompt('Search in the List', 'Farnsworthy3q');
    await poll('one in the list', 60_000, async () => (await workbench.rows('Contacts').count()) === 1);
    await toggle('Hide Personal Data');
    await isNowhere('a list that was searched');
    await workbench.runCommand('Contacts: Search in the List…');
    await workbench.quickInput.getByText('Search in the List').waitFor();
    await isNowhere('the box');
    assert.equal(await workbench.inputValue(), '');
    await workbench.page.keyboard.press('Escape');
    await toggle('Show Personal Data');
    await workbench.runCommand('Contacts: Search in the List…');
    await poll('what was searched for', 60_000, async () => (await workbench.inputValue()) === 'Farnsworthy3q');
    await workbench.page.keyboard.press('Escape');
  });
});
