import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { launcherPath } from '../../mcp/wire.ts';

/**
 * Writes what agents' programs are told to start: it stays where it is, while each version of the extension has a folder
 * of its own.
 */
export function writeLauncher(home: string, extensionPath: string): void {
  const path = launcherPath(home);
  const source = `// Written by Contact Lookup, anew with each version.\nimport ${JSON.stringify(pathToFileURL(join(extensionPath, 'dist', 'mcp.js')).href)};\n`;
  if (contentOf(path) === source) return;
  // Whole or not at all: a client may start it at any moment.
  writeFileSync(`${path}.${process.pid}`, source, { mode: 0o600 });
  renameSync(`${path}.${process.pid}`, path);
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
