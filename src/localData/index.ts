import * as vscode from 'vscode';
import { registerCommand } from '../platform/commands.ts';
import { setContextKey } from '../platform/contextKeys.ts';
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

export const localDataCommandNames = ['importContacts', 'showImports', 'removeSamples', 'backUp', 'restore'] as const;

/** Files in and out of the local workspace: imports, and backups of all of it. Loaded when the first is run. */
export function register(services: LocalDataServices): vscode.Disposable {
  const { session, log } = services;
  const showWhetherLocal = (): void =>
    setContextKey('contactLookup.isLocal', session.account?.kind === 'local' && session.state.kind === 'ready');
  showWhetherLocal();
  const commands = localDataCommandNames.map((name) =>
    registerCommand(`contactLookup.${name}`, log, async (given) => {
      const { localDataCommands } = await import('./localDataCommands.ts');
      await localDataCommands(services)[name](given);
    }),
  );
  return vscode.Disposable.from(session.onDidChange(showWhetherLocal), ...commands);
}
