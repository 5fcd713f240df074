import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectRoot = fileURLToPath(new URL('../..', import.meta.url));
/** Downloads and throw-away data; git does not see it. */
export const cacheRoot = join(projectRoot, '.vscode-test');
export const vsixPath = join(projectRoot, 'contact-lookup.vsix');
export const serverModule = join(projectRoot, 'dist', 'server.js');
