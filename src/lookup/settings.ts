import * as vscode from 'vscode';

/** What can be switched off, each with a setting of its own. */
export type LookupFeature = 'hover' | 'links' | 'inlayNames';

export const isSwitchedOn = (feature: LookupFeature, document?: vscode.TextDocument): boolean =>
  vscode.workspace.getConfiguration('contactLookup', document).get<boolean>(`${feature}.enabled`, false);
