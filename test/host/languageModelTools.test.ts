import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ContactService } from '../../src/api/contactService.ts';
import type { ContactsModel } from '../../src/contacts/contactsModel.ts';
import { invoke, prepare } from '../../src/agents/languageModelTools.ts';
import { localAccount } from '../../src/session/account.ts';
import { AccountStore } from '../../src/session/accountStore.ts';
import { LocalWorkspace } from '../../src/session/localWorkspace.ts';
import { Services } from '../../src/session/services.ts';
import { Session } from '../../src/session/session.ts';
import { activeExtension, SecretsInMemory, testLog } from './support.ts';

describe('tools of agents in VS Code', () => {
  const log = testLog();
  const token = new vscode.CancellationTokenSource().token;
  let storage: string;
  let session: Session;
  let disposables: vscode.Disposable[];
  before(async () => {
    const { extensionUri } = await activeExtension();
    storage = mkdtempSync(join(tmpdir(), 'contact-lookup-tools-'));
    const store = new AccountStore(new SecretsInMemory());
    const workspace = new LocalWorkspace(extensionUri, vscode.Uri.file(storage), log);
    session = new Session(store, new Services(log), workspace, log);
    disposables = [workspace, store, session];
    await session.use(localAccount);
  });
  after(() => {
    for (const disposable of disposables.toReversed()) disposable.dispose();
    rmSync(storage, { recursive: true, force: true });
  });
  const service = (): ContactService => session.service ?? assert.fail('There is no connection');
  const parts = () => ({ session, model: { refresh: async () => undefined } as unknown as ContactsModel });
  const creating = (name: string): [string, Record<string, unknown>] => [
    'contactLookup_createContact',
    { fields: { display_name: name } },
  ];
  const countOf = async (name: string): Promise<number> => (await service().search({ q: name })).items.length;

  it('change nothing that nobody was asked about', async () => {
    await assert.rejects(invoke(parts(), ...creating('Unasked Person'), token), /Nothing was changed/);
    assert.equal(await countOf('Unasked Person'), 0);
  });

  it('change what somebody was asked about, however much was asked since, and once', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `Asked Person ${index}`);
    for (const name of names) await prepare(parts(), ...creating(name), token);
    await invoke(parts(), ...creating(names[0] ?? ''), token);
    await assert.rejects(invoke(parts(), ...creating(names[0] ?? ''), token), /Nothing was changed/);
    assert.equal(await countOf('Asked Person'), 1);
  });
});
