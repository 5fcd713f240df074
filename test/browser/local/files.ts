import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { poll } from '../../harness/processes.ts';
import { importFiles } from '../../node/support/importFiles.ts';
import type { Desk } from '../support.ts';
import type { Workbench } from '../workbench.ts';

const sampleContacts = 250;

export const files = (seat: () => Desk): Mocha.Suite =>
  describe('files in and out of the local workspace', () => {
    let desk: Desk;
    let workbench: Workbench;
    before(() => {
      desk = seat();
      ({ workbench } = desk);
    });

    const title = (): Promise<string> => workbench.view('Contacts').locator('.pane-header').innerText();
    const has = (count: number): Promise<boolean> =>
      poll(`${count} contacts`, 60_000, async () => (await title()).includes(`· ${count}`));
    const importFile = async (name: string): Promise<void> => {
      await workbench.runCommand('Contacts: Import Contacts into Local Workspace…');
      await workbench.chooseFile(join(desk.workspace, name));
    };
    const says = async (text: string): Promise<void> => {
      await workbench.notification.filter({ hasText: text }).first().waitFor();
    };
    const clear = (): Promise<void> => workbench.runCommand('Notifications: Clear All Notifications');

    it('shows who is in a file, imports them, and the same again adds nobody', async () => {
      const google = importFiles.find(({ name }) => name === 'google.csv');
      writeFileSync(join(desk.workspace, 'google.csv'), google?.content ?? '');
      await importFile('google.csv');
      await workbench.pick('Ana Núñez').waitFor();
      await workbench.pick('Skip who is there already').click();
      await says('Import done: 2 added.');
      await has(sampleContacts + 2);
      await clear();
      await importFile('google.csv');
      await workbench.pick('Skip who is there already').click();
      await says('Import done: 0 added, 2 skipped.');
      await has(sampleContacts + 2);
      await clear();
    });

    it('asks what unknown columns are, reports what was left out, and takes the import back', async () => {
      writeFileSync(join(desk.workspace, 'wer.csv'), 'Kunde;Anschrift\nJürgen;j@k.example\nBad;no mail\n');
      await importFile('wer.csv');
      await workbench.pick('Kunde').click();
      await workbench.pick('Display name').click();
      await workbench.pick('Anschrift').click();
      await workbench.pick('E-mail').click();
      await workbench.pick('Continue').click();
      await workbench.pick('Jürgen').waitFor();
      await workbench.pick('Skip who is there already').click();
      await says('Import done: 1 added, 1 left out.');
      await has(sampleContacts + 3);
      await workbench.notification.getByRole('button', { name: 'Show Report' }).click();
      await workbench.page
        .locator('.editor-instance .view-line')
        .filter({ hasText: /Line\s3:/ })
        .first()
        .waitFor();
      await workbench.runCommandAndPick('Contacts: Imports of Local Workspace…', 'wer.csv');
      // Enter alone reads, and takes nothing back.
      await workbench.pick('Show Report').waitFor();
      await workbench.page.keyboard.press('Enter');
      await workbench.quickInput.waitFor({ state: 'hidden' });
      assert.equal(await workbench.dialog.count(), 0);
      await has(sampleContacts + 3);
      await workbench.runCommandAndPick('Contacts: Imports of Local Workspace…', 'wer.csv');
      await workbench.pick('Undo Import…').click();
      await workbench.dialog.getByText('Take back the import of wer.csv?').waitFor();
      await workbench.dialog.getByRole('button', { name: 'Undo Import' }).click();
      await says('Import taken back: 1 removed, 0 as before.');
      await has(sampleContacts + 2);
      await clear();
    });

    it('backs all up, and puts it back', async () => {
      const file = join(desk.workspace, 'all.contacts-backup');
      await workbench.runCommand('Contacts: Back Up Local Workspace…');
      await workbench.answerFileDialog(file);
      await says(`${sampleContacts + 2} contacts backed up.`);
      assert.ok(existsSync(file));
      await clear();
      await workbench.runCommand('Contacts: Imports of Local Workspace…');
      await workbench.pick('google.csv').last().click();
      await workbench.pick('Undo Import…').click();
      await workbench.dialog.getByRole('button', { name: 'Undo Import' }).click();
      await has(sampleContacts);
      await clear();
      await workbench.runCommand('Contacts: Restore Local Workspace…');
      await workbench.answerFileDialog(file);
      await workbench.dialog.getByRole('button', { name: 'Replace All' }).click();
      await says(`${sampleContacts + 2} contacts restored.`);
      await has(sampleContacts + 2);
      await workbench.row('Contacts', 'Ana Núñez').first().waitFor();
      await clear();
      const broken = join(desk.workspace, 'broken.contacts-backup');
      writeFileSync(broken, 'no backup');
      await workbench.runCommand('Contacts: Restore Local Workspace…');
      await workbench.answerFileDialog(broken);
      await workbench.dialog.getByRole('button', { name: 'Replace All' }).click();
      await says('This file is no backup of contacts, or it is damaged. Nothing was changed.');
      await has(sampleContacts + 2);
    });
  });
