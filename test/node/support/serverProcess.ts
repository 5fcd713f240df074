/** The contact server as a process, as the extension and people start it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { ContactService } from '../../../src/api/contactService.ts';
import type { Timings } from '../../../src/api/limits.ts';
import { isOnPostgres, teamParameters } from './engine.ts';
import { serverModule } from '../../harness/paths.ts';
import { exitOf } from '../../harness/processes.ts';

export interface ServerProcess {
  child: ChildProcess;
  url: string;
  token: string;
  stderr: string[];
  service(timings?: Partial<Timings>): ContactService;
  kill(signal?: NodeJS.Signals): Promise<number | null>;
}

export async function startServer(data: string, ...parameters: string[]): Promise<ServerProcess> {
  return startProcess(
    isOnPostgres ? await teamParameters(data, parameters) : ['--data', data, '--port', '0', ...parameters],
  );
}

/** Starts a server over the database at `url`. */
export const startTeamServer = (url: string, ...parameters: string[]): Promise<ServerProcess> =>
  startProcess(['--database', url, ...parameters]);

/** The same of another version. */
export const startServerOf = (module: string, url: string, ...parameters: string[]): Promise<ServerProcess> =>
  startProcess(['--database', url, ...parameters], module);

async function startProcess(parameters: readonly string[], module = serverModule): Promise<ServerProcess> {
  const child = spawn(process.execPath, [module, ...parameters], { stdio: ['ignore', 'pipe', 'pipe'] });
  const stderr: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => stderr.push(line));
  const ended = exitOf(child);
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    void ended.then(() => reject(new Error(`The server ended: ${stderr.join('\n')}`)));
  });
  const { url, token } = JSON.parse(line) as { url: string; token: string };
  return {
    child,
    url,
    token,
    stderr,
    service: (timings = {}) => new ContactService({ origin: url, credential: { value: token }, timings }),
    kill: (signal = 'SIGTERM') => {
      child.kill(signal);
      return ended;
    },
  };
}
