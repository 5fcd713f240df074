import * as vscode from 'vscode';
import { contactFileScheme } from './contactFileSystem.ts';

/** Closes the tabs of contacts' files: what they show is hidden, or of an account that is not in use any more. */
export async function closeFileTabs(): Promise<void> {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter(isOfContact);
  if (tabs.length > 0) await vscode.window.tabGroups.close(tabs);
}

function isOfContact({ input }: vscode.Tab): boolean {
  const uri = (input as { uri?: unknown } | undefined)?.uri;
  return uri instanceof vscode.Uri && uri.scheme === contactFileScheme;
}
