import * as vscode from 'vscode';
import type { Log } from './log.ts';
import { isCancelled } from '../api/apiError.ts';
import { reportError } from './errorReport.ts';

/** The commands on contacts, whose code is loaded with the first that is run. */
export const contactCommandNames = [
  'newContact',
  'updateContact',
  'deleteContact',
  'editLabels',
  'mergeContacts',
  'findDuplicates',
  'pinContact',
  'unpinContact',
  'uploadAvatar',
  'exportCsv',
  'exportSelected',
  'copyEmail',
  'copyPhone',
  'copyContacts',
] as const;
export type ContactCommandName = (typeof contactCommandNames)[number];

const otherCommandIds = [
  'contactLookup.search',
  'contactLookup.hidePersonalData',
  'contactLookup.showPersonalData',
  'contactLookup.lookup',
  'contactLookup.openExampleLog',
  'contactLookup.copyLink',
  'contactLookup.openContact',
  'contactLookup.previewContact',
  'contactLookup.loadMoreContacts',
  'contactLookup.searchInList',
  'contactLookup.filterContacts',
  'contactLookup.sortContacts',
  'contactLookup.clearQuery',
  'contactLookup.saveSearch',
  'contactLookup.openSavedSearch',
  'contactLookup.deleteSavedSearch',
  'contactLookup.refresh',
  'contactLookup.openNotification',
  'contactLookup.markNotificationRead',
  'contactLookup.markNotificationUnread',
  'contactLookup.markAllNotificationsRead',
  'contactLookup.dismissNotification',
  'contactLookup.dismissAllNotifications',
  'contactLookup.dismissNotificationsOfKind',
  'contactLookup.undoNotificationChange',
  'contactLookup.showUnreadOnly',
  'contactLookup.showReadToo',
  'contactLookup.groupByDay',
  'contactLookup.groupByKind',
  'contactLookup.loadMoreNotifications',
  'contactLookup.importContacts',
  'contactLookup.showImports',
  'contactLookup.removeSamples',
  'contactLookup.backUp',
  'contactLookup.restore',
  'contactLookup.useLocalWorkspace',
  'contactLookup.signIn',
  'contactLookup.switchAccount',
  'contactLookup.keepContacts',
  'contactLookup.signOut',
  'contactLookup.connectAgent',
  'contactLookup.manageAgents',
  'contactLookup.showAgentLog',
  'contactLookup.showLog',
] as const;
export type CommandId = `contactLookup.${ContactCommandName}` | (typeof otherCommandIds)[number];

/** Every command of the extension; package.json contributes exactly these. */
export const commandIds = (): CommandId[] => [
  ...contactCommandNames.map((name) => `contactLookup.${name}` as const),
  ...otherCommandIds,
];

/** Runs another command of this extension. */
export const runCommand = (id: CommandId, ...parameters: unknown[]): Thenable<unknown> =>
  vscode.commands.executeCommand(id, ...parameters);

/**
 * Registers a command whose failure becomes one message and one line of the log; a cancel becomes neither.
 * `run` gets what the caller gave, which may be anything: other extensions can call it too.
 */
export function registerCommand(
  id: CommandId,
  log: Log,
  run: (...parameters: unknown[]) => unknown,
): vscode.Disposable {
  const attempt = async (parameters: unknown[], isAfterCountdown = false): Promise<unknown> => {
    try {
      return await run(...parameters);
    } catch (error) {
      const again = (isCountedDown: boolean): unknown => attempt(parameters, isCountedDown);
      if (!isCancelled(error)) void reportError(error, log, again, isAfterCountdown);
      return undefined;
    }
  };
  return vscode.commands.registerCommand(id, (...parameters: unknown[]) => attempt(parameters));
}
