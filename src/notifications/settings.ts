import * as vscode from 'vscode';

const defaultSeconds = 60;
const minSeconds = 15;
const maxSeconds = 3600;

const setting = (name: string): unknown => vscode.workspace.getConfiguration('contactLookup.notifications').get(name);

/** Milliseconds between two looks for new notifications, in a window that has the focus. */
export function pollIntervalMs(): number {
  const seconds = setting('pollInterval');
  return 1_000 * (typeof seconds === 'number' ? Math.min(Math.max(seconds, minSeconds), maxSeconds) : defaultSeconds);
}

/** Whether a message says that new ones came. */
export const shouldAnnounceNew = (): boolean => setting('showNew') === true;
