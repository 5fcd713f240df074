import * as vscode from 'vscode';
import type { Log } from '../platform/log.ts';
import { registerCommand } from '../platform/commands.ts';
import type { Session } from './session.ts';

/** The commands that choose where the contacts come from. */
export function register(session: Session, log: Log): vscode.Disposable {
  return vscode.Disposable.from(
    registerCommand('contactLookup.useLocalWorkspace', log, () => session.use({ kind: 'local' })),
    registerCommand('contactLookup.signIn', log, async () => {
      const { signInWithToken } = await import('./signIn.ts');
      await signInWithToken(session);
    }),
    registerCommand('contactLookup.signOut', log, () => session.signOut()),
    registerCommand('contactLookup.showLog', log, () => log.show()),
  );
}
