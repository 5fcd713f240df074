import * as vscode from 'vscode';
import { ApiError } from '../api/apiError.ts';
import { UserError } from '../platform/errorReport.ts';
import type { Session } from '../session/session.ts';

/** Whether somebody has to sign in before anything can be found. */
export const isSignedOut = ({ state }: Session): boolean => ['signedOut', 'expired'].includes(state.kind);

/** Why nobody can be searched for. */
export const notConnected = (session: Session): Error =>
  session.state.kind === 'expired'
    ? new ApiError('auth')
    : new UserError(
        isSignedOut(session)
          ? vscode.l10n.t('You are signed out.')
          : vscode.l10n.t('There is no connection to a contact server now.'),
      );
