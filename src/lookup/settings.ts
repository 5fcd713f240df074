import * as vscode from 'vscode';

/** What can be switched off, each with a setting of its own. */
export type LookupFeature = 'hover' | 'links' | 'inlayNames';

export const isSwitchedOn = (feature: LookupFeature, document?: vscode.TextDocument): boolean =>
  vscode.workspace.getConfiguration('contactLookup', document).get<boolean>(`${feature}.enabled`, false);

/** Registers anew whenever the setting changes, since VS Code asks a provider again only when there is another one. */
export function registeredAnew(feature: LookupFeature, register: () => vscode.Disposable): vscode.Disposable {
  let registration = register();
  const listener = vscode.workspace.onDidChangeConfiguration((change) => {
    if (!change.affectsConfiguration(`contactLookup.${feature}.enabled`)) return;
    registration.dispose();
    registration = register();
  });
  return { dispose: () => vscode.Disposable.from(listener, registration).dispose() };
}
