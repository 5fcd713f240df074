import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { cacheRoot, projectRoot, vsixPath } from './paths.ts';
import { run } from './processes.ts';

/** `vscode:prepublish` builds all of it. */
export async function packageExtension(): Promise<void> {
  await pack(projectRoot, vsixPath);
  const { size } = await stat(vsixPath);
  console.log(`${vsixPath}: ${(size / 1000).toFixed(0)} kB`);
}

/** Packs a small extension that only a demonstration, a test or the bench installs. @returns the path of its package. */
export async function packageHelper(folder: string): Promise<string> {
  const path = join(cacheRoot, `${basename(folder)}.vsix`);
  await pack(folder, path);
  return path;
}

async function pack(folder: string, target: string): Promise<void> {
  const vsce = join(projectRoot, 'node_modules', '@vscode', 'vsce', 'vsce');
  const quiet = ['--no-dependencies', '--skip-license', '--allow-missing-repository', '--no-rewrite-relative-links'];
  await run(process.execPath, [vsce, 'package', ...quiet, '--out', target], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
