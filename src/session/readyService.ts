import * as vscode from 'vscode';
import { ApiError } from '../api/apiError.ts';
import type { ContactService } from '../api/contactService.ts';
import { runCommand } from '../platform/commands.ts';
import { UserError } from '../platform/errorReport.ts';
import type { Session } from './session.ts';
import { untilConnected } from './untilConnected.ts';

/** The service, after offering to sign in where there is none. @throws what the user is told where it is not to be had */
export async function readyService(session: Session): Promise<ContactService> {
  await untilConnected(session);
  if (['signedOut', 'expired'].includes(session.state.kind)) await runCommand('contactLookup.signIn');
  if (session.state.kind === 'failed') await session.retry();
  const { state } = session;
  if (state.kind === 'failed') throw state.error;
  if (state.kind === 'starting') throw new UserError(vscode.l10n.t('The contacts are still being opened.'));
  if (session.service === undefined) throw new ApiError('cancelled');
  return session.service;
}
