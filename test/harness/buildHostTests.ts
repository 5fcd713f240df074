/** Bundles `test/host` for an extension host: what `npm test` runs, and the editor by `.vscode/launch.json`. */
import { join } from 'node:path';
import { build } from 'esbuild';
import { cacheRoot, projectRoot } from './paths.ts';

export async function buildHostTests(): Promise<string> {
  const outfile = join(cacheRoot, 'built', 'host.cjs');
  await build({
    entryPoints: [join(projectRoot, 'test', 'host', 'index.ts')],
    outfile,
    bundle: true,
    sourcemap: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
  return outfile;
}

if (import.meta.main) await buildHostTests();
