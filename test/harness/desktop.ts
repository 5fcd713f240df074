import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { vsixPath } from './paths.ts';
import { exitOf, run } from './processes.ts';

/** Opens the packaged extension in an installed VS Code, with settings and data of its own, until it is closed. */
export async function startDesktop(home: string, workspace: string): Promise<void> {
  const code = process.env['VSCODE_PATH'] ?? (process.platform === 'win32' ? 'code.cmd' : 'code');
  const shell = process.platform === 'win32';
  const folders = ['--user-data-dir', join(home, 'desktop-data'), '--extensions-dir', join(home, 'desktop-extensions')];
  try {
    await run(code, [...folders, '--install-extension', vsixPath, '--force'], { shell });
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
