import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { localDataCommands } from '../../src/localData/localDataCommands.ts';
import { eventually, localDesk, testLog, type LocalDesk } from './support.ts';

describe('files that are brought to the local workspace', () => {
  const { showInformationMessage, showQuickPick } = vscode.window;
  let desk: LocalDesk;
  let folder: string;
  /** What is said, with what takes the button that somebody presses. */
  let told: { text: string; press: (button: string | undefined) => void }[];
  /** What is picked of each list, one after the other; of each, the rows that there were. */
  let picks: string[];
  let lists: (readonly vscode.QuickPickItem[])[];
  before(async () => {
    desk = await localDesk();
    folder = mkdtempSync(join(tmpdir(), 'contact-lookup-imports-'));
  });
  after(() => {
    desk.dispose();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    told = [];
    picks = [];
    lists = [];
    // Nobody is there to press a button or to choose a row.
    Object.assign(vscode.window, {
      showInformationMessage: (text: string) => {
        const { promise, resolve } = Promise.withResolvers<string | undefined>();
        told.push({ text, press: resolve });
        return promise;
      },
      showQuickPick: async (rows: readonly vscode.QuickPickItem[]) => {
        lists.push(rows);
        const label = picks.shift();
        return rows.find((row) => row.label === label);
      },
    });
  });
  afterEach(() => Object.assign(vscode.window, { showInformationMessage, showQuickPick }));

  const bring = async (...files: (readonly string[])[]): Promise<void> => {
    const uris = files.map((lines, index) => {
      const path = join(folder, `people-${index}.csv`);
      writeFileSync(path, lines.join('\n'));
      return vscode.Uri.file(path);
    });
    const { session, services, workspace: localWorkspace } = desk;
    const commands = localDataCommands({
      session,
      services,
      localWorkspace,
      log: testLog(),
      onChanged: async () => {},
    });
    await commands.importContacts(uris);
  };
  const count = async (): Promise<number> => (await desk.service.list({ limit: 1 })).totalMatching ?? NaN;

  it('are taken back by the button of what is said of them, whenever that is pressed', async () => {
    const before = await count();
    picks = ['Add everybody'];
    await bring(['Name,Email', 'Brought One,one@brought.example', 'Brought Two,two@brought.example']);
    const result = await eventually('what came of it', () => told.find(({ text }) => text.startsWith('Import done')));
    assert.equal(await count(), before + 2);
    result.press('Undo Import');
    await eventually('what was taken back', () => told.find(({ text }) => text.startsWith('Import taken back: 2')));
    assert.equal(await count(), before);
  });

  it('are taken back also where the one behind them is no list of contacts', async () => {
    const before = await count();
    picks = ['Add everybody'];
    await assert.rejects(bring(['Name,Email', 'Brought First,first@brought.example'], []), /empty/);
    const result = await eventually('what came of it', () => told.find(({ text }) => text.startsWith('Import done')));
    result.press('Undo Import');
    await eventually('what was taken back', () => told.find(({ text }) => text.startsWith('Import taken back: 1')));
    assert.equal(await count(), before);
  });

  it('say which columns are left out, which can be changed', async () => {
    picks = ['Columns…', 'Téléphone', 'Phone', '$(check) Continue', 'Add everybody'];
    await bring(['Name;Téléphone;E-Mail-Adresse', 'Marie;+33 1 23 45 67 89;marie@brought.example']);
    const [first = [], , , , last = []] = lists;
    const said = [first, last].map((rows) => rows.find(({ label }) => label === 'Columns…')?.description);
    assert.deepEqual(said, ['left out: Téléphone, E-Mail-Adresse', 'left out: E-Mail-Adresse']);
    const [marie] = (await desk.service.search({ q: 'Marie' })).items;
    assert.deepEqual([marie?.phone_number, marie?.email], ['+33123456789', undefined]);
  });
});
