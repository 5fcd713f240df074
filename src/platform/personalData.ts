import * as vscode from 'vscode';
import { registerCommand } from './commands.ts';
import { hidePersonalData, isPersonalDataHidden } from './displayText.ts';
import type { Log } from './log.ts';

const hidden = () => import('./hiddenPersonalData.ts');

/** Shows names, addresses and numbers as dots in every window, until they are shown again; the status bar says so. */
export function registerPersonalData(log: Log): vscode.Disposable {
  const followNow = (isStart: boolean): void => void followSetting(isStart).catch(log.error);
  followNow(true);
  return vscode.Disposable.from(
    vscode.workspace.onDidChangeConfiguration(() => followNow(false)),
    ...(['hide', 'show'] as const).map((action) =>
      registerCommand(`contactLookup.${action}PersonalData`, log, async () =>
        (await hidden()).setHidden(action === 'hide'),
      ),
    ),
  );
}

/** @param isStart nothing was shown before. */
async function followSetting(isStart: boolean): Promise<void> {
  const isHidden = vscode.workspace.getConfiguration('contactLookup').get('hidePersonalData') === true;
  if (isHidden === isPersonalDataHidden()) return;
  hidePersonalData(isHidden);
  const { putMessagesAway, showMark } = await hidden();
  showMark(isHidden);
  if (isHidden && !isStart) await putMessagesAway();
}
