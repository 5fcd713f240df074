import { basename } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { LocalDataService } from '../api/localDataService.ts';
import type { ImportRun, UndoReport } from '../contract/imports.ts';
import { resumableStates } from '../contract/localData.ts';
import { withSignal } from '../platform/cancellation.ts';
import { isApiError } from '../api/apiError.ts';
import { UserError } from '../platform/errorReport.ts';
import { displayTerm } from '../platform/displayText.ts';

const lookEveryMs = 300;

/** Shows how far an import has come until it ends; the user can stop it, and what is in stays in. */
export function followImport(service: LocalDataService, started: ImportRun): Thenable<ImportRun> {
  const title = vscode.l10n.t('Importing {0}', displayTerm(basename(started.file), 'description'));
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
export async function showImportResult(
  service: LocalDataService,
  run: ImportRun,
  onChanged: () => Promise<void>,
): Promise<void> {
  const report = vscode.l10n.t('Show Report');
  const undo = vscode.l10n.t('Undo Import');
  const resume = vscode.l10n.t('Resume');
  const isWhole = run.state === 'done';
  const canUndo = run.state !== 'undone' && run.added + run.updated > 0;
  const actions = [...(resumableStates.includes(run.state) ? [resume] : []), ...(canUndo ? [undo] : []), report];
  const show = isWhole ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  const picked = await show(outcomeText(run), ...actions);
  if (picked === report) await showReport(service, run);
  if (picked === resume) await resumeImport(service, run, onChanged);
  if (picked === undo) await undoImport(service, run, onChanged);
}

/** Resumes an import and follows it to its end. */
export async function resumeImport(
  service: LocalDataService,
  run: ImportRun,
  onChanged: () => Promise<void>,
): Promise<void> {
  const resumed = await service.resumeImport(run.id).catch((error: unknown) => {
    if (!isApiError(error) || error.kind !== 'conflict') throw error;
    throw new UserError(vscode.l10n.t('The file has changed since. Import it anew; who is in already can be skipped.'));
  });
  const ended = await followImport(service, resumed);
  await onChanged();
  await showImportResult(service, ended, onChanged);
}

/** Undoes an import and reports how many contacts were removed, restored and kept. */
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
      return vscode.l10n.t('Import broken off ({0}): {1}.', reasonText(run.fault), countsText(run));
    default:
      return countsText(run);
  }
}

/** What the server says of a row or a file, in the user's language. */
function reasonText(reason: string): string {
  const known: Record<string, string> = {
    'no name, e-mail or phone number': vscode.l10n.t('no name, e-mail or phone number'),
    'the e-mail address is not one': vscode.l10n.t('the e-mail address is not one'),
    'the channel is not a known one': vscode.l10n.t('the channel is not a known one'),
    'created_at is not a date': vscode.l10n.t('created_at is not a date'),
    'updated_at is not a date': vscode.l10n.t('updated_at is not a date'),
    'it does not have as many cells as the first line': vscode.l10n.t(
      'it does not have as many cells as the first line',
    ),
    'a quotation mark is not closed': vscode.l10n.t('a quotation mark is not closed'),
    'it is not valid CSV': vscode.l10n.t('it is not valid CSV'),
    'it is not a valid vCard': vscode.l10n.t('it is not a valid vCard'),
    'it has no end': vscode.l10n.t('it has no end'),
    'it is too large': vscode.l10n.t('it is too large'),
    'the disk is full': vscode.l10n.t('the disk is full'),
    'the store is busy': vscode.l10n.t('the store is busy'),
    'the file could not be read': vscode.l10n.t('the file could not be read'),
    'the file could not be understood': vscode.l10n.t('the file could not be understood'),
  };
  return known[reason] ?? displayTerm(reason, 'label');
}

/** Row by row what was left out, as a document of its own. */
export async function showReport(service: LocalDataService, run: ImportRun): Promise<void> {
  const problems = await service.problems(run.id);
  const lines = [
    vscode.l10n.t('Import of {0}', displayTerm(basename(run.file), 'label')),
    new Date(run.started_at).toLocaleString(vscode.env.language),
    countsText(run),
    '',
    ...problems.map(({ line, reason }) => vscode.l10n.t('Line {0}: {1}', line, reasonText(reason))),
  ];
  const document = await vscode.workspace.openTextDocument({ content: `${lines.join('\n')}\n`, language: 'plaintext' });
  await vscode.window.showTextDocument(document, { preview: true });
}
