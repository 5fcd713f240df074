/**
 * `npm run screenshots`: pictures of the running product, in `media/screenshots/`.
 *
 *     npm run screenshots [-- local] [-- hosted] [-- languages] [-- walkthrough] [-- motion]     only these
 *
 * Those of the walkthrough are part of the extension, in `media/walkthrough/`.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { giveFile } from '../browser/pageFiles.ts';
import { drawChart } from '../../src/server/seed/pictures.ts';
import { Random } from '../../src/server/seed/random.ts';
import { Workbench } from '../browser/workbench.ts';
import { launchChromium } from '../harness/chromium.ts';
import { startCodeServer, type CodeServer, type CodeServerOptions } from '../harness/codeServer.ts';
import { startGateway } from '../harness/gateway/startGateway.ts';
import { packageExtension } from '../harness/packageExtension.ts';
import { projectRoot } from '../harness/paths.ts';
import { poll } from '../harness/processes.ts';
import { importFiles } from '../node/support/importFiles.ts';
import { languages } from '../l10n/texts.ts';
import { picturesOfHosted } from './hosted.ts';
import { picturesOfLanguage } from './languages.ts';
import { movingPicture } from './motion.ts';
import { picturesOfWalkthrough } from './walkthrough.ts';

const target = join(projectRoot, 'media', 'screenshots');
const themes = {
  light: 'Default Light Modern',
  dark: 'Default Dark Modern',
  'contrast-dark': 'Default High Contrast',
  'contrast-light': 'Default High Contrast Light',
};
const wide = { width: 1200, height: 760 };
const narrow = { width: 760, height: 760 };
/** A Vietnamese, a Chinese and an English name, in an editor of these widths beside VS Code's own bar of 48. */
const people = { vi: 'Đỗ Thùy Linh', zh: '赵晓东', en: 'James Fletcher' };
const editors = { 320: { width: 368, height: 760 }, 1200: { width: 1248, height: 760 } };

const wanted = process.argv.slice(2);
const isWanted = (part: string): boolean => wanted.length === 0 || wanted.includes(part);

mkdirSync(target, { recursive: true });
await packageExtension();
const browser = await launchChromium();
try {
  if (isWanted('local')) {
    await inEachTheme(themes, {}, async (server, workspace, name) => {
      const content = importFiles.find((file) => file.name === 'google.csv')?.content ?? '';
      writeFileSync(join(workspace, 'google.csv'), content);
      await pictures(browser, server, workspace, name);
    });
  }
  if (isWanted('walkthrough')) {
    const folder = join(projectRoot, 'media', 'walkthrough');
    mkdirSync(folder, { recursive: true });
    const { light, dark } = themes;
    await inEachTheme({ light, dark }, {}, (server, _, name) => picturesOfWalkthrough(browser, server, folder, name));
  }
  if (isWanted('motion')) {
    await inEachTheme({ light: themes.light }, {}, (server) =>
      movingPicture(browser, server, join(target, 'search-and-hover.gif')),
    );
  }
  if (isWanted('languages')) {
    for (const language of languages) {
      await inEachTheme({ light: themes.light }, { language }, (server) =>
        picturesOfLanguage(browser, server, target, language),
      );
    }
  }
  if (isWanted('hosted')) {
    const gateway = await startGateway({ latency: 0.3 });
    const { light, dark } = themes;
    await inEachTheme({ light, dark }, { gateway }, (server, _, name) =>
      picturesOfHosted(browser, server, target, name),
    );
    await gateway.stop();
  }
} finally {
  await browser.close();
}

/** A VS Code with the contacts open, in one theme after the other. */
async function inEachTheme(
  wantedThemes: Record<string, string>,
  options: Partial<CodeServerOptions>,
  take: (server: CodeServer, workspace: string, name: string) => Promise<void>,
): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'contact-lookup-pictures-'));
  const workspace = join(home, 'workspace');
  const server = await startCodeServer({ home, workspace, opensContacts: true, ...options });
  try {
    for (const [name, theme] of Object.entries(wantedThemes)) {
      await server.configure({ 'workbench.colorTheme': theme, 'workbench.reduceMotion': 'on' });
      await take(server, workspace, name);
    }
  } finally {
    await server.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

async function pictures(inBrowser: Browser, from: CodeServer, workspace: string, name: string): Promise<void> {
  const workbench = await Workbench.open(inBrowser, from.url, wide);
  const { page } = workbench;
  const take = (what: string): Promise<Buffer> => page.screenshot({ path: join(target, `${what}-${name}.png`) });
  await workbench.rows('Contacts').first().waitFor();
  const faces = workbench.view('Contacts').locator('[style*="data:image/png"]');
  await poll('the pictures in the tree', 20_000, async () => (await faces.count()) > 3);

  await open(workbench, 'Đỗ Thùy Linh', 'Details');
  await take('contact');
  const panel = await workbench.contactPage('Đỗ Thùy Linh');
  await panel.getByRole('tab', { name: 'Comments' }).click();
  await panel.locator('.rows').waitFor();
  await take('comments');

  await panel.getByRole('tab', { name: 'Timeline' }).click();
  await panel.locator('.rows .row').first().waitFor();
  await take('timeline');
  await panel.getByRole('button', { name: 'Edit' }).click();
  await panel.getByRole('textbox', { name: 'Phone' }).fill('12 ab');
  await panel.getByText('A phone number has').waitFor();
  await take('edit');
  await panel.getByRole('button', { name: 'Discard' }).click();
  await panel.locator('.details').waitFor();

  await page.setViewportSize(narrow);
  await open(workbench, '赵晓东', 'Conversations');
  await take('narrow');

  await page.setViewportSize(wide);
  await open(workbench, 'Đặng Thùy Linh', 'Files');
  await (await workbench.contactPage('Đặng Thùy Linh')).locator('.thumbnail img').first().waitFor();
  await take('files');
  await giveFile(await workbench.contactPage('Đặng Thùy Linh'), 'paste', drawChart(new Random(3)), 'photo.png');
  await (await workbench.contactPage('Đặng Thùy Linh')).getByRole('dialog').waitFor();
  await take('crop');
  await page.keyboard.press('Escape');
  for (const [language, person] of Object.entries(people)) {
    await workbench.runCommand('View: Close All Editors');
    await open(workbench, person, 'Details');
    await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
    for (const [width, viewport] of Object.entries(editors)) {
      await page.setViewportSize(viewport);
      await take(`contact-${language}-${width}`);
    }
    await page.setViewportSize(wide);
    await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
  }
  await workbench.searchFor('nguyen');
  await workbench.pick('Nguyễn').first().waitFor();
  await take('search');
  await page.keyboard.press('Escape');
  await pictureLists(workbench, workspace, take);
  await workbench.runCommand('Contacts: Sign In…');
  await workbench.pick('Other Server').waitFor();
  await take('sign-in');
  await page.keyboard.press('Escape');
  await workbench.close();
}

async function pictureLists(
  workbench: Workbench,
  workspace: string,
  take: (what: string) => Promise<Buffer>,
): Promise<void> {
  await workbench.runCommand('Contacts: Search in the List…');
  await workbench.answerPrompt('Search in the List', 'thuy linh');
  await poll('those found', 20_000, async () => (await workbench.rows('Contacts').count()) < 12);
  await workbench.runCommand('Contacts: Group Notifications by Kind');
  const today = workbench.row('Notifications', 'Today');
  await poll('the kinds', 20_000, async () => (await today.count()) === 0);
  await workbench.pressOnFirstUnread('Mark as Read');
  await workbench.page.locator('.statusbar-item').getByText('Undo: 1 marked read').waitFor();
  await take('lists');
  await workbench.runCommand('Contacts: Undo Read or Dismiss');
  await workbench.runCommand('Contacts: Group Notifications by Day');
  await today.first().waitFor();
  await workbench.runCommand('Contacts: Show All Contacts');
  await workbench.runCommand('Contacts: Import Contacts into Local Workspace…');
  await workbench.chooseFile(join(workspace, 'google.csv'));
  await workbench.pick('Skip who is there already').waitFor();
  await take('import');
  await workbench.page.keyboard.press('Escape');
}

async function open(workbench: Workbench, contact: string, tab: string): Promise<void> {
  const panel = await workbench.openContact(contact);
  await panel.getByRole('tab', { name: tab }).click();
  await panel.locator('[role=tabpanel] .details, [role=tabpanel] .rows, [role=tabpanel] .state').first().waitFor();
  // The counts on the tabs come when their sections have loaded.
  await poll('all sections', 20_000, async () => (await panel.locator('.skeleton').count()) === 0);
}
