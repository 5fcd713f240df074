import * as vscode from 'vscode';
import { displayTerm } from '../platform/displayText.ts';
import type { ServerAccount } from '../session/account.ts';
import { serverName } from '../session/accountText.ts';

/** Measured with the contacts of a web chat: their texts, and what finds them. */
const bytesPerContact = 1_200;

/** Whose contacts they are. */
const ownerName = (account: ServerAccount): string =>
  displayTerm(account.organization?.displayName ?? serverName(account), 'description');

/** Asks in plain words; whoever closes the question has said no. */
export async function askToKeep(
  account: ServerAccount,
  total: number | undefined,
  folder: vscode.Uri,
): Promise<boolean> {
  const name = ownerName(account);
  const keep = vscode.l10n.t('Keep Them Here');
  const locale = vscode.env.language;
  const question =
    total === undefined
      ? vscode.l10n.t('Keep the contacts of {0} on this machine too?', name)
      : vscode.l10n.t(
          'Keep the {0} contacts of {1} on this machine too, in about {2} MB?',
          total.toLocaleString(locale),
          name,
          Math.max(1, Math.ceil((total * bytesPerContact) / 1_000_000)).toLocaleString(locale),
        );
  const meaning = vscode.l10n.t(
    'Search then answers at once, and they are there without a connection, those that were opened last with their conversations, comments, activity and list of files, and so are the last notifications. All of it lies in {0}; signing out removes them.',
    displayTerm(folder.fsPath, 'description'),
  );
  const no = vscode.l10n.t('No');
  return (await vscode.window.showInformationMessage(`${question} ${meaning}`, keep, no)) === keep;
}

export async function askToRemove(account: ServerAccount, folder: vscode.Uri): Promise<boolean> {
  const name = ownerName(account);
  const remove = vscode.l10n.t('Remove Them');
  const picked = await vscode.window.showInformationMessage(
    vscode.l10n.t('The contacts of {0} are kept on this machine.', name),
    {
      modal: true,
      detail: vscode.l10n.t(
        'They lie in {0}. Once they are removed, search asks the server again, and nothing is there without a connection.',
        displayTerm(folder.fsPath, 'description'),
      ),
    },
    remove,
  );
  return picked === remove;
}
