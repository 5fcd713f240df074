import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheRoot, projectRoot, vsixPath } from './paths.ts';
import { run } from './processes.ts';

export async function packageExtension(): Promise<void> {
  await run(process.execPath, [join(projectRoot, 'esbuild.mjs')]);
  await pack(projectRoot, vsixPath);
  const { size } = await stat(vsixPath);
  console.log(`${vsixPath}: ${(size / 1000).toFixed(0)} kB`);
}

/** A second extension, for demonstrations and tests, that does the first clicks of a newcomer. */
export async function packageOpener(): Promise<string> {
  const path = join(cacheRoot, 'opener.vsix');
  await pack(fileURLToPath(new URL('opener', import.meta.url)), path);
  return path;
}

async function pack(folder: string, target: string): Promise<void> {
  const vsce = join(projectRoot, 'node_modules', '@vscode', 'vsce', 'vsce');
  const quiet = ['--no-dependencies', '--skip-license', '--allow-missing-repository'];
  await run(process.execPath, [vsce, 'package', ...quiet, '--out', target], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
