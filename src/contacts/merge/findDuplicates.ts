import * as vscode from 'vscode';
import type { ContactService } from '../../api/contactService.ts';
import type { Contact } from '../../api/decode/contact.ts';
import { withSignal } from '../../platform/cancellation.ts';
import { displayParts, displayText } from '../../platform/displayText.ts';
import { back, choose } from '../../platform/steps.ts';
import { contactName } from '../contactName.ts';
import type { Duplicates, SameField } from './duplicates.ts';
import { lookForDuplicates, type FoundDuplicates } from './lookForDuplicates.ts';
import { mergeContacts, type MergeParts } from './mergeContacts.ts';

const pageSize = 500;

/** Looks for contacts that may be one person, and merges those that the user chooses, one pair after the other. */
export async function findDuplicates(parts: MergeParts): Promise<void> {
  const found = await lookThrough(parts.service);
  const { isWhole, lookedAt } = found;
  let { groups } = found;
  if (lookedAt === 0) return;
  const looked = lookedAt.toLocaleString(vscode.env.language);
  const title = isWhole
    ? vscode.l10n.t('Duplicates among {0} contacts', looked)
    : vscode.l10n.t('Duplicates among the newest {0} contacts', looked);
  if (groups.length === 0) {
    const text = isWhole
      ? vscode.l10n.t('No two of {0} contacts have the same e-mail, phone, or name and company.', looked)
      : vscode.l10n.t('No two of the newest {0} contacts have the same e-mail, phone, or name and company.', looked);
    void vscode.window.showInformationMessage(text);
    return;
  }
  while (groups.length > 0) {
    const group = await choose({
      title,
      placeholder: vscode.l10n.t('Which are one person? They are shown side by side before anything is changed.'),
      items: groups.map((each) => ({ ...itemOf(each), value: each })),
      first: groups[0],
    });
    if (group === undefined || group === back) return;
    const [one, other] = group.contacts;
    if (one === undefined || other === undefined) return;
    const kept = await mergeContacts(parts, [one.id, other.id]);
    if (kept !== undefined) groups = withMerged(groups, kept, kept.id === one.id ? other.id : one.id);
  }
}

const count = (number: number): string => number.toLocaleString(vscode.env.language);

/** Until all were looked at, or the user stops it. @throws ApiError */
async function lookThrough(service: ContactService): Promise<FoundDuplicates> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t('Looking for duplicates'),
    cancellable: true,
  };
  return vscode.window.withProgress(options, (progress, token) =>
    withSignal(token, (signal) =>
      lookForDuplicates(
        () => service.listPages({ pageSize, signal }),
        (lookedAt, of) =>
          progress.report({ message: [lookedAt, ...(of === undefined ? [] : [of])].map(count).join(' / ') }),
      ),
    ),
  );
}

const reasons = (): Record<SameField, string> => ({
  email: vscode.l10n.t('same e-mail'),
  phone: vscode.l10n.t('same phone'),
  name: vscode.l10n.t('same name and company'),
});

const itemOf = ({ same, text, contacts }: Duplicates): vscode.QuickPickItem => ({
  label: displayParts(contacts.map(contactName), '  ·  ', 'label'),
  description: reasons()[same],
  detail: displayText(text, 'description'),
  iconPath: new vscode.ThemeIcon(same === 'email' ? 'mail' : same === 'phone' ? 'call-incoming' : 'organization'),
});

/** The groups as they are after a merge: who went is in none, and one alone is no group. */
const withMerged = (groups: readonly Duplicates[], kept: Contact, goneId: string): Duplicates[] =>
  groups
    .map((group) => ({
      ...group,
      contacts: group.contacts.filter(({ id }) => id !== goneId).map((each) => (each.id === kept.id ? kept : each)),
    }))
    .filter(({ contacts }) => contacts.length > 1);
