import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { LocalDataService } from '../api/localDataService.ts';
import type { ImportRun } from '../contract/localData.ts';
import { registerCommand } from '../platform/commands.ts';
import { setContextKey } from '../platform/contextKeys.ts';
import { displayText } from '../platform/displayText.ts';
import { UserError } from '../platform/errorReport.ts';
import type { Log } from '../platform/log.ts';
import type { LocalWorkspace } from '../session/localWorkspace.ts';
import type { Services } from '../session/services.ts';
import type { Session } from '../session/session.ts';

export interface LocalDataServices {
  session: Session;
  services: Services;
  localWorkspace: LocalWorkspace;
  log: Log;
  /** Told when many contacts are others. */
  onChanged: () => Promise<void>;
}

/** Files in and out of the local workspace: imports, and back-ups of all of it. */
export function register({ session, services, localWorkspace, log, onChanged }: LocalDataServices): vscode.Disposable {
  const isLocal = (): boolean => session.account?.kind === 'local' && session.state.kind === 'ready';
  const showWhetherLocal = (): void => setContextKey('contactLookup.isLocal', isLocal());
  showWhetherLocal();

  /** Does `work` with the local workspace's server, where it is what is in use. */
  const withService = async (work: (service: LocalDataService) => Promise<void>): Promise<void> => {
    const { access } = localWorkspace;
    if (!isLocal() || access === undefined) {
      throw new UserError(vscode.l10n.t('This is for the local workspace. Switch to it first.'));
    }
    const service = await services.localData(access.url, { value: access.token });
    try {
      await work(service);
    } finally {
      service.dispose();
    }
  };

  return vscode.Disposable.from(
    session.onDidChange(showWhetherLocal),
    registerCommand('contactLookup.importContacts', log, () =>
      withService(async (service) => {
        const { planImport } = await import('./importWizard.ts');
        const plan = await planImport(service);
        if (plan === undefined) return;
        const { followImport, tellImport } = await import('./importProgress.ts');
        const started = await service.startImport(plan.path, plan.duplicates, plan.mapping);
        const ended = await followImport(service, started);
        await onChanged();
        await tellImport(service, ended, onChanged);
      }),
    ),
    registerCommand('contactLookup.showImports', log, () =>
      withService(async (service) => {
        const run = await askRun(await service.imports());
        if (run !== undefined) await actOn(service, run, onChanged);
      }),
    ),
    registerCommand('contactLookup.backUp', log, () =>
      withService(async (service) => {
        const { backUp } = await import('./backup.ts');
        await backUp(service);
      }),
    ),
    registerCommand('contactLookup.restore', log, () =>
      withService(async (service) => {
        const { restore } = await import('./backup.ts');
        // What the server keeps in mind of the workspace is of the one before.
        if (await restore(service)) await session.reopen();
      }),
    ),
  );
}

async function askRun(runs: readonly ImportRun[]): Promise<ImportRun | undefined> {
  if (runs.length === 0) throw new UserError(vscode.l10n.t('Nothing has been imported yet.'));
  const { countsText } = await import('./importProgress.ts');
  const states: Record<ImportRun['state'], string> = {
    running: vscode.l10n.t('not finished'),
    done: vscode.l10n.t('done'),
    cancelled: vscode.l10n.t('stopped'),
    failed: vscode.l10n.t('broken off'),
    undone: vscode.l10n.t('taken back'),
  };
  const items = runs.map((run) => ({
    label: displayText(basename(run.file), 'label'),
    description: [new Date(run.started_at).toLocaleString(vscode.env.language), states[run.state]].join(' · '),
    detail: countsText(run),
    run,
  }));
  const placeHolder = vscode.l10n.t('Which import?');
  return (await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Imports'), placeHolder }))?.run;
}

async function undoIfMeant(service: LocalDataService, run: ImportRun, onChanged: () => Promise<void>): Promise<void> {
  const undo = vscode.l10n.t('Undo Import');
  const picked = await vscode.window.showWarningMessage(
    vscode.l10n.t('Take back the import of {0}?', displayText(basename(run.file), 'message')),
    {
      modal: true,
      detail: vscode.l10n.t(
        'Contacts that it added are removed, those that it updated become as they were. What has been changed since stays.',
      ),
    },
    undo,
  );
  if (picked !== undo) return;
  const { undoImport } = await import('./importProgress.ts');
  await undoImport(service, run, onChanged);
}

async function actOn(service: LocalDataService, run: ImportRun, onChanged: () => Promise<void>): Promise<void> {
  const { resumeImport, showReport } = await import('./importProgress.ts');
  const isOpen = ['running', 'cancelled', 'failed'].includes(run.state);
  const items = [
    { label: vscode.l10n.t('Show Report'), act: showReport },
    ...(isOpen ? [{ label: vscode.l10n.t('Resume'), act: resumeImport }] : []),
    // Last, and asked: Enter alone is not to take anything back.
    ...(run.state === 'undone' ? [] : [{ label: vscode.l10n.t('Undo Import…'), act: undoIfMeant }]),
  ];
  const placeHolder = vscode.l10n.t('What to do with it?');
  const picked = await vscode.window.showQuickPick(items, {
    title: displayText(basename(run.file), 'label'),
    placeHolder,
  });
  await picked?.act(service, run, onChanged);
}
