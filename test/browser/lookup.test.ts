import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Locator } from 'playwright-core';
import type { ContactService } from '../../src/api/contactService.ts';
import type { Contact } from '../../src/api/decode/contact.ts';
import { poll } from '../harness/processes.ts';
import { temporaryDirectory } from '../node/support/app.ts';
import { startCountingProxy, type CountingProxy } from '../node/support/countingProxy.ts';
import { startServer, type ServerProcess } from '../node/support/serverProcess.ts';
import { changeSettings, invokeTool, toolOutcome, type ToolOutcome } from './agentCalls.ts';
import { signInWithKey, openDesk, type Desk } from './support.ts';
import type { Workbench } from './workbench.ts';

const agent = fileURLToPath(new URL('agent', import.meta.url));

describe('lookup from text, and by agents', () => {
  let desk: Desk;
  let workbench: Workbench;
  let data: string;
  let server: ServerProcess;
  let proxy: CountingProxy;
  let somebody: ContactService;
  let people: Contact[];
  before(async function () {
    data = temporaryDirectory();
    server = await startServer(data, '--seed', '250', '--token', 'api_for_lookup');
    proxy = await startCountingProxy(server.url);
    somebody = server.service();
    const { items } = await somebody.list({ limit: 250 });
    people = items.filter(({ email, phone_number: phone }) => email !== undefined && phone?.startsWith('+'));
    desk = await openDesk({
      settings: {
        'contactLookup.environment': 'custom',
        'contactLookup.serverUrl': proxy.url,
        'editor.hover.delay': 100,
        'workbench.editor.enablePreview': false,
        'files.autoSave': 'off',
      },
      helpers: [agent],
    });
    ({ workbench } = desk);
    writeFileSync(join(desk.workspace, 'app.log'), logOf(people));
    writeFileSync(
      join(desk.workspace, 'plain.log'),
      `2026-05-11 08:00 GET /v1/orders 200 1.25 a@b 10:20:30\n`.repeat(50),
    );
  });
  after(async () => {
    somebody.dispose();
    await desk.leave();
    await proxy.close();
    await server.kill();
    rmSync(data, { recursive: true, force: true });
  });

  /** 200 lines that name somebody, each by e-mail, phone or id. */
  const logOf = (some: readonly Contact[]): string =>
    Array.from({ length: 200 }, (_, index) => {
      const person = some[index % some.length];
      const mention = [person?.email, person?.phone_number, person?.id][index % 3];
      return `2026-05-11T08:${String(index % 60).padStart(2, '0')}:00Z hook ${index} for ${mention} took 12 ms`;
    }).join('\n');
  const personOf = (line: number): Contact => people[line % people.length] as Contact;
  const textOf = (line: number): string => {
    const { email, phone_number: phone, id } = personOf(line);
    return [email, phone, id][line % 3] ?? '';
  };
  const openFile = async (name: string): Promise<void> => {
    await workbench.openFile(name);
    await workbench.page.locator('.editor-instance .view-line').first().waitFor();
  };
  /** The part of a line of the editor that names somebody. */
  const mention = (line: number): Locator =>
    workbench.page.locator('.editor-instance .view-line').filter({ hasText: new RegExp(`hook\\s${line}\\sfor`) });
  /** A point on it, once the editor has drawn the line. */
  const pointAt = (line: number): Promise<{ x: number; y: number }> =>
    poll(`line ${line}`, 60_000, async () => {
      const options = { timeout: 1_000 };
      const whole = await mention(line)
        .locator('> span')
        .first()
        .boundingBox(options)
        .catch(() => null);
      const [text] = await mention(line).allInnerTexts();
      const at = text?.indexOf(textOf(line)) ?? -1;
      if (whole === null || text === undefined || at < 0) return undefined;
      return { x: whole.x + (whole.width * (at + 3)) / text.length, y: whole.y + whole.height / 2 };
    });
  const hover = (): Locator => workbench.page.locator('.monaco-hover:visible');
  /** Points at a line's mention, again where the editor has drawn itself anew under the mouse and forgot it. */
  const pointUntilNamed = (line: number): Promise<boolean> =>
    poll(`the hover of line ${line}`, 60_000, async () => {
      await workbench.page.mouse.move(0, 0);
      const at = await pointAt(line);
      await workbench.page.mouse.move(at.x, at.y);
      return hover()
        .getByText(personOf(line).display_name ?? '')
        .first()
        .waitFor({ timeout: 4_000 })
        .then(
          () => true,
          () => false,
        );
    });
  const leave = async (): Promise<void> => {
    await workbench.page.mouse.move(0, 0);
    await poll('no hover', 60_000, async () => (await hover().count()) === 0);
  };

  it('says nothing and asks nothing while signed out', async () => {
    await openFile('app.log');
    const at = await pointAt(0);
    await workbench.page.mouse.move(at.x, at.y);
    const links = workbench.page.locator('.editor-instance .detected-link');
    assert.equal(await links.count(), 0);
    assert.deepEqual(proxy.requests, []);
    await workbench.showContacts();
    await signInWithKey(workbench, proxy.url, 'api_for_lookup');
    await poll('links in the document that was open before', 60_000, async () => (await links.count()) > 0);
    await workbench.runCommand('View: Close All Editors');
    await workbench.rows('Contacts').first().waitFor();
  });

  it('asks nothing for a text that names nobody, nor for one that is only opened', async () => {
    await poll('quiet', 60_000, () => proxy.requests.some((request) => request.includes('/notifications')));
    await openFile('plain.log');
    await openFile('app.log');
    const before = proxy.requests.filter((request) => request.includes('_search')).length;
    await workbench.page.locator('.editor-instance .detected-link').first().waitFor();
    assert.equal(proxy.requests.filter((request) => request.includes('_search')).length, before);
    assert.equal(before, 0);
  });

  it('offers to make a contact of an address that nobody has', async () => {
    writeFileSync(join(desk.workspace, 'new.log'), 'somebody.new@unknown.example');
    await openFile('new.log');
    const address = workbench.page.locator('.editor-instance .view-line').getByText('somebody.new');
    await poll('the hover of the address', 60_000, async () => {
      await workbench.page.mouse.move(0, 0);
      await address
        .first()
        .hover({ position: { x: 20, y: 8 }, timeout: 2_000 })
        .catch(() => undefined);
      const text = hover().getByText('Nobody was found who has this address.');
      return text.waitFor({ timeout: 4_000 }).then(
        () => true,
        () => false,
      );
    });
    await hover().getByRole('link', { name: 'New Contact…' }).click();
    await workbench.quickInput.waitFor();
    assert.equal(await workbench.inputValue(), 'somebody.new@unknown.example');
    await workbench.page.keyboard.press('Escape');
    await workbench.quickInput.waitFor({ state: 'hidden' });
    await openFile('app.log');
  });

  for (const [line, what] of [
    [0, 'an e-mail address'],
    [1, 'a phone number'],
    [2, 'an id'],
  ] as const) {
    it(`shows who ${what} is, under the mouse`, async () => {
      await pointUntilNamed(line);
      await hover().getByRole('link', { name: 'Open', exact: true }).waitFor();
      assert.equal(await hover().locator('img:not([src^="data:image/"])').count(), 0);
      const asked = proxy.requests.length;
      await leave();
      await pointUntilNamed(line);
      const again = proxy.requests.slice(asked).filter((request) => !request.includes('/media/'));
      assert.deepEqual(again, [], 'remembered');
      await leave();
    });

    it(`opens ${what} with Ctrl-click`, async () => {
      const at = await pointAt(line);
      await workbench.page.keyboard.down('Control');
      await workbench.page.mouse.click(at.x, at.y);
      await workbench.page.keyboard.up('Control');
      await workbench.contactPage(personOf(line).display_name ?? '');
      await workbench.page.locator('.tabs-container .tab').filter({ hasText: 'app.log' }).click();
      await mention(line).waitFor();
    });
  }

  it('looks up what is selected, with a command', async () => {
    await mention(4).click();
    await workbench.page.keyboard.press('Home');
    const text = await mention(4).innerText();
    for (let step = 0; step < text.indexOf(textOf(4)) + 2; step++) await workbench.page.keyboard.press('ArrowRight');
    await workbench.runCommand('Contacts: Look Up Selection, Word or Clipboard');
    await workbench.contactPage(personOf(4).display_name ?? '');
  });

  it('opens at once whom a pasted address means, and copies from the list', async () => {
    const person = personOf(12);
    await workbench.searchFor(person.email ?? '');
    await workbench.contactPage(person.display_name ?? '');
    // As if typed: no more than a letter at a time.
    await workbench.search((box) => box.pressSequentially(person.email ?? '', { timeout: 10_000 }));
    const row = workbench.pick(person.display_name ?? '').first();
    await row.hover();
    await row.getByRole('button', { name: 'Copy Phone' }).click();
    await workbench.page.keyboard.press('Escape');
    await workbench.search((box) => box.press('Control+v', { timeout: 4_000 }));
    await workbench.contactPage(person.display_name ?? '');
  });

  it('opens a phone number of a terminal', async () => {
    await workbench.runCommand('Terminal: Create New Terminal');
    const terminal = workbench.page.locator('.terminal-wrapper.active .xterm');
    await terminal.waitFor();
    const phone = personOf(7).phone_number ?? '';
    await terminal.click();
    await workbench.page.keyboard.type(`clear; printf '\\n\\n%s\\n' '${phone}'\n`);
    await poll('the page of the one called', 60_000, async () => {
      const box = await terminal.locator('.xterm-screen').boundingBox();
      if (box === null) return false;
      // The third line, a few letters in; how high a line is depends on the font.
      for (const y of [36, 44, 52]) {
        await workbench.page.keyboard.down('Control');
        await workbench.page.mouse.move(box.x + 30, box.y + y);
        await workbench.page.mouse.move(box.x + 32, box.y + y);
        await workbench.page.mouse.click(box.x + 32, box.y + y);
        await workbench.page.keyboard.up('Control');
      }
      // Others of the same name may have been opened before.
      const panel = await workbench.contactPage(personOf(7).display_name ?? '', 1_000).catch(() => undefined);
      return panel !== undefined && (await panel.locator('header').getByText(phone).count()) > 0;
    });
    await workbench.runCommand('View: Toggle Panel Visibility');
  });

  it('shows names beside what mentions people, where that is switched on', async () => {
    await workbench.page.locator('.tabs-container .tab').filter({ hasText: 'app.log' }).click();
    const lines = workbench.page.locator('.editor-instance .view-lines');
    const text = async (): Promise<string> => (await lines.innerText()).replaceAll('\u00a0', ' ');
    assert.ok(!(await text()).includes(personOf(0).display_name ?? ''));
    await changeSettings(desk, { 'contactLookup.inlayNames.enabled': true });
    await poll('the names', 60_000, async () => {
      const shown = await text();
      return [0, 1, 2].every((line) => shown.includes(personOf(line).display_name ?? ''));
    });
    await workbench.page.keyboard.press('Control+End');
    await poll('the names far below', 60_000, async () => {
      const shown = await text();
      return [197, 198, 199].every((line) => shown.includes(personOf(line).display_name ?? ''));
    });
    await workbench.page.keyboard.press('Control+Home');
    await poll('the names above', 60_000, async () => (await text()).includes(personOf(0).display_name ?? ''));
    await changeSettings(desk, { 'contactLookup.inlayNames.enabled': false });
    await poll('no names', 60_000, async () => !(await text()).includes(personOf(0).display_name ?? ''));
  });

  it('says nothing and asks nothing when it is switched off', async () => {
    await changeSettings(desk, { 'contactLookup.hover.enabled': false, 'contactLookup.links.enabled': false });
    await workbench.page.locator('.tabs-container .tab').filter({ hasText: 'app.log' }).click();
    await poll('no links', 60_000, async () => (await workbench.page.locator('.detected-link').count()) === 0);
    const before = proxy.requests.filter((request) => request.includes('_search')).length;
    const at = await pointAt(9);
    await workbench.page.mouse.move(at.x, at.y);
    await workbench.page.mouse.click(at.x, at.y);
    assert.equal(proxy.requests.filter((request) => request.includes('_search')).length, before);
    assert.equal(await hover().count(), 0);
  });

  const invoke = (name: string, input: Record<string, unknown>): Promise<void> => invokeTool(desk, name, input);
  const outcome = (): Promise<ToolOutcome> => toolOutcome(desk);

  it('lets an agent search, and read a contact and the notifications', async () => {
    const person = personOf(0);
    await invoke('contactLookup_searchContacts', { query: person.email, limit: 3 });
    const { result } = await outcome();
    assert.match(String(result?.['notice']), /written by strangers/);
    const [first] = (result?.['contacts'] ?? []) as Record<string, unknown>[];
    assert.equal(first?.['id'], person.id);
    // No address and no number, where none is asked for.
    assert.deepEqual(
      Object.keys(first ?? {}).filter((key) => !['id', 'name', 'company'].includes(key)),
      [],
    );
    await invoke('contactLookup_getContact', { contactId: person.id, fields: ['email'] });
    const contact = (await outcome()).result;
    assert.equal(contact?.['email'], person.email);
    assert.equal(contact?.['phone_number'], undefined);
    assert.ok(Array.isArray(contact?.['conversations']));
    await invoke('contactLookup_listUnreadNotifications', {});
    const unread = (await outcome()).result?.['unread'] as unknown[] | undefined;
    assert.ok(unread !== undefined && unread.length > 0);
  });

  it('tells an agent what was wrong', async () => {
    await invoke('contactLookup_getContact', { contactId: 'con_nobody' });
    assert.match((await outcome()).error ?? '', /no longer on the server.*Search/);
    await invoke('contactLookup_updateContact', { contactId: personOf(0).id, changes: { email: 'nobody' } });
    assert.match((await outcome()).error ?? '', /e-mail address has one @/);
    await invoke('contactLookup_updateContact', { contactId: 'con_nobody', changes: { remark: 'x' } });
    assert.match((await outcome()).error ?? '', /no longer on the server.*Search/);
  });

  it('asks before an agent changes anything, and a no changes nothing', async () => {
    const person = personOf(3);
    await invoke('contactLookup_updateContact', { contactId: person.id, changes: { remark: 'by an **agent**' } });
    await workbench.dialog.waitFor();
    const question = await workbench.dialog.innerText();
    assert.match(question, /Remark: .* → by an \*\*agent\*\*/);
    await workbench.page.keyboard.press('Escape');
    assert.ok((await outcome()).error !== undefined);
    assert.notEqual((await somebody.get(person.id, { isFresh: true })).remark, 'by an **agent**');
    await invoke('contactLookup_updateContact', { contactId: person.id, changes: { remark: 'by an **agent**' } });
    await workbench.dialog.waitFor();
    await workbench.page.keyboard.press('Enter');
    const { notice: _notice, ...told } = (await outcome()).result ?? {};
    assert.deepEqual(told, { updated: ['remark'], ignoredByServer: [] });
    assert.equal((await somebody.get(person.id, { isFresh: true })).remark, 'by an **agent**');
  });

  it('says to the user and the agent that a name follows', async () => {
    const person = personOf(3);
    await invoke('contactLookup_updateContact', { contactId: person.id, changes: { last_name: 'Agentsson' } });
    await workbench.dialog.waitFor();
    const question = await workbench.dialog.innerText();
    assert.match(question, /Display name: .* → made of the first and last name/);
    await workbench.page.keyboard.press('Enter');
    const { result } = await outcome();
    assert.deepEqual(result?.['updated'], ['last_name']);
    assert.match(String(result['displayName']), /Agentsson/);
  });

  it('changes nothing that somebody else has changed since the question', async () => {
    const person = personOf(4);
    await invoke('contactLookup_updateContact', { contactId: person.id, changes: { remark: 'by an agent' } });
    await workbench.dialog.waitFor();
    await somebody.update(person.id, { remark: 'by a colleague' });
    await workbench.page.keyboard.press('Enter');
    assert.match((await outcome()).error ?? '', /Somebody has changed these fields meanwhile/);
    assert.equal((await somebody.get(person.id, { isFresh: true })).remark, 'by a colleague');
  });

  it('marks real contacts in what is saved, and puts nobody’s data in their place', async () => {
    const [one, other] = [personOf(0), personOf(1)];
    const path = join(desk.workspace, 'fixture.json');
    const sent = { to: [one.email, one.email], from: other.phone_number, nobody: 'nobody@nowhere.example' };
    writeFileSync(path, JSON.stringify(sent, null, 2));
    const marks = workbench.page.locator('.editor-instance .squiggly-warning');
    const saveAnew = async (): Promise<void> => {
      await workbench.page.locator('.editor-instance .view-line').first().click();
      await workbench.page.keyboard.type(' ');
      await workbench.runCommand('File: Save');
      await workbench.page.locator('.tab.active:not(.dirty)').filter({ hasText: 'fixture.json' }).waitFor();
    };
    await openFile('fixture.json');
    const asked = (): number => proxy.requests.filter((request) => request.includes('_search')).length;
    const before = asked();
    await saveAnew();
    await changeSettings(desk, { 'contactLookup.realContacts.enabled': true });
    // Off, it has asked nothing.
    assert.equal(asked(), before);
    await openFile('fixture.json');
    await saveAnew();
    await poll('three marks', 60_000, async () => (await marks.count()) === 3);
    await workbench.runCommand('Go to Next Problem (Error, Warning, Info)');
    await workbench.page.getByText(`of ${one.display_name}, a real contact`).first().waitFor();
    await workbench.page.keyboard.press('Escape');
    // A line more moves them away from where they were seen: there is nothing to put an example for.
    const offered = workbench.page
      .locator('.action-widget .monaco-list-row')
      .filter({ hasText: /Replace (?:all|with)/ });
    await workbench.page.locator('.editor-instance .view-line').first().click();
    await workbench.page.keyboard.press('Control+Home');
    await workbench.page.keyboard.press('Enter');
    await workbench.page.locator('.tab.active.dirty').filter({ hasText: 'fixture.json' }).waitFor();
    await workbench.runCommand('Go to Next Problem (Error, Warning, Info)');
    await workbench.page.keyboard.press('Escape');
    await workbench.page.keyboard.press('Control+.');
    await workbench.page.getByText('No code actions available').first().waitFor();
    assert.equal(await offered.count(), 0);
    await workbench.runCommand('File: Save');
    await poll('three marks where they are now', 60_000, async () => (await marks.count()) === 3);
    await workbench.runCommand('Go to Next Problem (Error, Warning, Info)');
    await workbench.page.keyboard.press('Escape');
    const action = workbench.page.locator('.action-widget .monaco-list-row').filter({ hasText: 'Replace all real' });
    await poll('the fixes', 60_000, async () => {
      await workbench.page.keyboard.press('Control+.');
      return action.click({ timeout: 4_000 }).then(
        () => true,
        () => false,
      );
    });
    await workbench.runCommand('File: Save');
    await poll('no mark', 60_000, async () => (await marks.count()) === 0);
    assert.deepEqual(JSON.parse(readFileSync(path, 'utf8')), {
      to: ['person1@example.com', 'person1@example.com'],
      from: '+12025550100',
      nobody: 'nobody@nowhere.example',
    });
  });
});
