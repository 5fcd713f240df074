import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ContactService } from '../../src/api/contactService.ts';
import { localAccount } from '../../src/session/account.ts';
import { AccountStore } from '../../src/session/accountStore.ts';
import { LocalWorkspace } from '../../src/session/localWorkspace.ts';
import { Services } from '../../src/session/services.ts';
import { Session } from '../../src/session/session.ts';
import { extensionId } from '../harness/manifest.ts';

/** The extension, active. */
export async function activeExtension(): Promise<vscode.Extension<unknown>> {
  const extension = vscode.extensions.getExtension(extensionId);
  if (extension === undefined) throw new Error('The extension is not there.');
  await extension.activate();
  return extension;
}

/** Resolves with what `check` gives as soon as it is not `undefined`, looking again after each of `event`. */
export async function eventually<T>(what: string, check: () => T | undefined, limitMs = 20_000): Promise<T> {
  const end = Date.now() + limitMs;
  for (;;) {
    const result = check();
    if (result !== undefined) return result;
    if (Date.now() > end) throw new Error(`Not within ${limitMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

export const testLog = (): vscode.LogOutputChannel => vscode.window.createOutputChannel('Tests', { log: true });

/** A secret storage that can fail, as on a machine without a keyring; two windows may share one. */
export class SecretsInMemory implements vscode.SecretStorage {
  readonly values = new Map<string, string>();
  readFault: Error | undefined;
  writeFault: Error | undefined;
  private readonly didChange = new vscode.EventEmitter<vscode.SecretStorageChangeEvent>();
  readonly onDidChange = this.didChange.event;

  async keys(): Promise<string[]> {
    return [...this.values.keys()];
  }

  async get(key: string): Promise<string | undefined> {
    if (this.readFault !== undefined) throw this.readFault;
    return this.values.get(key);
  }

  async store(key: string, value: string): Promise<void> {
    if (this.writeFault !== undefined) throw this.writeFault;
    this.values.set(key, value);
    this.didChange.fire({ key });
  }

  async delete(key: string): Promise<void> {
    if (this.writeFault !== undefined) throw this.writeFault;
    this.values.delete(key);
    this.didChange.fire({ key });
  }
}

/** A session with a local workspace of its own, which has the sample contacts. */
export interface LocalDesk extends vscode.Disposable {
  session: Session;
  service: ContactService;
  services: Services;
  workspace: LocalWorkspace;
}

export async function localDesk(): Promise<LocalDesk> {
  const { extensionUri } = await activeExtension();
  const log = testLog();
  const storage = mkdtempSync(join(tmpdir(), 'contact-lookup-host-'));
  const store = new AccountStore(new SecretsInMemory());
  const workspace = new LocalWorkspace(extensionUri, vscode.Uri.file(storage), log);
  const services = new Services(log);
  const session = new Session(store, services, workspace, log);
  await session.use(localAccount);
  const { service } = session;
  if (service === undefined) throw new Error('There is no connection');
  return {
    session,
    service,
    services,
    workspace,
    dispose: () => {
      for (const each of [session, store, workspace]) each.dispose();
      rmSync(storage, { recursive: true, force: true });
    },
  };
}
