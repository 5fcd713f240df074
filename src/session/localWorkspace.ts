import type { ChildProcess } from 'node:child_process';
import * as vscode from 'vscode';
import type { Log } from '../platform/log.ts';
import { ApiError } from '../api/apiError.ts';
import type { ServerAccess } from './serverProcess.ts';

/** The contact server of this window: a process of its own that ends with it, over data all windows share. */
export class LocalWorkspace implements vscode.Disposable {
  private readonly extensionUri: vscode.Uri;
  private readonly globalStorageUri: vscode.Uri;
  private readonly log: Log;
  private server: ChildProcess | undefined;
  private starts = 0;
  /** What the next start is to be with. */
  private extra: string[] = [];
  private running: ServerAccess | undefined;
  private readonly didExit = new vscode.EventEmitter<void>();
  /** The server has ended although nobody asked it to. */
  readonly onDidExit = this.didExit.event;

  constructor(extensionUri: vscode.Uri, globalStorageUri: vscode.Uri, log: Log) {
    this.extensionUri = extensionUri;
    this.globalStorageUri = globalStorageUri;
    this.log = log;
  }

  /** How to reach the server that runs; none while it does not. */
  get access(): ServerAccess | undefined {
    return this.running;
  }

  /** Starts the server, with sample contacts where there are no others, and says how to reach it. */
  async start(): Promise<ServerAccess> {
    this.stop();
    const { starts } = this;
    const { startLocalServer } = await import('./localServer.ts');
    // Stopped, or started anew, before this one was under way.
    if (starts !== this.starts) throw new ApiError('cancelled');
    const { extensionUri, globalStorageUri, log } = this;
    const { server, ready } = startLocalServer(
      { extensionUri, globalStorageUri, log },
      this.extra.splice(0),
      (extra) => (this.extra = extra),
    );
    this.server = server;
    const access = await ready;
    this.running = access;
    this.log.info(`local workspace: server ready, process ${server.pid}`);
    server.once('exit', (code, signal) => {
      this.log.info(`local workspace: server ended (${code ?? signal})`);
      if (this.server !== server) return;
      this.server = undefined;
      this.running = undefined;
      this.didExit.fire();
    });
    return access;
  }

  stop(): void {
    this.starts++;
    const server = this.server;
    this.server = undefined;
    this.running = undefined;
    // It stops by itself when the channel closes; the signal is for one that hangs.
    if (server?.connected === true) server.disconnect();
    server?.kill();
  }

  dispose(): void {
    this.stop();
    this.didExit.dispose();
  }
}
