import * as vscode from 'vscode';
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
