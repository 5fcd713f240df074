import * as vscode from 'vscode';
import { editableFields, type EditableField } from '../../api/contactChanges.ts';
import type { Contact } from '../../api/decode/contact.ts';
import { displayText } from '../../platform/displayText.ts';
import { fieldLabels } from '../../platform/fieldLabels.ts';
import { contactName } from '../contactName.ts';

const scheme = 'contact-lookup-merge';
/** Of two at once, each closes its own. */
let comparisons = 0;

export interface Side {
  /** Shown as it is. */
  name: string;
  /** A field a line. */
  text: string;
}

/** Shows two contacts in VS Code's own comparison, a field a line, while `work` runs. */
export function withSideBySide<T>(one: Contact, other: Contact, work: () => Promise<T>): Promise<T> {
  const [left, right] = [sideOf(one, other), sideOf(other, one)];
  return withComparison(left, right, `${left.name} ↔ ${right.name}`, work);
}

const sideOf = (contact: Contact, beside: Contact): Side => ({
  name: displayText(contactName(contact), 'label'),
  text: textOf(contact, beside),
});

/** Shows two texts in VS Code's own comparison while `work` runs. */
export async function withComparison<T>(left: Side, right: Side, title: string, work: () => Promise<T>): Promise<T> {
  const authority = String((comparisons += 1));
  const sides = [left, right].map(({ name, text }, index) => ({
    uri: vscode.Uri.from({ scheme, authority, path: `/${index}/${name}` }),
    text,
  }));
  const provider = vscode.workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: (uri) => sides.find((side) => side.uri.toString() === uri.toString())?.text,
  });
  const [leftUri, rightUri] = sides.map(({ uri }) => uri);
  try {
    await vscode.commands.executeCommand('vscode.diff', leftUri, rightUri, title, { preserveFocus: true });
    return await work();
  } finally {
    await vscode.window.tabGroups.close(openTabs(authority));
    provider.dispose();
  }
}

const openTabs = (authority: string): vscode.Tab[] =>
  vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(
      ({ input }) =>
        input instanceof vscode.TabInputTextDiff &&
        input.modified.scheme === scheme &&
        input.modified.authority === authority,
    );

/** How a value is shown: the address of a picture says nothing. */
export const shownValue = (field: EditableField, value: string): string =>
  field === 'avatar_url' && value !== '' ? vscode.l10n.t('a picture') : value;

/** A line for each field that either has, so that the same fields stand beside each other. */
function textOf(contact: Contact, other: Contact): string {
  const labels = fieldLabels();
  const lines = editableFields
    .filter((field) => (contact[field] ?? other[field]) !== undefined)
    .map((field) => [labels[field], shownValue(field, contact[field] ?? '')]);
  const more = [
    [vscode.l10n.t('Labels'), contact.labels.join(', ')],
    [vscode.l10n.t('Created'), contact.created_at],
    [vscode.l10n.t('Last seen'), contact.last_seen],
    [vscode.l10n.t('Contact id'), contact.id],
  ];
  return [...lines, ...more].map(([label, value]) => `${label}: ${displayText(value ?? '', 'message')}\n`).join('');
}
