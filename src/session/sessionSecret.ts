import type * as vscode from 'vscode';
import { serverOrigin } from '../api/serverAddress.ts';

/** What is remembered of a sign-in: where to, and with what. */
export type StoredSession = { kind: 'local' } | { kind: 'token'; origin: string; token: string };

const secretKey = 'contactLookup.session';

/** The sign-in in VS Code's SecretStorage, and nowhere else. All windows share it. */
export class SessionSecret {
  private readonly secrets: vscode.SecretStorage;

  constructor(secrets: vscode.SecretStorage) {
    this.secrets = secrets;
  }

  async read(): Promise<StoredSession | undefined> {
    const text = await this.secrets.get(secretKey);
    return text === undefined ? undefined : parse(text);
  }

  async write(session: StoredSession): Promise<void> {
    await this.secrets.store(secretKey, JSON.stringify(session));
  }

  async forget(): Promise<void> {
    await this.secrets.delete(secretKey);
  }

  onDidChange(listener: () => void): vscode.Disposable {
    return this.secrets.onDidChange(({ key }) => {
      if (key === secretKey) listener();
    });
  }
}

function parse(text: string): StoredSession | undefined {
  try {
    const value = JSON.parse(text) as { kind?: unknown; origin?: unknown; token?: unknown };
    if (value.kind === 'local') return { kind: 'local' };
    const { origin, token } = value;
    const isToken = typeof origin === 'string' && typeof token === 'string' && serverOrigin(origin) === origin;
    return isToken ? { kind: 'token', origin, token } : undefined;
  } catch {
    return undefined;
  }
}
