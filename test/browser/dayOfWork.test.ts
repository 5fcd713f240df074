import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Frame } from 'playwright-core';
import { poll } from '../harness/processes.ts';
import { accessibilityFaults, heardIn } from './accessibleTree.ts';
import { violations } from './axe.ts';
import { openDesk, type Desk } from './support.ts';
import { Transcript } from './transcript.ts';
import type { Workbench } from './workbench.ts';
import { KeyboardWorker, MouseWorker, type Worker } from './workers.ts';

interface Way {
  how: string;
  worker: (workbench: Workbench) => Worker;
  /** Each state is looked at in both, and both ways come to each. */
  themes: { light: string; dark: string; marks: readonly [light: string, dark: string] };
}

const ways: readonly Way[] = [
  {
    how: 'by mouse',
    worker: (workbench) => new MouseWorker(workbench),
    themes: { light: 'Light Modern', dark: 'Dark Modern', marks: ['vs', 'vs-dark'] },
  },
  {
    how: 'by keyboard alone',
    worker: (workbench) => new KeyboardWorker(workbench),
    themes: {
      light: 'Default High Contrast Light',
      dark: 'Default High Contrast',
      marks: ['hc-light', 'hc-black'],
    },
  },
];

const person = (number: number): string => `Person ${String(number).padStart(2, '0')}`;
/** 29 people, of whom the first is there already under another name. */
const people = [
  'name,email,phone,company',
  'M. Nguyen,MAI@day.example,,Lotus Retail',
  ...Array.from({ length: 28 }, (_, index) => `${person(index + 1)},p${index + 1}@day.example,,Lotus Retail`),
].join('\n');

for (const { how, worker, themes } of ways) {
  describe(`a day of work, ${how}`, () => {
    let desk: Desk;
    let workbench: Workbench;
    let work: Worker;
    let panel: Frame;
    const screenReader = new Transcript();
    const mai = 'Mai Nguyễn';
    before(async () => {
      desk = await openDesk({
        settings: {
          'workbench.colorTheme': themes.light,
          'workbench.preferredLightColorTheme': themes.light,
          'workbench.preferredDarkColorTheme': themes.dark,
        },
      });
      ({ workbench } = desk);
      work = worker(workbench);
      // Where VS Code says what happens; lists and boxes of its own say how many they have.
      await screenReader.follow(workbench.page, '.monaco-aria-container');
      writeFileSync(join(desk.workspace, 'people.csv'), people);
    });
    after(() => desk.leave());

    const isTheme = (mark: string): Promise<void> => workbench.page.locator(`.monaco-workbench.${mark}`).waitFor();
    /**
     * What axe has against the page as it is now, in both themes, and what a person who does not see it finds there.
     * @param expected roles with their names, in the order in which they are come to.
     */
    const look = async (state: string, ...expected: string[]): Promise<void> => {
      const page = panel.locator('body');
      assert.deepEqual(await accessibilityFaults(page), [], state);
      const heard = await heardIn(page);
      const wanted = [`heading "${mai}" level 1`, ...expected];
      const found = wanted.filter((line) => heard.includes(line));
      assert.deepEqual(found, wanted, `${state}: ${heard.join(' | ')}`);
      const places = wanted.map((line) => heard.indexOf(line));
      assert.deepEqual(
        places,
        places.toSorted((one, other) => one - other),
        `${state}: ${heard.join(' | ')}`,
      );
      const [light, dark] = themes.marks;
      for (const mark of [dark, light]) {
        await workbench.runCommand('Preferences: Toggle between Light/Dark Themes');
        await isTheme(mark);
        const kind = mark.startsWith('hc') ? 'vscode-high-contrast' : mark === 'vs' ? 'vscode-light' : 'vscode-dark';
        await panel.locator(`body.${kind}`).waitFor();
        assert.deepEqual(await violations(panel), [], `${state}: ${mark}`);
      }
    };
    const countIs = (count: number): Promise<void> =>
      workbench
        .view('Contacts')
        .locator('.pane-header', { hasText: new RegExp(`· ${count}\\b`) })
        .waitFor();
    /** What a person who does not see it is told of what has just happened: one time, no more. */
    const isSpokenOnce = async (text: string): Promise<void> => {
      await screenReader.hears(text);
      const all = await screenReader.take();
      assert.equal(all.filter((sentence) => sentence.includes(text)).length, 1, all.join(' | '));
    };
    const said = async (text: string): Promise<void> => {
      await isSpokenOnce(text);
      // A progress that says the same is about to go.
      await workbench.notification.filter({ hasText: text }).filter({ hasNotText: 'Importing' }).waitFor();
      await workbench.runCommand('Notifications: Clear All Notifications');
    };

    it('begins with an empty workspace of one’s own', async () => {
      await workbench.showContacts();
      await workbench.runCommand('Contacts: Use Local Workspace');
      await workbench.rows('Contacts').first().waitFor();
      await isTheme(themes.marks[0]);
      await work.run('Remove Sample Contacts…');
      await workbench.dialog.getByText('Remove 250 sample contacts').waitFor();
      await work.answer('Remove');
      await workbench.view('Contacts').getByText('There are no contacts yet.').waitFor();
      await workbench.view('Notifications').getByText('Nobody is waiting for you.').waitFor();
      await said('250 sample contacts are removed.');
    });

    it('makes a contact, and is told what is wrong with a number', async () => {
      if (how === 'by mouse')
        await workbench.view('Contacts').getByRole('button', { name: 'New Contact', exact: true }).first().click();
      else await work.run('New Contact…');
      await workbench.quickInput.waitFor();
      await workbench.page.keyboard.type(mai);
      await workbench.page.keyboard.press('Enter');
      panel = await workbench.contactPage(mai);
      await screenReader.follow(panel);
      await panel.locator('.contact-form').waitFor();
      await work.fill(panel, 'Phone', '12 ab');
      await panel.getByText('A phone number has').waitFor();
      await isSpokenOnce('A phone number has 3 to 15 digits');
      await look('the form, with a fault', 'tab "Details" selected', 'textbox "E-mail"', 'textbox "Phone"');
      await work.fill(panel, 'Phone', '+84901112233');
      await work.fill(panel, 'E-mail', 'mai@day.example');
      await work.press(panel, 'Save');
      await panel.locator('.detail', { hasText: 'mai@day.example' }).waitFor();
      await isSpokenOnce('Saved.');
      await look('the details', 'tab "Details" selected', 'tabpanel "Details"', 'button "Copy: E-mail"');
      await countIs(1);
    });

    it('imports 29 more', async () => {
      await work.bring(join(desk.workspace, 'people.csv'));
      await work.pick('Add everybody');
      await said('Import done: 29 added');
      await countIs(30);
    });

    it('makes one of two who are one', async () => {
      await work.run('Find Duplicates…');
      await workbench.quickInput.getByText('same e-mail').waitFor();
      await work.pick('M. Nguyen');
      await workbench.quickInput.getByPlaceholder('Who stays?').waitFor();
      await work.pick(mai);
      await workbench.quickInput.getByPlaceholder('What is taken from M. Nguyen?').waitFor();
      await work.accept();
      await said(`“M. Nguyen” is merged into “${mai}”.`);
      await countIs(29);
    });

    it('gives five a label, which is searched for', async () => {
      await work.select(person(1), person(5));
      await work.choose(person(3), 'Edit Labels…');
      await workbench.quickInput.getByPlaceholder('Choose labels').waitFor();
      await workbench.page.keyboard.type('vip');
      await work.check('vip');
      await work.accept();
      await poll('five who have it', 60_000, async () => {
        await workbench.searchFor('label:vip');
        // Rows of what was shown before may still be there.
        const names = async (): Promise<string> =>
          (await workbench.quickInput.locator('.monaco-list-row').allInnerTexts())
            .map((row) => row.slice(0, person(1).length))
            .join();
        const five = [1, 2, 3, 4, 5].map(person).join();
        const isFound = await poll('the five', 8_000, async () => (await names()) === five).catch(() => false);
        await workbench.page.keyboard.press('Escape');
        return isFound;
      });
    });

    it('notes what was said, and looks at all that there is', async () => {
      panel = await work.open(mai);
      await screenReader.follow(panel);
      await work.goTo(panel, 'Comments');
      // It is said too.
      await panel.getByRole('tabpanel').getByText('Nobody has commented yet.').waitFor();
      await look(
        'no comments',
        'tab "Comments" selected',
        'button "Add Comment" disabled',
        'Nobody has commented yet.',
      );
      await work.fill(panel, 'Write a comment for your team', 'called **back**');
      await work.press(panel, 'Add Comment');
      await panel.locator('.row strong', { hasText: 'back' }).waitFor();
      await isSpokenOnce('The comment is added.');
      await work.press(panel, 'Edit Comment');
      await panel.getByRole('textbox', { name: 'Edit Comment' }).waitFor();
      // It has the focus.
      await workbench.page.keyboard.press('End');
      await workbench.page.keyboard.type(' at noon');
      await look('a comment that is changed', 'textbox "Edit Comment"', 'button "Save Comment"');
      await work.press(panel, 'Save Comment');
      await panel.getByText('at noon').waitFor();
      await isSpokenOnce('The comment is saved.');
      for (const [tab, shown] of [
        ['Files', 'No files yet.'],
        ['Activity', 'No activity yet.'],
        ['Details', 'mai@day.example'],
        ['Timeline', 'called'],
        ['Conversations', 'No conversations yet.'],
      ] as const) {
        await work.goTo(panel, tab);
        await panel.getByRole('tabpanel').getByText(shown).first().waitFor();
        await look(tab, `tab "${tab}" selected`);
      }
    });

    it('takes all of it out', async () => {
      const target = join(desk.workspace, 'all.csv');
      await work.run('Export Contacts as CSV…');
      await work.pick('For People');
      await workbench.quickInput.getByPlaceholder('Which columns?').waitFor();
      await work.accept();
      if (how === 'by mouse') await workbench.answerFileDialog(target);
      else await workbench.typeFileDialog(target);
      await said('Contacts exported: 29 rows');
      const rows = parse(readFileSync(target, 'utf8'), { columns: true }) as unknown as Record<string, string>[];
      assert.deepEqual(
        rows.filter(({ Labels }) => Labels === 'vip').map((row) => row['Display name']),
        [1, 2, 3, 4, 5].map(person),
      );
      const made = rows.find((row) => row['Display name'] === mai);
      assert.deepEqual([made?.['E-mail'], made?.['Company']], ['mai@day.example', 'Lotus Retail']);
    });

    it('deletes three, which is said once', async () => {
      await work.select(person(7), person(9));
      if (how === 'by mouse') await work.choose(person(8), 'Delete Contact');
      else await workbench.page.keyboard.press('Delete');
      await workbench.dialog.getByText('Delete 3 contacts?').waitFor();
      await work.answer('Delete');
      await said('3 contacts are deleted.');
      await countIs(26);
    });

    it('was told in regions that a screen reader listens to', async () => {
      assert.deepEqual(await screenReader.unheard(), []);
    });
  });
}
