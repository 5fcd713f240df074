import type * as vscode from 'vscode';
import { agentsKey } from '../agentsKey.ts';

/** A program that may read the contacts of an account. */
export interface AllowedClient {
  /** As it calls itself. */
  name: string;
  accountId: string;
  /** ISO 8601. */
  allowedAt: string;
}

interface Stored {
  /** Whether windows let agents ask at all. */
  isOpen: boolean;
  clients: readonly AllowedClient[];
}

const nothing: Stored = { isOpen: false, clients: [] };

/**
 * Which agents may read whose contacts. It is in VS Code's SecretStorage, which all windows share, for a reason: an agent
 * that may write files could else let itself in.
 */
export class AgentClients {
  private readonly secrets: vscode.SecretStorage;
  private lastTurn: Promise<unknown> = Promise.resolve();

  constructor(secrets: vscode.SecretStorage) {
    this.secrets = secrets;
  }

  async isOpen(): Promise<boolean> {
    return (await this.read()).isOpen;
  }

  async list(): Promise<readonly AllowedClient[]> {
    return (await this.read()).clients;
  }

  async isAllowed(name: string, accountId: string): Promise<boolean> {
    return (await this.list()).some((client) => client.name === name && client.accountId === accountId);
  }

  /** Lets agents ask, in every window. */
  open(): Promise<void> {
    return this.change((stored) => ({ ...stored, isOpen: true }));
  }

  /** Lets none ask any more, and forgets whom the user has let in. */
  close(): Promise<void> {
    return this.change(() => nothing);
  }

  allow(name: string, accountId: string): Promise<void> {
    const client = { name, accountId, allowedAt: new Date().toISOString() };
    return this.change(({ isOpen, clients }) => ({ isOpen, clients: [...clients.filter(isOther(client)), client] }));
  }

  revoke(client: Pick<AllowedClient, 'name' | 'accountId'>): Promise<void> {
    return this.change(({ isOpen, clients }) => ({ isOpen, clients: clients.filter(isOther(client)) }));
  }

  /** Forgets whom the user has let in to accounts other than these. */
  keepOnly(accountIds: ReadonlySet<string>): Promise<void> {
    return this.change(({ isOpen, clients }) => ({
      isOpen,
      clients: clients.filter(({ accountId }) => accountIds.has(accountId)),
    }));
  }

  /** Throws what VS Code throws where its storage cannot be read: then nobody is let in. */
  private async read(): Promise<Stored> {
    return parse(await this.secrets.get(agentsKey));
  }

  private change(edit: (stored: Stored) => Stored): Promise<void> {
    const turn = this.lastTurn.then(async () => {
      const before = await this.read();
      const after = edit(before);
      if (JSON.stringify(after) !== JSON.stringify(before)) await this.secrets.store(agentsKey, JSON.stringify(after));
    });
    this.lastTurn = turn.catch(() => undefined);
    return turn;
  }
}

const isOther =
  (one: Pick<AllowedClient, 'name' | 'accountId'>) =>
  (client: AllowedClient): boolean =>
    client.name !== one.name || client.accountId !== one.accountId;

/** What was stored; what cannot be understood of it lets nobody in. */
function parse(text: string | undefined): Stored {
  try {
    const { isOpen, clients } = JSON.parse(text ?? '{}') as { isOpen?: unknown; clients?: unknown };
    return { isOpen: isOpen === true, clients: Array.isArray(clients) ? clients.filter(isClient) : [] };
  } catch {
    return nothing;
  }
}

function isClient(value: unknown): value is AllowedClient {
  if (typeof value !== 'object' || value === null) return false;
  const { name, accountId, allowedAt } = value as Record<string, unknown>;
  return [name, accountId, allowedAt].every((one) => typeof one === 'string');
}
