import { homedir } from 'node:os';
import * as vscode from 'vscode';
import type { ContactService } from '../../api/contactService.ts';
import type { ContactFile } from '../../api/decode/history.ts';
import { isCancelled } from '../../api/apiError.ts';
import { withSignal } from '../../platform/cancellation.ts';
import { displayText } from '../../platform/displayText.ts';
import { sentenceFor, UserError } from '../../platform/errorReport.ts';
import { savedFileName } from './fileName.ts';

const maxFileBytes = 100 * 1024 * 1024;

/**
 * Asks where to save one or more of a contact's files, and saves them there. Their names are only suggestions: a single
 * file can be renamed in the dialog, and several never overwrite existing files.
 * @returns the saved files, or `undefined` if the user cancels.
 */
export async function saveFiles(
  service: ContactService,
  files: readonly ContactFile[],
): Promise<vscode.Uri[] | undefined> {
  const [only] = files;
  if (only === undefined) return undefined;
  return files.length === 1 ? saveOne(service, only) : saveAll(service, files);
}

async function saveOne(service: ContactService, file: ContactFile): Promise<vscode.Uri[] | undefined> {
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Save File'),
    defaultUri: vscode.Uri.joinPath(proposedFolder(), savedFileName(file)),
  });
  if (target === undefined) return undefined;
  await withProgress(vscode.l10n.t('Saving the file'), async (signal) => {
    await vscode.workspace.fs.writeFile(target, await contentOf(service, file, signal));
  });
  return [target];
}

async function saveAll(service: ContactService, files: readonly ContactFile[]): Promise<vscode.Uri[] | undefined> {
  const picked = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Folder for {0} Files', files.length),
    openLabel: vscode.l10n.t('Save Here'),
    defaultUri: proposedFolder(),
    canSelectFiles: false,
    canSelectFolders: true,
  });
  const folder = picked?.[0];
  if (folder === undefined) return undefined;
  const saved: vscode.Uri[] = [];
  const failed: { name: string; fault: unknown }[] = [];
  await withProgress(vscode.l10n.t('Saving files'), async (signal, progress) => {
    const taken = new Set((await vscode.workspace.fs.readDirectory(folder)).map(([name]) => name.toLowerCase()));
    for (const [index, file] of files.entries()) {
      progress.report({
        message: vscode.l10n.t('{0} of {1}', index + 1, files.length),
        increment: index === 0 ? 0 : 100 / files.length,
      });
      const name = freeName(savedFileName(file), taken);
      const target = vscode.Uri.joinPath(folder, name);
      try {
        await vscode.workspace.fs.writeFile(target, await contentOf(service, file, signal));
        taken.add(name.toLowerCase());
        saved.push(target);
      } catch (fault) {
        if (isCancelled(fault)) throw fault;
        failed.push({ name, fault });
      }
    }
  });
  const [first] = failed;
  if (first !== undefined) tellOfFailed(saved.length, failed, first.fault);
  return saved;
}

const maxNamed = 5;

/** Those that are saved stay, whatever became of the others. */
function tellOfFailed(savedCount: number, failed: readonly { name: string }[], fault: unknown): void {
  const names = failed.slice(0, maxNamed).map(({ name }) => displayText(name, 'label'));
  if (failed.length > maxNamed) names.push('…');
  const text = vscode.l10n.t(
    '{0} of {1} files are saved. Not saved: {2}.',
    savedCount,
    savedCount + failed.length,
    names.join(', '),
  );
  void vscode.window.showErrorMessage(`${text} ${sentenceFor(fault)}`);
}

const proposedFolder = (): vscode.Uri => vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(homedir());

async function contentOf(service: ContactService, { url }: ContactFile, signal: AbortSignal): Promise<Uint8Array> {
  if (url === undefined) throw new UserError(vscode.l10n.t('The server has no address for this file.'));
  return service.media(url, maxFileBytes, { signal });
}

type Progress = vscode.Progress<{ message?: string; increment?: number }>;

const withProgress = async (
  title: string,
  work: (signal: AbortSignal, progress: Progress) => Promise<void>,
): Promise<void> =>
  vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    (progress, token) => withSignal(token, (signal) => work(signal, progress)),
  );

/** `name`, or with a number where that is taken; file systems may not tell upper case from lower. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name.toLowerCase())) return name;
  const dot = name.lastIndexOf('.');
  const [stem, extension] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  for (let number = 2; ; number++) {
    const candidate = `${stem} (${number})${extension}`;
    if (!taken.has(candidate.toLowerCase())) return candidate;
  }
}
