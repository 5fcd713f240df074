import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The files that VS Code reads when it starts an extension: its entry, and what that imports before anything runs. */
export async function startFiles(entry: string, found = new Map<string, string>()): Promise<Map<string, string>> {
  const source = await readFile(entry, 'utf8');
  found.set(entry, source);
  for (const [, path] of source.matchAll(/(?:^|[;}])(?:import|export)\b[^;("']*["'](\.[^"']+)["']/gm)) {
    const file = join(dirname(entry), path ?? '');
    if (!found.has(file)) await startFiles(file, found);
  }
  return found;
}
