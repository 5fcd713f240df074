import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { ContactsModel } from '../../src/contacts/contactsModel.ts';
import { localAccount, parseAccounts, type Account, type ServerAccount } from '../../src/session/account.ts';
import { AccountProvider } from '../../src/session/accountProvider.ts';
import { AccountStore } from '../../src/session/accountStore.ts';
import { LocalWorkspace } from '../../src/session/localWorkspace.ts';
import { Services } from '../../src/session/services.ts';
import { Session } from '../../src/session/session.ts';
import { activeExtension, eventually, SecretsInMemory, testLog } from './support.ts';

describe('accounts', () => {
  const log = testLog();
  const disposables: vscode.Disposable[] = [];
  let extensionUri: vscode.Uri;
  let storage: string;
  /** A contact server that plays the part of one elsewhere. */
  let elsewhere: { url: string; token: string };
  before(async () => {
    ({ extensionUri } = await activeExtension());
  });
  beforeEach(async () => {
    storage = mkdtempSync(join(tmpdir(), 'contact-lookup-accounts-'));
    elsewhere = await workspace('elsewhere').start();
  });
  afterEach(() => {
    for (const disposable of disposables.splice(0)) disposable.dispose();
    rmSync(storage, { recursive: true, force: true });
  });

  const workspace = (name: string): LocalWorkspace => {
    const made = new LocalWorkspace(extensionUri, vscode.Uri.file(join(storage, name)), log);
    disposables.push(made);
    return made;
  };
  /** A window of its own, over secrets that it shares with the others. */
  const openWindow = (secrets: SecretsInMemory, name: string): { session: Session; store: AccountStore } => {
    const store = new AccountStore(secrets);
    const session = new Session(store, new Services(log), workspace(name), log);
    disposables.push(store, session);
    return { session, store };
  };
  const account = (id: string): ServerAccount => ({
    kind: 'server',
    id,
    origin: elsewhere.url,
    method: 'accessToken',
    token: elsewhere.token,
    email: `${id}@x.example`,
  });
  const isReadyAs = (session: Session, id: string): Promise<true> =>
    eventually(`the account ${id}`, () =>
      session.state.kind === 'ready' && session.account?.id === id ? true : undefined,
    );

  it('are the same in every window, as they change', async () => {
    const secrets = new SecretsInMemory();
    const here = openWindow(secrets, 'here');
    const there = openWindow(secrets, 'there');
    await here.session.use(account('a'));
    await isReadyAs(there.session, 'a');
    await there.session.use(account('b'));
    await isReadyAs(here.session, 'b');
    await here.session.switchTo(account('a'));
    await isReadyAs(there.session, 'a');
    assert.equal((await there.store.read()).accounts.length, 2);
    await there.session.signOut('a');
    await eventually('signed out', () => (here.session.state.kind === 'signedOut' ? true : undefined));
    assert.deepEqual(
      (await here.store.read()).accounts.map(({ id }) => id),
      ['b'],
    );
    await here.session.signOut('b');
    assert.equal(secrets.values.size, 0);
  });

  it('leave nothing of theirs behind when signed out', async () => {
    const { session } = openWindow(new SecretsInMemory(), 'here');
    const model = new ContactsModel(session);
    disposables.push(model);
    await session.use(account('a'));
    await eventually('the contacts', () => (model.contacts.length > 0 ? true : undefined));
    await session.signOut('a');
    assert.deepEqual(model.contacts, []);
    assert.equal(session.service, undefined);
    assert.equal(session.account, undefined);
  });

  it('last until the window closes where there is no keyring, and the user is told', async () => {
    const secrets = new SecretsInMemory();
    secrets.writeFault = new Error('no keyring');
    const { session, store } = openWindow(secrets, 'here');
    const { showWarningMessage } = vscode.window;
    const messages: string[] = [];
    // A message that nobody answers would stay.
    Object.assign(vscode.window, { showWarningMessage: async (text: string) => void messages.push(text) });
    try {
      await session.use(account('a'));
    } finally {
      Object.assign(vscode.window, { showWarningMessage });
    }
    assert.equal(session.state.kind, 'ready');
    assert.equal((await store.read()).accounts.length, 1);
    assert.equal(messages.length, 1);
    assert.match(messages[0] ?? '', /keyring/);
    await session.follow();
    assert.equal(session.state.kind, 'ready');
    secrets.writeFault = undefined;
    await session.use(account('b'));
    assert.equal((await openWindow(secrets, 'there').store.read()).accounts.length, 2);
  });

  it('expire once for all requests, and come back with a new token', async () => {
    const { session } = openWindow(new SecretsInMemory(), 'here');
    const expired: Account[] = [];
    disposables.push(session.onDidExpire((each) => expired.push(each)));
    await session.use({ ...account('a'), token: 'acc_of_yesterday' });
    const { service } = session;
    await Promise.allSettled([service?.list({ limit: 1 }), service?.list({ limit: 2 }), service?.get('con_1')]);
    assert.equal(session.state.kind, 'expired');
    assert.deepEqual(
      expired.map(({ id }) => id),
      ['a'],
    );
    await session.use(account('a'));
    assert.equal(session.state.kind, 'ready');
    assert.equal((await session.service?.list({ limit: 1 }))?.items.length, 1);
  });

  it('that could not be read at first are all there when they can be, with those of meanwhile', async () => {
    const secrets = new SecretsInMemory();
    const { store } = openWindow(secrets, 'here');
    const use = (id: string): Promise<{ isKept: boolean }> =>
      store.change(({ accounts }) => ({ activeId: id, accounts: [...accounts, account(id)] }));
    for (const id of ['a', 'b']) await use(id);
    secrets.readFault = new Error('The keyring is locked.');
    assert.deepEqual(await use('c'), { isKept: false });
    secrets.readFault = undefined;
    secrets.writeFault = new Error('The keyring is full.');
    assert.deepEqual(await use('d'), { isKept: false });
    secrets.writeFault = undefined;
    assert.deepEqual(await use('e'), { isKept: true });
    const { accounts, activeId } = await openWindow(secrets, 'there').store.read();
    assert.deepEqual([accounts.map(({ id }) => id), activeId], [['a', 'b', 'c', 'd', 'e'], 'e']);
  });

  it('are called so that VS Code signs out one alone', async () => {
    const secrets = new SecretsInMemory();
    const { store, session } = openWindow(secrets, 'here');
    const of = (id: string, more: Partial<ServerAccount>): ServerAccount => ({ ...account('a'), id, ...more });
    const organization = { id: 'org', displayName: 'Acme' };
    const accounts = [
      of('1one', { email: 'ana@x.example', organization, origin: 'https://one.example' }),
      of('2two', { email: 'ana@x.example', organization, origin: 'https://two.example' }),
      of('3key', { email: undefined, method: 'apiKey', origin: 'https://one.example' }),
      of('4key', { email: undefined, method: 'apiKey', origin: 'https://one.example' }),
      of('5bo', { email: 'bo@x.example', organization, origin: 'https://one.example' }),
    ];
    await store.change(() => ({ activeId: '1one', accounts }));
    const provider = new AccountProvider(store, session, log, async () => undefined);
    disposables.push(provider);
    const labels = (await provider.getSessions()).map((each) => each.account.label);
    assert.equal(new Set(labels).size, accounts.length);
    assert.equal(labels[4], 'bo@x.example (Acme)', 'nobody else is called so');
  });

  it('stay in use where a server keeps one route from them', async () => {
    let refused = ['/notifications'];
    const asked: string[] = [];
    const server = createServer(({ url = '' }, response) => {
      asked.push(url);
      response.writeHead(refused.some((part) => url.includes(part)) ? 401 : 200).end('[]');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    disposables.push(new vscode.Disposable(() => server.close()));
    const partial = { ...account('a'), origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
    const { session } = openWindow(new SecretsInMemory(), 'here');
    await session.use(partial);
    const { service } = session;
    const notifications = (): Promise<unknown> =>
      service?.listNotifications({}).catch(() => undefined) ?? assert.fail();
    await Promise.all([notifications(), notifications()]);
    const lists = (): number => asked.filter((url) => url.includes('/contacts?')).length;
    await eventually('a look at whether it is good for others', () => lists() || undefined);
    assert.deepEqual([session.state.kind, session.service === service], ['ready', true]);
    refused = [''];
    await notifications();
    await eventually('the end', () => (session.state.kind === 'expired' ? true : undefined));
  });

  it('come back in every window where the same token is entered again', async () => {
    let takesTokens = true;
    const server = createServer((_, response) => response.writeHead(takesTokens ? 200 : 401).end('[]'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    disposables.push(new vscode.Disposable(() => server.close()));
    const moody = { ...account('a'), origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
    const secrets = new SecretsInMemory();
    const here = openWindow(secrets, 'here');
    const there = openWindow(secrets, 'there');
    await here.session.use(moody);
    await isReadyAs(there.session, 'a');
    takesTokens = false;
    for (const { session } of [here, there]) {
      await session.service?.list({ limit: 1 }).catch(() => undefined);
      assert.equal(session.state.kind, 'expired');
    }
    takesTokens = true;
    await here.session.use(moody);
    await isReadyAs(there.session, 'a');
  });

  it('of before this window are told to VS Code when they go', async () => {
    const secrets = new SecretsInMemory();
    await openWindow(secrets, 'before').session.use(account('a'));
    const { session, store } = openWindow(secrets, 'here');
    const provider = new AccountProvider(store, session, log, async () => undefined);
    const removed: string[] = [];
    disposables.push(
      provider,
      provider.onDidChangeSessions((change) => removed.push(...(change.removed ?? []).map(({ id }) => id))),
    );
    await session.follow();
    await session.signOut('a');
    await eventually('the end of it', () => (removed.length > 0 ? true : undefined));
    assert.deepEqual(removed, ['a']);
  });

  it('are told to VS Code as they come and go', async () => {
    const secrets = new SecretsInMemory();
    const { session, store } = openWindow(secrets, 'here');
    let next: Account | undefined = account('a');
    const provider = new AccountProvider(store, session, log, async () => next);
    const changes: string[] = [];
    disposables.push(
      provider,
      provider.onDidChangeSessions(({ added, removed, changed }) => {
        for (const [what, list] of Object.entries({ added, removed, changed })) {
          for (const each of list ?? []) changes.push(`${what} ${each.account.label}`);
        }
      }),
    );
    const created = await provider.createSession();
    assert.equal(created.account.label, 'a@x.example');
    assert.equal(created.accessToken, elsewhere.token);
    await eventually('one change', () => (changes.length === 1 ? true : undefined));
    next = { ...account('a'), token: `${elsewhere.token}x` };
    await provider.createSession();
    await eventually('another', () => (changes.length === 2 ? true : undefined));
    await session.use(localAccount);
    await eventually('the local workspace', () => (changes.length === 3 ? true : undefined));
    const local = (await provider.getSessions()).find(({ id }) => id === 'local');
    assert.equal(local?.accessToken, '', 'the secret of a process is nobody else’s');
    await provider.removeSession('a');
    await eventually('the end of one', () => (changes.length === 4 ? true : undefined));
    assert.deepEqual(changes, [
      'added a@x.example',
      'changed a@x.example',
      'added Local Workspace',
      'removed a@x.example',
    ]);
    next = undefined;
    await assert.rejects(provider.createSession(), vscode.CancellationError);
  });

  it('are taken from the storage only where they make sense', () => {
    const good = account('a');
    const stored = (...accounts: unknown[]): string => JSON.stringify({ activeId: 'a', accounts });
    assert.deepEqual(parseAccounts(stored(good, localAccount)), { activeId: 'a', accounts: [good, localAccount] });
    for (const bad of [
      { ...good, origin: 'http://contacts.example.com' },
      { ...good, origin: 'https://user:pass@contacts.example.com' },
      { ...good, origin: `${good.origin}/path` },
      { ...good, token: 1 },
      { ...good, method: 'magic' },
      { kind: 'local', id: 'a' },
      'a',
      null,
    ]) {
      assert.deepEqual(parseAccounts(stored(bad)), { accounts: [] });
    }
    for (const text of [undefined, '', '{', '[]', 'null', '{"accounts":1}']) {
      assert.deepEqual(parseAccounts(text), { accounts: [] });
    }
  });
});

describe('the settings that say where a credential goes', () => {
  it('are the user’s alone, and say so', async () => {
    const { packageJSON } = await activeExtension();
    const manifest = packageJSON as {
      contributes: { configuration: { properties: Record<string, { scope?: string }> } };
      capabilities: { untrustedWorkspaces: { supported: unknown; restrictedConfigurations: string[] } };
    };
    const { properties } = manifest.contributes.configuration;
    for (const name of ['contactLookup.environment', 'contactLookup.serverUrl']) {
      assert.equal(properties[name]?.scope, 'application', name);
      assert.ok(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations.includes(name), name);
    }
    for (const [name, { scope }] of Object.entries(properties)) assert.ok(scope !== undefined, name);
    const settings = vscode.workspace.getConfiguration('contactLookup');
    await assert.rejects(async () =>
      settings.update('serverUrl', 'https://evil.example', vscode.ConfigurationTarget.Workspace),
    );
  });
});
