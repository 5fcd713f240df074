import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import type { ContactService } from '../../../src/api/contactService.ts';
import { poll } from '../../harness/processes.ts';
import { png } from '../../node/support/pictures.ts';
import { KeyboardUser } from '../keyboardUser.ts';
import type { ServedDesk } from '../support.ts';
import type { Workbench } from '../workbench.ts';
import { filedPerson } from './picturesAndFiles.ts';

export const keyboard = (seat: () => ServedDesk): Mocha.Suite =>
  describe('the contact panel, by the keyboard alone', () => {
    let desk: ServedDesk;
    let workbench: Workbench;
    let user: KeyboardUser;
    let somebody: ContactService;
    let contactId: string;
    let panel: Frame;
    before(async () => {
      desk = seat();
      ({ workbench } = desk);
      user = new KeyboardUser(workbench);
      somebody = desk.service();
      await workbench.runCommand('View: Close All Editors');
    });
    after(() => somebody.dispose());

    const focused = (): Promise<{ text: string; isVisible: boolean } | undefined> => user.focused(panel);
    const press = (key: string): Promise<void> => user.press(key);
    const type = (text: string): Promise<void> => user.type(text);
    const tabTo = (label: string, key = 'Tab'): Promise<void> => user.tabTo(panel, label, key);
    const backTo = (label: string): Promise<void> => tabTo(label, 'Shift+Tab');
    const replace = (text: string): Promise<void> => user.replace(text);
    const retype = async (label: string, text: string): Promise<void> => {
      await tabTo(label);
      await replace(text);
    };

    it('finds and opens', async () => {
      const contacts = (await somebody.list({ limit: 40 })).items.filter(({ id }) => id !== filedPerson);
      // `editing` has the first, and deletes them.
      const contact = contacts.slice(1).find(({ email }) => email !== undefined);
      contactId = contact?.id ?? '';
      await press('F1');
      await workbench.quickInput.waitFor();
      await type('Contacts: Search Contacts');
      await workbench.pick('Contacts: Search Contacts').first().waitFor();
      await press('Enter');
      await workbench.quickInput.getByPlaceholder('Name, e-mail, phone, company').waitFor();
      await type(contact?.email ?? '');
      const first = workbench.quickInput.locator('.monaco-list-row').first();
      await poll('the one searched for', 60_000, async () =>
        (await first.innerText({ timeout: 1_000 }).catch(() => '')).includes(contact?.display_name ?? '?'),
      );
      await press('Enter');
      panel = await workbench.contactPage(contact?.display_name ?? '');
      await panel.locator('.details').waitFor();
      await workbench.runCommand('View: Focus Active Editor Group');
    });

    it('says what is wrong with a phone number, saves a good one, and takes it back', async () => {
      await tabTo('Edit');
      await press('Enter');
      await retype('Phone', '12 ab');
      await panel.getByText('A phone number has').waitFor();
      await replace('+842855550133');
      await press('Control+s');
      await panel.getByText('Saved.').waitFor();
      assert.equal((await focused())?.text, 'Edit', 'the focus is not lost');
      assert.equal((await somebody.get(contactId)).phone_number, '+842855550133');
      await tabTo('Undo');
      await press('Enter');
      await panel.getByText('Undone.').waitFor();
      assert.notEqual((await somebody.get(contactId)).phone_number, '+842855550133');
    });

    it('chooses between two changes', async () => {
      await backTo('Edit');
      await press('Enter');
      await retype('Company', 'Mine Ltd');
      await somebody.update(contactId, { company_name: 'Theirs Ltd' });
      await press('Control+s');
      const theirs = panel.getByRole('radio', { name: 'Theirs' });
      await theirs.waitFor();
      assert.match((await focused())?.text ?? '', /^Mine/, 'the choice has the focus');
      await press('ArrowDown');
      assert.ok(await theirs.isChecked());
      await tabTo('Save');
      await press('Enter');
      await panel.locator('.contact-form').waitFor({ state: 'detached' });
      assert.equal((await somebody.get(contactId)).company_name, 'Theirs Ltd');
    });

    it('adds a comment and deletes it', async () => {
      await workbench.runCommand('View: Focus Active Editor Group');
      await tabTo('Details');
      for (let steps = 0; steps < 3; steps++) await press('ArrowRight');
      await panel.getByRole('tab', { name: 'Comments', selected: true }).waitFor();
      await tabTo('Write a comment');
      await type('typed, not clicked');
      await tabTo('Add Comment');
      await press('Enter');
      const row = panel.locator('.row', { hasText: 'typed, not clicked' });
      await row.waitFor();
      await tabTo('Delete Comment');
      await press('Enter');
      await workbench.dialog.waitFor();
      await press('Enter');
      await row.waitFor({ state: 'detached' });
    });

    it('cuts and uploads a picture', async () => {
      const picture = join(desk.workspace, 'face.png');
      writeFileSync(picture, png(60, 40));
      const before = (await somebody.get(contactId)).avatar_url;
      await workbench.runCommand('View: Focus Active Editor Group');
      await tabTo('Upload Picture');
      await press('Enter');
      await workbench.quickInput.waitFor();
      await workbench.typeFileDialog(picture);
      await panel.getByRole('dialog').waitFor();
      assert.equal((await focused())?.text, 'Part of the picture that is taken');
      await press('ArrowRight');
      await press('+');
      await tabTo('Upload');
      await press('Enter');
      await panel.getByText('The picture is in place.').waitFor();
      assert.match((await focused())?.text ?? '', /^Upload Picture/, 'the focus is where it was');
      assert.notEqual((await somebody.get(contactId, { isFresh: true })).avatar_url, before);
    });

    it('saves a file', async () => {
      const target = join(desk.workspace, 'by keyboard');
      const [file] = await somebody.getFiles(contactId);
      await tabTo('Comments');
      await press('ArrowRight');
      await panel.getByRole('tab', { name: 'Files', selected: true }).waitFor();
      await tabTo('Save As…');
      await press('Enter');
      await workbench.quickInput.waitFor();
      await workbench.typeFileDialog(target);
      await panel.getByText('The file is saved.').waitFor();
      const content = await somebody.media(file?.url ?? '', 10_000_000);
      assert.deepEqual(readFileSync(target), Buffer.from(content));
    });
  });
