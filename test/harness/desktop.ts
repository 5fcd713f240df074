import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { opener, quietSettings } from './codeServer.ts';
import { packageHelper } from './packageExtension.ts';
import { vsixPath } from './paths.ts';
import { exitOf, run } from './processes.ts';

/** Opens the packaged extension in an installed VS Code, with settings and data of its own, until it is closed. */
export async function startDesktop(home: string, workspace: string): Promise<void> {
  const code = process.env['VSCODE_PATH'] ?? (process.platform === 'win32' ? 'code.cmd' : 'code');
  const shell = process.platform === 'win32';
  // The same as in the browser, so that imported contacts are where the extension looks.
  const userData = join(home, 'user-data');
  const folders = ['--user-data-dir', userData, '--extensions-dir', join(home, 'desktop-extensions')];
  await mkdir(join(userData, 'User'), { recursive: true });
  await writeFile(join(userData, 'User', 'settings.json'), JSON.stringify(quietSettings, null, 2));
  const packages = [vsixPath, await packageHelper(opener)].flatMap((path) => ['--install-extension', path]);
  try {
    await run(code, [...folders, ...packages, '--force'], { shell });
  } catch (cause) {
    throw new Error('No installed VS Code was found. Put `code` on the PATH, or name it in VSCODE_PATH.', { cause });
  }
  console.log('ready: VS Code is opening; close its window to end');
  await exitOf(
    spawn(code, [...folders, '--wait', '--new-window', '--disable-workspace-trust', workspace], {
      shell,
      stdio: 'inherit',
    }),
  );
}
