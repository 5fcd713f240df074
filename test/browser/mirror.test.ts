/** An account's contacts kept on this machine, in VS Code: asked for, filled, there without a connection, removed. */
import assert from 'node:assert/strict';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import type { Frame, Locator } from 'playwright-core';
import { ContactService } from '../../src/api/contactService.ts';
import type { Contact } from '../../src/api/decode/contact.ts';
import { startGateway, type Gateway } from '../harness/gateway/startGateway.ts';
import { poll } from '../harness/processes.ts';
import { parentOf, processesWith } from '../harness/runningProcesses.ts';
import { invokeTool, toolOutcome } from './agentCalls.ts';
import { openDesk, signInWithKey, type Desk } from './support.ts';
import type { Workbench } from './workbench.ts';

/** With one more, who has the canary in each field that can be set. */
const contactCount = 2_999;
const canary = 'canary-w7q9';

describe('contacts that are kept on this machine', () => {
  let desk: Desk;
  let workbench: Workbench;
  let gateway: Gateway;
  let somebody: ContactService;
  /** People with a name, somewhere in the list. */
  let named: Contact[];
  before(async () => {
    gateway = await startGateway({ latency: 0.2 }, '127.0.0.1', contactCount);
    somebody = new ContactService({ origin: gateway.url, credential: { value: gateway.key } });
    const fields = ['display_name', 'first_name', 'last_name', 'gender', 'language', 'remark'] as const;
    await somebody.create({
      ...Object.fromEntries(fields.map((field) => [field, `${canary} ${field}`])),
      email: `${canary}@x.example`,
      labels: [`${canary} label`],
    });
    const everybody: Contact[] = [];
    for await (const { items } of somebody.listPages({ pageSize: 200 })) everybody.push(...items);
    const ofName = Map.groupBy(everybody, ({ display_name }) => display_name);
    named = everybody
      .slice(1_000)
      .filter(({ email, last_name: name = '' }) => email !== undefined && /^[A-Za-z]{5,}$/.test(name))
      .filter(({ display_name }) => ofName.get(display_name)?.length === 1);
    assert.ok(named.length >= 5, String(named.length));
    desk = await openDesk({
      settings: {
        'contactLookup.environment': 'custom',
        'contactLookup.serverUrl': gateway.url,
        'contactLookup.keepContacts': 'ask',
        'contactLookup.inlayNames.enabled': true,
        'editor.hover.delay': 100,
      },
      helpers: [fileURLToPath(new URL('agent', import.meta.url))],
    });
    ({ workbench } = desk);
    await workbench.showContacts();
    await signInWithKey(workbench, gateway.url, gateway.key);
  });
  after(async () => {
    somebody.dispose();
    await desk.leave();
    await gateway.stop();
  });

  const kept = (): string => join(globSync(join(desk.home, '**/globalStorage/*contact-lookup*'))[0] ?? '', 'kept');
  const listed = async (): Promise<number> => (await gateway.log()).requests.length;
  const title = (): Locator => workbench.view('Contacts');
  const isWhole = (): Promise<unknown> =>
    poll('the contacts are here', 120_000, async () => (await title().getByText('searchable').count()) === 0);

  /** Somebody of whom there is something in every tab. */
  const withHistory = async (): Promise<Contact> => {
    for (const person of named.slice(5)) {
      const [conversations, comments, files] = await Promise.all([
        somebody.getConversations(person.id),
        somebody.getComments(person.id),
        somebody.getFiles(person.id),
      ]);
      const [first] = conversations.items;
      if (first?.latest_message?.text === undefined || comments.items.length * files.length === 0) continue;
      if ((await somebody.getActivities(first.id)).length > 0) return person;
    }
    return assert.fail('nobody has a history');
  };

  const invoke = async (name: string, input: Record<string, unknown>): Promise<Record<string, unknown>> => {
    await invokeTool(desk, name, input);
    const { result, error } = await toolOutcome(desk);
    return result ?? assert.fail(error);
  };
  /** What is read of contacts beside the list and the panel: in a document, by a label, by an agent. */
  const readBeside = async (person: Contact): Promise<void> => {
    const { page } = workbench;
    writeFileSync(join(desk.workspace, 'app.log'), `taken by ${person.email}\n`);
    await page.keyboard.press('Control+p');
    await workbench.fillQuickInput('app.log');
    await workbench.pick('app.log').first().click();
    await poll('who it is, beside the address', 60_000, async () =>
      (await page.locator('.editor-instance .view-lines').innerText())
        .replaceAll('\u00a0', ' ')
        .includes(`${person.display_name}`),
    );
    await workbench.hoverOnMention((hover) => hover.getByRole('link', { name: 'Open', exact: true }));
    await page.mouse.move(0, 0);
    await workbench.runCommand('View: Close All Editors');
    await workbench.searchFor(`label:"${canary} label"`);
    await workbench.pick(`${canary} display_name`).waitFor();
    await page.keyboard.press('Escape');
    const found = (await invoke('contactLookup_searchContacts', { query: person.email }))['contacts'];
    assert.deepEqual((found as { id: string }[])[0]?.id, person.id);
    const known = await invoke('contactLookup_getContact', { contactId: person.id });
    assert.ok((known['comments'] as unknown[]).length > 0 && (known['activity'] as unknown[]).length > 0);
    assert.match(String(known['asOf']), /^\d{4}-/);
    const waiting = await invoke('contactLookup_listUnreadNotifications', {});
    assert.ok((waiting['unread'] as unknown[]).length > 0);
    assert.match(String(waiting['asOf']), /^\d{4}-/);
    rmSync(join(desk.workspace, 'app.log'));
  };

  it('are asked for once in plain words, and come newest first with what there is so far in the title', async () => {
    const question = workbench.notification.filter({ hasText: 'Keep the 3,000 contacts' });
    await question.waitFor();
    assert.match(await question.innerText(), /about 4 MB.*signing out removes them/s);
    await question.getByRole('button', { name: 'Keep Them Here' }).click();
    await title()
      .getByText(/\d of 3,000 searchable/)
      .waitFor();
    await isWhole();
    assert.ok(existsSync(kept()));
  });

  it('are found by a part of a name, which the gateway does not find, without a request', async () => {
    const [person = assert.fail()] = named;
    const part = (person.last_name ?? '').slice(1, -1);
    assert.ok(!(await somebody.search({ q: part })).items.some(({ id }) => id === person.id));
    const before = await listed();
    await workbench.searchFor(part);
    await workbench
      .pick(person.display_name ?? '')
      .first()
      .waitFor();
    const searches = (await gateway.log()).requests.slice(before).filter(({ path }) => path.includes('_search'));
    assert.deepEqual(searches, []);
    await workbench.page.keyboard.press('Escape');
  });

  it('take in what somebody else has changed, where they are shown', async () => {
    const [, person = assert.fail()] = named;
    await somebody.update(person.id, { first_name: 'Zephyrine', last_name: 'Quillfeather' });
    await workbench.searchFor('Quillfeath');
    await workbench.pick('Zephyrine Quillfeather').waitFor();
    await workbench.page.keyboard.press('Escape');
  });

  it('are there without a connection, in the list, in search and in a panel, also in a new window', async () => {
    await gateway.behave({ isUnreachable: true });
    await workbench.reload();
    await workbench.showContacts();
    await workbench.rows('Contacts').first().waitFor();
    await title().getByText('3,000').waitFor();
    await title()
      .getByText(/offline, as of/)
      .waitFor();
    const [, , person = assert.fail()] = named;
    await workbench.searchFor((person.last_name ?? '').slice(1));
    const panel = await workbench.openFound(person.display_name ?? '');
    await panel
      .getByText(person.email ?? '')
      .first()
      .waitFor();
    await gateway.behave({ isUnreachable: false });
    await workbench.runCommand('Contacts: Refresh');
    await poll('back', 60_000, async () => (await title().getByText('offline').count()) === 0);
  });

  it('are read without a connection with all that was seen of them, also in a new window', async () => {
    const person = await withHistory();
    const name = person.display_name ?? '';
    const open = async (): Promise<Frame> => {
      await workbench.runCommand('View: Close All Editors');
      await workbench.searchFor(name);
      return workbench.openFound(name);
    };
    const [conversation = assert.fail()] = (await somebody.getConversations(person.id)).items;
    const { items } = await somebody.getMessages({ id: conversation.id, viewId: conversation.public_id });
    const said = items.find(({ text = '' }) => text.length > 10)?.text ?? assert.fail('nothing was said');
    const [comment = assert.fail()] = (await somebody.getComments(person.id)).items;
    const [file = assert.fail()] = await somebody.getFiles(person.id);
    const [activity = assert.fail()] = await somebody.getActivities(conversation.id);
    const newest = await workbench.rows('Notifications').nth(1).innerText();
    const readAll = async (panel: Frame, isOffline: boolean): Promise<void> => {
      const tab = async (of: string, text: string): Promise<void> => {
        await panel.getByRole('tab', { name: of }).click();
        const shown = panel.getByRole('tabpanel');
        await shown.getByText(text).first().waitFor();
        if (isOffline) await shown.getByText('As of').first().waitFor();
      };
      await tab('Comments', plainStart(comment.text));
      await tab('Files', file.name ?? '');
      await tab('Activity', plainStart(activity.summary));
      await tab('Conversations', plainStart(conversation.latest_message?.text));
      await panel
        .getByRole('button', { name: conversation.latest_message?.text ?? '' })
        .first()
        .click();
      await panel.locator('.messages').getByText(plainStart(said)).first().waitFor();
      if (isOffline) await panel.locator('.conversation').getByText('As of').waitFor();
    };
    await readAll(await open(), false);
    await poll('what was seen is kept', 60_000, () =>
      globSync(join(kept(), '*', 'contacts.db*')).some((path) =>
        readFileSync(path, 'utf8').includes(`conversation ${conversation.id}`),
      ),
    );
    await gateway.behave({ isUnreachable: true });
    await workbench.runCommand('View: Close All Editors');
    await workbench.reload();
    await workbench.showContacts();
    await workbench
      .rows('Notifications')
      .getByText(newest.split('\n')[0] ?? '')
      .first()
      .waitFor();
    await workbench.view('Notifications').getByText('These are as of').waitFor();
    await readAll(await open(), true);
    await workbench.runCommand('View: Close All Editors');
    await readBeside(person);
    await workbench.runCommandAndPick('Export Contacts as CSV', 'For Programs');
    await workbench.quickInput.getByPlaceholder('Which columns?').waitFor();
    await workbench.quickInput.getByRole('button', { name: 'OK' }).click();
    const target = join(desk.workspace, 'offline.csv');
    await workbench.answerFileDialog(target);
    await workbench.notification.filter({ hasText: /Contacts exported as of .*: 3,000 rows/ }).waitFor();
    const rows = parse(readFileSync(target), { columns: true }) as unknown as Record<string, string>[];
    assert.equal(rows.length, contactCount + 1);
    assert.ok(rows.some(({ email }) => email === person.email));
    rmSync(target);
    await gateway.behave({ isUnreachable: false });
    await workbench.runCommand('Contacts: Refresh');
    await poll('back', 60_000, async () => (await title().getByText('offline').count()) === 0);
    await workbench.runCommand('View: Close All Editors');
  });

  it('are found at the server while what keeps them is gone, which comes back by itself', async () => {
    const [server = assert.fail()] = processesWith(kept());
    const [person = assert.fail()] = named;
    const name = person.display_name ?? '';
    await workbench.search(() => Promise.resolve());
    process.kill(server, 'SIGKILL');
    const next = await poll('another server', 60_000, () => processesWith(kept()).find((pid) => pid !== server));
    // The account is opened anew, which waits for it for a while.
    process.kill(next, 'SIGSTOP');
    try {
      await workbench.page.keyboard.type(name);
      await workbench.pick(name).first().waitFor();
    } finally {
      process.kill(next, 'SIGCONT');
    }
    await workbench.page.keyboard.press('Escape');
  });

  it('are there from when what keeps them is, where that takes long and the server does not answer', async () => {
    const before = new Set(processesWith(kept()));
    await gateway.behave({ isUnreachable: true });
    await workbench.runCommand('Developer: Reload Window');
    let slow = 0;
    await poll('another server', 60_000, () => {
      slow = processesWith(kept()).find((pid) => !before.has(pid)) ?? 0;
      return slow !== 0;
    });
    process.kill(slow, 'SIGSTOP');
    try {
      await workbench.view('Contacts').getByText('The contacts could not be loaded.').waitFor({ timeout: 120_000 });
      await workbench.view('Notifications').getByText('could not be loaded').waitFor();
    } finally {
      process.kill(slow, 'SIGCONT');
    }
    await workbench.rows('Contacts').nth(5).waitFor();
    await workbench.view('Notifications').getByText('These are as of').waitFor();
    await title().getByText('offline, as of').waitFor();
    await gateway.behave({ isUnreachable: false });
    await workbench.runCommand('Contacts: Refresh');
    await poll('back', 60_000, async () => (await title().getByText('offline').count()) === 0);
  });

  it('leave nothing of an account that is gone', async () => {
    const left = join(kept(), '0123456789abcdef01234567');
    mkdirSync(left);
    writeFileSync(join(left, 'contacts.db'), 'of somebody who has signed out');
    await workbench.reload();
    await workbench.showContacts();
    await poll('it is gone', 60_000, () => !existsSync(left));
    await workbench.rows('Contacts').first().waitFor();
    assert.equal(globSync(join(kept(), '*')).length, 1);
  });

  it('keep an edit that cannot be sent, over a crash, and send it once, when one says so', async () => {
    const [, , , person = assert.fail()] = named;
    const name = person.display_name ?? '';
    await gateway.behave({ isUnreachable: true });
    const edit = async (text: string): Promise<Frame> => {
      await workbench.searchFor(name);
      const panel = await workbench.openFound(name);
      await panel.getByRole('tab', { name: 'Details' }).click();
      const field = panel.getByRole('textbox', { name: 'Remark', exact: true });
      if ((await field.count()) === 0) await panel.getByRole('button', { name: 'Edit', exact: true }).click();
      await field.fill(text);
      await panel.getByRole('button', { name: 'Save', exact: true }).click();
      await panel.getByText('offered to be saved when the server answers again').waitFor();
      return panel;
    };
    await edit('written on a train');
    await title()
      .getByText(/offline, as of/)
      .waitFor();
    const [server = assert.fail()] = processesWith(kept());
    process.kill(parentOf(server), 'SIGKILL');
    await poll('the end of its server', 60_000, () => processesWith(kept()).length === 0);
    await workbench.reload();
    await workbench.showContacts();
    await title()
      .getByText(/offline, as of/)
      .waitFor();
    const question = workbench.notification.filter({ hasText: `Save what you changed of ${name}?` });
    assert.equal(await question.count(), 0);
    await gateway.behave({ isUnreachable: false });
    await question.waitFor({ timeout: 120_000 });
    const updates = async (): Promise<string[]> =>
      (await gateway.log()).ledger.filter((entry) => entry.startsWith(`update ${person.id}`));
    assert.deepEqual(await updates(), [], 'nothing is sent without a yes');
    await question.getByRole('button', { name: 'Save' }).click();
    await (await workbench.contactPage(name)).getByText('Saved.', { exact: true }).waitFor();
    assert.equal((await updates()).length, 1);
  });

  it('ask which of two changes is to stay, where somebody else made one meanwhile', async () => {
    const [, , , , person = assert.fail()] = named;
    const name = person.display_name ?? '';
    await workbench.runCommand('View: Close All Editors');
    await workbench.searchFor(name);
    const panel = await workbench.openFound(name);
    await panel.getByRole('tab', { name: 'Details' }).click();
    await panel.getByRole('button', { name: 'Edit', exact: true }).click();
    await gateway.behave({ isUnreachable: true });
    await panel.getByRole('textbox', { name: 'Remark', exact: true }).fill('of mine');
    await panel.getByRole('button', { name: 'Save', exact: true }).click();
    await panel.getByText('offered to be saved when the server answers again').waitFor();
    await gateway.behave({ isUnreachable: false });
    await somebody.update(person.id, { remark: 'of theirs' });
    const question = workbench.notification.filter({ hasText: `Save what you changed of ${name}?` });
    await question.waitFor({ timeout: 120_000 });
    await question.getByRole('button', { name: 'Save' }).click();
    await panel.getByText('Which is to stay?').waitFor();
    // It scrolls to where the choice is.
    await panel.locator('input[type=radio]:focus').waitFor();
    assert.equal((await somebody.get(person.id)).remark, 'of theirs');
    await panel.getByRole('button', { name: 'Discard', exact: true }).click();
    await panel.getByRole('button', { name: 'Edit', exact: true }).waitFor();
    await workbench.runCommand('View: Close All Editors');
  });

  it('are gone from the disk once signed out, every byte of them', async () => {
    const canaries = [canary, ...named.map(({ email = '' }) => email)];
    const filesWith = (): string[] =>
      globSync(join(desk.home, '**/*')).filter((file) => {
        const stat = statSync(file, { throwIfNoEntry: false });
        if (stat?.isFile() !== true) return false;
        const content = readFileSync(file, 'latin1');
        return canaries.some((each) => content.includes(each));
      });
    assert.ok(
      filesWith().some((file) => file.startsWith(kept())),
      'they are there before',
    );
    await workbench.runCommand('Contacts: Sign Out');
    await poll('nothing is kept', 60_000, async () => !existsSync(kept()) || globSync(join(kept(), '*')).length === 0);
    assert.deepEqual(filesWith(), []);
  });
});

/** Letters and spaces from the start of a text, which are drawn as they are, whatever is marked in it. */
const plainStart = (text = ''): string => /^[\p{L}\p{N} ]+/u.exec(text)?.[0].trim() ?? assert.fail(text);
