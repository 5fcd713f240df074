import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { projectRoot } from './paths.ts';

/** Runs a command to its end, its output shown as it comes. @throws when it fails. */
export async function run(command: string, parameters: readonly string[], options: SpawnOptions = {}): Promise<void> {
  const child = spawn(command, parameters, { cwd: projectRoot, stdio: 'inherit', ...options });
  const code = await exitOf(child);
  if (code !== 0) throw new Error(`${command} ${parameters.join(' ')} ended with ${code}`);
}

/** Runs npm, the one that runs this script where there is one. */
export function npm(parameters: readonly string[], options: SpawnOptions = {}): Promise<void> {
  const cli = process.env['npm_execpath'];
  const quiet = [...parameters, '--no-audit', '--no-fund', '--loglevel=error'];
  const stdio: SpawnOptions = { stdio: ['ignore', 'ignore', 'inherit'] };
  return cli === undefined
    ? run('npm', quiet, { ...stdio, ...options })
    : run(process.execPath, [cli, ...quiet], { ...stdio, ...options });
}

/** Resolves with a child process's exit code. */
export const exitOf = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code));
  });

/** Starts a process with a group of its own, so that `stopTree` reaches all that it starts. It ends with this one. */
export function spawnGroup(command: string, parameters: readonly string[], options: SpawnOptions = {}): ChildProcess {
  const child = spawn(command, parameters, { stdio: 'ignore', ...options, detached: true });
  const end = (): void => signalGroup(child.pid ?? 0, 'SIGKILL');
  process.once('exit', end);
  child.once('exit', () => process.removeListener('exit', end));
  return child;
}

/** Ends a group started by `spawnGroup`, and waits for it. */
export async function stopTree(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = exitOf(child);
  signalGroup(child.pid, 'SIGTERM');
  const force = setTimeout(() => signalGroup(child.pid ?? 0, 'SIGKILL'), 5_000);
  await gone;
  clearTimeout(force);
  signalGroup(child.pid, 'SIGKILL');
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // All of it has ended.
  }
}

/** @param preferred is taken where nobody has it. */
export async function freePort(preferred = 0): Promise<number> {
  const server = createServer();
  const isListening = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(preferred, '127.0.0.1', () => resolve(true));
  });
  if (!isListening) return freePort();
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * Asks `check` again and again until it gives something else than `undefined` or false, less often as time goes by: on a
 * busy machine who asks slows down what is waited for.
 * @param longestPauseMs short where it is measured how long something takes.
 * @throws at the limit.
 */
export async function poll<T>(
  what: string,
  limitMs: number,
  check: () => T | undefined | false | Promise<T | undefined | false>,
  longestPauseMs = 250,
): Promise<T> {
  const end = Date.now() + limitMs;
  for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 1.2, longestPauseMs)) {
    const result = await check();
    if (result !== undefined && result !== false) return result;
    if (Date.now() > end) throw new Error(`Not within ${limitMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

/** Resolves when something answers at `url`. */
export const waitForServer = (url: string, limitMs: number): Promise<true> =>
  poll(`an answer from ${url}`, limitMs, async () => {
    const response = await fetch(url, { redirect: 'manual' }).catch(() => undefined);
    return response !== undefined && response.status < 500;
  });
