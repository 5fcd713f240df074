import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { poll } from '../harness/processes.ts';
import type { CodeServer } from '../harness/codeServer.ts';
import { Workbench } from '../browser/workbench.ts';
import { translator } from '../l10n/pseudo.ts';

const wide = { width: 1200, height: 760 };
/** A panel of 320 px beside VS Code's own bar. */
const narrow = { width: 368, height: 760 };
const person = 'Đỗ Thùy Linh';

/** The parts that everybody sees first, in a language. */
export async function picturesOfLanguage(
  browser: Browser,
  server: CodeServer,
  folder: string,
  language: string,
): Promise<void> {
  const t = translator(language);
  const workbench = await Workbench.open(browser, server.url, wide);
  const { page } = workbench;
  const take = (what: string): Promise<Buffer> => page.screenshot({ path: join(folder, `${what}-${language}.png`) });
  const command = (title: string): Promise<void> => workbench.runCommand(`${t('Contacts')}: ${t(title)}`);
  await workbench.rows(t('Contacts')).first().waitFor();
  await workbench.rows(t('Contacts')).filter({ hasText: person }).first().click();
  const panel = await workbench.contactPage(person);
  await panel.getByRole('tab', { name: t('Timeline') }).click();
  await poll('all sections', 20_000, async () => (await panel.locator('.skeleton').count()) === 0);
  await take('panel');
  await command('Search Contacts…');
  await workbench.fillQuickInput('nguyen');
  await workbench.pick('Nguyễn').first().waitFor();
  await take('search');
  await workbench.fillQuickInput('label:');
  await workbench.quickInput.getByText(t('with this label')).first().waitFor();
  await take('filters');
  await page.keyboard.press('Escape');
  await command('Group Notifications by Kind');
  await workbench.row(t('Notifications'), t('A card was assigned to you')).first().waitFor();
  await workbench.rows(t('Notifications')).nth(2).click({ button: 'right' });
  await page.locator('.monaco-menu:visible .action-item').first().waitFor();
  await take('notifications');
  await page.keyboard.press('Escape');
  await command('Sign In…');
  await workbench.pick(t('Other Server')).waitFor();
  await take('sign-in');
  await page.keyboard.press('Escape');
  await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
  await page.setViewportSize(narrow);
  await panel.getByRole('tab', { name: t('Details') }).click();
  await panel.getByRole('button', { name: t('Edit'), exact: true }).click();
  await panel.getByRole('button', { name: t('Save'), exact: true }).waitFor();
  await take('narrow');
  await workbench.close();
}
