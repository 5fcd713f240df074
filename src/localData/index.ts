import * as vscode from 'vscode';
import type { LocalDataService } from '../api/localDataService.ts';
import { registerCommand, runCommand } from '../platform/commands.ts';
import { setContextKey } from '../platform/contextKeys.ts';
import { reportError, UserError } from '../platform/errorReport.ts';
import type { Log } from '../platform/log.ts';
import type { LocalWorkspace } from '../session/localWorkspace.ts';
import type { Services } from '../session/services.ts';
import type { Session } from '../session/session.ts';

export interface LocalDataServices {
  session: Session;
  services: Services;
  localWorkspace: LocalWorkspace;
  log: Log;
  /** Called when many contacts have changed at once. */
  onChanged: () => Promise<void>;
}

/** Files in and out of the local workspace: imports, and backups of all of it. */
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
    registerCommand('contactLookup.importContacts', log, (given) =>
      withService(async (service) => {
        const { planImport } = await import('./importWizard.ts');
        const { followImport, showImportResult: tellImport } = await import('./importProgress.ts');
        for (const file of filesIn(given)) {
          const plan = await planImport(service, file);
          if (plan === undefined) return;
          const started = await service.startImport(plan.path, plan.duplicates, plan.mapping);
          const ended = await followImport(service, started);
          await onChanged();
          const told = tellImport(service, ended, onChanged);
          // Of several, the next is not kept waiting by what is said of one.
          if (file === undefined) await told;
          else told.catch((error: unknown) => reportError(error, log, undefined));
        }
      }),
    ),
    registerCommand('contactLookup.showImports', log, () =>
      withService(async (service) => {
        const { showImports } = await import('./pastImports.ts');
        await showImports(service, onChanged);
      }),
    ),
    registerCommand('contactLookup.removeSamples', log, () =>
      withService(async (service) => {
        const { removeSamples } = await import('./samples.ts');
        if (await removeSamples(service)) await runCommand('contactLookup.refresh');
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

/** Anybody can run a command with anything; without a file, one is asked for. */
const filesIn = (given: unknown): (vscode.Uri | undefined)[] => {
  const uris = (Array.isArray(given) ? given : [given]).filter((each) => each instanceof vscode.Uri);
  return uris.length > 0 ? uris : [undefined];
};
