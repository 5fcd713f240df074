import { basename } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { LocalDataService } from '../api/localDataService.ts';
import type { ImportRun, UndoReport } from '../contract/localData.ts';
import { withSignal } from '../platform/cancellation.ts';
import { displayText } from '../platform/displayText.ts';

const lookEveryMs = 300;

/** Shows how far an import has come until it ends; the user can stop it, and what is in stays in. */
export function followImport(service: LocalDataService, started: ImportRun): Thenable<ImportRun> {
  const title = vscode.l10n.t('Importing {0}', displayText(basename(started.file), 'description'));
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    (progress, token) =>
      withSignal(token, async (signal) => {
        let run = started;
        let shown = 0;
        while (run.state === 'running') {
          await setTimeout(lookEveryMs, undefined, { signal }).catch(() => undefined);
          run = signal.aborted ? await service.cancelImport(run.id) : await service.import(run.id);
          const share = run.bytes ? (100 * (run.bytesRead ?? 0)) / run.bytes : shown;
          progress.report({ message: countsText(run), increment: Math.max(0, share - shown) });
          shown = Math.max(shown, share);
          if (signal.aborted && run.state === 'running') await setTimeout(lookEveryMs);
        }
        return run;
      }),
  );
}

/** Says what came of an import, and does what the user picks next. */
export async function tellImport(
  service: LocalDataService,
  run: ImportRun,
  onChanged: () => Promise<void>,
): Promise<void> {
  const report = vscode.l10n.t('Show Report');
  const undo = vscode.l10n.t('Undo Import');
  const resume = vscode.l10n.t('Resume');
  const isWhole = run.state === 'done';
  const actions = [...(isWhole ? [] : [resume]), ...(run.added + run.updated > 0 ? [undo] : []), report];
  const show = isWhole ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  const picked = await show(outcomeText(run), ...actions);
  if (picked === report) await showReport(service, run);
  if (picked === resume) await resumeImport(service, run, onChanged);
  if (picked === undo) await undoImport(service, run, onChanged);
}

export async function resumeImport(
  service: LocalDataService,
  run: ImportRun,
  onChanged: () => Promise<void>,
): Promise<void> {
  const ended = await followImport(service, await service.resumeImport(run.id));
  await onChanged();
  await tellImport(service, ended, onChanged);
}

export async function undoImport(
  service: LocalDataService,
  run: ImportRun,
  onChanged: () => Promise<void>,
): Promise<void> {
  const title = vscode.l10n.t('Taking the import back');
  const undone = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, () =>
    service.undoImport(run.id),
  );
  await onChanged();
  // Not awaited: it is done, whatever becomes of the message.
  void vscode.window.showInformationMessage(undoneText(undone));
}

function undoneText({ removed, restored, kept }: UndoReport): string {
  const text = vscode.l10n.t('Import taken back: {0} removed, {1} as before.', removed, restored);
  return kept === 0 ? text : `${text} ${vscode.l10n.t('{0} were changed since and stay.', kept)}`;
}

/** What an import has done so far, in numbers. */
export const countsText = ({ added, updated, skipped, rejected }: ImportRun): string =>
  [
    vscode.l10n.t('{0} added', added.toLocaleString(vscode.env.language)),
    updated > 0 && vscode.l10n.t('{0} updated', updated.toLocaleString(vscode.env.language)),
    skipped > 0 && vscode.l10n.t('{0} skipped', skipped.toLocaleString(vscode.env.language)),
    rejected > 0 && vscode.l10n.t('{0} left out', rejected.toLocaleString(vscode.env.language)),
  ]
    .filter(Boolean)
    .join(', ');

function outcomeText(run: ImportRun): string {
  switch (run.state) {
    case 'done':
      return vscode.l10n.t('Import done: {0}.', countsText(run));
    case 'cancelled':
      return vscode.l10n.t('Import stopped: {0}. They stay unless you undo it.', countsText(run));
    case 'failed':
      return vscode.l10n.t('Import broken off ({0}): {1}.', displayText(run.fault, 'description'), countsText(run));
    default:
      return countsText(run);
  }
}

/** Row by row what was left out, as a document of its own. */
export async function showReport(service: LocalDataService, run: ImportRun): Promise<void> {
  const problems = await service.problems(run.id);
  const lines = [
    vscode.l10n.t('Import of {0}', displayText(basename(run.file), 'label')),
    new Date(run.started_at).toLocaleString(vscode.env.language),
    countsText(run),
    '',
    ...problems.map(({ line, reason }) => vscode.l10n.t('Line {0}: {1}', line, displayText(reason, 'label'))),
  ];
  const document = await vscode.workspace.openTextDocument({ content: `${lines.join('\n')}\n`, language: 'plaintext' });
  await vscode.window.showTextDocument(document, { preview: true });
}
