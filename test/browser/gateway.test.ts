/** A day of work on the hosted gateway, as far as a stand-in that speaks its dialect can show it. */
import assert from 'node:assert/strict';
import type { Request } from 'playwright-core';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { ContactService } from '../../src/api/contactService.ts';
import type { Contact } from '../../src/api/decode/contact.ts';
import { startGateway, type Gateway } from '../harness/gateway/startGateway.ts';
import { poll } from '../harness/processes.ts';
import { startCountingProxy } from '../node/support/countingProxy.ts';
import { isKind } from '../node/support/isKind.ts';
import { png } from '../node/support/pictures.ts';
import { violations } from './axe.ts';
import { signInWithKey, openDesk, type Desk } from './support.ts';
import type { Workbench } from './workbench.ts';

describe('a day of work on the hosted gateway', () => {
  let desk: Desk;
  let workbench: Workbench;
  let gateway: Gateway;
  /** Somebody else at the same gateway. */
  let somebody: ContactService;
  let named: Contact;
  let visitor: Contact;
  /** What the browser itself has asked the second origin for. */
  const pageRequests: string[] = [];
  const noteRequest = (request: Request): void => {
    if (request.url().startsWith(gateway.media)) pageRequests.push(request.url());
  };
  before(async () => {
    gateway = await startGateway({ latency: 0.3 });
    somebody = new ContactService({ origin: gateway.url, credential: { value: gateway.key } });
    // Of those that are to be seen without scrolling.
    const { items } = await somebody.list({ limit: 13 });
    const found = items.find(({ avatar_url: url }) => url !== undefined);
    const first = items.find(({ display_name: name = '' }) => /^[A-Z]{3}#/.test(name));
    assert.ok(found !== undefined && first !== undefined);
    named = found;
    visitor = first;
    desk = await openDesk({
      settings: { 'contactLookup.environment': 'custom', 'contactLookup.serverUrl': gateway.url },
    });
    ({ workbench } = desk);
    desk.profile.on('request', noteRequest);
    await workbench.showContacts();
    await signInWithKey(workbench, gateway.url, gateway.key);
  });
  after(async () => {
    somebody.dispose();
    desk.profile.off('request', noteRequest);
    await desk.leave();
    await gateway.stop();
  });

  /** The list from its start, where it has been scrolled. */
  const showFirst = async (): Promise<void> => {
    await workbench.view('Contacts').locator('.monaco-list').first().focus();
    await poll('the first row', 60_000, async () => {
      await workbench.page.keyboard.press('Home');
      return (await workbench.view('Contacts').locator('.monaco-list-row[data-index="0"]').count()) === 1;
    });
  };
  const nameOf = (contact: Contact): string => contact.display_name ?? '';

  it('lists visitors that one can tell apart, and people with their pictures', async () => {
    await workbench.view('Contacts').getByText('65,681').waitFor();
    const row = workbench.row('Contacts', nameOf(visitor)).first();
    await row.getByText(/Taipei|Hong Kong|Singapore|London|Bangkok|Ho Chi Minh|Tokyo|Los Angeles/).waitFor();
    assert.match((await row.innerText()).replace(/[\u2068\u2069]/g, ''), / · (?:Web|Facebook|WhatsApp|LINE)/);
    await workbench
      .row('Contacts', nameOf(named))
      .first()
      .locator('.custom-view-tree-node-item-icon[style*="data:image/png"]')
      .waitFor();
    // A row that is drawn anew under the pointer, as its picture arrives, is pointed at once more.
    await poll('the tooltip', 60_000, async () => {
      await workbench.leaveHover();
      await row.hover();
      return workbench.page
        .locator('.workbench-hover')
        .getByText('Last message')
        .waitFor({ timeout: 5_000 })
        .then(
          () => true,
          () => false,
        );
    });
    await workbench.leaveHover();
  });

  it('loads more of them', async () => {
    await workbench.view('Contacts').locator('.monaco-list').first().focus();
    await workbench.page.keyboard.press('End');
    await workbench.row('Contacts', 'Load More…').click();
    await poll('the next 100', 60_000, async () => {
      await workbench.view('Contacts').locator('.monaco-list').first().focus();
      await workbench.page.keyboard.press('End');
      return (await workbench.row('Contacts', 'Load More…').filter({ hasText: '200 of 65,681' }).count()) === 1;
    });
    await showFirst();
  });

  it('finds somebody, with a picture, every tab and a file from the second origin', async () => {
    await workbench.searchFor(nameOf(named));
    const panel = await workbench.openFound(nameOf(named));
    await panel.locator('header img.avatar[src^="data:image/png"]').waitFor();
    for (const tab of ['Conversations', 'Comments', 'Files', 'Activity']) {
      await panel.getByRole('tab', { name: tab }).click();
      await panel.locator('[role=tabpanel] .rows, [role=tabpanel] .state').first().waitFor();
    }
    await panel.getByRole('tab', { name: 'Files' }).click();
    await panel.locator('.thumbnail img').first().waitFor();
    await panel
      .getByRole('button', { name: /\.png$/ })
      .first()
      .click();
    await workbench.page.locator('.tabs-container .tab.active').filter({ hasText: '.png' }).waitFor();
    await workbench.runCommand('View: Close Editor');
  });

  it('saves an edit, and says beside the field what the gateway did not take', async () => {
    const panel = await workbench.openContact(nameOf(named));
    await panel.getByRole('tab', { name: 'Details' }).click();
    await panel.getByRole('button', { name: 'Edit' }).click();
    await panel.getByRole('textbox', { name: 'Phone' }).fill('+852 6123 4567');
    await panel.getByRole('textbox', { name: 'Company' }).fill('Lotus Retail Asia');
    await panel.getByRole('button', { name: 'Save', exact: true }).click();
    await panel.getByText('Saved, but the server did not take: Company.').waitFor();
    await panel
      .locator('.detail', { hasText: 'Company' })
      .getByText('The server did not take “Lotus Retail Asia”.')
      .waitFor();
    await panel.locator('header').getByText('+85261234567').waitFor();
    assert.deepEqual(await violations(panel), []);
    assert.equal((await somebody.get(named.id)).area_code, '852');
    await panel.getByRole('button', { name: 'Undo' }).click();
    // Though the gateway has written the number in its own way.
    await panel.getByText('Undone.', { exact: true }).waitFor();
    const { area_code, phone_number } = await somebody.get(named.id, { isFresh: true });
    assert.deepEqual([area_code, phone_number], [named.area_code, named.phone_number]);
    await panel.getByText('The server did not take').waitFor({ state: 'detached' });
  });

  it('gives a visitor a name in one step', async () => {
    const panel = await workbench.openContact(nameOf(visitor));
    await panel.getByText('Visitor without a name').waitFor();
    assert.deepEqual(await violations(panel), []);
    await panel.getByRole('button', { name: 'Add Name' }).click();
    await panel.locator('#field-first_name:focus').waitFor();
    await workbench.page.keyboard.type('Ana');
    await panel.getByRole('textbox', { name: 'Last name' }).fill('Ruiz Prado');
    await panel.getByRole('textbox', { name: 'Last name' }).press('Control+s');
    await panel.getByRole('heading', { name: 'Ana Ruiz Prado' }).waitFor();
    assert.equal(await panel.getByRole('button', { name: 'Add Name' }).count(), 0);
    await workbench.row('Contacts', 'Ana Ruiz Prado').first().waitFor();
    assert.equal((await somebody.get(visitor.id)).display_name, 'Ana Ruiz Prado');
  });

  it('uploads a picture, which comes back from the second origin', async () => {
    writeFileSync(join(desk.workspace, 'portrait.png'), png(40, 40));
    const panel = await workbench.contactPage('Ana Ruiz Prado');
    await panel.getByRole('button', { name: 'Upload Picture' }).click();
    await workbench.answerFileDialog(join(desk.workspace, 'portrait.png'));
    await panel.getByRole('dialog').getByRole('button', { name: 'Upload' }).click();
    await panel.getByText('The picture is in place.').waitFor();
    await panel.locator('header img.avatar[src^="data:image/png"]').waitFor();
    assert.ok((await somebody.get(visitor.id, { isFresh: true })).avatar_url?.startsWith(gateway.media));
  });

  it('adds a comment', async () => {
    const panel = await workbench.contactPage('Ana Ruiz Prado');
    await panel.getByRole('tab', { name: 'Comments' }).click();
    await panel.getByLabel('Write a comment for your team').fill('called from the editor');
    await panel.getByRole('button', { name: 'Add Comment' }).click();
    await panel.locator('.row', { hasText: 'called from the editor' }).waitFor();
  });

  it('names the visitor of a notification, and opens their conversation', async () => {
    const { items } = await somebody.listNotifications({ limit: 3 });
    const notification = items[2];
    const waiting = notification?.title?.split('@')[0] ?? '';
    assert.equal(await workbench.statusCount(), '595');
    const row = workbench.row('Notifications', waiting).first();
    await row.getByText(/General · New conversation/).waitFor();
    await row.click();
    const panel = await workbench.contactPage(waiting);
    await panel.getByRole('tab', { name: 'Conversations', selected: true }).waitFor();
    await panel.locator('.message').first().waitFor();
    await poll('one fewer', 60_000, async () => (await workbench.statusCount()) === '594');
  });

  it('says that it cannot mark one unread, and shows it as it is', async () => {
    const read = workbench
      .view('Notifications')
      .getByRole('treeitem', { name: /, read$/ })
      .first();
    await workbench.contextMenu(read, 'Mark as Unread');
    await poll('one more', 60_000, async () => (await workbench.statusCount()) === '595');
    await workbench.notification.filter({ hasText: 'This server cannot mark notifications as unread.' }).waitFor();
    await poll('as it is', 60_000, async () => (await workbench.statusCount()) === '594');
    await workbench.runCommand('Notifications: Clear All Notifications');
  });

  it('dismisses one and all where the gateway takes bare arrays only', async () => {
    await gateway.behave({ takesBareArraysOnly: true });
    await workbench.pressOnFirstUnread('Dismiss');
    await poll('two fewer', 60_000, async () => (await workbench.statusCount()) === '593');
    await poll('the gateway to know', 60_000, async () => {
      const { unreadCount, totalMatching } = await somebody.listNotifications({ limit: 1 });
      return unreadCount === 593 && totalMatching === 617;
    });
    await workbench.runCommand('Contacts: Dismiss All Notifications…');
    await workbench.dialog.getByRole('button', { name: 'Dismiss All' }).click();
    await workbench.view('Notifications').getByText('Nobody is waiting for you.').waitFor();
  });

  it('merges two by an update and a deletion, where it is told to', async () => {
    const { quickInput, notification, dialog } = workbench;
    const ana = 'Ana Ruiz Prado';
    const begin = async (): Promise<void> => {
      await showFirst();
      const rows = [nameOf(named), ana].map((name) => workbench.row('Contacts', name).first());
      await workbench.contextMenuOf(rows, 'Merge Contacts…');
      await quickInput.getByPlaceholder('Who stays?').waitFor();
      await workbench.pick(nameOf(named)).first().click();
      await quickInput.getByPlaceholder(`What is taken from ${ana}?`).waitFor();
      await quickInput.getByRole('button', { name: 'OK' }).click();
      await dialog.getByText('This server cannot merge contacts.').waitFor();
    };
    await begin();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    assert.equal((await somebody.get(visitor.id, { isFresh: true })).display_name, ana);
    await begin();
    await dialog.getByRole('button', { name: 'Update and Delete' }).click();
    const report = notification.filter({ hasText: `“${ana}” is merged into “${nameOf(named)}”.` });
    await report.waitFor();
    assert.equal(await report.getByRole('button', { name: 'Undo' }).count(), 0);
    await assert.rejects(somebody.get(visitor.id, { isFresh: true }), isKind('notFound'));
    await workbench.row('Contacts', ana).waitFor({ state: 'detached' });
    await workbench.runCommand('Notifications: Clear All Notifications');
  });

  it('exports all of them', async () => {
    const target = join(desk.workspace, 'all.csv');
    await workbench.runCommandAndPick('Contacts: Export Contacts as CSV…', 'As the Server Writes It');
    await workbench.answerFileDialog(target);
    await workbench.notification.filter({ hasText: 'Contacts exported: 65,680 rows' }).waitFor();
    assert.equal(parse(readFileSync(target, 'utf8'), { columns: true }).length, 65_680, 'one was merged into another');
    await workbench.runCommand('Notifications: Clear All Notifications');
  });

  it('asks the second origin for nothing more when other origins are switched off, and says so', async () => {
    await desk.server.configure({
      'contactLookup.environment': 'custom',
      'contactLookup.serverUrl': gateway.url,
      'contactLookup.media.otherOrigins': false,
    });
    await workbench.reload();
    await workbench.showContacts();
    const panel = await workbench.openContact(nameOf(named));
    await panel.getByText('Pictures of other servers are switched off.').waitFor();
    assert.deepEqual(await violations(panel), []);
    const before = (await gateway.log()).media.length;
    await panel.getByRole('tab', { name: 'Files' }).click();
    await panel
      .getByRole('button', { name: /\.png$/ })
      .first()
      .click();
    await workbench.notification.filter({ hasText: 'nothing is loaded from there' }).waitFor();
    await workbench.notification.getByRole('button', { name: 'Open Settings' }).click();
    await workbench.page.locator('.settings-editor').getByText('Other Origins').first().waitFor();
    assert.equal((await gateway.log()).media.length, before);
  });

  it('has told the second origin nothing, and never let a page ask it', async () => {
    const { media } = await gateway.log();
    assert.ok(media.length > 10);
    assert.deepEqual(pageRequests, []);
    for (const { headers, beside } of media) {
      assert.deepEqual(Object.keys(headers).sort(), ['accept', 'accept-encoding', 'connection', 'host']);
      assert.ok(beside < 6, `${beside} others were under way`);
    }
  });
});

describe('media of other origins, behind a proxy', () => {
  it('are asked for through the proxy of VS Code’s settings', async () => {
    // Another address of this machine: VS Code takes no proxy for 127.0.0.1 itself.
    const gateway = await startGateway({ latency: 0.1 }, '127.0.0.2');
    const proxy = await startCountingProxy();
    const desk = await openDesk({
      settings: {
        'contactLookup.environment': 'custom',
        'contactLookup.serverUrl': gateway.url,
        'http.proxy': proxy.url,
      },
    });
    const { workbench } = desk;
    await workbench.showContacts();
    await signInWithKey(workbench, gateway.url, gateway.key);
    await workbench.view('Contacts').locator('[style*="data:image/png"]').first().waitFor();
    const { media } = await gateway.log();
    assert.ok(media.length > 0);
    assert.equal(proxy.requests.filter((line) => line.startsWith(`GET ${gateway.media}/`)).length, media.length);
    await desk.leave();
    await proxy.close();
    await gateway.stop();
  });
});
