import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { poll } from '../harness/processes.ts';
import { temporaryDirectory } from '../node/support/app.ts';
import { startServer, type ServerProcess } from '../node/support/serverProcess.ts';
import { startFaultyServer } from '../node/support/faultyServer.ts';
import { expireTokens, people, sentCode, writeUsersFile } from '../node/support/users.ts';
import { openDesk, type Desk } from './support.ts';
import type { Workbench } from './workbench.ts';

const apiKey = 'api_CANARY_of_the_server_itself';
/** What no file may hold after any of these: every password, token and code is made of, or begins with, these. */
const secrets = [apiKey, ...Object.values(people).map(({ password }) => password)];

/** Signs in from the Accounts menu up to the question how. */
async function chooseServer(workbench: Workbench, server: ServerProcess, method: string): Promise<void> {
  await workbench.chooseInAccountsMenu('Sign in with Contacts');
  await workbench.pick('Other Server').click();
  await workbench.answerPrompt('Address of the contact server', server.url);
  await workbench.pick(method).click();
}

describe('sign-in, from the Accounts menu to a filled tree', () => {
  let desk: Desk;
  let workbench: Workbench;
  let data: string;
  let server: ServerProcess;
  before(async function () {
    data = temporaryDirectory();
    server = await startServer(data, '--seed', '30', '--token', apiKey, '--users', writeUsersFile(data));
    desk = await openDesk();
    ({ workbench } = desk);
    await workbench.showContacts();
  });
  after(async () => {
    await desk.leave();
    await server.kill();
    rmSync(data, { recursive: true, force: true });
  });
  afterEach(() => holdsNoSecret(desk, server));

  const isFilled = async (name: string): Promise<void> => {
    await workbench.rows('Contacts').first().waitFor();
    await workbench.view('Contacts').getByText(`${name} · 30`).waitFor();
  };
  const signOut = async (name: string): Promise<void> => {
    await workbench.runCommand('Contacts: Sign Out');
    await workbench.view('Contacts').getByRole('button', { name: 'Use Local Workspace' }).waitFor();
    assert.equal(await workbench.rows('Contacts').count(), 0, name);
  };

  /** The first contacts, once they are not those of the account before. */
  const namesOtherThan = (before: string[]): Promise<string[]> =>
    poll('the contacts of this account', 60_000, async () => {
      const names = await firstNames(workbench);
      return names.length === 8 && names.join() !== before.join() ? names : undefined;
    });

  it('with an API key, after a wrong one', async () => {
    await chooseServer(workbench, server, 'API Key');
    await workbench.answerPrompt('API key (api_', 'api_wrong');
    await workbench.quickInput.getByText('The server does not take this token.').waitFor();
    await workbench.answerQuickInput(apiKey);
    await isFilled('API Key');
    await workbench.showAccountsMenu('API Key (Contacts)');
    assert.equal(await workbench.page.getByText('Sign in with Contacts').count(), 0, 'is not offered any more');
    await workbench.page.keyboard.press('Escape');
    await signOut('API Key');
  });

  it('by Enter alone where there is nothing to type', async () => {
    await workbench.runCommand('Contacts: Sign In…');
    await workbench.pick('Other Server').waitFor();
    await workbench.fillQuickInput('Other Server');
    await workbench.page.keyboard.press('Enter');
    await workbench.quickInput.getByText('Address of the contact server').waitFor();
    await workbench.answerQuickInput(server.url);
    await workbench.pick('One-Time Code').waitFor();
    await workbench.page.keyboard.press('Enter');
    await workbench.quickInput.getByText('Your e-mail').waitFor();
    await workbench.page.keyboard.press('Escape');
  });

  it('with a one-time code, after a wrong one; a user of one organization is not asked which', async () => {
    const { email } = people.one;
    await chooseServer(workbench, server, 'One-Time Code');
    await workbench.answerPrompt('Your e-mail', email);
    await workbench.answerPrompt('The code that was sent', '00000x');
    await workbench.quickInput.getByText('This code is wrong or too old.').waitFor();
    const code = await poll('the code', 60_000, () => sentCode(server.stderr, email));
    await workbench.answerQuickInput(code);
    await isFilled('Harbour Post');
    await signOut('Harbour Post');
  });

  it('with a password, after a wrong one; a user of three organizations chooses', async () => {
    const { email, password } = people.three;
    await chooseServer(workbench, server, 'E-mail and Password');
    await workbench.answerPrompt('Your e-mail', email);
    await workbench.answerPrompt('Password of', 'a wrong one');
    await workbench.quickInput.getByText('The e-mail or the password is wrong.').waitFor();
    await workbench.answerQuickInput(password);
    await workbench.pick('Harbour Post').waitFor();
    assert.equal(await workbench.quickInput.locator('.monaco-list-row').count(), 3);
    await workbench.pick('Công ty Sao Mai').click();
    await isFilled('Công ty Sao Mai');
    await signOut('Công ty Sao Mai');
  });

  it('with an access token', async () => {
    const { SignInService } = await import('../../src/api/signInService.ts');
    const service = new SignInService({ origin: server.url });
    const login = await service.authenticate(people.one.email, { password: people.one.password });
    const token = await service.exchange(login, login.organizations[0]?.id ?? '');
    service.dispose();
    await chooseServer(workbench, server, 'Access Token');
    await workbench.answerPrompt('Access token (acc_', token);
    await isFilled('Access Token');
    await signOut('Access Token');
  });

  it('with the local workspace, which asks for nothing more', async () => {
    await workbench.chooseInAccountsMenu('Sign in with Contacts');
    await workbench.pick('Local Workspace').click();
    await workbench.view('Contacts').getByText('Local Workspace · 250').waitFor();
    await workbench.rows('Contacts').first().waitFor();
    await signOut('Local Workspace');
  });

  it('tells a user of no organization what to do', async () => {
    const { email, password } = people.none;
    await chooseServer(workbench, server, 'E-mail and Password');
    await workbench.answerPrompt('Your e-mail', email);
    await workbench.answerPrompt('Password of', password);
    await workbench.notification.filter({ hasText: 'belongs to no organization' }).waitFor();
    await workbench.runCommand('Notifications: Clear All Notifications');
    assert.equal(await workbench.rows('Contacts').count(), 0);
  });

  it('goes back a question, and nothing is kept when the user leaves', async () => {
    await chooseServer(workbench, server, 'API Key');
    await workbench.quickInput.getByText('API key (api_').waitFor();
    await workbench.quickInput.getByRole('button', { name: 'Back' }).click();
    await workbench.pick('Access Token').waitFor();
    await workbench.page.keyboard.press('Escape');
    await workbench.quickInput.waitFor({ state: 'hidden' });
    assert.equal(await workbench.notification.count(), 0);
    await workbench.showAccountsMenu('Sign in with Contacts');
    await workbench.page.keyboard.press('Escape');
  });

  it('has two accounts side by side, and a switch shows the other’s contacts, also after a reload', async () => {
    let northwind: string[] = [];
    for (const [person, organization] of [
      ['one', 'Harbour Post'],
      ['three', 'Northwind'],
    ] as const) {
      if (person === 'one') await chooseServer(workbench, server, 'E-mail and Password');
      else {
        await workbench.runCommandAndPick('Contacts: Sign In…', 'Other Server');
        await workbench.answerPrompt('Address of the contact server', server.url);
        await workbench.pick('E-mail and Password').click();
      }
      await workbench.answerPrompt('Your e-mail', people[person].email);
      await workbench.answerPrompt('Password of', people[person].password);
      if (person === 'three') await workbench.pick('Northwind').click();
      await isFilled(organization);
      northwind = await namesOtherThan(northwind);
    }
    await workbench.runCommandAndPick('Contacts: Switch Account…', 'one@example.test');
    await isFilled('Harbour Post');
    const harbour = await namesOtherThan(northwind);
    assert.equal(harbour.filter((name) => northwind.includes(name)).length, 0);
    await workbench.reload();
    await workbench.showContacts();
    await isFilled('Harbour Post');
    await poll('the same contacts', 60_000, async () => (await firstNames(workbench)).join() === harbour.join());
    await workbench.showAccountsMenu('one@example.test (Harbour Post)');
    await workbench.page.locator('.monaco-menu .action-item', { hasText: 'three@example.test (Northwind)' }).waitFor();
    await workbench.page.keyboard.press('Escape');
  });

  it('closes what an account has shown when another is used', async () => {
    await workbench.rows('Contacts').first().click();
    const tabs = workbench.page.locator('.tabs-container .tab');
    await tabs.first().waitFor();
    await workbench.runCommandAndPick('Contacts: Switch Account…', 'three@example.test');
    await isFilled('Northwind');
    await poll('no panel', 60_000, async () => (await tabs.count()) === 0);
  });

  it('says once that a sign-in has expired, keeps what is typed, and goes on after signing in again', async () => {
    await workbench.pressOnRow(workbench.rows('Contacts').first(), 'Update Contact…');
    await workbench.pick('Remark').click();
    await workbench.quickInput.getByText('Remark').first().waitFor();
    expireTokens(data);
    await workbench.answerQuickInput('typed before it expired');
    await workbench.quickInput.getByText('Your sign-in is no longer valid.').waitFor();
    const message = workbench.notification.filter({ hasText: 'no longer valid' });
    await message.waitFor();
    await workbench.view('Contacts').getByRole('button', { name: 'Sign In' }).waitFor();
    await workbench.view('Notifications').getByText('Sign in to see your notifications.').waitFor();
    assert.equal(await message.count(), 1);
    await message.getByRole('button', { name: 'Sign In' }).click();
    // Server, way and e-mail are known; only the password is asked for.
    await workbench.quickInput.getByText('Your e-mail').waitFor();
    await workbench.page.keyboard.press('Enter');
    await workbench.answerPrompt('Password of', people.three.password);
    await workbench.pick('Northwind').click();
    await isFilled('Northwind');
    await workbench.pressOnRow(workbench.rows('Contacts').first(), 'Update Contact…');
    await workbench.pick('Remark').click();
    await poll('the draft', 60_000, async () => (await workbench.inputValue()) === 'typed before it expired');
    await workbench.page.keyboard.press('Enter');
    await workbench.page.locator('.statusbar-item', { hasText: 'saved' }).waitFor();
  });

  it('leads from the one that is signed out to the other', async () => {
    await workbench.runCommandAndPick('Contacts: Sign Out', 'three@example.test');
    await workbench.view('Contacts').getByRole('button', { name: 'Switch Account' }).click();
    await workbench.pick('one@example.test').click();
    // Its token was made to expire as well.
    await workbench.view('Contacts').getByRole('button', { name: 'Sign In' }).waitFor();
  });
});

describe('a workspace that wants a credential', () => {
  it('gets no request: its settings are not asked, in Restricted Mode and trusted', async () => {
    const data = temporaryDirectory();
    const server = await startServer(data, '--seed', '30', '--token', apiKey);
    const sink = await startFaultyServer('NONE');
    const desk = await openDesk({
      isRestricted: true,
      settings: { 'contactLookup.environment': 'custom', 'contactLookup.serverUrl': server.url },
      workspaceSettings: {
        // Shows that the workspace's settings are read at all.
        'workbench.statusBar.visible': false,
        'contactLookup.environment': 'custom',
        'contactLookup.serverUrl': sink.origin,
        'contactLookup.requestTimeout': 1,
        'contactLookup.stallTimeout': 1,
      },
    });
    const { workbench } = desk;
    const { page } = workbench;
    await workbench.showContacts();
    await page.locator('.part.statusbar').waitFor({ state: 'hidden' });
    const proposed = async (): Promise<void> => {
      await workbench.chooseInAccountsMenu('Sign in with Contacts');
      // Enter alone, as who does not look.
      await workbench.quickInput.getByText(server.url).waitFor();
      await page.keyboard.press('Enter');
      await workbench.quickInput.getByText('Address of the contact server').waitFor();
      assert.equal(await workbench.inputValue(), server.url);
    };
    await proposed();
    await page.keyboard.press('Escape');
    await workbench.runCommand('Workspaces: Manage Workspace Trust');
    await page.getByText('You are in Restricted Mode').first().waitFor();
    await page.getByRole('button', { name: 'Trust', exact: true }).click();
    await page.getByText('You trust this folder').first().waitFor();
    await page
      .locator('.monaco-modal-editor-block')
      .getByRole('button', { name: /^Close/ })
      .click();
    await page.locator('.monaco-modal-editor-block').waitFor({ state: 'hidden' });
    await proposed();
    await page.keyboard.press('Enter');
    await workbench.pick('API Key').click();
    await workbench.answerPrompt('API key (api_', apiKey);
    await workbench.rows('Contacts').first().waitFor();
    await workbench.reload();
    await workbench.showContacts();
    await workbench.rows('Contacts').first().waitFor();
    assert.deepEqual(sink.requests, []);
    holdsNoSecret(desk, server);
    await desk.leave();
    await sink.close();
    await server.kill();
    rmSync(data, { recursive: true, force: true });
  });
});

/** In the order of the list: VS Code keeps its rows in another one. */
const firstNames = async (workbench: Workbench): Promise<string[]> => {
  const rows = await workbench
    .rows('Contacts')
    .evaluateAll((elements) =>
      elements.map((element) => [Number(element.getAttribute('data-index')), element.textContent ?? ''] as const),
    );
  return rows
    .toSorted(([one], [other]) => one - other)
    .map(([, text]) => text)
    .slice(0, 8);
};

/** Looks into every file of the user-data folder, the logs among them. */
function holdsNoSecret(desk: Desk, server: ServerProcess): void {
  const files = filesUnder(desk.server.userData);
  const codes = server.stderr.map((line) => /(\d{6})$/.exec(line)?.[1]).filter((code) => code !== undefined);
  for (const path of files) {
    const content = readFileSync(path);
    for (const secret of secrets) assert.ok(!content.includes(secret), `${path} holds a secret`);
    // A token is its mark and 43 more characters; the mark alone is in our own texts.
    assert.doesNotMatch(content.toString('latin1'), /acc_[\w-]{20}/, `${path} holds a token`);
  }
  const logs = files.filter((path) => path.endsWith('Contact Lookup.log'));
  assert.ok(logs.length > 0);
  for (const path of logs) {
    const log = readFileSync(path, 'utf8');
    assert.doesNotMatch(log, /@|con_|org_/, path);
    for (const code of codes) assert.ok(!log.includes(code), `${path} holds a code`);
  }
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}
