import * as vscode from 'vscode';
import { notificationTypes, type NotificationType } from '../contract/vocabulary.ts';

export interface NotificationKind {
  name: string;
  icon: string;
}

/** What each type of notification means (contract, section 4.7), for the user. */
const kinds = (): Record<NotificationType, NotificationKind> => ({
  101: { name: vscode.l10n.t('A card was assigned to you'), icon: 'project' },
  201: { name: vscode.l10n.t('New conversation of your team'), icon: 'comment' },
  202: { name: vscode.l10n.t('New conversation to grab'), icon: 'comment-unresolved' },
  203: { name: vscode.l10n.t('Invited to a conversation'), icon: 'comment-discussion' },
  204: { name: vscode.l10n.t('Conversation assigned to you'), icon: 'comment-draft' },
  301: { name: vscode.l10n.t('Invited to a team'), icon: 'mail' },
  302: { name: vscode.l10n.t('Somebody asks to join your team'), icon: 'person-add' },
  303: { name: vscode.l10n.t('Team invitation accepted'), icon: 'organization' },
  304: { name: vscode.l10n.t('Request to join approved'), icon: 'pass' },
  305: { name: vscode.l10n.t('A team admin may leave'), icon: 'sign-out' },
});

const isKnown = (type: number | undefined): type is NotificationType =>
  (notificationTypes as readonly (number | undefined)[]).includes(type);

/** Localized name and icon of a notification type; a generic one for unknown types. */
export const notificationKind = (type: number | undefined): NotificationKind =>
  isKnown(type) ? kinds()[type] : { name: vscode.l10n.t('Notification'), icon: 'bell' };
