import * as vscode from 'vscode';

const groups = ['First', 'Second', 'Third', 'Fourth', 'Fifth', 'Sixth', 'Seventh', 'Eighth'];

/**
 * Looks once at each tab that VS Code has brought back and nobody has looked at yet: it keeps the name that it was closed
 * with until there is a panel in it. What was in front stays so.
 * @param seen how many panels there are.
 */
export async function lookAtUnseen(panelType: string, seen: () => number): Promise<void> {
  const isOurs = ({ input }: vscode.Tab): boolean =>
    input instanceof vscode.TabInputWebview && input.viewType.endsWith(panelType);
  const { tabGroups } = vscode.window;
  const active = tabGroups.activeTabGroup.viewColumn;
  for (const group of tabGroups.all) {
    const front = group.tabs.findIndex(({ isActive }) => isActive);
    const unseen = group.tabs.flatMap((tab, index) => (isOurs(tab) && !tab.isActive ? [index] : []));
    const allOurs = tabGroups.all.flatMap(({ tabs }) => tabs).filter(isOurs).length;
    if (unseen.length === 0 || seen() >= allOurs) continue;
    await focus(group.viewColumn);
    for (const index of [...unseen, front])
      await vscode.commands.executeCommand('workbench.action.openEditorAtIndex', index);
  }
  await focus(active);
}

const focus = async (column: vscode.ViewColumn): Promise<void> => {
  const name = groups[column - 1];
  if (name !== undefined) await vscode.commands.executeCommand(`workbench.action.focus${name}EditorGroup`);
};
