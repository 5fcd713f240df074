import * as vscode from 'vscode';
import { gateways } from '../api/serverAddress.ts';
import type { Account, ServerAccount, SignInMethod } from './account.ts';
import type { Environment } from './settings.ts';

export const environmentNames = (): Record<Environment, string> => ({
  stable: vscode.l10n.t('Stable'),
  sandbox: vscode.l10n.t('Sandbox'),
  develop: vscode.l10n.t('Develop'),
  custom: vscode.l10n.t('Other Server'),
  local: vscode.l10n.t('Local Workspace'),
});

/** The sign-in methods' localized names. */
export const methodNames = (): Record<SignInMethod, string> => ({
  code: vscode.l10n.t('E-mail and One-Time Code'),
  password: vscode.l10n.t('E-mail and Password'),
  accessToken: vscode.l10n.t('Access Token'),
  apiKey: vscode.l10n.t('API Key'),
});

/** An account's own name, as short as may be: the organization, where it is known. */
export const accountName = (account: Account): string =>
  account.kind === 'local'
    ? environmentNames().local
    : (account.organization?.displayName ?? account.email ?? methodNames()[account.method]);

/** Whose contacts an account has; empty where the server did not say. */
export const organizationName = (account: Account | undefined): string =>
  account?.kind === 'local' ? environmentNames().local : (account?.organization?.displayName ?? '');

/** An account's name that tells it from the others of the same organization. */
export function accountLabel(account: Account): string {
  if (account.kind === 'local') return environmentNames().local;
  const who = account.email ?? methodNames()[account.method];
  const organization = account.organization?.displayName;
  return organization === undefined ? who : `${who} (${organization})`;
}

const withServer = (account: Account): string =>
  account.kind === 'local' ? accountLabel(account) : `${accountLabel(account)} · ${serverName(account)}`;

const withId = (account: Account): string => `${withServer(account)} · ${account.id.slice(0, 4)}`;

/**
 * What each of several accounts is called where nothing else tells them apart, by id: VS Code signs out, and lets
 * extensions have, all that are called the same.
 */
export function accountLabels(accounts: readonly Account[]): ReadonlyMap<string, string> {
  const labelOf = (account: Account): string => {
    const isTelling = (label: typeof withId): boolean =>
      accounts.every((other) => other.id === account.id || label(other) !== label(account));
    return ([accountLabel, withServer].find(isTelling) ?? withId)(account);
  };
  return new Map(accounts.map((account) => [account.id, labelOf(account)]));
}

/** Where an account's contacts are. */
export function serverName({ origin }: ServerAccount): string {
  const known = Object.entries(gateways).find(([, gateway]) => gateway === origin);
  return known === undefined ? new URL(origin).host : environmentNames()[known[0] as keyof typeof gateways];
}
