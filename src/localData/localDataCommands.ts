import * as vscode from 'vscode';
import type { LocalDataService } from '../api/localDataService.ts';
import { runCommand } from '../platform/commands.ts';
import { reportError, UserError } from '../platform/errorReport.ts';
import { backUp, restore } from './backup.ts';
import { followImport, showImportResult } from './importProgress.ts';
import { planImport } from './importWizard.ts';
import type { LocalDataServices, localDataCommandNames } from './index.ts';
import { showImports } from './pastImports.ts';
import { removeSamples } from './samples.ts';

type Command = (given: unknown) => Promise<void>;

/** What each command does. */
export function localDataCommands({
  session,
  services,
  localWorkspace,
  log,
  onChanged,
}: LocalDataServices): Record<(typeof localDataCommandNames)[number], Command> {
  /**
   * Does `work` with the local workspace's server, where it is what is in use.
   * @param work may put what the server is needed for later, which nobody waits for, into the list that it is given.
   */
  const withService = async (
    work: (service: LocalDataService, later: Promise<unknown>[]) => Promise<void>,
  ): Promise<void> => {
    const { access } = localWorkspace;
    if (session.account?.kind !== 'local' || session.state.kind !== 'ready' || access === undefined) {
      throw new UserError(vscode.l10n.t('This is for the local workspace. Switch to it first.'));
    }
    const service = await services.localData(access.url, { value: access.token });
    const later: Promise<unknown>[] = [];
    try {
      await work(service, later);
    } finally {
      void Promise.allSettled(later).then(() => service.dispose());
    }
  };
  return {
    importContacts: (given) =>
      withService(async (service, later) => {
        for (const file of filesIn(given)) {
          const plan = await planImport(service, file);
          if (plan === undefined) return;
          const started = await service.startImport(plan.path, plan.duplicates, plan.mapping);
          const ended = await followImport(service, started);
          await onChanged();
          // Nobody who brings several is kept waiting by what is said of one.
          later.push(
            showImportResult(service, ended, onChanged).catch((error: unknown) => reportError(error, log, undefined)),
          );
        }
      }),
    showImports: () => withService((service) => showImports(service, onChanged)),
    removeSamples: () =>
      withService(async (service) => {
        if (await removeSamples(service)) await runCommand('contactLookup.refresh');
      }),
    backUp: () => withService((service) => backUp(service)),
    restore: () =>
      withService(async (service) => {
        // What the server keeps in mind of the workspace is of the one before.
        if (await restore(service)) await session.reopen();
      }),
  };
}

/** Anybody can run a command with anything; without a file, one is asked for. */
const filesIn = (given: unknown): (vscode.Uri | undefined)[] => {
  const uris = (Array.isArray(given) ? given : [given]).filter((each) => each instanceof vscode.Uri);
  return uris.length > 0 ? uris : [undefined];
};
