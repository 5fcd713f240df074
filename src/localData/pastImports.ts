import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { LocalDataService } from '../api/localDataService.ts';
import type { ImportRun } from '../contract/imports.ts';
import { resumableStates } from '../contract/localData.ts';
import { displayTerm } from '../platform/displayText.ts';
import { UserError } from '../platform/errorReport.ts';
import { countsText, resumeImport, showReport, undoImport } from './importProgress.ts';

/** Asks for one of the imports that were made, and what to do with it. @throws UserError where there is none */
export async function showImports(service: LocalDataService, onChanged: () => Promise<void>): Promise<void> {
  const run = await askRun(await service.imports());
  if (run !== undefined) await actOn(service, run, onChanged);
}

async function askRun(runs: readonly ImportRun[]): Promise<ImportRun | undefined> {
  if (runs.length === 0) throw new UserError(vscode.l10n.t('Nothing has been imported yet.'));
  const states: Record<ImportRun['state'], string> = {
    running: vscode.l10n.t('not finished'),
    done: vscode.l10n.t('done'),
    cancelled: vscode.l10n.t('stopped'),
    failed: vscode.l10n.t('broken off'),
    undoing: vscode.l10n.t('partly taken back'),
    undone: vscode.l10n.t('taken back'),
  };
  const items = runs.map((run) => ({
    label: displayTerm(basename(run.file), 'label'),
    description: [new Date(run.started_at).toLocaleString(vscode.env.language), states[run.state]].join(' · '),
    detail: countsText(run),
    run,
  }));
  const placeHolder = vscode.l10n.t('Which import?');
  return (await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Imports'), placeHolder }))?.run;
}

async function confirmAndUndo(
  service: LocalDataService,
  run: ImportRun,
  onChanged: () => Promise<void>,
): Promise<void> {
  const undo = vscode.l10n.t('Undo Import');
  const picked = await vscode.window.showWarningMessage(
    vscode.l10n.t('Take back the import of {0}?', displayTerm(basename(run.file), 'message')),
    {
      modal: true,
      detail: vscode.l10n.t(
        'Contacts that it added are removed, those that it updated become as they were. What has been changed since stays.',
      ),
    },
    undo,
  );
  if (picked !== undo) return;
  await undoImport(service, run, onChanged);
}

async function actOn(service: LocalDataService, run: ImportRun, onChanged: () => Promise<void>): Promise<void> {
  const isOpen = resumableStates.includes(run.state);
  const items = [
    { label: vscode.l10n.t('Show Report'), act: showReport },
    ...(isOpen ? [{ label: vscode.l10n.t('Resume'), act: resumeImport }] : []),
    // Last, and asked: Enter alone is not to take anything back.
    ...(run.state === 'undone' ? [] : [{ label: vscode.l10n.t('Undo Import…'), act: confirmAndUndo }]),
  ];
  const placeHolder = vscode.l10n.t('What to do with it?');
  const picked = await vscode.window.showQuickPick(items, {
    title: displayTerm(basename(run.file), 'label'),
    placeHolder,
  });
  await picked?.act(service, run, onChanged);
}
