import * as vscode from 'vscode';
import { contactName } from '../../contacts/contactName.ts';
import { displayText } from '../../platform/displayText.ts';
import type { ProposedChange } from '../tools/agentTool.ts';

/** Whom a change is about; empty for somebody who is not there yet. */
export const nameIn = ({ contact }: ProposedChange): string =>
  contact === undefined ? '' : displayText([...contactName(contact)].slice(0, maxName).join(''), 'label');

/** Strangers choose their names: one is not to be long enough for a sentence of its own. */
const maxName = 60;

/** What a person is asked where an agent would change something. */
export function questionAbout(change: ProposedChange): string {
  switch (change.kind) {
    case 'update':
      return vscode.l10n.t('Update {0}?', nameIn(change));
    case 'labels':
      return vscode.l10n.t('Change the labels of {0}?', nameIn(change));
    case 'comment':
      return vscode.l10n.t('Comment on {0}?', nameIn(change));
    case 'create':
      return vscode.l10n.t('Create this contact?');
  }
}
