import * as vscode from 'vscode';
import type { LocalDataService } from '../api/localDataService.ts';

/** Asks, and takes the sample contacts out of the local workspace. @returns whether it did. */
export async function removeSamples(service: LocalDataService): Promise<boolean> {
  const { untouched, kept } = await service.countSamples();
  if (untouched === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('There are no sample contacts that nobody has changed.'));
    return false;
  }
  const go = vscode.l10n.t('Remove');
  const stays = kept === 0 ? '' : vscode.l10n.t('{0} that you have changed or commented on stay.', count(kept));
  const detail = [vscode.l10n.t('Their notifications go with them. This cannot be undone.'), stays].join(' ').trim();
  const question =
    untouched === 1
      ? vscode.l10n.t('Remove 1 sample contact from the local workspace?')
      : vscode.l10n.t('Remove {0} sample contacts from the local workspace?', count(untouched));
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, go)) !== go) return false;
  const removed = await service.removeSamples();
  void vscode.window.showInformationMessage(
    removed.untouched === 1
      ? vscode.l10n.t('1 sample contact is removed.')
      : vscode.l10n.t('{0} sample contacts are removed.', count(removed.untouched)),
  );
  return true;
}

const count = (number: number): string => number.toLocaleString(vscode.env.language);
