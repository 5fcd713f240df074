import * as vscode from 'vscode';
import { isCancelled } from '../../api/apiError.ts';
import type { ContactService } from '../../api/contactService.ts';
import type { Contact } from '../../api/decode/contact.ts';
import { withSignal } from '../../platform/cancellation.ts';
import { displayParts, displayText } from '../../platform/displayText.ts';
import { back, choose } from '../../platform/steps.ts';
import { contactName } from '../contactName.ts';
import { DuplicateFinder, type Duplicates, type SameField } from './duplicates.ts';
import { mergeContacts, type MergeParts } from './mergeContacts.ts';

const pageSize = 500;
/** As many as are held in memory to be compared; the newest are first. */
const maxComparable = 100_000;

/** Looks for contacts that may be one person, and merges those that the user chooses, one pair after the other. */
export async function findDuplicates(parts: MergeParts): Promise<void> {
  const finder = new DuplicateFinder();
  const isWhole = await lookThrough(parts.service, finder);
  if (finder.lookedAt === 0) return;
  const looked = finder.lookedAt.toLocaleString(vscode.env.language);
  const title = isWhole
    ? vscode.l10n.t('Duplicates among {0} contacts', looked)
    : vscode.l10n.t('Duplicates among the newest {0} contacts', looked);
  let groups = finder.groups();
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

/** @returns whether all contacts were looked at, and not only those until the user stopped it. @throws ApiError */
async function lookThrough(service: ContactService, finder: DuplicateFinder): Promise<boolean> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t('Looking for duplicates'),
    cancellable: true,
  };
  try {
    return await vscode.window.withProgress(options, (progress, token) =>
      withSignal(token, async (signal) => {
        for await (const { items, hasMore } of service.listPages({ pageSize, signal })) {
          finder.add(items);
          progress.report({ message: finder.lookedAt.toLocaleString(vscode.env.language) });
          if (!hasMore) return true;
          if (finder.comparable >= maxComparable) return false;
        }
        return true;
      }),
    );
  } catch (error) {
    if (isCancelled(error)) return false;
    throw error;
  }
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
