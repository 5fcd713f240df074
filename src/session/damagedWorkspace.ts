import * as vscode from 'vscode';
import type { DamageKind, DamageReport } from '../contract/damage.ts';
import { runCommand } from '../platform/commands.ts';

/** Says what was found where the contact server would not open a damaged store; the log has more. */
export function damageSentence({ damaged: { kind, missing = 0 } }: DamageReport): string {
  const lost = missing.toLocaleString(vscode.env.language);
  const findings: Record<DamageKind, string> = {
    damaged: vscode.l10n.t('Its file is damaged.'),
    incomplete:
      missing === 1 ? vscode.l10n.t('Its last change is lost.') : vscode.l10n.t('Its last {0} changes are lost.', lost),
    gone: vscode.l10n.t('Its file is empty or gone.'),
  };
  return vscode.l10n.t('The local workspace was not opened. {0}', findings[kind]);
}

/**
 * Offers what can be done, and does what the user picks. What is damaged is kept beside what takes its place.
 * @param useAtNextStart takes what the server is to be started with.
 */
export async function offerRecovery(
  report: DamageReport,
  dataDirectory: string,
  useAtNextStart: (parameters: string[]) => void,
): Promise<void> {
  const { backup, isUsable } = report.damaged;
  const goOn = vscode.l10n.t('Go On Without Them');
  const showFiles = vscode.l10n.t('Show Files');
  const recover = backup === undefined ? vscode.l10n.t('Begin Anew') : vscode.l10n.t('Restore Backup');
  const choice =
    backup === undefined
      ? vscode.l10n.t('There is no backup of them. The damaged files are kept.')
      : vscode.l10n.t(
          'The newest sound backup is of {0}, with {1} contacts. The damaged files are kept.',
          new Date(backup.at).toLocaleString(vscode.env.language, { dateStyle: 'medium', timeStyle: 'short' }),
          backup.contacts.toLocaleString(vscode.env.language),
        );
  const picked = await vscode.window.showErrorMessage(
    `${damageSentence(report)} ${choice}`,
    ...(isUsable ? [goOn] : []),
    recover,
    showFiles,
  );
  if (picked === showFiles) {
    await vscode.commands.executeCommand(
      'revealFileInOS',
      vscode.Uri.joinPath(vscode.Uri.file(dataDirectory), 'contacts.db'),
    );
  }
  if (picked === goOn) useAtNextStart(['--accept-loss']);
  else if (picked === recover) useAtNextStart(backup === undefined ? ['--set-aside'] : ['--restore', backup.path]);
  else return;
  await runCommand('contactLookup.refresh');
}
