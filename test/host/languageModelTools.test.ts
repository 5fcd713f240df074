import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ContactsModel } from '../../src/contacts/contactsModel.ts';
import { invoke, prepare } from '../../src/agents/languageModelTools.ts';
import { localDesk, type LocalDesk } from './support.ts';

describe('tools of agents in VS Code', () => {
  const token = new vscode.CancellationTokenSource().token;
  let desk: LocalDesk;
  before(async () => {
    desk = await localDesk();
  });
  after(() => desk.dispose());
  const parts = () => ({
    session: desk.session,
    model: { refresh: async () => undefined } as unknown as ContactsModel,
  });
  const creating = (name: string): [string, Record<string, unknown>] => [
    'contactLookup_createContact',
    { fields: { display_name: name } },
  ];
  const countOf = async (name: string): Promise<number> => (await desk.service.search({ q: name })).items.length;

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
