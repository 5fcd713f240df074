import assert from 'node:assert/strict';
import type { Frame, Locator } from 'playwright-core';
import type { ContactService } from '../../../src/api/contactService.ts';
import { poll } from '../../harness/processes.ts';
import { violations } from '../axe.ts';
import type { ServedDesk } from '../support.ts';
import type { Workbench } from '../workbench.ts';
import { filedPerson } from './picturesAndFiles.ts';

export const editing = (seat: () => ServedDesk): Mocha.Suite =>
  describe('edits, comments and time', () => {
    let desk: ServedDesk;
    let workbench: Workbench;
    /** Somebody else, who changes things behind the panel's back. */
    let somebody: ContactService;
    let contactId: string;
    let name: string;
    let panel: Frame;
    before(async () => {
      desk = seat();
      ({ workbench } = desk);
      somebody = desk.service();
      await workbench.runCommand('View: Close All Editors');
      const { items } = await somebody.list({ limit: 5 });
      const contact = items.find(({ id, email }) => id !== filedPerson && email !== undefined);
      contactId = contact?.id ?? '';
      name = contact?.display_name ?? '';
      await somebody.update(contactId, { phone_number: '+84 28 5555 0100', remark: 'before' });
      await openPanel();
    });
    after(async () => {
      somebody.dispose();
      await desk.startServerAgain();
    });

    const openPanel = async (): Promise<void> => {
      panel = await workbench.openContact(name);
      await panel.getByRole('tab', { name: 'Details' }).click();
      await panel.locator('.details, .contact-form').first().waitFor();
    };
    const tab = (text: string): Locator => workbench.page.locator('.tabs-container .tab').filter({ hasText: text });
    const input = (label: string): Locator => panel.getByRole('textbox', { name: label, exact: true });
    const press = (button: string): Promise<void> => panel.getByRole('button', { name: button, exact: true }).click();

    /** Within the window, and above the bar that stays at its end. */
    const isWholeInView = (part: Locator): Promise<boolean> =>
      part.evaluate((element) => {
        const { top, bottom } = element.getBoundingClientRect();
        const bar = element.ownerDocument.querySelector('.form-actions')?.getBoundingClientRect();
        return top >= 0 && bottom <= (bar?.top ?? 0);
      });

    it('says what is wrong as it is typed, and saves nothing of it', async () => {
      await press('Edit');
      await input('Phone').fill('12 ab');
      await panel.getByText('A phone number has').waitFor();
      assert.equal(await input('Phone').getAttribute('aria-invalid'), 'true');
      await input('E-mail').fill('nobody');
      await panel.getByText('An e-mail address has one @.').waitFor();
      await input('Company').focus();
      await press('Save');
      await panel
        .getByRole('alert')
        .filter({ hasText: 'Not saved. Something is wrong with: E-mail, Phone.' })
        .waitFor();
      await panel.locator('#field-email:focus').waitFor();
      assert.equal((await somebody.get(contactId)).phone_number, '+84 28 5555 0100');
      await tab('●').waitFor();
    });

    it('says in which form a number is kept, and saves by the keyboard', async () => {
      await input('Phone').fill('+84 (28) 5555-0199');
      await panel.locator('.note', { hasText: '+842855550199' }).waitFor();
      await input('E-mail').fill('linh@x.example');
      await input('Phone').press('Control+s');
      await panel.getByText('Saved.').waitFor();
      const saved = await somebody.get(contactId);
      assert.equal(saved.phone_number, '+842855550199');
      assert.equal(saved.email, 'linh@x.example');
      assert.equal(await tab('●').count(), 0);
      await workbench.row('Contacts', '+842855550199').first().waitFor();
    });

    it('takes one step back, also after a look at another tab, from which the page comes back anew', async () => {
      const before = panel;
      await workbench.runCommand('File: New Untitled Text File');
      await poll('the page to go', 60_000, () => before.isDetached());
      await workbench.runCommand('View: Close Editor');
      panel = await workbench.contactPage(name);
      await press('Undo');
      await panel.getByText('Undone.').waitFor();
      assert.equal((await somebody.get(contactId)).phone_number, '+842855550100', 'the same number');
    });

    it('has language and gender in words, a place, and labels as chips, of which the last need not be finished', async () => {
      await somebody.update(contactId, { gender: 'male', language: 'sw', labels: ['old', 'gone'] });
      await workbench.runCommand('View: Close All Editors');
      await openPanel();
      await press('Edit');
      const choice = (label: string): Locator => panel.getByRole('combobox', { name: label, exact: true });
      assert.deepEqual([await choice('Gender').inputValue(), await choice('Language').inputValue()], ['male', 'sw']);
      await choice('Gender').selectOption('Female');
      await choice('Language').selectOption('Vietnamese');
      await input('Location').fill('Huế');
      await panel.getByRole('button', { name: 'Remove Label: gone' }).click();
      const label = choice('Labels');
      await label.fill('first');
      await label.press('Enter');
      await panel.getByRole('button', { name: 'Remove Label: first' }).waitFor();
      assert.deepEqual(await violations(panel), []);
      await label.pressSequentially('half');
      await label.press('Control+s');
      await panel.getByText('Saved.').waitFor();
      const saved = await somebody.get(contactId, { isFresh: true });
      assert.deepEqual([saved.gender, saved.language, saved.location], ['female', 'vi', 'Huế']);
      assert.deepEqual(saved.labels, ['old', 'first', 'half']);
      await panel.locator('.detail', { hasText: 'Female' }).waitFor();
      await panel.locator('.detail', { hasText: 'Vietnamese' }).waitFor();
      await press('Undo');
      await panel.getByText('Undone.').waitFor();
      const undone = await somebody.get(contactId, { isFresh: true });
      assert.deepEqual([undone.gender, undone.language, undone.labels], ['male', 'sw', ['old', 'gone']]);
    });

    it('asks field by field when somebody else has changed the same meanwhile', async () => {
      await press('Edit');
      await input('Phone').fill('+84 28 5555 0111');
      await input('Remark').fill('mine');
      await input('Company').fill('Only here');
      await somebody.update(contactId, { phone_number: '+84 28 5555 0222', remark: 'theirs', position: 'elsewhere' });
      await press('Save');
      const phone = panel.getByRole('group', { name: 'Phone' });
      await phone.getByText('Somebody else has changed this meanwhile').waitFor();
      assert.equal(
        await panel
          .locator('.field', { has: input('Phone') })
          .getByRole('group')
          .count(),
        1,
        'at its field',
      );
      assert.ok(await phone.getByRole('radio', { name: 'Mine' }).evaluate((radio) => radio.matches(':focus')));
      assert.ok(await isWholeInView(phone), 'nothing lies over it');
      const [mine, theirs] = await phone.locator('label').all();
      const [left, right] = [await mine?.boundingBox(), await theirs?.boundingBox()];
      assert.ok(left && right && left.y === right.y && left.x + left.width <= right.x, 'beside each other');
      assert.equal((await somebody.get(contactId)).remark, 'theirs', 'nothing is overwritten without a word');
      await phone.getByRole('radio', { name: 'Theirs' }).check();
      assert.ok(await panel.getByRole('group', { name: 'Remark' }).getByRole('radio', { name: 'Mine' }).isChecked());
      await press('Save');
      await panel.getByText('Saved.').waitFor();
      const saved = await somebody.get(contactId);
      assert.equal(saved.phone_number, '+84 28 5555 0222');
      assert.equal(saved.remark, 'mine');
      assert.equal(saved.company_name, 'Only here');
      assert.equal(saved.position, 'elsewhere');
    });

    it('keeps what was typed over a closed tab and a reload', async () => {
      await press('Edit');
      await input('Remark').fill('not saved yet');
      await panel.getByRole('tab', { name: 'Comments' }).click();
      await panel.getByLabel('Write a comment for your team').fill('half a comment');
      await tab('●').waitFor();
      await workbench.runCommand('View: Close Editor');
      await tab(name).waitFor({ state: 'detached' });
      await openPanel();
      assert.equal(await input('Remark').inputValue(), 'not saved yet');
      await workbench.reload();
      panel = await workbench.contactPage(name);
      await poll('the draft', 60_000, async () => (await input('Remark').inputValue()) === 'not saved yet');
      await panel.getByRole('tab', { name: 'Comments' }).click();
      assert.equal(await panel.getByLabel('Write a comment for your team').inputValue(), 'half a comment');
      await panel.getByRole('tab', { name: 'Details' }).click();
      await press('Discard');
      await panel.locator('.details').waitFor();
      assert.equal((await somebody.get(contactId)).remark, 'mine');
    });

    it('adds a comment by Ctrl+Enter, and none without words', async () => {
      await panel.getByRole('tab', { name: 'Comments' }).click();
      const box = panel.getByLabel('Write a comment for your team');
      const { totalMatching = 0 } = await somebody.getComments(contactId, { limit: 1 });
      for (const text of [' ', 'sent from where it was typed']) {
        await box.fill(text);
        await box.press('Control+Enter');
      }
      await panel.locator('.row', { hasText: 'sent from where it was typed' }).waitFor();
      assert.equal(await box.inputValue(), '');
      // The host says late what was in the box before the last letters.
      await panel.evaluate(`(() => {
        const box = document.querySelector('.comment-box textarea');
        box.value = 'typed and sent at once';
        box.dispatchEvent(new Event('input', { bubbles: true }));
        const before = { draft: ' ', editing: '', isSending: false, fault: '', refusal: '' };
        dispatchEvent(new MessageEvent('message', { data: { call: 'showCommentBox', with: [before] } }));
        box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true, bubbles: true, cancelable: true }));
      })()`);
      await panel.locator('.row', { hasText: 'typed and sent at once' }).waitFor();
      assert.equal((await somebody.getComments(contactId, { limit: 1 })).totalMatching, totalMatching + 2);
    });

    it('shows a comment as its Markdown means it, and changes it, also in a tab that was closed meanwhile', async () => {
      await somebody.addComment(contactId, 'another of mine');
      await panel.getByRole('tab', { name: 'Comments' }).click();
      const box = panel.getByLabel('Write a comment for your team');
      await box.fill(
        'ask **twice**\n- [docs](https://docs.example/a)\n- [docs.example](https://evil.example/docs.example)\n- <img src=x>',
      );
      await press('Add Comment');
      const row = panel.locator('.row', { hasText: 'twice' });
      await row.locator('strong', { hasText: 'twice' }).waitFor();
      await row.getByRole('link', { name: 'docs', exact: true }).waitFor();
      await row.getByText('(docs.example)').waitFor();
      await row.getByText('(evil.example)').waitFor();
      await row.getByText('<img src=x>').waitFor();
      assert.equal(await panel.locator('.row img').count(), 0);
      assert.deepEqual(await violations(panel), []);
      await box.fill('a new one, begun');
      await row.getByRole('button', { name: 'Edit Comment' }).click();
      const changing = panel.getByRole('textbox', { name: 'Edit Comment' });
      assert.equal(
        await changing.inputValue(),
        'ask **twice**\n- [docs](https://docs.example/a)\n- [docs.example](https://evil.example/docs.example)\n- <img src=x>',
      );
      await changing.fill('asked *once*');
      const another = panel.locator('.row', { hasText: 'another of mine' });
      await another.getByRole('button', { name: 'Edit Comment' }).click();
      await panel.getByText('Save or cancel the comment that you are changing first.').waitFor();
      assert.equal(await changing.inputValue(), 'asked *once*');
      await workbench.runCommand('View: Close Editor');
      await tab(name).waitFor({ state: 'detached' });
      panel = await workbench.openContact(name);
      await panel.getByRole('tab', { name: 'Comments' }).click();
      const again = panel.getByRole('textbox', { name: 'Edit Comment' });
      assert.equal(await again.inputValue(), 'asked *once*');
      await again.press('Control+Enter');
      await panel.locator('.row em', { hasText: 'once' }).waitFor();
      const fresh = panel.getByLabel('Write a comment for your team');
      assert.equal(await fresh.inputValue(), 'a new one, begun');
      await fresh.fill('');
      assert.equal((await somebody.getComments(contactId, { limit: 1 })).items[0]?.text, 'asked *once*');
    });

    it('adds a comment and deletes it', async () => {
      await panel.getByRole('tab', { name: 'Comments' }).click();
      const box = panel.getByLabel('Write a comment for your team');
      await box.fill('<b>not bold</b>');
      await press('Add Comment');
      const row = panel.locator('.row', { hasText: '<b>not bold</b>' });
      await row.waitFor();
      assert.equal(await box.inputValue(), '');
      assert.equal((await somebody.getComments(contactId, { limit: 1 })).items[0]?.text, '<b>not bold</b>');
      await row.getByRole('button', { name: 'Delete Comment' }).click();
      await workbench.dialog.getByRole('button', { name: 'Delete' }).click();
      await row.waitFor({ state: 'detached' });
      assert.notEqual((await somebody.getComments(contactId, { limit: 1 })).items[0]?.text, '<b>not bold</b>');
    });

    it('has one timeline of everything, newest first, of which a part can be shown', async () => {
      await panel.getByRole('tab', { name: 'Timeline' }).click();
      const rows = panel.locator('[role=tabpanel] .row');
      const kinds = async (): Promise<Set<string>> =>
        new Set(
          await panel
            .locator('[role=tabpanel] .row > .icon')
            .evaluateAll((icons) => icons.map((icon) => icon.getAttribute('data-icon') ?? '')),
        );
      const [conversations, comments, files] = await Promise.all([
        somebody.getConversations(contactId),
        somebody.getComments(contactId, { limit: 20 }),
        somebody.getFiles(contactId),
      ]);
      const activities = (await Promise.all(conversations.items.map(({ id }) => somebody.getActivities(id)))).flat();
      const all = conversations.items.length + comments.items.length + files.length + activities.length;
      await poll('all of it', 60_000, async () => (await rows.count()) === all);
      const times = await panel
        .locator('[role=tabpanel] time')
        .evaluateAll((nodes) => nodes.map((node) => Date.parse(node.getAttribute('datetime') ?? '')));
      assert.equal(times.length, all);
      assert.deepEqual(
        times,
        [...times].sort((one, other) => other - one),
      );
      assert.ok((await kinds()).size > 1);
      for (const kind of ['Conversations', 'Files', 'Activity']) {
        await panel.getByRole('checkbox', { name: kind }).uncheck();
      }
      await poll('the comments alone', 60_000, async () => (await rows.count()) === comments.items.length);
      const newest = new Date(Math.max(...times)).toLocaleDateString('en-CA');
      await panel.getByRole('checkbox', { name: 'Activity' }).check();
      await panel.getByLabel('From').fill('2100-01-01');
      await panel.getByRole('tabpanel').getByText('Nothing here with this filter.').waitFor();
      await panel.getByLabel('From').fill('');
      await panel.getByLabel('Until').fill(newest);
      await poll('up to a day', 60_000, async () => (await rows.count()) === comments.items.length + activities.length);
      await panel.getByRole('combobox').selectOption({ index: 1 });
      await poll('one channel', 60_000, async () => (await rows.count()) < comments.items.length + activities.length);
    });

    it('opens the next contact of the list', async () => {
      const [first, second] = (await somebody.list({ limit: 2 })).items;
      const page = await workbench.openContact(first?.display_name ?? '');
      await page.getByRole('button', { name: 'Next Contact' }).click();
      await workbench.contactPage(second?.display_name ?? '');
    });

    it('says so when the contact is deleted while it is open, and keeps what is typed', async () => {
      await openPanel();
      await press('Edit');
      await input('Remark').fill('too late');
      await somebody.delete(contactId);
      await press('Save');
      await panel.getByText('This is no longer on the server.').waitFor();
      assert.equal(await input('Remark').inputValue(), 'too late');
    });

    it('keeps the comments that it shows when more cannot be had', async () => {
      const { items } = await somebody.list({ limit: 40 });
      const counts = await Promise.all(items.map(({ id }) => somebody.getComments(id, { limit: 1 })));
      const talkative = items[counts.findIndex(({ totalMatching = 0 }) => totalMatching > 20)];
      panel = await workbench.openContact(talkative?.display_name ?? '');
      await panel.getByRole('tab', { name: 'Comments' }).click();
      const rows = panel.locator('[role=tabpanel] .row');
      await poll('the first page', 60_000, async () => (await rows.count()) === 20);
      await desk.stopServer();
      await press('Load More');
      await workbench.notification.filter({ hasText: 'The server cannot be reached' }).waitFor();
      assert.equal(await rows.count(), 20);
      await panel.getByRole('button', { name: 'Load More' }).waitFor();
    });
  });
