/**
 * The interface in other languages: nothing is left in English, and nothing is cut off in a panel of 320 px.
 *
 *     LANGUAGES=all npm test -- browser -g "the interface"     in every language, not only in one that nobody speaks
 */
import assert from 'node:assert/strict';
import { globSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { Frame } from 'playwright-core';
import { launcherPath } from '../../src/mcp/wire.ts';
import { opener } from '../harness/codeServer.ts';
import { poll } from '../harness/processes.ts';
import { pseudoFiles, pseudoLanguage, translator } from '../l10n/pseudo.ts';
import { languages, sourceTexts } from '../l10n/texts.ts';
import { sharedExtensions } from './machine.ts';
import { clippedTexts, shownTexts } from './shownTexts.ts';
import { openDesk, type Desk } from './support.ts';
import type { Workbench } from './workbench.ts';

const wanted = process.env['LANGUAGES'] === 'all' ? [pseudoLanguage, ...languages] : [pseudoLanguage];
const narrow = { width: 368, height: 800 };
const wide = { width: 1200, height: 800 };

/** Words that are the same everywhere: names of products, forms of files, keys, what is typed here, and what `Intl` says. */
const names =
  /\b(?:WhatsApp|Facebook|Messenger|Instagram|LINE|WeChat|WeCom|Telegram|Viber|Zalo|Slack|Shopee|Lazada|TikTok|VS Code|CSV|JSON|vCard|API|ID|https?|label|vip|seen|company|lotus|has|channel|example|com|org|api|acc|Ctrl|Enter|Delete|Escape|Alt|Shift|Space|Del|Control|xqzwv|Vietnamese|nguyen|ab|Results|Progress|Toggle all checkboxes|Selected|OK|Welcome|display_name|email|phone_number)\b|[\w-]+(?:\.[\w-]+){2,}|\(Press .* to cancel\)|<7d|>6m/gi;

/** As `Intl` writes them, which speaks English where it does not know the language. */
const times =
  /\b(?:\w+day, )?\w+ \d{1,2}, \d{4}(?: at \d{1,2}:\d\d(?::\d\d)? [AP]M)?|\b\d{1,2}:\d\d(?::\d\d)? [AP]M|\b\d+ \w+ ago|\byesterday|\blast \w+|\bjust now|\b\d+ kB/g;

for (const language of wanted) {
  describe(`the interface in ${language}`, () => {
    const t = translator(language);
    let desk: Desk;
    let workbench: Workbench;
    let data: string[];
    before(async () => {
      const extensions = await sharedExtensions([opener]);
      const [folder = assert.fail('no extension')] = globSync(join(extensions, 'contact-lookup.contact-lookup-*'));
      for (const [path, text] of Object.entries(pseudoFiles())) writeFileSync(join(folder, path), text);
      desk = await openDesk({ language, opensContacts: true });
      ({ workbench } = desk);
      await workbench.rows(t('Contacts')).nth(5).waitFor();
      data = dataOf(join(desk.server.localWorkspace, 'contacts.db'));
    });
    after(() => desk.leave());

    /** What is shown below `selector` is of the pseudo-language, somebody's, or a name. */
    const isTranslated = async (selector: string, page: Workbench['page'] | Frame = workbench.page): Promise<void> => {
      if (language !== pseudoLanguage) return;
      const left = (await shownTexts(page, selector)).filter((text) => /[A-Za-z]{2}/.test(unexplained(text, data)));
      assert.deepEqual(left, [], selector);
    };
    const command = (title: string): Promise<void> => workbench.runCommand(`${t('Contacts')}: ${t(title)}`);
    const asks = async (text: string): Promise<void> => {
      await workbench.quickInput.getByText(t(text)).first().waitFor();
      await isTranslated('.quick-input-widget');
      await workbench.page.keyboard.press('Escape');
    };

    it('says everything in the side bar and its menus', async () => {
      const { page } = workbench;
      await workbench.rows(t('Notifications')).nth(3).waitFor();
      await isTranslated('.part.sidebar .pane-body');
      await isTranslated('.part.sidebar .pane-header h3');
      for (const view of ['Contacts', 'Notifications']) {
        await workbench.rows(t(view)).nth(3).click({ button: 'right' });
        await page.locator('.monaco-menu:visible .action-item').first().waitFor();
        await isTranslated('.monaco-menu:visible .action-label');
        await page.keyboard.press('Escape');
      }
      await isTranslated('.statusbar-item[id^="contact-lookup"]');
    });

    it('says everything in what it asks', async () => {
      const { page } = workbench;
      await command('Search Contacts…');
      await workbench.quickInput.getByText(t('Contacts'), { exact: true }).first().waitFor();
      for (const [query, answer] of [
        ['label:', 'with this label'],
        ['nguyen', 'Name'],
        ['xqzwv', 'Try a part of the name, the e-mail or the last digits of the phone.'],
      ] as const) {
        await workbench.fillQuickInput(query);
        await workbench.quickInput.getByText(t(answer)).first().waitFor();
        await isTranslated('.quick-input-widget .quick-input-list, .quick-input-widget input');
      }
      await page.keyboard.press('Escape');
      await command('Export Contacts as CSV…');
      await asks('For Programs');
      await command('Sort Contacts…');
      await asks('Newest first');
      await command('Filter by Channel and Label…');
      await asks('Channels');
      await command('New Contact…');
      await asks('Name, e-mail address or phone number; the other fields come next.');
      await command('Sign In…');
      await asks('Other Server');
    });

    it('says everything in a panel, and has room for it at 320 px', async () => {
      const { page } = workbench;
      const ours = [...sourceTexts().asked.keys()].map(t);
      await workbench.rows(t('Contacts')).filter({ hasText: 'Đỗ Thùy Linh' }).first().click();
      const panel = await workbench.contactPage('Đỗ Thùy Linh');
      await poll('all sections', 60_000, async () => (await panel.locator('.skeleton').count()) === 0);
      await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
      const cut: string[] = [];
      const look = async (): Promise<void> => {
        await isTranslated('#page', panel);
        cut.push(...(await clippedTexts(panel, '#page', ours)));
      };
      for (const size of [narrow, wide]) {
        await page.setViewportSize(size);
        await panel.locator('.columns').waitFor({ state: size === wide ? 'attached' : 'detached' });
        for (const tab of ['Details', 'Timeline', 'Conversations', 'Comments', 'Files', 'Activity']) {
          const head = panel.getByRole('tab', { name: t(tab) });
          // Beside each other where there is room, details have no tab.
          if ((await head.count()) === 0) continue;
          await head.click();
          await look();
        }
        await panel.getByRole('button', { name: t('Edit'), exact: true }).click();
        await panel.getByRole('button', { name: t('Save'), exact: true }).waitFor();
        await panel.getByRole('textbox', { name: t('Phone') }).fill('12 ab');
        await panel.getByText(t('A phone number has 3 to 15 digits, with + before the country code.')).waitFor();
        await look();
        await panel.getByRole('button', { name: t('Discard'), exact: true }).click();
      }
      await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
      assert.deepEqual([...new Set(cut)], []);
    });

    it('says everything in what agents ask', async () => {
      const { page, notification } = workbench;
      const question = '.notification-list-item-message, .notification-list-item-buttons-container';
      await page.setViewportSize(wide);
      await workbench.runCommand('View: Close All Editors');
      await command('Connect an Agent…');
      await workbench.pick('mcpServers').click();
      await notification
        .getByText(t('Copied. You are asked here when the agent first looks for a contact, and about each change.'))
        .waitFor();
      await isTranslated(question);
      await workbench.runCommand('Notifications: Clear All Notifications');
      const agent = new Client({ name: 'Slack', version: '1.0.0' });
      const env = { HOME: desk.home, PATH: process.env['PATH'] ?? '' };
      await agent.connect(
        new StdioClientTransport({ command: process.execPath, args: [launcherPath(desk.home)], env }),
      );
      try {
        const read = agent.callTool({ name: 'searchContacts', arguments: { query: 'Đỗ Thùy Linh' } });
        await notification.getByText('Slack').waitFor();
        await isTranslated(question);
        await notification.getByRole('button', { name: t('Only in This Window') }).click();
        const { contacts } = JSON.parse(textIn(await read)) as { contacts: { id: string }[] };
        const change = { contactId: contacts[0]?.id, changes: { remark: 'xqzwv', company_name: 'Slack' } };
        const write = agent.callTool({ name: 'updateContact', arguments: change });
        await notification.getByText('Slack').waitFor();
        await isTranslated(question);
        await notification.getByRole('button', { name: t('Review…') }).click();
        await workbench.pick(t('Make This Change')).waitFor();
        await page.locator('.monaco-diff-editor .view-line').getByText('xqzwv').waitFor();
        await isTranslated('.quick-input-widget');
        await isTranslated('.monaco-diff-editor .view-lines');
        await workbench.pick(t('Refuse')).click();
        await write;
      } finally {
        await agent.close();
      }
      await command('Agents…');
      await asks('Let No Agent In Any More');
    });

    it('says everything to whom is not signed in', async () => {
      await workbench.page.setViewportSize(wide);
      await command('Sign Out');
      await workbench.view(t('Contacts')).getByRole('button').first().waitFor();
      await workbench.view(t('Contacts')).getByText(t('Use Local Workspace')).waitFor();
      await isTranslated('.part.sidebar .pane-body');
    });
  });
}

const textIn = (result: unknown): string => (result as { content: { text: string }[] }).content[0]?.text ?? '';

/** Every text of the store. */
function dataOf(path: string): string[] {
  const store = new DatabaseSync(path, { readOnly: true });
  const tables = store.prepare(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'",
  );
  const texts = tables.all().flatMap(({ name }) => {
    if (/^search_|^sqlite_/.test(String(name))) return [];
    const rows = store.prepare(`SELECT * FROM "${String(name)}"`).all();
    return rows.flatMap((row) => Object.values(row).filter((value) => typeof value === 'string'));
  });
  store.close();
  const parts = texts.flatMap((text) => [text, ...strings(text)]).map((text) => text.replace(/\s+/g, ' ').trim());
  return [...new Set(parts)].filter((text) => text.length > 2).toSorted((one, other) => other.length - one.length);
}

/** The texts inside of a value in JSON. */
function strings(text: string): string[] {
  if (!/^[[{]/.test(text)) return [];
  const found: string[] = [];
  JSON.parse(text, (_, value: unknown) => {
    if (typeof value === 'string') found.push(value);
    return value;
  });
  return found;
}

const isIn = (part: string, data: readonly string[]): boolean => data.some((datum) => datum.includes(part));

/** What is left of a text without what is translated and what is somebody's. */
function unexplained(text: string, data: readonly string[]): string {
  let left = text;
  for (let before = ''; before !== left;) {
    before = left;
    left = left.replace(/［[^［］]*］/g, ' ');
  }
  // The letters that were searched for stand by themselves, and so does what is before and behind them.
  left = left.replace(/^［.*|.*］$/, ' ').replace(times, ' ');
  const isSaid = (part: string): boolean => (part.length > 12 || /[\d@.]/.test(part)) && isIn(part, data);
  if (isSaid(left.trim())) return '';
  for (const datum of data) left = left.replaceAll(datum, ' ');
  // What is too long is cut.
  left = left.replace(/\S*…/g, ' ').replace(names, ' ');
  const isPiece = (word: string): boolean => /[\d@.]/.test(word) && isIn(word, data);
  return left
    .split(/[\s,\u2066-\u2069]+/)
    .filter((word) => !isPiece(word))
    .join(' ');
}
