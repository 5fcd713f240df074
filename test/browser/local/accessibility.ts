import assert from 'node:assert/strict';
import { png } from '../../node/support/pictures.ts';
import { violations } from '../axe.ts';
import { giveFile } from '../pageFiles.ts';
import type { Desk } from '../support.ts';

/** Each with the mark that VS Code gives to its page. */
const themes = [
  ['Light Modern', 'vs'],
  ['Dark Modern', 'vs-dark'],
  ['Default High Contrast', 'hc-black'],
  ['Default High Contrast Light', 'hc-light'],
] as const;

export const accessibility = (seat: () => Desk): Mocha.Suite =>
  describe('the contact panel, for everybody', () => {
    for (const [theme, mark] of themes) {
      it(`has no fault that axe finds, in any tab: ${theme}`, async function () {
        const { workbench } = seat();
        await workbench.useTheme(theme, mark);
        const name = 'Đỗ Thùy Linh';
        const panel = await workbench.openContact(name);
        for (const tab of ['Details', 'Timeline', 'Conversations', 'Comments', 'Files', 'Activity']) {
          await panel.getByRole('tab', { name: tab }).click();
          await panel.locator('[role=tabpanel] .rows, [role=tabpanel] .details').first().waitFor();
          assert.deepEqual(await violations(panel), [], tab);
        }
        await panel.getByRole('button', { name: 'Edit' }).click();
        await panel.getByRole('textbox', { name: 'Phone' }).fill('12 ab');
        await panel.getByText('A phone number has').waitFor();
        assert.deepEqual(await violations(panel), [], 'the form, with a fault');
        await panel.getByRole('button', { name: 'Discard' }).click();
        await panel.locator('.details').waitFor();
        await giveFile(panel, 'paste', png(40, 60), 'face.png');
        await panel.getByRole('dialog').waitFor();
        assert.deepEqual(await violations(panel), [], 'the picture to be cut');
        await panel.getByRole('button', { name: 'Cancel' }).click();
        await workbench.runCommand('View: Close All Editors');
      });
    }
  });
