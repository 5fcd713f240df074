import * as vscode from 'vscode';

/** What an address can be set for. */
export type WebAddressOf = 'contact' | 'conversation';

interface Ids {
  contactId: string;
  conversationId: string;
}

/** The setting of where the platform's web client shows it: the user's own, since a workspace could lead anywhere. */
export function webAddressOf(what: WebAddressOf): string | undefined {
  const inspected = vscode.workspace.getConfiguration('contactLookup.browser').inspect<string>(`${what}Address`);
  const address = inspected?.globalValue ?? '';
  return /^https:\/\/[^/{}]+\//.test(address) ? address : undefined;
}

/** The address with the ids in it; `undefined` where none is set. */
export function webAddress(what: WebAddressOf, ids: Ids): vscode.Uri | undefined {
  const address = webAddressOf(what)?.replaceAll(/\{(contactId|conversationId)\}/g, (_, name: keyof Ids) =>
    encodeURIComponent(ids[name]),
  );
  return address === undefined ? undefined : vscode.Uri.parse(address, true);
}
