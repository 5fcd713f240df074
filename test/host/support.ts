import * as vscode from 'vscode';

export const extensionId = 'contact-lookup.contact-lookup';

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
