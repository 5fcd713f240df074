import * as vscode from 'vscode';

/** What can be switched off, each with a setting of its own. */
export type LookupFeature = 'hover' | 'links' | 'inlayNames' | 'realContacts';

/** Whether a lookup feature is enabled, for a document if given. */
export const isSwitchedOn = (feature: LookupFeature, document?: vscode.TextDocument): boolean =>
  vscode.workspace.getConfiguration('contactLookup', document).get<boolean>(`${feature}.enabled`, false);

/**
 * Registers anew whenever the setting changes and on `again`, since VS Code asks a provider about an open document again
 * only when there is another one.
 */
export function reregisterOnChange(
  feature: LookupFeature,
  again: vscode.Event<void>,
  register: () => vscode.Disposable,
): vscode.Disposable {
  let registration = register();
  const replace = (): void => {
    registration.dispose();
    registration = register();
  };
  const listeners = vscode.Disposable.from(
    again(replace),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(`contactLookup.${feature}.enabled`)) replace();
    }),
  );
  return { dispose: () => vscode.Disposable.from(listeners, registration).dispose() };
}
