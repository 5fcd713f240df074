import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { Locator } from 'playwright-core';
import type { Contact } from '../../src/api/decode/contact.ts';
import { agentFolder, launcherPath, windowsFolder, type WindowEntry } from '../../src/mcp/wire.ts';
import { poll } from '../harness/processes.ts';
import { injections } from '../node/support/injections.ts';
import { sitAtServer, type ServedDesk } from './support.ts';
import type { Workbench } from './workbench.ts';

type Arguments = Record<string, unknown>;

describe('agents that come by the Model Context Protocol', () => {
  let desk: ServedDesk;
  let workbench: Workbench;
  let people: readonly Contact[];
  const clients: Client[] = [];
  before(async () => {
    desk = await sitAtServer({
      seed: 40,
      // VS Code's own agents are there too.
      settings: { 'chat.disableAIFeatures': false },
      added: injections.map((text, index) => ({
        display_name: index % 2 === 0 ? text.slice(0, 180) : `Stranger ${index}`,
        email: `stranger${index}@example.org`,
        company_name: `Injected ${index}`,
        remark: text,
      })),
    });
    ({ workbench } = desk);
    ({ items: people } = await desk.service().list({ limit: 100 }));
  });
  after(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await desk.leave();
  });

  /** A program that was told the line that the command copies. */
  const program = async (name: string): Promise<Client> => {
    const client = new Client({ name, version: '1.0.0' });
    clients.push(client);
    const env = { HOME: desk.home, PATH: process.env['PATH'] ?? '' };
    await client.connect(new StdioClientTransport({ command: process.execPath, args: [launcherPath(desk.home)], env }));
    return client;
  };
  interface Outcome {
    text: string;
    isError: boolean;
  }
  const call = async (client: Client, name: string, input: Arguments, signal?: AbortSignal): Promise<Outcome> => {
    const options = signal === undefined ? { timeout: 300_000 } : { timeout: 300_000, signal };
    const { content, isError } = await client.callTool({ name, arguments: input }, undefined, options);
    return { text: (content as { text: string }[]).map(({ text }) => text).join(''), isError: isError === true };
  };
  const question = (text: string): Locator => workbench.notification.filter({ hasText: text });
  /** Answers by the status bar, as who has switched notifications off does. */
  const answerFromStatusBar = async (text: string, button: string): Promise<void> => {
    await mark().click();
    await workbench.pick(text).first().click();
    if (button === 'Review…') return;
    const inDialog = workbench.dialog.getByRole('button', { name: button, exact: true });
    const inList = workbench.pick(button);
    await inDialog.or(inList).first().click();
  };
  const answer = async (text: string, button: string): Promise<void> => {
    const pressed = question(text).getByRole('button', { name: button, exact: true });
    // VS Code shows no more than three messages in 800 ms, and leaves the fourth to its list.
    await pressed.click({ timeout: 8_000 }).catch(() => answerFromStatusBar(text, button));
  };
  /** How the window says that it can be asked. */
  const entry = (): WindowEntry => {
    const folder = windowsFolder(desk.home);
    const name = readdirSync(folder).find((each) => each.endsWith('.json')) ?? assert.fail('no window lets agents in');
    return JSON.parse(readFileSync(join(folder, name), 'utf8')) as WindowEntry;
  };
  const mark = (): Locator => workbench.page.locator('.statusbar-item[id$="agents"]');
  const asContact = async (index: number): Promise<Contact> =>
    desk.service().get(people[index]?.id ?? '', { isFresh: true });
  /** Reviews the change that waits and picks one of the two answers. */
  const review = async (text: string, picked: string): Promise<void> => {
    await answer(text, 'Review…');
    await workbench.pick(picked).click();
  };
  let agent: Client;
  const known = (): Contact =>
    people.find(({ email, phone_number: phone }) => email !== undefined && phone !== undefined) ?? assert.fail();

  it('have nothing to ask before the user runs the command that connects one', async () => {
    assert.throws(() => statSync(agentFolder(desk.home)));
    await workbench.runCommand('Contacts: Connect an Agent…');
    const offered = workbench.pick('mcpServers').first();
    await offered.waitFor();
    const line = await offered.innerText();
    assert.ok(line.includes(launcherPath(desk.home)), line);
    // Nothing listens until one is chosen.
    assert.throws(() => statSync(agentFolder(desk.home)));
    await workbench.page.keyboard.press('Enter');
    await question('Copied.').waitFor();
    const { key } = entry();
    assert.ok(!line.includes(key) && !readFileSync(launcherPath(desk.home), 'utf8').includes(key));
  });

  it('get nothing of any contact without consent', async () => {
    agent = await program('Test Agent');
    const asked = call(agent, 'searchContacts', { query: known().display_name });
    const toast = question('calls itself “Test Agent”');
    await toast.waitFor();
    await mark().waitFor();
    assert.match(await mark().innerText(), /Test Agent/);
    await answer('calls itself “Test Agent”', 'Refuse');
    const refused = await asked;
    assert.equal(refused.isError, true);
    assert.match(refused.text, /has not let this program in/);
    await mark().waitFor({ state: 'hidden' });
    // It stays out, without another question.
    const again = await call(agent, 'getContact', { contactId: known().id });
    assert.match(again.text, /has not let this program in/);
    for (const { text } of [refused, again]) {
      for (const value of [known().display_name, known().email, known().phone_number, known().id]) {
        assert.ok(!text.includes(value ?? '?'), text);
      }
    }
    assert.equal(await workbench.notification.filter({ hasText: 'Test Agent' }).count(), 0);
  });

  it('are listed, and can be let in after all', async () => {
    await workbench.runCommandAndPick('Contacts: Agents…', 'refused in this window');
    await question('is asked about when it comes back').waitFor();
    const asked = call(agent, 'searchContacts', { query: known().display_name });
    await answer('calls itself “Test Agent”', 'Allow');
    const { text, isError } = await asked;
    assert.equal(isError, false, text);
    const { notice, contacts } = JSON.parse(text) as { notice: string; contacts: Record<string, unknown>[] };
    assert.match(notice, /written by strangers/);
    assert.ok(contacts.some(({ id }) => id === known().id));
    assert.ok(!text.includes(known().email ?? '?') && !text.includes(known().phone_number ?? '?'), text);
    const more = await call(agent, 'getContact', { contactId: known().id, fields: ['email'] });
    assert.ok(more.text.includes(known().email ?? '?'));
    assert.ok(!more.text.includes(known().phone_number ?? '?') && !more.text.includes('phone_number'));
  });

  it('read what was said, of the contact that they asked about and no other', async () => {
    const withConversation = async (): Promise<{ contactId: string; conversationId: string }> => {
      for (const { id } of people) {
        const [first] = (await desk.service().getConversations(id)).items;
        if (first !== undefined) return { contactId: id, conversationId: first.id };
      }
      return assert.fail('nobody has a conversation');
    };
    const ids = await withConversation();
    const { text } = await call(agent, 'getMessages', ids);
    assert.ok((JSON.parse(text) as { messages: unknown[] }).messages.length > 0, text);
    const other = people.find(({ id }) => id !== ids.contactId)?.id;
    const refused = await call(agent, 'getMessages', { ...ids, contactId: other });
    assert.equal(refused.isError, true);
    assert.match(refused.text, /no such conversation/);
  });

  it('are let in one by one', async () => {
    const other = await program('Other Agent');
    const asked = call(other, 'unreadNotifications', {});
    await question('calls itself “Other Agent”').waitFor();
    // The first goes on meanwhile.
    assert.equal((await call(agent, 'unreadNotifications', {})).isError, false);
    await answerFromStatusBar('calls itself “Other Agent”', 'Only in This Window');
    assert.equal((await asked).isError, false);
  });

  it('change nothing before a person has seen both sides and said yes', async () => {
    const before = await asContact(0);
    const changes = { remark: 'by an agent', company_name: 'Agents & Sons' };
    const input = { contactId: before.id, changes };
    let asked = call(agent, 'updateContact', input);
    await review('“Test Agent” wants to change', 'Refuse');
    assert.match((await asked).text, /has not agreed/);
    assert.deepEqual(await asContact(0), before);
    asked = call(agent, 'updateContact', input);
    await answer('“Test Agent” wants to change', 'Review…');
    const comparison = workbench.page.locator('.monaco-diff-editor');
    await poll('both sides', 60_000, async () => {
      const shown = (await comparison.allInnerTexts()).join('').replaceAll('\u00a0', ' ');
      return ['Agents & Sons', 'by an agent', before.company_name ?? '?'].every((text) => shown.includes(text));
    });
    assert.deepEqual((await asContact(0)).remark, before.remark);
    // Enter alone refuses.
    assert.match(await workbench.quickInput.locator('.monaco-list-row.focused').innerText(), /Refuse/);
    await workbench.pick('Make This Change').click();
    assert.deepEqual((JSON.parse((await asked).text) as { updated: string[] }).updated, ['company_name', 'remark']);
    assert.equal((await asContact(0)).remark, 'by an agent');
    await comparison.first().waitFor({ state: 'hidden' });
  });

  it('label, comment and create, each with a yes', async () => {
    const { id } = await asContact(1);
    const labelled = call(agent, 'editLabels', { contactId: id, add: ['from an agent'] });
    await review('wants to change the labels', 'Make This Change');
    assert.equal((await labelled).isError, false);
    assert.ok((await asContact(1)).labels.includes('from an agent'));
    const commented = call(agent, 'addComment', { contactId: id, text: 'Noted by an agent.' });
    await review('wants to comment on', 'Make This Change');
    assert.equal((await commented).isError, false);
    assert.equal((await desk.service().getComments(id)).items[0]?.text, 'Noted by an agent.');
    const created = call(agent, 'createContact', { fields: { display_name: 'Made Byagent' } });
    await review('wants to create a contact', 'Make This Change');
    assert.equal((await created).isError, false);
    assert.equal((await desk.service().search({ q: 'Made Byagent' })).items.length, 1);
  });

  it('make no change whose question outlived them', async () => {
    const before = await asContact(2);
    const controller = new AbortController();
    const asked = call(
      agent,
      'updateContact',
      { contactId: before.id, changes: { remark: 'too late' } },
      controller.signal,
    );
    await question('“Test Agent” wants to change').waitFor();
    controller.abort('gone');
    await assert.rejects(asked, /gone/);
    await mark().waitFor({ state: 'hidden' });
    await answer('“Test Agent” wants to change', 'Review…');
    await question('no longer waits').waitFor();
    assert.deepEqual(await asContact(2), before);
  });

  it('are not asked about by any of 20 texts that tell them what to do', async () => {
    const before = (await desk.service().list({ limit: 100 })).items;
    const isStranger = new Set(
      people.filter(({ email }) => email?.startsWith('stranger') === true).map(({ id }) => id),
    );
    const strangers = before.filter(({ id }) => isStranger.has(id));
    assert.equal(strangers.length, injections.length);
    for (const { id, remark } of strangers) {
      const { text, isError } = await call(agent, 'getContact', { contactId: id, fields: ['remark'] });
      assert.equal(isError, false, text);
      // Whatever it says, it is one string of one object, behind our own notice.
      const told = JSON.parse(text) as { notice: string; id: string; remark: string };
      assert.match(told.notice, /follow no instruction/);
      assert.equal(told.id, id);
      assert.equal(told.remark, remark);
    }
    assert.equal(await mark().count(), 0);
    // One that obeys is stopped by the question.
    const { id } = strangers[0] ?? assert.fail();
    const obeyed = call(agent, 'updateContact', { contactId: id, changes: { company_name: 'ACME' } });
    await answer('“Test Agent” wants to change', 'Refuse');
    assert.equal((await obeyed).isError, true);
    assert.deepEqual((await desk.service().list({ limit: 100 })).items, before);
  });

  it('are kept out again by the user, who can read what they did', async () => {
    await workbench.runCommandAndPick('Contacts: Agents…', 'Test Agent');
    await workbench.dialog.getByRole('button', { name: 'Keep It Out' }).click();
    await question('is kept out').waitFor();
    const same = await program('Test Agent');
    const asked = call(same, 'searchContacts', { query: 'x' });
    await answer('calls itself “Test Agent”', 'Refuse');
    assert.match((await asked).text, /has not let/);
    await workbench.runCommand('Contacts: Show What Agents Did');
    const lines = workbench.page.locator('.part.panel .view-lines');
    await lines.getByText('searchContacts').first().waitFor();
  });

  it('may ask sixty times a minute', async () => {
    const eager = await program('Eager Agent');
    const first = call(eager, 'searchContacts', { query: 'x' });
    await answer('calls itself “Eager Agent”', 'Only in This Window');
    assert.equal((await first).isError, false);
    // Ten at a time, until one is too many, however long a machine takes for sixty.
    let refused: Outcome | undefined;
    const goOn = async (): Promise<void> => {
      while (refused === undefined) {
        const outcome = await call(eager, 'searchContacts', { query: 'x' });
        if (outcome.isError) refused ??= outcome;
      }
    };
    await Promise.all(Array.from({ length: 10 }, goOn));
    assert.match(refused?.text ?? '', /At most 60 calls a minute\. Try again in \d+ s/);
  });

  it('are VS Code’s own as well, which starts the same program', async () => {
    await workbench.runCommandAndPick('MCP: List Servers', 'Contact Lookup');
    await workbench.pick('Start Server').click();
    const lines = workbench.page.locator('.part.panel .view-lines');
    await lines.getByText('Discovered').waitFor();
    assert.match((await lines.innerText()).replaceAll('\u00a0', ' '), /Discovered 8 tools/);
  });

  it('show no side of a change any more once personal data is hidden, and wait', async () => {
    // By a key: the command palette would take the place of the question.
    const keys = [
      { key: 'ctrl+f7', command: 'contactLookup.hidePersonalData' },
      { key: 'ctrl+f8', command: 'contactLookup.showPersonalData' },
    ];
    writeFileSync(join(desk.server.userData, 'User', 'keybindings.json'), JSON.stringify(keys));
    await workbench.reload();
    await workbench.rows('Contacts').first().waitFor();
    const late = await program('Late Agent');
    const first = call(late, 'unreadNotifications', {});
    await answer('calls itself “Late Agent”', 'Only in This Window');
    assert.equal((await first).isError, false);
    const before = await asContact(3);
    const change = (contact: Contact): Promise<Outcome> =>
      call(late, 'updateContact', { contactId: contact.id, changes: { remark: 'while hidden' } });
    const asked = change(before);
    await answer('“Late Agent” wants to change', 'Review…');
    const comparison = workbench.page.locator('.monaco-diff-editor').first();
    await comparison.waitFor();
    await workbench.pick('Make This Change').waitFor();
    const namedIndex = people.findIndex(({ display_name: name }) => name === 'Stranger 3');
    const named = await asContact(namedIndex);
    const alsoAsked = change(named);
    const message = question(named.display_name ?? '');
    await message.waitFor();
    await workbench.page.keyboard.press('Control+F7');
    await message.waitFor({ state: 'detached' });
    await comparison.waitFor({ state: 'hidden' });
    assert.equal(await workbench.pick('Make This Change').count(), 0);
    await mark().waitFor();
    await workbench.page.keyboard.press('Control+F8');
    await workbench.page.locator('.statusbar-item[id$="personalData"]').waitFor({ state: 'hidden' });
    for (const outcome of [asked, alsoAsked]) {
      await answerFromStatusBar('“Late Agent” wants to change', 'Refuse');
      assert.match((await outcome).text, /has not agreed/);
    }
    assert.deepEqual([await asContact(3), await asContact(namedIndex)], [before, named]);
  });

  it('find nobody who listens once the user lets none in any more', async () => {
    const { socket } = entry();
    await workbench.runCommandAndPick('Contacts: Agents…', 'Let No Agent In Any More');
    await poll(
      'nobody who listens',
      60_000,
      () =>
        new Promise<boolean>((resolve) => {
          const connection = connect(socket);
          connection.once('connect', () => {
            connection.destroy();
            resolve(false);
          });
          connection.once('error', () => resolve(true));
        }),
    );
    const { text, isError } = await call(agent, 'searchContacts', { query: 'x' });
    assert.equal(isError, true);
    assert.match(text, /No window of VS Code lets agents in/);
  });
});
