// node bootstrap.mjs SCRIPT [ARGUMENTS]
//
// Installs what package-lock.json names, when that has changed, and runs SCRIPT with the project's own Node 24.
// Plain JavaScript and no packages: this is what an older Node runs in a fresh clone.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const modules = join(root, 'node_modules');
const isWindows = process.platform === 'win32';
const node = join(modules, 'node', 'bin', isWindows ? 'node.exe' : 'node');

installWhenChanged();

const [script, ...rest] = process.argv.slice(2);
const child = spawn(node, [resolve(root, script), ...rest], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, PATH: `${join(modules, '.bin')}${delimiter}${process.env.PATH}` },
});
// The terminal sends Ctrl-C to both; this one only waits for the other to tidy up.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
});

function installWhenChanged() {
  const stamp = join(modules, '.installed');
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(node) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.log('Installing packages…');
  const npm = process.env.npm_execpath;
  const parameters = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const [command, prefix] = npm ? [process.execPath, [npm]] : [isWindows ? 'npm.cmd' : 'npm', []];
  const { status } = spawnSync(command, [...prefix, ...parameters], {
    cwd: root,
    stdio: 'inherit',
    shell: isWindows && !npm,
  });
  if (status !== 0) process.exit(status ?? 1);
  writeFileSync(stamp, wanted);
}
