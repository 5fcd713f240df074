import * as vscode from 'vscode';

/** The keys that `when` clauses in package.json read. */
export interface ContextKeys {
  'contactLookup.session': 'signedOut' | 'starting' | 'ready' | 'expired' | 'failed';
  /** The local workspace is in use. */
  'contactLookup.isLocal': boolean;
  /** There are accounts to switch to. */
  'contactLookup.hasAccounts': boolean;
  'contactLookup.contacts': 'loading' | 'empty' | 'filled' | 'failed';
  /** The list leaves some contacts out. */
  'contactLookup.isNarrow': boolean;
  'contactLookup.notifications': 'loading' | 'empty' | 'filled' | 'failed';
  'contactLookup.notificationsBy': 'day' | 'kind';
  'contactLookup.unreadOnly': boolean;
  /** A change of notifications can still be taken back. */
  'contactLookup.canUndo': boolean;
  /** What the steps of the walkthrough are about has been done in this window. */
  'contactLookup.hasFound': true;
  'contactLookup.hasHovered': true;
  'contactLookup.hasReadNotification': true;
  'contactLookup.hasExported': true;
}

export function setContextKey<Key extends keyof ContextKeys>(key: Key, value: ContextKeys[Key]): void {
  void vscode.commands.executeCommand('setContext', key, value);
}
