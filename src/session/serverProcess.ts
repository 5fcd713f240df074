import { fork, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { UserError } from '../platform/errorReport.ts';

export interface ServerAccess {
  url: string;
  token: string;
}

const startLimitMs = 20_000;

export interface ServerListener {
  /** Told of each line that the server reports. */
  onLine: (line: string) => void;
  /** Told of what the server says to whoever forked it. */
  onMessage?: (message: unknown) => void;
  /** What the user is told where it did not start. @param lastWords what it reported last. */
  sentence: (lastWords: string) => string;
}

/** Forks the contact server with VS Code's own Node. */
export function forkServer(
  serverModule: string,
  parameters: readonly string[],
  { onLine, onMessage, sentence }: ServerListener,
): { server: ChildProcess; ready: Promise<ServerAccess> } {
  const { NODE_OPTIONS: _options, ...env } = process.env;
  const server = fork(
    serverModule,
    ['--port', '0', ...parameters],
    // The secret comes back over the pipe: arguments and environment are for every process to read.
    { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [], env: { ...env, ELECTRON_RUN_AS_NODE: '1' } },
  );
  let lastWords = '';
  createInterface({ input: requireStream(server.stderr) }).on('line', (line) => {
    lastWords = line;
    onLine(line);
  });
  if (onMessage !== undefined) server.on('message', onMessage);
  return { server, ready: firstLine(server, () => sentence(lastWords)) };
}

/** What the server prints when it is ready. */
function firstLine(server: ChildProcess, sentence: () => string): Promise<ServerAccess> {
  return new Promise<ServerAccess>((resolve, reject) => {
    const fail = (): void => reject(new UserError(sentence()));
    const limit = setTimeout(fail, startLimitMs);
    server.once('error', fail);
    // After its output has been read, so that its last words are known.
    server.once('close', () => {
      clearTimeout(limit);
      fail();
    });
    createInterface({ input: requireStream(server.stdout) }).once('line', (line) => {
      clearTimeout(limit);
      resolve(JSON.parse(line) as ServerAccess);
    });
  });
}

/** The streams of a process are there when it was started with pipes. */
function requireStream<T>(stream: T | null): T {
  if (stream === null) throw new Error('The contact server has no output.');
  return stream;
}
