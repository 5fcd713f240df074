import * as vscode from 'vscode';
import { runCommand } from '../../platform/commands.ts';

/** Files are imported one after the other, each with its questions. */
const maxFiles = 10;

/** Has the files that were dropped on the list imported. */
export async function importDropped(dataTransfer: vscode.DataTransfer): Promise<void> {
  const listed = await dataTransfer.get('text/uri-list')?.asString();
  const uris = (listed ?? '')
    .split(/\r?\n/)
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => vscode.Uri.parse(line));
  const files = [...dataTransfer].map(([, item]) => item.asFile()?.uri).filter((uri) => uri !== undefined);
  const dropped = uris.length > 0 ? uris : files;
  if (dropped.length === 0) return;
  if (dropped.length > maxFiles)
    void vscode.window.showWarningMessage(
      vscode.l10n.t('Only the first {0} of {1} files are imported.', maxFiles, dropped.length),
    );
  await runCommand('contactLookup.importContacts', dropped.slice(0, maxFiles));
}
