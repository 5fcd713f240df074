import * as vscode from 'vscode';
import { gateways, serverOrigin } from '../api/serverAddress.ts';
import { serverAddressFault } from '../platform/errorReport.ts';
import { askUntilAccepted } from '../platform/lastingInput.ts';
import type { Session } from './session.ts';

/** Asks for a server and a token, tries them, and keeps them when they work. */
export async function signInWithToken(session: Session): Promise<void> {
  const origin = await pickServer();
  if (origin === undefined) return;
  const token = await askUntilAccepted({
    title: vscode.l10n.t('Sign In with a Token'),
    prompt: vscode.l10n.t('An API key (api_…) or an access token (acc_…). It is kept in VS Code’s secret storage.'),
    password: true,
    faultIn: (text) =>
      /^[\x21-\x7e]+$/.test(text) ? undefined : vscode.l10n.t('A token has letters, digits and signs without spaces.'),
    accept: async (candidate, signal) => {
      const service = await session.createService(origin, candidate);
      try {
        await service.list({ limit: 1, signal });
        return candidate;
      } finally {
        service.dispose();
      }
    },
  });
  if (token !== undefined) await session.use({ kind: 'token', origin, token });
}

async function pickServer(): Promise<string | undefined> {
  const other = { label: vscode.l10n.t('Other Server…'), description: '', origin: undefined };
  const picked = await vscode.window.showQuickPick(
    [
      { label: vscode.l10n.t('Stable'), description: new URL(gateways.stable).host, origin: gateways.stable },
      { label: vscode.l10n.t('Sandbox'), description: new URL(gateways.sandbox).host, origin: gateways.sandbox },
      { label: vscode.l10n.t('Develop'), description: new URL(gateways.develop).host, origin: gateways.develop },
      other,
    ],
    { title: vscode.l10n.t('Sign In with a Token'), placeHolder: vscode.l10n.t('Where are your contacts?') },
  );
  if (picked === undefined || picked.origin !== undefined) return picked?.origin;
  const address = await vscode.window.showInputBox({
    title: vscode.l10n.t('Sign In with a Token'),
    prompt: vscode.l10n.t('Address of the contact server'),
    placeHolder: 'https://contacts.example.com',
    ignoreFocusOut: true,
    validateInput: (text) => (text === '' ? undefined : serverAddressFault(text)),
  });
  return address === undefined ? undefined : serverOrigin(address.trim());
}
