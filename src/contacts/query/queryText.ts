import * as vscode from 'vscode';
import { displayTerm, displayText } from '../../platform/displayText.ts';
import { channelName } from '../../platform/channelText.ts';
import type { ContactQuery, ContactSort } from './contactQuery.ts';

/** What is searched and filtered for, in one line; empty for everybody. @param shown how what was typed is shown. */
export function queryText({ text, channels, labels }: ContactQuery, shown = displayText): string {
  const parts = [
    text === '' ? '' : vscode.l10n.t('“{0}”', shown(text, 'description')),
    ...channels.map((channel) => channelName(channel) ?? channel),
    ...labels.map((label) => displayTerm(label, 'description')),
  ];
  return parts.filter(Boolean).join(' · ');
}

/** The sort orders' localized names. */
export const sortNames = (): Record<ContactSort, string> => ({
  '-created_at': vscode.l10n.t('Newest first'),
  '-updated_at': vscode.l10n.t('Recently changed first'),
  display_name: vscode.l10n.t('Name'),
  '-last_seen': vscode.l10n.t('Last seen first'),
});
