import assert from 'node:assert/strict';
import type { Desk } from '../support.ts';

export const newcomer = (seat: () => Desk): Mocha.Suite =>
  describe('what a newcomer sees', () => {
    it('is the sample contacts, with no click, and nothing in the way', async () => {
      const { workbench } = seat();
      await workbench.rows('Contacts').first().waitFor();
      await workbench.rows('Notifications').first().waitFor();
      const { page } = workbench;
      assert.equal(await page.locator('.editor-group-container .tab').count(), 0, 'no welcome page');
      assert.equal(await page.locator('.part.auxiliarybar:visible').count(), 0, 'no chat pane');
      assert.equal(await workbench.dialog.count(), 0, 'no question');
      assert.equal(await workbench.notification.count(), 0, 'no message');
      const accounts = page.locator('.activitybar .action-item[aria-label^="Accounts"]');
      assert.equal(await accounts.count(), 1);
      assert.equal(await accounts.locator('.badge:visible').count(), 0, 'nothing to settle in the Accounts menu');
    });
  });
