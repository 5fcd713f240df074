import * as vscode from 'vscode';
import { redacted } from './redact.ts';

/** What the extension uses of VS Code's log channel. */
export type Log = Pick<vscode.LogOutputChannel, 'debug' | 'info' | 'warn' | 'error' | 'show' | 'dispose'>;

/**
 * A log whose channel, with its file, is made when there is a first line for it: not while VS Code starts. Every
 * line of every level is redacted here.
 */
export function createLog(name: string): Log {
  let channel: vscode.LogOutputChannel | undefined;
  const getChannel = (): vscode.LogOutputChannel =>
    (channel ??= vscode.window.createOutputChannel(name, { log: true }));
  return {
    debug: (message) => getChannel().debug(redacted(message)),
    info: (message) => getChannel().info(redacted(message)),
    warn: (message) => getChannel().warn(redacted(message)),
    error: (message) => getChannel().error(redacted(String(message))),
    show: () => getChannel().show(),
    dispose: () => channel?.dispose(),
  };
}
