import * as vscode from 'vscode';
import { displayText } from '../platform/displayText.ts';
import type { Account } from '../session/account.ts';
import { accountLabel } from '../session/accountText.ts';
import type { Draft, Drafts } from './panel/drafts.ts';
import type { PinnedContacts } from './pinnedContacts.ts';
import type { SavedSearch, SavedSearches } from './query/savedSearches.ts';

const listKey = 'contactLookup.keptForLater';
const secretKey = (accountId: string): string => `contactLookup.keptForLater.${accountId}`;
const maxNames = 3;

export interface KeptParts {
  globalState: vscode.Memento;
  secrets: vscode.SecretStorage;
  drafts: Drafts;
  saved: SavedSearches;
  pinned: PinnedContacts;
  /** A contact's name, where it is known now. */
  nameOf: (contactId: string) => string | undefined;
}

interface Kept {
  drafts: { contactId: string; draft: Draft }[];
  searches: readonly SavedSearch[];
  /** Not there in what was kept by earlier versions. */
  pinned?: readonly string[];
}

/**
 * Asks whether to keep what would be lost by signing out: unsaved edits and saved searches. They are stored in VS
 * Code's encrypted secret storage until the next sign-in to the same account.
 * @returns whether to go on with signing out.
 */
export async function offerToKeep(parts: KeptParts, account: Account): Promise<boolean> {
  const { drafts, saved, pinned } = parts;
  const kept = { drafts: drafts.of(account.id), searches: saved.of(account.id), pinned: pinned.of(account.id) };
  if (Object.values(kept).every(({ length }) => length === 0)) return true;
  const keep = vscode.l10n.t('Keep and Sign Out');
  const discard = vscode.l10n.t('Discard and Sign Out');
  const picked = await vscode.window.showWarningMessage(
    vscode.l10n.t('Sign out of {0}?', accountLabel(account)),
    { modal: true, detail: [...lossesOf(kept, parts.nameOf), offerText()].join('\n') },
    keep,
    discard,
  );
  if (picked === keep) {
    await parts.secrets.store(secretKey(account.id), JSON.stringify(kept));
    await parts.globalState.update(listKey, [...new Set([...listed(parts.globalState), account.id])]);
  }
  return picked === keep || picked === discard;
}

/** Whether something was kept for an account. */
export const isKeptFor = (globalState: vscode.Memento, accountId: string): boolean =>
  listed(globalState).includes(accountId);

/** Puts back what was kept for an account, where nothing newer is there. */
export async function restoreKept(parts: KeptParts, accountId: string): Promise<void> {
  const { drafts, saved, pinned, secrets, globalState } = parts;
  const text = await secrets.get(secretKey(accountId));
  const kept = (text === undefined ? { drafts: [], searches: [] } : JSON.parse(text)) as Kept;
  for (const { contactId, draft } of kept.drafts.toReversed()) {
    if (drafts.find(accountId, contactId) === undefined) await drafts.keep(accountId, contactId, draft);
  }
  const names = new Set(saved.of(accountId).map(({ name }) => name));
  for (const search of kept.searches) if (!names.has(search.name)) await saved.save(accountId, search);
  if (kept.pinned !== undefined) await pinned.restore(accountId, kept.pinned);
  await secrets.delete(secretKey(accountId));
  await globalState.update(
    listKey,
    listed(globalState).filter((id) => id !== accountId),
  );
}

const listed = (globalState: vscode.Memento): readonly string[] => globalState.get<string[]>(listKey, []);

const offerText = (): string =>
  vscode.l10n.t('What you keep is encrypted, and there again when you sign in to the same account.');

function lossesOf({ drafts, searches, pinned = [] }: Kept, nameOf: KeptParts['nameOf']): string[] {
  const names = drafts.map(({ contactId }) => displayText(nameOf(contactId) ?? contactId, 'message'));
  const shown = names.slice(0, maxNames).join(', ');
  const more = names.length - maxNames;
  return [
    ...(names.length === 0 ? [] : [vscode.l10n.t('Not saved yet: {0}', more > 0 ? `${shown} + ${more}` : shown)]),
    ...(searches.length === 0
      ? []
      : [vscode.l10n.t('Saved searches: {0}', searches.map(({ name }) => displayText(name, 'message')).join(', '))]),
    ...(pinned.length === 0 ? [] : [vscode.l10n.t('Pinned contacts: {0}', pinned.length)]),
  ];
}
