import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Locator } from 'playwright-core';
import { exportColumns } from '../../src/contract/exportColumns.ts';
import { poll } from '../harness/processes.ts';
import { sitAtServer, type ServedDesk } from './support.ts';
import type { Workbench } from './workbench.ts';

/** Newer than the seeded ones, each of them. */
const added = [
  { id: 'con_tree_a', created_at: '2029-01-01T00:00:00.000Z', display_name: 'Aaron Treetop', channel_type: 'wechat', labels: ['arborist'], email: 'aaron@tree.example', last_seen: '2020-01-01T00:00:00.000Z' },
  { id: 'con_tree_b', created_at: '2029-01-02T00:00:00.000Z', display_name: 'Berta Treetop', channel_type: 'line', labels: ['arborist', 'gold'], email: 'berta@tree.example', last_seen: '2030-01-01T00:00:00.000Z' },
  { id: 'con_tree_z', created_at: '2029-01-03T00:00:00.000Z', display_name: 'Zoë Treetop', channel_type: 'wechat', labels: ['gold-leaf'], email: 'zoe@tree.example', last_seen: '2025-01-01T00:00:00.000Z' },
  { id: 'con_tree_old', created_at: '2001-01-01T00:00:00.000Z', display_name: 'Oldest of All', labels: ['old growth'] },
]; // prettier-ignore

describe('the tree of contacts', () => {
  let desk: ServedDesk;
  let workbench: Workbench;
  before(async function () {
    desk = await sitAtServer({ seed: 300, added });
    ({ workbench } = desk);
  });
  after(() => desk.leave());

  /** The names in the tree, from the first that shows; VS Code draws them in any order. */
  const names = async (): Promise<string[]> => {
    const rows = await workbench.rows('Contacts').evaluateAll((elements) =>
      elements.map((element) => ({
        index: Number(element.getAttribute('data-index')),
        text: element.querySelector('.label-name')?.textContent ?? '',
      })),
    );
    return rows.sort((one, other) => one.index - other.index).map(({ text }) => text);
  };
  const listed = (what: string, ...expected: string[]): Promise<boolean> =>
    poll(what, 60_000, async () => {
      const shown = await names();
      return expected.every((name, index) => shown[index] === name);
    });
  const only = (what: string, ...expected: string[]): Promise<boolean> =>
    poll(what, 60_000, async () => (await names()).join() === expected.join());
  /** Opens a contact; a row that is drawn anew while it is clicked does not notice. */
  const open = (name: string): Promise<boolean> =>
    poll(`the panel of ${name}`, 40_000, async () => {
      await workbench.leaveHover();
      await workbench.row('Contacts', name).first().click();
      const tab = workbench.page.locator('.tabs-container .tab.active').filter({ hasText: name });
      return isSoon(tab).then((isThere) => isThere && workbench.contactPage(name).then(() => true));
    });
  const isSoon = (locator: Locator): Promise<boolean> =>
    locator.waitFor({ timeout: 3_000 }).then(
      () => true,
      () => false,
    );
  const title = (): Promise<string> => workbench.view('Contacts').locator('.pane-header').innerText();

  it('sorts by what was created, seen and changed last, and by name', async () => {
    await listed('the newest first', 'Zoë Treetop', 'Berta Treetop', 'Aaron Treetop');
    const sortBy = async (order: string): Promise<void> => {
      await workbench.runCommandAndPick('Contacts: Sort Contacts…', order);
    };
    await sortBy('Last seen first');
    await listed('who was seen last', 'Berta Treetop');
    await sortBy('Name');
    await poll('the names in order', 60_000, async () => (await names())[0] !== 'Berta Treetop');
    const inOrder = await names();
    assert.deepEqual(inOrder.slice(0, 5), [...inOrder].sort().slice(0, 5));
    await desk.service().update('con_tree_a', { remark: 'climbs' });
    await sortBy('Recently changed first');
    await listed('who was changed last', 'Aaron Treetop');
    await sortBy('Newest first');
    await listed('the newest first', 'Zoë Treetop');
  });

  it('searches in the list, and says so in its title', async () => {
    await workbench.runCommand('Contacts: Search in the List…');
    await workbench.answerPrompt('Search in the List', 'treetop');
    await poll('those found', 60_000, async () => (await names()).length === 3);
    assert.match(await title(), /“treetop” · 3/);
    await workbench.runCommand('Contacts: Save Search…');
    await workbench.answerPrompt('Save Search', 'Tree people');
    await poll('the saved search and its count', 60_000, async () =>
      (await workbench.row('Contacts', 'Tree people').first().innerText()).includes('3'),
    );
    await workbench.runCommand('Contacts: Search in the List…');
    await workbench.answerPrompt('Search in the List', 'nobody of this name');
    await workbench.view('Contacts').getByText('Nobody matches.').waitFor();
    await workbench.runCommand('Contacts: Show All Contacts');
    await poll('all, after the saved search', 60_000, async () => (await names()).length > 4);
    assert.match(await title(), /304/);
    await workbench.row('Contacts', 'Tree people').click();
    await poll('those found', 60_000, async () => (await names()).length === 4);
  });

  it('filters by channel and by label, also by one that no loaded contact has', async () => {
    const filter = async (...choices: string[]): Promise<void> => {
      await workbench.runCommand('Contacts: Filter by Channel and Label…');
      for (const choice of choices) {
        await workbench.fillQuickInput(choice);
        await workbench.pick(choice).first().click();
      }
      await workbench.quickInput.getByRole('button', { name: 'OK' }).click();
    };
    await filter('WeChat');
    await only('WeChat only', 'Tree people', 'Aaron Treetop', 'Zoë Treetop');
    assert.match(await title(), /“treetop” · WeChat · 2/);
    await filter('arborist');
    await only('and a label', 'Tree people', 'Aaron Treetop');
    await workbench.runCommand('Contacts: Show All Contacts');
    await listed('all', 'Tree people', 'Zoë Treetop');
    await filter('gold-leaf');
    await only('one label', 'Tree people', 'Zoë Treetop');
    await workbench.reload();
    await workbench.showContacts();
    await only('the filter after a reload', 'Tree people', 'Zoë Treetop');
    await workbench.runCommand('Contacts: Show All Contacts');
    await listed('all', 'Tree people', 'Zoë Treetop');
    await workbench.runCommand('Contacts: Filter by Channel and Label…');
    await workbench.fillQuickInput('old growth');
    // A label that is only typed says so; this one was found at somebody who is not loaded.
    await poll('the label of somebody who is not loaded', 60_000, async () => {
      const rows = await workbench.quickInput.locator('.monaco-list-row').allInnerTexts();
      return rows.length === 1 && rows[0]?.startsWith('old growth') === true && !rows[0].includes('another label');
    });
    await workbench.pick('old growth').click();
    await workbench.quickInput.getByRole('button', { name: 'OK' }).click();
    await only('who has it', 'Tree people', 'Oldest of All');
    await workbench.runCommand('Contacts: Show All Contacts');
    await listed('all', 'Tree people', 'Zoë Treetop');
    await workbench.pressOnRow(workbench.row('Contacts', 'Tree people'), 'Delete Saved Search');
    await listed('without the saved search', 'Zoë Treetop');
  });

  it('shows whose panel is in front, and keeps its place and the selection over a refresh', async () => {
    const selected = workbench.view('Contacts').locator('.monaco-list-row.selected');
    const far = (await names())[9] ?? '';
    await open(far);
    await open('Zoë Treetop');
    await workbench.page.locator('.tabs-container .tab').filter({ hasText: far }).click();
    await poll('the row of the panel', 60_000, async () => (await selected.innerText()).includes(far));
    const box = workbench.view('Contacts').locator('.monaco-list');
    await box.hover();
    await workbench.page.mouse.wheel(0, 110);
    await poll('the list scrolled', 60_000, async () => (await names())[0] !== 'Zoë Treetop');
    const before = await names();
    const asked = desk.service();
    await asked.update('con_tree_b', { display_name: 'Berta Treetopper' });
    await workbench.runCommand('Contacts: Refresh Contacts');
    await poll('the same place', 60_000, async () => (await names()).join() === before.join());
    assert.ok((await selected.innerText()).includes(far));
    await box.hover();
    await workbench.page.mouse.wheel(0, -1_000);
    await workbench.row('Contacts', 'Berta Treetopper').waitFor();
  });

  it('keeps those on top that are pinned, also when the list is sorted and the window is loaded again', async () => {
    const box = workbench.view('Contacts');
    const oldest = desk.service();
    const { items } = await oldest.search({ q: 'Oldest of All' });
    assert.equal(items[0]?.id, 'con_tree_old');
    await workbench.searchFor('Oldest of All');
    await workbench.openFound('Oldest of All');
    await workbench.search(async (searchBox) => {
      await searchBox.fill('Oldest of All', { timeout: 4_000 });
      await workbench.pick('Oldest of All').first().click({ timeout: 4_000 });
    }, 'Contacts: Pin Contact');
    await listed('the pinned one first', 'Oldest of All', 'Zoë Treetop');
    await workbench.contextMenu(workbench.row('Contacts', 'Aaron Treetop'), 'Pin Contact');
    await listed('both first', 'Oldest of All', 'Aaron Treetop', 'Zoë Treetop');
    assert.equal((await names()).filter((name) => name === 'Aaron Treetop').length, 1, 'and no second time');
    await workbench.reload();
    await listed('both again', 'Oldest of All', 'Aaron Treetop', 'Zoë Treetop');
    await workbench.row('Contacts', 'Aaron Treetop').filter({ hasText: 'pinned' }).waitFor();
    await oldest.update('con_tree_old', { display_name: 'Oldest of Them' });
    await workbench.runCommand('Contacts: Refresh Contacts');
    await listed('its new name', 'Oldest of Them', 'Aaron Treetop');
    await workbench.row('Contacts', 'Oldest of Them').hover();
    await workbench.row('Contacts', 'Oldest of Them').getByRole('button', { name: 'Unpin Contact' }).click();
    await listed('one', 'Aaron Treetop', 'Zoë Treetop');
    await workbench.contextMenu(workbench.row('Contacts', 'Aaron Treetop'), 'Unpin Contact');
    await poll('none', 60_000, async () => (await names()).indexOf('Aaron Treetop') === 2);
    assert.equal(await box.getByText('Oldest of').count(), 0);
    await oldest.update('con_tree_old', { display_name: 'Oldest of All' });
    oldest.dispose();
  });

  it('offers labels of contacts that are not in the list, while one searches', async () => {
    await workbench.search((box) => box.fill('label:old', { timeout: 4_000 }));
    await workbench.pick('label:"old growth"').click();
    await poll(
      'what is searched for',
      60_000,
      async () => (await workbench.inputValue()).trim() === 'label:"old growth"',
    );
    await workbench.pick('Oldest of All').first().waitFor();
    await workbench.page.keyboard.press('Escape');
  });

  it('has what is about accounts in a menu of its own', async () => {
    const header = workbench.view('Contacts').locator('.pane-header');
    await header.hover();
    await header.getByRole('button', { name: 'More Actions' }).click();
    const entry = (text: string): Locator =>
      workbench.page.locator('.monaco-menu .action-item').filter({ hasText: text });
    await entry('Account').first().waitFor();
    assert.equal(await entry('Sign Out').count(), 0);
    await entry('Account').first().hover();
    for (const text of ['Switch Account', 'Use Local Workspace', 'Sign In', 'Sign Out'])
      await entry(text).first().waitFor();
    for (let menus = 0; menus < 2; menus++) await workbench.page.keyboard.press('Escape');
    await entry('Account').first().waitFor({ state: 'detached' });
  });

  it('copies the e-mails of several, and drags them into an editor', async () => {
    await open('Zoë Treetop');
    await workbench.row('Contacts', 'Aaron Treetop').click({ modifiers: ['Shift'] });
    await workbench.contextMenu(workbench.row('Contacts', 'Aaron Treetop'), 'Copy E-mail', 'Update Contact');
    await workbench.page.locator('.statusbar-item').getByText('Copied 3 texts.').waitFor();
    await workbench.runCommandAndPick('Create: New File...', 'Text File');
    const editor = workbench.page.locator('.editor-instance .monaco-editor').last();
    const text = async (): Promise<string> =>
      (await editor.locator('.view-lines').innerText()).replaceAll('\u00a0', ' ');
    await poll('the addresses', 60_000, async () => {
      if ((await text()).includes('zoe@tree.example, berta@tree.example, aaron@tree.example')) return true;
      await editor.click();
      await workbench.page.keyboard.press('Control+a');
      await workbench.page.keyboard.press('Control+v');
      return false;
    });
    await poll('the names of those dragged', 60_000, async () => {
      const from = await workbench.row('Contacts', 'Aaron Treetop').boundingBox();
      const to = await editor.boundingBox();
      if (from === null || to === null) return false;
      const { mouse, keyboard } = workbench.page;
      await mouse.move(from.x + 60, from.y + 8);
      await mouse.down();
      await mouse.move(to.x + 200, to.y + 60, { steps: 5 });
      // Without it, VS Code would open what is dropped.
      await keyboard.down('Shift');
      await mouse.move(to.x + 210, to.y + 12, { steps: 5 });
      await mouse.up();
      await keyboard.up('Shift');
      return (await text()).includes('Aaron Treetop <aaron@tree.example>');
    });
  });

  it('copies rows as a table by Ctrl+C, looks at one by Space, and opens several', async () => {
    const { page } = workbench;
    const tabs = page.locator('.tabs-container .tab');
    const list = workbench.view('Contacts').locator('.monaco-list');
    await open('Zoë Treetop');
    assert.equal(await tabs.filter({ hasText: 'Aaron Treetop' }).count(), 0);
    // A panel that was just opened takes the focus a moment later.
    await poll('who has the focus in the list', 60_000, async () => {
      for (const key of ['Home', 'ArrowDown', 'Space']) await list.press(key);
      return isSoon(tabs.filter({ hasText: 'Berta Treetopper' }));
    });
    await poll('the focus in the list', 60_000, () =>
      list.evaluate((node) => node.contains(node.ownerDocument.activeElement)),
    );
    await workbench.row('Contacts', 'Zoë Treetop').click();
    await workbench.row('Contacts', 'Aaron Treetop').click({ modifiers: ['Shift'] });
    await poll('the rows to be copied', 60_000, async () => {
      await list.press('Control+c');
      return isSoon(page.locator('.statusbar-item').getByText('Copied 3 contacts.'));
    });
    await page.context().grantPermissions(['clipboard-read']);
    const copied = await page.evaluate<string>('navigator.clipboard.readText()');
    assert.deepEqual(
      copied.split('\n').map((line) => line.split('\t').slice(0, 2)),
      [
        ['Display name', 'E-mail'],
        ['Zoë Treetop', 'zoe@tree.example'],
        ['Berta Treetopper', 'berta@tree.example'],
        ['Aaron Treetop', 'aaron@tree.example'],
      ],
    );
    await workbench.row('Contacts', 'Zoë Treetop').click();
    await workbench.row('Contacts', 'Aaron Treetop').click({ modifiers: ['Shift'] });
    await workbench.contextMenu(workbench.row('Contacts', 'Aaron Treetop'), 'Open Contact');
    await tabs.filter({ hasText: 'Aaron Treetop' }).waitFor();
    assert.equal(await tabs.filter({ hasText: 'Berta Treetopper' }).count(), 1, 'not once more');
  });

  /** Begins an export for people or programs; anew where a change of focus has closed a question before it was seen. */
  const askedForColumns = async (reader: string, begin: () => Promise<void>): Promise<void> => {
    await poll('the question for whom it is', 60_000, async () => {
      const isBegun = await begin().then(
        () => true,
        () => false,
      );
      return isBegun && isSoon(workbench.quickInput.getByPlaceholder('For whom is the file?'));
    });
    await workbench.pick(reader).click();
    await workbench.quickInput.getByPlaceholder('Which columns?').waitFor();
  };

  const exported = async (file: string): Promise<Record<string, string>[]> => {
    await workbench.answerFileDialog(join(desk.workspace, file));
    await workbench.notification.filter({ hasText: 'Contacts exported' }).waitFor();
    await workbench.runCommand('Notifications: Clear All Notifications');
    return parse(readFileSync(join(desk.workspace, file)), { columns: true }) as unknown as Record<string, string>[];
  };

  it('exports those that are selected, with the columns that are chosen', async () => {
    await open('Zoë Treetop');
    await workbench.row('Contacts', 'Aaron Treetop').click({ modifiers: ['Shift'] });
    await askedForColumns('For Programs', () =>
      workbench.contextMenu(workbench.row('Contacts', 'Aaron Treetop'), 'Export as CSV'),
    );
    for (const column of ['last_name', 'labels']) {
      await workbench.fillQuickInput(column);
      await workbench.pick(column).first().click();
    }
    await workbench.fillQuickInput('');
    await workbench.quickInput.getByRole('button', { name: 'OK' }).click();
    const rows = await exported('selected.csv');
    assert.deepEqual(
      rows.map((row) => row['email']),
      ['zoe@tree.example', 'berta@tree.example', 'aaron@tree.example'],
    );
    assert.deepEqual(
      Object.keys(rows[0] ?? {}).filter((column) => ['last_name', 'labels'].includes(column)),
      [],
    );
    assert.equal(Object.keys(rows[0] ?? {}).length, exportColumns.length - 2);
  });

  it('exports those that are listed', async () => {
    await workbench.runCommand('Contacts: Search in the List…');
    await workbench.answerPrompt('Search in the List', 'treetop');
    await poll('those found', 60_000, async () => (await names()).length === 3);
    // The menu in the title tells of the row that has the focus, which is not what is to be exported.
    await open('Zoë Treetop');
    await askedForColumns('For People', async () => {
      await workbench.titleMenu('Contacts', 'Export Contacts as CSV');
      await workbench.pick('Contacts that are listed').first().click({ timeout: 5_000 });
    });
    // A panel that takes the focus closes no question of an export.
    await workbench.page.mouse.click(800, 600);
    await workbench.quickInput.getByRole('button', { name: 'OK' }).click();
    const rows = await exported('listed.csv');
    assert.deepEqual(rows.map((row) => row['E-mail']).sort(), [
      'aaron@tree.example',
      'berta@tree.example',
      'zoe@tree.example',
    ]);
    assert.equal(Object.keys(rows[0] ?? {}).length, exportColumns.length);
    const leftOver = readdirSync(desk.workspace).filter((name) => !['listed.csv', 'selected.csv'].includes(name));
    assert.deepEqual(leftOver, []);
  });

  it('gives several contacts a label and takes one from them, and takes that back', async () => {
    const service = desk.service();
    const labelsOf = async (id: string): Promise<readonly string[]> =>
      (await service.get(id, { isFresh: true })).labels;
    const before = { zoe: await labelsOf('con_tree_z'), aaron: await labelsOf('con_tree_a') };
    await service.update('con_tree_z', { labels: [...before.zoe, 'both'] });
    await service.update('con_tree_a', { labels: ['both', ...before.aaron] });
    await workbench.runCommand('Contacts: Refresh Contacts');
    await open('Zoë Treetop');
    await workbench.row('Contacts', 'Aaron Treetop').click({ modifiers: ['Shift'] });
    await workbench.contextMenu(workbench.row('Contacts', 'Aaron Treetop'), 'Edit Labels…');
    const { quickInput } = workbench;
    await quickInput.getByText('Labels of 2 contacts').waitFor();
    await quickInput.getByText('1 Selected').waitFor();
    await workbench.pick('arborist').getByText('on 1 of 2').waitFor();
    await workbench.pick('both').click();
    await quickInput.getByText('0 Selected').waitFor();
    await quickInput.locator('.quick-input-box input').fill('forester');
    await workbench.pick('forester').click();
    await quickInput.getByText('1 Selected').waitFor();
    await quickInput.getByRole('button', { name: 'OK' }).click();
    const report = workbench.notification.filter({ hasText: 'The labels of 2 contacts were changed.' });
    await report.waitFor();
    assert.deepEqual(await labelsOf('con_tree_z'), [...before.zoe, 'forester']);
    assert.deepEqual(await labelsOf('con_tree_a'), [...before.aaron, 'forester']);
    // What somebody else does meanwhile stays.
    await service.update('con_tree_z', { labels: [...before.zoe, 'forester', 'theirs'] });
    await report.getByRole('button', { name: 'Undo' }).click();
    await poll('the labels as they were', 60_000, async () => (await labelsOf('con_tree_a')).includes('both'));
    assert.deepEqual([...(await labelsOf('con_tree_a'))].sort(), ['both', ...before.aaron].sort());
    await poll('those of the other', 60_000, async () => !(await labelsOf('con_tree_z')).includes('forester'));
    assert.deepEqual([...(await labelsOf('con_tree_z'))].sort(), ['both', 'theirs', ...before.zoe].sort());
    // A new label that is typed and accepted by key counts, also without its tick.
    await workbench.contextMenu(workbench.row('Contacts', 'Berta Treetop'), 'Edit Labels…');
    await quickInput.locator('.quick-input-box input').fill('venerable');
    await workbench.pick('venerable').waitFor();
    await workbench.page.keyboard.press('Enter');
    await poll('the label that was typed', 60_000, async () => (await labelsOf('con_tree_b')).includes('venerable'));
    service.dispose();
  });

  it('makes a contact of what is typed, and offers who has the address already', async () => {
    await workbench.runCommand('Contacts: New Contact…');
    await workbench.answerPrompt('Name, e-mail address or phone', '"Treetop, Jamie" <jamie@tree.example>');
    const page = await workbench.contactPage('Jamie Treetop');
    const field = page.getByRole('textbox', { name: 'Display name', exact: true });
    assert.equal(await field.inputValue(), 'Jamie Treetop', 'the form is open');
    await listed('the new contact', 'Jamie Treetop');
    const service = desk.service();
    const made = (await service.search({ q: 'jamie@tree.example' })).items;
    assert.deepEqual(
      made.map(({ display_name, email }) => [display_name, email]),
      [['Jamie Treetop', 'jamie@tree.example']],
    );
    await workbench.runCommand('Contacts: New Contact…');
    await workbench.answerPrompt('Name, e-mail address or phone', 'JAMIE@tree.example');
    await workbench.dialog.getByText('Jamie Treetop has this e-mail address already.').waitFor();
    await workbench.dialog.getByRole('button', { name: 'Open' }).click();
    assert.equal((await service.search({ q: 'jamie@tree.example' })).items.length, 1);
    service.dispose();
  });

  it('finds two that are one person, merges them side by side, and has both again', async () => {
    const service = desk.service();
    const { quickInput, page, notification } = workbench;
    const twin = await service.create({
      display_name: 'J. Treetop',
      email: 'JAMIE@Tree.example',
      company_name: 'Arbor',
    });
    await service.addComment(twin.id, 'of the twin');
    const named = async (): Promise<string[]> =>
      (await service.search({ q: 'jamie@tree.example', limit: 9 })).items.map((each) => each.display_name ?? '').sort();
    await workbench.runCommand('Contacts: Find Duplicates…');
    await quickInput.getByText('same e-mail').first().waitFor();
    await workbench.pick('J. Treetop').first().click();
    await quickInput.getByPlaceholder('Who stays?').waitFor();
    const sides = page.locator('.monaco-diff-editor');
    await sides.locator('.view-line', { hasText: 'Company: Arbor' }).first().waitFor();
    await page.locator('.tabs-container .tab.active', { hasText: '↔' }).waitFor();
    await workbench.pick('Jamie Treetop').click();
    await quickInput.getByPlaceholder('What is taken from J. Treetop?').waitFor();
    await workbench.pick('Company').getByText('empty so far').waitFor();
    await workbench.pick('E-mail').getByText('instead of “jamie@tree.example”').waitFor();
    await quickInput.getByText('1 Selected').waitFor();
    await quickInput.getByRole('button', { name: 'OK' }).click();
    const report = notification.filter({ hasText: '“J. Treetop” is merged into “Jamie Treetop”.' });
    await report.waitFor();
    await sides.waitFor({ state: 'detached' });
    assert.deepEqual(await named(), ['Jamie Treetop']);
    const [one] = (await service.search({ q: 'jamie@tree.example' })).items;
    assert.deepEqual([one?.company_name, one?.email], ['Arbor', 'jamie@tree.example']);
    assert.equal((await service.getComments(one?.id ?? '')).items[0]?.text, 'of the twin');
    await report.getByRole('button', { name: 'Undo' }).click();
    await poll('both again', 60_000, async () => (await named()).join() === 'J. Treetop,Jamie Treetop');
    assert.equal((await service.getComments(twin.id)).items[0]?.text, 'of the twin');
    await page.keyboard.press('Escape');
    await poll(
      'both in the list',
      60_000,
      async () => (await names()).filter((name) => /^J.* Treetop$/.test(name)).length === 2,
    );
    await open('Jamie Treetop');
    const both = ['Jamie Treetop', 'J. Treetop'].map((name) => workbench.row('Contacts', name));
    await workbench.contextMenuOf(both, 'Merge Contacts…');
    await quickInput.getByPlaceholder('Who stays?').waitFor();
    await page.keyboard.press('Escape');
    await sides.waitFor({ state: 'detached' });
    assert.deepEqual(await named(), ['J. Treetop', 'Jamie Treetop'], 'who leaves has changed nothing');
    const panel = await workbench.contactPage('Jamie Treetop');
    await poll(
      'no comment in the panel',
      60_000,
      async () => (await panel.getByRole('tab', { name: 'Comments' }).innerText()).trim() === 'Comments',
    );
    await service.delete(twin.id);
    await workbench.runCommand('Contacts: Refresh Contacts');
    service.dispose();
  });

  it('deletes a contact when that can no longer be taken back, by key, and several after a question', async () => {
    const service = desk.service();
    const isThere = async (name: string): Promise<boolean> =>
      (await service.search({ q: name })).items.some((contact) => contact.display_name === name);
    const countdown = workbench.notification.filter({ hasText: 'Deleting' });
    await open('Jamie Treetop');
    await workbench.view('Contacts').locator('.monaco-list').focus();
    await workbench.page.keyboard.press('Delete');
    await countdown.filter({ hasText: 'Deleting Jamie Treetop' }).waitFor();
    await poll('the others', 60_000, async () => (await names()).length === 3);
    await countdown.getByRole('button', { name: 'Cancel' }).click();
    await listed('everybody again', 'Jamie Treetop');
    assert.ok(await isThere('Jamie Treetop'));
    await workbench.contextMenu(workbench.row('Contacts', 'Jamie Treetop'), 'Delete Contact');
    await poll('the end of Jamie', 60_000, async () => !(await isThere('Jamie Treetop')));
    await workbench.page.locator('.tabs-container .tab').filter({ hasText: 'Jamie' }).waitFor({ state: 'detached' });
    await open('Zoë Treetop');
    await workbench.row('Contacts', 'Aaron Treetop').click({ modifiers: ['Shift'] });
    await workbench.contextMenu(workbench.row('Contacts', 'Aaron Treetop'), 'Delete Contact');
    await workbench.dialog.getByText('Delete 2 contacts?').waitFor();
    await workbench.dialog.getByRole('button', { name: 'Delete' }).click();
    await poll(
      'the end of two',
      60_000,
      async () => !(await isThere('Zoë Treetop')) && !(await isThere('Aaron Treetop')),
    );
    await only('who is left', 'Berta Treetopper');
    await workbench.notification.filter({ hasText: '2 contacts are deleted.' }).waitFor();
    service.dispose();
  });
});
