import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { editableFields } from '../../src/api/contactChanges.ts';
import { richText } from '../../src/contacts/panel/richText.ts';
import { displayLines, displayText } from '../../src/platform/displayText.ts';
import { SqliteStore } from '../../src/server/store/sqlite/sqliteStore.ts';
import { poll } from '../harness/processes.ts';
import { temporaryDirectory } from '../node/support/app.ts';
import { startFaultyServer, type FaultyServer } from '../node/support/faultyServer.ts';
import { hostileTexts } from '../node/support/hostileTexts.ts';
import { startServer, type ServerProcess } from '../node/support/serverProcess.ts';
import { signInWithKey, openDesk, type Desk } from './support.ts';
import type { Workbench } from './workbench.ts';

/** In the page: what comments say, without what the page adds to it. */
const commentTexts = `[...document.querySelectorAll('[role=tabpanel] .rich-text')].map((text) => {
  const copy = text.cloneNode(true);
  for (const added of copy.querySelectorAll('.link-place, .marker, .code-name')) added.remove();
  return copy.textContent;
})`;
const runsOf = (text: string): string =>
  richText(text)
    .flatMap(({ runs }) => runs.map((run) => run.text))
    .join('');

const victim = 'con_victim';
/** Fields of one contact that hold texts; each contact has other ones. */
const fields = editableFields.filter((field) => !['display_name', 'avatar_url', 'channel_type'].includes(field));

/** Slots of a hover: the name, the work, the e-mail, and what was said last. Each of these people has four texts. */
const inHover = 4;
const hovered = (index: number): string => `con_hover_${index}`;

/** Puts every text into every slot: the lists of one contact, the fields and hovers of others, and the notifications. */
async function fill(directory: string, texts: readonly string[]): Promise<void> {
  const store = SqliteStore.open(directory);
  const time = (index: number): string => new Date(Date.UTC(2026, 0, 1) + index * 1000).toISOString();
  await store.transaction(async ({ contacts, history, notifications }) => {
    await contacts.insert({ id: victim, display_name: 'Victim', created_at: time(9_999) });
    for (const [index, text] of texts.entries()) {
      const author = { _id: 'u_1', display_name: text };
      const at = { created_at: time(index), updated_at: time(index) };
      const conversationId = `conv_${index}`;
      await contacts.insert({
        id: `con_${index}`,
        display_name: text,
        labels: [text],
        avatar_url: text,
        created_at: time(index),
        ...Object.fromEntries(
          fields.map((field, offset) => [field, texts[(index * fields.length + offset) % texts.length]]),
        ),
      });
      await history.insertConversation({
        id: conversationId,
        public_id: `tcu_${index}`,
        contact_id: victim,
        channel_type: text,
        status: text,
        name: text,
        timestamp: time(index),
        users: [{ id: 'u_1', display_name: text, avatar_url: text }],
        teams: [{ _id: 't_1', name: text, mode: 'public' }],
        latest_message: { type: 'text', content: { text }, created_at: time(index) },
      });
      await history.insertComment({
        id: `cmt_${index}`,
        contact_id: victim,
        text,
        author,
        channel_type: '',
        labels: [{ name: text, color: text }],
        ...at,
      });
      await history.insertFile({
        id: `msg_${index}`,
        contact_id: victim,
        author,
        caption: text,
        url: text,
        extension: text,
        ...at,
      });
      await history.insertActivity({
        id: `act_${index}`,
        conversation_id: conversationId,
        user: author,
        type: text,
        summary: text,
        sentiment: text,
        importance: text,
        ...at,
      });
      await history.insertMessage({
        id: `msg_said_${index}`,
        conversation_id: 'conv_0',
        author,
        type: 'text',
        content: { text, url: text, caption: text, extension: text },
        ...at,
      });
      await notifications.insert({
        id: `not_${index}`,
        title: text,
        content: text,
        sender: author,
        type: 201,
        action_to: {},
        recipient: '',
        is_read: false,
        action_disable: false,
        channel_type: '',
        created_at: time(index),
      });
    }
    for (let index = 0; index * inHover < texts.length; index++) {
      const [name, position, email, message = ''] = texts.slice(index * inHover);
      await contacts.insert({
        id: hovered(index),
        display_name: name,
        position,
        email,
        created_at: time(-1 - index),
      });
      await history.insertConversation({
        id: `conv_hover_${index}`,
        public_id: `tcu_hover_${index}`,
        contact_id: hovered(index),
        channel_type: '',
        status: '',
        name: '',
        timestamp: time(0),
        users: [],
        teams: [],
        latest_message: { type: 'text', content: { text: message }, created_at: time(0) },
      });
    }
  });
  await store.close();
}

/** Whether the row was there to be clicked: one that scrolls away meanwhile leaves the page. */
const isClicked = (row: Locator): Promise<boolean> =>
  row.click({ timeout: 2_000 }).then(
    () => true,
    () => false,
  );

describe('texts that mean harm', () => {
  let desk: Desk;
  let workbench: Workbench;
  let directory: string;
  let server: ServerProcess;
  let sink: FaultyServer;
  let texts: string[];
  const foreignRequests: string[] = [];
  let dialogs = 0;
  before(async function () {
    sink = await startFaultyServer('NONE');
    texts = hostileTexts(sink.origin);
    directory = temporaryDirectory();
    await fill(directory, texts);
    server = await startServer(directory, '--token', 'api_for_hostile_texts');
    desk = await openDesk({
      settings: { 'contactLookup.environment': 'custom', 'contactLookup.serverUrl': server.url },
    });
    ({ workbench } = desk);
    const own = new URL(desk.server.url).host;
    workbench.page.on('request', (request) => {
      const url = new URL(request.url());
      const isOwn =
        url.host === own || ['data:', 'blob:'].includes(url.protocol) || url.hostname.endsWith('.vscode-cdn.net');
      if (!isOwn) foreignRequests.push(request.url());
    });
    workbench.page.on('dialog', (dialog) => {
      dialogs++;
      void dialog.dismiss();
    });
    await signInWithKey(workbench, server.url, 'api_for_hostile_texts');
    await workbench.showContacts();
    await workbench.row('Contacts', 'Victim').waitFor();
  });
  after(async () => {
    await desk.leave();
    await server.kill();
    await sink.close();
    rmSync(directory, { recursive: true, force: true });
  });
  afterEach(async () => {
    assert.deepEqual(foreignRequests, [], 'no request to another host');
    assert.deepEqual(sink.requests, [], 'no request by the extension');
    assert.equal(dialogs, 0, 'no dialog of a page');
    assert.equal(await workbench.page.locator('.terminal-wrapper').count(), 0, 'no command run');
    for (const frame of workbench.page.frames()) {
      assert.equal(await frame.evaluate('window.pwned'), undefined, `no script run in ${frame.url().slice(0, 80)}`);
    }
  });

  it('are at least 300, and do harm where they are taken for more than text', async () => {
    assert.ok(new Set(texts).size >= 300, String(new Set(texts).size));
    const page = await desk.profile.newPage();
    // Those that do not lead the page itself away.
    await page.setContent(`<div>${texts.slice(1, 6).join('')}</div>`);
    await poll('a script of theirs', 60_000, async () => (await page.evaluate('window.pwned')) === 1);
    await poll('a request of theirs', 60_000, () => sink.requests.length > 0);
    await page.close();
    sink.requests.length = 0;
  });

  it('are shown as typed in every list of a panel', async function () {
    const panel = await workbench.openContact('Victim');
    const shown = async (tab: string): Promise<string[]> => {
      await panel.getByRole('tab', { name: tab }).click();
      const rows = panel.locator(`[role=tabpanel] ${tab === 'Comments' ? '.rich-text' : '.row-text'}`);
      const more = panel.getByRole('button', { name: 'Load More' });
      await rows.first().waitFor();
      if (tab === 'Comments') {
        for (let count = 20; count < texts.length; count += 20) {
          await more.click();
          await poll('more comments', 60_000, async () => (await rows.count()) > count);
        }
      }
      await poll(tab, 60_000, async () => (await rows.count()) >= 20);
      return tab === 'Comments' ? panel.evaluate<string[]>(commentTexts) : rows.allTextContents();
    };
    const asLines = new Set(texts.map((text) => displayLines(text, 'tooltip')));
    const asMarkdown = new Set(texts.map(runsOf));
    for (const [tab, count] of [
      ['Conversations', texts.length],
      ['Comments', texts.length],
      ['Files', texts.length],
      ['Activity', 20],
    ] as const) {
      const rows = await shown(tab);
      assert.equal(rows.length, count, tab);
      for (const row of rows) {
        assert.ok((tab === 'Comments' ? asMarkdown : asLines).has(row), `${tab}: ${row}`);
        assert.doesNotMatch(
          row,
          /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/,
          'what reorders or hides is visible',
        );
      }
    }
    await panel.getByRole('tab', { name: 'Conversations' }).click();
    await panel.locator('[role=tabpanel] .row .link').last().click();
    // Those that are far out of sight are not there: what is seen on the way is kept.
    const [messages, files] = [new Set<string>(), new Set<string>()];
    const older = panel.getByRole('button', { name: 'Load Earlier Messages' });
    await panel.locator('.message').first().waitFor();
    await poll('all messages', 120_000, async () => {
      const isWhole = (await older.count()) === 0;
      for (const text of await panel.locator('.message-text').allTextContents()) messages.add(text);
      for (const text of await panel.locator('.message-file .link').allTextContents()) files.add(text);
      await panel.locator('.messages').evaluateAll((all) => all.forEach((node) => node.scrollTo(0, 0)));
      return isWhole;
    });
    const said = texts.map((text) => displayLines(text, 'document')).filter((text) => text !== '');
    assert.deepEqual([...messages].sort(), [...new Set(said)].sort());
    const names = texts.filter((text) => text !== '').map((text) => displayText(text, 'label') || 'Unnamed file');
    assert.deepEqual([...files].sort(), [...new Set(names)].sort());
  });

  it('are shown as typed over a text that names somebody', async () => {
    const count = Math.ceil(texts.length / inHover);
    writeFileSync(
      join(desk.workspace, 'people.log'),
      Array.from({ length: count }, (_, index) => hovered(index)).join('\n'),
    );
    const { page } = workbench;
    await workbench.openFile('people.log');
    await page.locator('.editor-instance .view-line .detected-link').first().waitFor();
    await page.locator('.editor-instance .view-line').first().click();
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('ArrowRight');
    const hover = page.locator('.monaco-hover:visible');
    const asLine = (text: string): string =>
      text
        .replace(/[\u2068\u2069]/g, '')
        .replace(/\s+/g, ' ')
        .trim();
    for (let index = 0; index < count; index++) {
      const [name = '', position = '', email = '', message = ''] = texts.slice(index * inHover);
      const lines = [
        displayText(name, 'label'),
        displayText(position, 'description'),
        displayText(email, 'description'),
      ]
        .map(asLine)
        .filter((line) => line !== '');
      const said = asLine(displayText(message, 'description'));
      // Again where it says nothing: the editor may have been drawn anew.
      await poll(`a hover with ${name}`, 90_000, async () => {
        await page.keyboard.press('Escape');
        await page.keyboard.press('Control+k');
        await page.keyboard.press('Control+i');
        return poll(name, 2_000, async () => {
          const shown = (await hover.locator('p').allTextContents()).map(asLine);
          // The moment stands before what was said.
          return lines.every((line) => shown.includes(line)) && shown.some((line) => line.endsWith(said));
        }).catch(() => false);
      });
      assert.equal(await hover.locator('img:not([src^="data:image/"]), a[href^="http"]').count(), 0, name);
      await page.keyboard.press('Escape');
      await page.keyboard.press('ArrowDown');
    }
    await workbench.runCommand('View: Close All Editors');
    await workbench.showContacts();
  });

  it('are shown as typed in the fields of panels', async function () {
    const seen = new Set<string>();
    const perPanel = fields.length;
    let panel = await workbench.openContact('Victim');
    await panel.getByRole('tab', { name: 'Details' }).click();
    // From the first of the list down; the fields of so many together have every text.
    for (let count = 1; (count - 1) * perPanel < texts.length; count++) {
      const index = texts.length - count;
      await panel.getByRole('button', { name: 'Next Contact' }).click();
      panel = await workbench.contactPage(displayText(texts[index] ?? '', 'label'));
      const values = panel.locator('.detail').filter({ hasText: `con_${index}` });
      await values.waitFor();
      for (const value of await panel.locator('.detail dd').allTextContents()) seen.add(value);
    }
    await workbench.runCommand('View: Close All Editors');
    const missing = texts.filter((text) => !seen.has(displayLines(text, 'tooltip')));
    assert.deepEqual(missing, []);
  });

  it('are shown as typed in the tree, with their tooltips', async function () {
    const { keyboard } = workbench.page;
    const rows = workbench.rows('Contacts');
    const more = workbench.row('Contacts', 'Load More…');
    await workbench.view('Contacts').locator('.monaco-list').first().focus();
    let offered = '';
    await poll('all pages', 60_000, async () => {
      await keyboard.press('End');
      // Once for each page: a second click at once would be a double click.
      const offer = (await more.allInnerTexts())[0] ?? offered;
      if (offer !== offered && (await isClicked(more))) offered = offer;
      return (
        (await rows.last().getAttribute('aria-setsize')) ===
        String(texts.length + 1 + Math.ceil(texts.length / inHover))
      );
    });
    const missing = new Set(texts.map((text) => displayText(text, 'label')));
    await keyboard.press('Home');
    await poll('every name', 60_000, async () => {
      for (const name of await rows.locator('.label-name').allTextContents()) missing.delete(name);
      // Rows that pass by before they are read are read on the next way down.
      const isAtEnd = (await rows.last().getAttribute('data-last-element')) === 'true';
      await keyboard.press(isAtEnd ? 'Home' : 'PageDown');
      return missing.size === 0;
    });
    const row = workbench.rows('Contacts').last();
    await row.hover();
    await workbench.page.locator('.workbench-hover').first().waitFor();
    assert.equal(await workbench.page.locator('.workbench-hover img, .workbench-hover a').count(), 0);
    await workbench.leaveHover();
  });

  it('do nothing as notifications', async () => {
    await workbench.leaveHover();
    const row = workbench.view('Notifications').locator('.monaco-list-row[aria-level="2"]').first();
    await row.waitFor();
    await row.click();
    await workbench.notification.first().waitFor();
    assert.equal(await workbench.notification.locator('.notification-list-item-message a').count(), 0);
    await workbench.runCommand('Notifications: Clear All Notifications');
  });
});
