import assert from 'node:assert/strict';
import type { Frame, Locator } from 'playwright-core';
import { mediaReference } from '../../../src/server/mediaReference.ts';
import type { StoredMessage } from '../../../src/server/store/records.ts';
import type { WorkspaceStore } from '../../../src/server/store/workspaceStore.ts';
import { poll } from '../../harness/processes.ts';
import { png } from '../../node/support/pictures.ts';
import { violations } from '../axe.ts';
import type { ServedDesk } from '../support.ts';
import type { Workbench } from '../workbench.ts';

const talkativePerson = 'con_talkative';
export const talkativeName = 'Talkative Person';
const messageCount = 120;
const pictureAt = 118;
/** Said by a contact that was merged into this one. */
const mergedAt = 117;
const picture = { file_name: 'ảnh.png', content: png() };

/** Somebody who has said much in a conversation, a minute after the other, with a picture near the end. */
export async function addTalkativePerson(store: WorkspaceStore): Promise<void> {
  const key = await store.media.keep(picture.content);
  const timeOf = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 22, minute)).toISOString();
  const message = (number: number): StoredMessage => ({
    id: `msg_said_${number}`,
    conversation_id: 'conv_long',
    author:
      number % 2 === 0
        ? { _id: 'u_1', display_name: 'Uyên' }
        : { _id: number === mergedAt ? 'con_merged' : talkativePerson, display_name: '' },
    ...(number === pictureAt
      ? { type: 'image', content: { caption: picture.file_name, url: mediaReference(key), extension: 'png' } }
      : { type: 'text', content: { text: `message ${number} <b>said</b>` } }),
    created_at: timeOf(number),
    updated_at: timeOf(number),
  });
  await store.transaction(async ({ contacts, history, media }) => {
    await contacts.insert({
      id: talkativePerson,
      display_name: talkativeName,
      email: 't@x.example',
      created_at: timeOf(0),
    });
    await media.add({ key, content_type: 'image/png', file_name: picture.file_name, bytes: picture.content.length });
    await history.insertConversation({
      id: 'conv_long',
      public_id: 'tcu_long',
      contact_id: talkativePerson,
      channel_type: 'whatsapp',
      status: 'pending',
      name: talkativeName,
      timestamp: timeOf(messageCount),
      users: [{ id: 'u_1', display_name: 'Uyên', avatar_url: '' }],
      teams: [{ _id: 't_1', name: 'Billing', mode: 'public' }],
      latest_message: { type: 'text', content: { text: 'the last word' }, created_at: timeOf(messageCount) },
    });
    for (let number = 1; number <= messageCount; number++) await history.insertMessage(message(number));
    await history.insertActivity({
      id: 'act_long',
      conversation_id: 'conv_long',
      user: null,
      type: 'summary',
      summary: 'Wants to pay later',
      sentiment: 'neutral',
      importance: 'low',
      created_at: timeOf(1),
      updated_at: timeOf(1),
    });
    await history.insertComment({
      id: 'cmt_long',
      contact_id: talkativePerson,
      text: 'a comment',
      author: null,
      channel_type: '',
      labels: [],
      created_at: timeOf(2),
      updated_at: timeOf(2),
    });
  });
}

export const conversationReader = (seat: () => ServedDesk): Mocha.Suite =>
  describe('a conversation', () => {
    let desk: ServedDesk;
    let workbench: Workbench;
    let panel: Frame;
    before(async () => {
      desk = seat();
      ({ workbench } = desk);
      await workbench.runCommand('View: Close All Editors');
      await workbench.searchFor(talkativeName);
      panel = await workbench.openFound(talkativeName);
      await panel.getByRole('tab', { name: 'Conversations' }).click();
    });

    const row = (): Locator => panel.getByRole('button', { name: 'the last word' });
    const messages = (): Locator => panel.locator('.message');
    const box = (): Locator => panel.getByRole('region', { name: 'Messages' });
    const numbers = async (): Promise<number[]> =>
      (await messages().allTextContents()).map((text) => Number(/message (\d+)/.exec(text)?.[1] ?? pictureAt));
    const upTo = (first: number): number[] =>
      Array.from({ length: messageCount - first + 1 }, (_, index) => first + index);
    const isInSight = (message: Locator): Promise<boolean> =>
      message.evaluate((node) => {
        const { top, bottom } = node.getBoundingClientRect();
        const around = node.closest('.messages')?.getBoundingClientRect();
        return around !== undefined && top >= around.top - 1 && bottom <= around.bottom + 1;
      });
    const focused = (): Promise<string> => panel.evaluate("document.activeElement?.textContent ?? ''");

    it('opens with what was said last, who and when, and what became of it beside', async () => {
      await row().click();
      await messages().first().waitFor();
      assert.deepEqual(await numbers(), upTo(71));
      const last = messages().last();
      assert.ok(await isInSight(last));
      assert.equal(await last.locator('b').innerText(), 'Uyên');
      assert.match((await last.locator('time').getAttribute('title')) ?? '', /January 2, 2026/);
      await last.getByText('message 120 <b>said</b>', { exact: true }).waitFor();
      for (const text of ['WhatsApp', 'Billing · Uyên', 'pending']) await panel.getByText(text, { exact: true }).waitFor();
      const became = panel.getByRole('complementary', { name: 'Activity' });
      await became.getByText('Wants to pay later').waitFor();
      await became.getByText('Sentiment: ').waitFor();
      assert.equal(await panel.locator('.day').count(), 2, 'a day more where the next begins');
      const sides = await messages().evaluateAll((all) => all.map((each) => each.classList.contains('ours')));
      assert.deepEqual(sides, upTo(71).map((number) => number % 2 === 0), 'ours on the other side, and only ours');
      assert.equal(await focused(), 'All Conversations');
      assert.deepEqual(await violations(panel), []);
    }); // prettier-ignore

    it('shows pictures in place and opens them, also after a reload', async () => {
      const sent = messages().filter({ hasText: picture.file_name });
      await sent.locator('img').waitFor();
      await sent.getByRole('button', { name: picture.file_name, exact: true }).click();
      const shown = workbench.page.locator('.tabs-container .tab.active', { hasText: 'ảnh.png' });
      await shown.waitFor();
      await workbench.reload();
      await shown.waitFor();
      await workbench.page
        .getByText(/×|\dx\d/)
        .first()
        .waitFor();
      await workbench.runCommand('View: Close Editor');
      panel = await workbench.contactPage(talkativeName);
      await messages().first().waitFor();
      assert.ok(await isInSight(messages().last()), 'the conversation is open again');
    });

    it('loads earlier messages as one scrolls, and leaves in place what one reads', async () => {
      const reading = messages().filter({ hasText: /message 71\b/ });
      await reading.scrollIntoViewIfNeeded();
      await poll('the messages before', 60_000, async () => (await messages().count()) > 50);
      assert.ok(await isInSight(reading));
      await poll('all of them', 60_000, async () => {
        await box().evaluate((node) => node.scrollTo(0, 0));
        return (await messages().count()) === messageCount;
      });
      assert.deepEqual(await numbers(), upTo(1));
      assert.equal(await panel.getByRole('button', { name: 'Load Earlier Messages' }).count(), 0);
    });

    it('goes back to the list by Escape, to the row that it was opened from, and in from the timeline', async () => {
      await box().press('Escape');
      await row().waitFor();
      assert.equal(await focused(), 'the last word');
      await panel.getByRole('tab', { name: 'Timeline' }).click();
      await row().click();
      await panel.getByRole('tab', { name: 'Conversations', selected: true }).waitFor();
      await messages().first().waitFor();
      await panel.getByRole('button', { name: 'All Conversations' }).click();
      await row().waitFor();
    });

    it('says why it does not come, and comes when it is asked for again', async () => {
      await desk.stopServer();
      await row().click();
      const alert = panel.getByRole('alert').filter({ hasText: 'cannot be reached' });
      await alert.first().waitFor();
      await desk.startServerAgain();
      await panel.getByRole('button', { name: 'Retry' }).first().click();
      await poll('the messages', 60_000, async () => (await messages().count()) > 0);
    });

    it('is gone to from a notification that is about it', async () => {
      await workbench.runCommand('View: Close All Editors');
      await workbench.rows('Notifications').filter({ hasText: 'New conversation' }).first().click();
      panel = await poll('a panel', 60_000, async () => {
        for (const frame of workbench.page.frames()) {
          if ((await frame.locator('.messages .message').count()) > 0) return frame;
        }
        return undefined;
      });
      await panel.getByRole('tab', { name: 'Conversations', selected: true }).waitFor();
    });

    it('opens in the browser where the user has said how', async () => {
      const button = (): Locator =>
        panel.locator('.conversation-head').getByRole('button', { name: 'Open in Browser' });
      assert.equal(await button().count(), 0);
      await desk.configure({
        'contactLookup.browser.contactAddress': 'http://people.example/{contactId}',
        'contactLookup.browser.conversationAddress': 'https://inbox.example/c/{conversationId}?of={contactId}',
      });
      const name = await panel.getByRole('heading', { level: 1 }).innerText();
      await workbench.reload();
      panel = await workbench.contactPage(name);
      const { dialog } = workbench;
      const question = dialog.getByText(/https:\/\/inbox\.example\/c\/conv_[\w-]+\?/);
      // What loads meanwhile moves the button from under the pointer.
      await messages().first().waitFor();
      await poll('the question of VS Code', 60_000, async () => {
        if ((await question.count()) > 0) return true;
        await button()
          .click({ timeout: 2_000 })
          .catch(() => undefined);
        return false;
      });
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      assert.equal(await panel.getByRole('button', { name: 'Open in Browser' }).count(), 1, 'http leads nowhere');
    });
  });
