import { fork, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import * as vscode from 'vscode';
import type { DamageReport } from '../contract/damage.ts';
import { UserError } from '../platform/errorReport.ts';
import { damageSentence, offerRecovery } from './damagedWorkspace.ts';

export interface ServerAccess {
  url: string;
  token: string;
}

const sampleContactCount = 250;
const startLimitMs = 20_000;

export interface ServerListener {
  /** Told of each line that the server reports. */
  onLine: (line: string) => void;
  /** Takes what the server is to be started with once more, as the user has decided about a damaged store. */
  onRecovery: (parameters: string[]) => void;
}

/**
 * Forks the contact server with VS Code's own Node.
 * @param extra parameters beside the usual ones.
 */
export function forkServer(
  serverModule: string,
  dataDirectory: string,
  extra: readonly string[],
  { onLine, onRecovery }: ServerListener,
): { server: ChildProcess; ready: Promise<ServerAccess> } {
  const { NODE_OPTIONS: _options, ...env } = process.env;
  const server = fork(
    serverModule,
    ['--data', dataDirectory, '--port', '0', '--seed', String(sampleContactCount), ...extra],
    // The secret comes back over the pipe: arguments and environment are for every process to read.
    { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [], env: { ...env, ELECTRON_RUN_AS_NODE: '1' } },
  );
  let lastWords = '';
  createInterface({ input: requireStream(server.stderr) }).on('line', (line) => {
    lastWords = line;
    onLine(line);
  });
  let damage: DamageReport | undefined;
  server.on('message', (message) => {
    damage = message as DamageReport;
    offerRecovery(damage, dataDirectory, onRecovery).catch(() => onLine('nothing could be offered'));
  });
  const sentence = (): string =>
    damage === undefined
      ? vscode.l10n.t('The local workspace did not start. {0}', lastWords)
      : damageSentence(damage, dataDirectory);
  return { server, ready: firstLine(server, sentence) };
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
  if (stream === null) throw new Error('The local workspace has no output.');
  return stream;
}
