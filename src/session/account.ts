import { serverOrigin } from '../api/serverAddress.ts';

export const signInMethods = ['code', 'password', 'accessToken', 'apiKey'] as const;
export type SignInMethod = (typeof signInMethods)[number];

/** A sign-in at a server, for one organization. */
export interface ServerAccount {
  kind: 'server';
  id: string;
  /** The only place that the token may be sent to. */
  origin: string;
  method: SignInMethod;
  token: string;
  /** The e-mail that was used, where there was one. */
  email?: string | undefined;
  organization?: { id: string; displayName?: string | undefined } | undefined;
}

/** Where contacts come from, and as whom: a sign-in, or this machine's own workspace, which needs none. */
export type Account = { kind: 'local'; id: 'local' } | ServerAccount;

export const localAccount: Account = { kind: 'local', id: 'local' };

/** All sign-ins, and the one that is used now. */
export interface StoredAccounts {
  activeId?: string | undefined;
  accounts: readonly Account[];
}

export const noAccounts: StoredAccounts = { accounts: [] };

/** What was stored; what cannot be understood of it is left out. */
export function parseAccounts(text: string | undefined): StoredAccounts {
  if (text === undefined) return noAccounts;
  try {
    const value = JSON.parse(text) as { activeId?: unknown; accounts?: unknown };
    const accounts = Array.isArray(value.accounts) ? value.accounts.filter(isAccount) : [];
    const isKnown = accounts.some((account) => account.id === value.activeId);
    return { accounts, ...(isKnown ? { activeId: value.activeId as string } : {}) };
  } catch {
    return noAccounts;
  }
}

function isAccount(value: unknown): value is Account {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, id, origin, method, token } = value as Record<string, unknown>;
  if (kind === 'local') return id === 'local';
  const isOrigin = typeof origin === 'string' && serverOrigin(origin) === origin;
  const isMethod = signInMethods.some((known) => known === method);
  return kind === 'server' && typeof id === 'string' && isOrigin && isMethod && typeof token === 'string';
}
