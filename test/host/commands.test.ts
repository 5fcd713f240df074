import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { commandIds, type CommandId } from '../../src/platform/commands.ts';
import { activeExtension, eventually } from './support.ts';

interface Manifest {
  contributes: {
    commands: { command: string }[];
    menus: Record<string, { command?: string; submenu?: string; when?: string }[]>;
    submenus: { id: string }[];
    viewsWelcome: { contents: string }[];
  };
}

/** Those that a row of a tree gives something to, and that ask nobody. */
const rowCommands = [
  'contactLookup.openNotification',
  'contactLookup.markNotificationRead',
  'contactLookup.dismissNotification',
  'contactLookup.openSavedSearch',
  'contactLookup.deleteSavedSearch',
] satisfies CommandId[];

/** The lines of the extension's log: all that a user is told of is in it. */
function logLines(): string[] {
  const home = process.env['HOST_TEST_HOME'] ?? '';
  const logs = globSync('**/logs/**/Contact Lookup.log', { cwd: home });
  return logs.flatMap((file) => readFileSync(join(home, file), 'utf8').split('\n')).filter(Boolean);
}

describe('commands', () => {
  let manifest: Manifest;
  before(async () => {
    manifest = (await activeExtension()).packageJSON as Manifest;
  });

  it('are contributed and registered, each of them both', async () => {
    const contributed = manifest.contributes.commands.map(({ command }) => command).sort();
    assert.deepEqual(contributed, commandIds().sort());
    const registered = (await vscode.commands.getCommands(true)).filter((id) =>
      contributed.some((known) => known.split('.')[0] === id.split('.')[0]),
    );
    // VS Code adds its own for the views: focus, resetViewLocation and the like.
    const views = ['contactLookup.contacts', 'contactLookup.notifications'];
    const own = registered.filter((id) => !views.some((view) => id.startsWith(`${view}.`) || id === view));
    assert.deepEqual(own.sort(), contributed);
  });

  it('in menus and welcome views exist', () => {
    const known = new Set<string>(commandIds());
    const entries = Object.values(manifest.contributes.menus).flat();
    const submenus = entries.map(({ submenu }) => submenu).filter((id) => id !== undefined);
    const inMenus = entries.filter(({ submenu }) => submenu === undefined).map(({ command = 'none' }) => command);
    assert.deepEqual(submenus, manifest.contributes.submenus.map(({ id }) => id)); // prettier-ignore
    for (const id of submenus) assert.ok((manifest.contributes.menus[id] ?? []).length > 1, id);
    const inTexts = manifest.contributes.viewsWelcome
      .map(({ contents }) => contents)
      .flatMap((contents) => [...contents.matchAll(/command:([\w.]+)/g)].map(([, id]) => id ?? ''));
    assert.ok(inMenus.length > 20);
    for (const id of [...inMenus, ...inTexts]) assert.ok(known.has(id), id);
  });

  it('that need a row are not in the palette', () => {
    const hidden = new Set(
      (manifest.contributes.menus['commandPalette'] ?? [])
        .filter(({ when }) => when === 'false')
        .map(({ command }) => command),
    );
    for (const id of ['contactLookup.markNotificationRead', 'contactLookup.dismissNotification']) {
      assert.ok(hidden.has(id), id);
    }
  });

  it('take anything from anybody without harm, and say once what failed', async function () {
    // Started from the editor, the tests do not know where the log is.
    if (process.env['HOST_TEST_HOME'] === undefined) this.skip();
    const garbage = [undefined, null, 1, 'x', {}, { notificationId: 7 }, { notificationId: '../..' }, { contactId: 7 }];
    const before = logLines().length;
    for (const id of rowCommands) for (const given of garbage) await vscode.commands.executeCommand(id, given);
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    assert.deepEqual(tabs, [], 'nothing was opened');
    // The log is written in its order: what is wrong with this one comes after all that was wrong before.
    await vscode.commands.executeCommand('contactLookup.copyLink', { contactId: '../..' });
    const since = await eventually('a line in the log', () => {
      const lines = logLines().slice(before);
      return lines.length > 0 ? lines : undefined;
    });
    assert.match(since.join('\n'), /^(?:\S+ \S+ \[error\] )?This contact has no link\.$/);
  });

  it('open one panel for one contact, and the same again', async () => {
    const contact = { contactId: 'con_00000000-0000-4000-8000-000000000000' };
    const panels = (): vscode.Tab[] =>
      vscode.window.tabGroups.all
        .flatMap((group) => group.tabs)
        .filter(
          (tab) => tab.input instanceof vscode.TabInputWebview && tab.input.viewType.endsWith('contactLookup.contact'),
        );
    await vscode.commands.executeCommand('contactLookup.openContact', contact);
    await eventually('a panel', () => (panels().length === 1 ? true : undefined));
    await vscode.commands.executeCommand('contactLookup.openContact', contact);
    assert.equal(panels().length, 1);
    await vscode.window.tabGroups.close(panels());
    await eventually('no panel', () => (panels().length === 0 ? true : undefined));
  });
});
