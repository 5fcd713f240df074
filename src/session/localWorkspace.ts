import { fork, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import * as vscode from 'vscode';
import { UserError } from '../platform/errorReport.ts';

export interface ServerAccess {
  url: string;
  token: string;
}

const sampleContactCount = 250;
const startLimitMs = 20_000;

/** The contact server of this window: a process of its own that ends with it, over data all windows share. */
export class LocalWorkspace implements vscode.Disposable {
  private readonly serverModule: string;
  private readonly dataDirectory: vscode.Uri;
  private readonly log: vscode.LogOutputChannel;
  private server: ChildProcess | undefined;
  private readonly didExit = new vscode.EventEmitter<void>();
  /** The server has ended although nobody asked it to. */
  readonly onDidExit = this.didExit.event;

  constructor(extensionUri: vscode.Uri, globalStorageUri: vscode.Uri, log: vscode.LogOutputChannel) {
    this.serverModule = vscode.Uri.joinPath(extensionUri, 'dist', 'server.js').fsPath;
    this.dataDirectory = vscode.Uri.joinPath(globalStorageUri, 'local-workspace');
    this.log = log;
  }

  /** Starts the server, with sample contacts where there are no others, and says how to reach it. */
  async start(): Promise<ServerAccess> {
    this.stop();
    await vscode.workspace.fs.createDirectory(this.dataDirectory);
    const { NODE_OPTIONS: _options, ...env } = process.env;
    const server = fork(
      this.serverModule,
      ['--data', this.dataDirectory.fsPath, '--port', '0', '--seed', String(sampleContactCount)],
      // The secret comes back over the pipe: arguments and environment are for every process to read.
      { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [], env: { ...env, ELECTRON_RUN_AS_NODE: '1' } },
    );
    this.server = server;
    let lastWords = '';
    createInterface({ input: opened(server.stderr) }).on('line', (line) => {
      lastWords = line;
      this.log.debug(`local workspace: ${line}`);
    });
    const access = await firstLine(server, () => lastWords);
    this.log.info(`local workspace: server ready, process ${server.pid}`);
    server.once('exit', (code, signal) => {
      this.log.info(`local workspace: server ended (${code ?? signal})`);
      if (this.server !== server) return;
      this.server = undefined;
      this.didExit.fire();
    });
    return access;
  }

  stop(): void {
    const server = this.server;
    this.server = undefined;
    // It stops by itself when the channel closes; the signal is for one that hangs.
    if (server?.connected === true) server.disconnect();
    server?.kill();
  }

  dispose(): void {
    this.stop();
    this.didExit.dispose();
  }
}

/** What the server prints when it is ready. */
function firstLine(server: ChildProcess, lastWords: () => string): Promise<ServerAccess> {
  return new Promise<ServerAccess>((resolve, reject) => {
    const fail = (): void =>
      reject(new UserError(vscode.l10n.t('The local workspace did not start. {0}', lastWords())));
    const limit = setTimeout(fail, startLimitMs);
    server.once('error', fail);
    // After its output has been read, so that its last words are known.
    server.once('close', () => {
      clearTimeout(limit);
      fail();
    });
    createInterface({ input: opened(server.stdout) }).once('line', (line) => {
      clearTimeout(limit);
      resolve(JSON.parse(line) as ServerAccess);
    });
  });
}

/** The streams of a process are there when it was started with pipes. */
function opened<T>(stream: T | null): T {
  if (stream === null) throw new Error('The local workspace has no output.');
  return stream;
}
