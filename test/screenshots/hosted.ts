import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { Workbench } from '../browser/workbench.ts';
import type { CodeServer } from '../harness/codeServer.ts';
import { poll } from '../harness/processes.ts';

const wide = { width: 1200, height: 760 };

/** The product on the hosted gateway: visitors that one can tell apart, and somebody with files elsewhere. */
export async function picturesOfHosted(
  browser: Browser,
  from: CodeServer,
  target: string,
  name: string,
): Promise<void> {
  const workbench = await Workbench.open(browser, from.url, wide);
  const { page } = workbench;
  const take = (what: string): Promise<Buffer> => page.screenshot({ path: join(target, `hosted-${what}-${name}.png`) });
  const contacts = workbench.view('Contacts');
  await workbench.rows('Contacts').first().waitFor();
  await contacts.locator('[style*="data:image/png"]').first().waitFor();
  const visitor = workbench.rows('Contacts').filter({ hasText: /^[A-Z]{3}#/ });
  const visitorName = (await visitor.first().locator('.label-name').textContent()) ?? '';
  const panel = await workbench.openContact(visitorName);
  await poll('all sections', 60_000, async () => (await panel.locator('.skeleton').count()) === 0);
  await panel.getByRole('tab', { name: 'Conversations' }).click();
  await panel.locator('[role=tabpanel] .row').first().waitFor();
  await take('visitor');
  await visitor.nth(2).hover();
  await page.locator('.workbench-hover').getByText('Last message').waitFor();
  await take('hover');
  await workbench.leaveHover();
  const named = workbench.rows('Contacts').filter({ has: page.locator('[style*="data:image/png"]') });
  const namedName = (await named.first().locator('.label-name').textContent()) ?? '';
  const person = await workbench.openContact(namedName);
  await person.getByRole('tab', { name: 'Files' }).click();
  await person.locator('.thumbnail img').first().waitFor();
  await person.locator('header img.avatar').waitFor();
  await take('person');
  await workbench.close();
}
