import assert from 'node:assert/strict';
import type { Frame, Locator } from 'playwright-core';
import { poll } from '../../harness/processes.ts';
import type { ServedDesk } from '../support.ts';
import { filedName } from './picturesAndFiles.ts';

/** The last of a desk: it is signed out afterwards. */
export const signedOut = (seat: () => ServedDesk): Mocha.Suite =>
  describe('a window that is signed out', () => {
    it('has asked what is to become of edits that are not saved, and gives back what was kept', async () => {
      const desk = seat();
      const { workbench } = desk;
      await workbench.runCommand('View: Close All Editors');
      const remark = (panel: Frame): Locator => panel.getByRole('textbox', { name: 'Remark', exact: true });
      const signOut = async (answer: string): Promise<void> => {
        await workbench.runCommand('Contacts: Sign Out');
        await workbench.dialog.getByText(`Not saved yet: ${filedName}`).waitFor();
        await workbench.dialog.getByText('Pinned contacts: 1').waitFor();
        await workbench.dialog.getByRole('button', { name: answer }).click();
      };
      const isSignedOut = (): Promise<void> =>
        workbench.view('Contacts').getByRole('button', { name: 'Sign In' }).waitFor();
      let panel = await workbench.openContact(filedName);
      await workbench.contextMenu(workbench.row('Contacts', filedName), 'Pin Contact');
      const pinned = (): Locator => workbench.row('Contacts', filedName).filter({ hasText: 'pinned' });
      await pinned().waitFor();
      await panel.getByRole('button', { name: 'Edit' }).click();
      await remark(panel).fill('not saved when signing out');
      await workbench.page.locator('.tabs-container .tab').filter({ hasText: '●' }).waitFor();
      await signOut('Cancel');
      await workbench.dialog.waitFor({ state: 'hidden' });
      assert.equal(await remark(panel).inputValue(), 'not saved when signing out');
      await signOut('Keep and Sign Out');
      await isSignedOut();
      await desk.signIn();
      panel = await workbench.openContact(filedName);
      await poll('what was kept', 60_000, async () => {
        const [value] = await Promise.all((await remark(panel).all()).map((box) => box.inputValue()));
        return value === 'not saved when signing out';
      });
      await pinned().waitFor();
      await signOut('Discard and Sign Out');
      await isSignedOut();
      await desk.signIn();
      panel = await workbench.openContact(filedName);
      await panel.getByRole('tab', { name: 'Details' }).click();
      await panel.locator('.details').waitFor();
      assert.equal(await remark(panel).count(), 0);
      assert.equal(await pinned().count(), 0);
    });

    it('shows nothing of a person any more, waits for nothing, and offers to sign in', async () => {
      const { workbench } = seat();
      const { page } = workbench;
      const tabs = page.locator('.tabs-container .tab');
      await workbench.runCommand('View: Close All Editors');
      const panel = await workbench.openContact(filedName);
      await panel.getByRole('tab', { name: 'Files' }).click();
      await panel.getByRole('button', { name: 'notes.txt', exact: true }).click();
      await page.locator('.editor-instance .view-line', { hasText: 'Tiếng' }).waitFor();
      assert.equal(await tabs.count(), 2);
      // As another window leaves it behind that has signed out meanwhile.
      await page.evaluate("localStorage.removeItem('secrets.provider')");
      await workbench.reload();
      await workbench.showContacts();
      await workbench.view('Contacts').getByRole('button', { name: 'Sign In' }).waitFor();
      await poll('no tab', 60_000, async () => (await tabs.count()) === 0);
      await poll('nothing under way', 60_000, async () => {
        const progress = page.locator('.part.sidebar .monaco-progress-container.active');
        return (await progress.count()) === 0;
      });
      assert.ok(!(await page.locator('.monaco-workbench').innerText()).includes(filedName));
    });

    it('waits for nothing either when it has just been signed out', async () => {
      const { workbench } = seat();
      // By its button: rows of a question that is just being drawn may move under the pointer.
      await workbench.view('Contacts').getByRole('button', { name: 'Use Local Workspace' }).click();
      await workbench.rows('Contacts').first().waitFor();
      await workbench.runCommand('Contacts: Sign Out');
      await workbench.view('Contacts').getByRole('button', { name: 'Sign In' }).waitFor();
      await poll('nothing under way', 60_000, async () => {
        const progress = workbench.page.locator('.part.sidebar .monaco-progress-container.active');
        return (await progress.count()) === 0;
      });
    });
  });
