import * as vscode from 'vscode';

/** What a notification's type means (contract, section 4.7), for the user. */
export function notificationKind(type: number | undefined): { name: string; icon: string } {
  switch (type) {
    case 101:
      return { name: vscode.l10n.t('A card was assigned'), icon: 'project' };
    case 201:
    case 202:
      return { name: vscode.l10n.t('New conversation'), icon: 'comment' };
    case 203:
    case 204:
      return { name: vscode.l10n.t('Conversation for you'), icon: 'comment-discussion' };
    case 301:
    case 302:
    case 303:
    case 304:
      return { name: vscode.l10n.t('Team membership'), icon: 'organization' };
    case 305:
      return { name: vscode.l10n.t('A team admin may leave'), icon: 'sign-out' };
    default:
      return { name: vscode.l10n.t('Notification'), icon: 'bell' };
  }
}
