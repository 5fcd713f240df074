import * as vscode from 'vscode';

/** What the extension uses of VS Code's log channel. */
export type Log = Pick<vscode.LogOutputChannel, 'debug' | 'info' | 'warn' | 'error' | 'show' | 'dispose'>;

/** A log whose channel, with its file, is made when there is a first line for it: not while VS Code starts. */
export function createLog(name: string): Log {
  let channel: vscode.LogOutputChannel | undefined;
  const opened = (): vscode.LogOutputChannel => (channel ??= vscode.window.createOutputChannel(name, { log: true }));
  return {
    debug: (message) => opened().debug(message),
    info: (message) => opened().info(message),
    warn: (message) => opened().warn(message),
    error: (message) => opened().error(message),
    show: () => opened().show(),
    dispose: () => channel?.dispose(),
  };
}
