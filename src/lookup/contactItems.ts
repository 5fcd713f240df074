import * as vscode from 'vscode';
import type { Contact } from '../api/decode/contact.ts';
import { contactName, contactPhone } from '../contacts/contactName.ts';
import type { ParsedQuery } from '../contacts/query/queryLanguage.ts';
import { contactMethods } from '../contacts/contactSummary.ts';
import { channelIcon } from '../platform/channelText.ts';
import { runCommand } from '../platform/commands.ts';
import { displayParts, displayText } from '../platform/displayText.ts';
import { mayMatch, whyMatched, type MatchedField, type WhyMatched } from './whyMatched.ts';

/** A row of the search: a contact, something else to do, or words only. */
export interface SearchItem extends vscode.QuickPickItem {
  contact?: Contact;
  /** What accepting the row does, if it is not a contact. */
  run?: () => void;
  /** It says that nobody matches whom the other rows show. */
  isOnlyNear?: true;
}

/** A button of a row, with what it does. */
export interface ItemButton extends vscode.QuickInputButton {
  run: () => Thenable<unknown>;
}

/** A quick-pick row for a contact. */
export function contactItem(contact: Contact, why?: WhyMatched): SearchItem {
  const work = [contact.company_name, contact.position].filter(Boolean).join(', ');
  return {
    label: displayText(contactName(contact), 'label'),
    description: displayParts(contactMethods(contact), '  ', 'description'),
    // What was found must be seen, or the row would look like a mistake.
    detail: displayText(why !== undefined && unseen.has(why.field) ? why.text : work, 'description'),
    iconPath: new vscode.ThemeIcon(channelIcon(contact.channel_type)),
    // The server has decided what matches; VS Code is not to filter it again.
    alwaysShow: true,
    buttons: [
      itemButton('go-to-file', vscode.l10n.t('Open'), () => open(contact)),
      ...copyButton('mail', vscode.l10n.t('Copy E-mail'), contact.email),
      ...copyButton('call-incoming', vscode.l10n.t('Copy Phone'), contactPhone(contact)),
    ],
    contact,
  };
}

/** Fields that a row does not show otherwise. */
const unseen: ReadonlySet<MatchedField> = new Set(['location', 'label', 'remark', 'id']);

const open = (contact: Contact): Thenable<unknown> =>
  runCommand('contactLookup.openContact', { contactId: contact.id });

const itemButton = (icon: string, tooltip: string, run: () => Thenable<unknown>): ItemButton => ({
  iconPath: new vscode.ThemeIcon(icon),
  tooltip,
  run,
});

const copyButton = (icon: string, tooltip: string, text: string | undefined): ItemButton[] =>
  text === undefined ? [] : [itemButton(icon, tooltip, () => vscode.env.clipboard.writeText(text))];

const groupNames = (): Record<MatchedField, string> => ({
  name: vscode.l10n.t('Name'),
  email: vscode.l10n.t('E-mail'),
  phone: vscode.l10n.t('Phone'),
  company: vscode.l10n.t('Company'),
  position: vscode.l10n.t('Position'),
  location: vscode.l10n.t('Location'),
  label: vscode.l10n.t('Label'),
  remark: vscode.l10n.t('Remark'),
  id: vscode.l10n.t('Id'),
  several: vscode.l10n.t('Several fields'),
});

/** The contacts by why they matched: the group of the best match first, and in each group the best first. */
export function groupedItems(contacts: readonly Contact[], query: string): SearchItem[] {
  const groups = new Map<MatchedField, SearchItem[]>();
  for (const contact of contacts) {
    const why = whyMatched(contact, query);
    const rows = groups.get(why.field) ?? [];
    rows.push(contactItem(contact, why));
    groups.set(why.field, rows);
  }
  const names = groupNames();
  return [...groups].flatMap(([field, items]) => [separator(names[field]), ...items]);
}

export const separator = (label: string): SearchItem => ({ label, kind: vscode.QuickPickItemKind.Separator });

/** The rows of contacts whom a query may mean, with the groups that they are in. */
export function matchingItems(items: readonly SearchItem[], { text, matches }: ParsedQuery): SearchItem[] {
  const isMatch = ({ contact }: SearchItem): boolean =>
    contact !== undefined && mayMatch(contact, text) && matches(contact);
  return items.filter((item, index) => {
    if (item.kind !== vscode.QuickPickItemKind.Separator) return isMatch(item);
    const next = items.findIndex((other, place) => place > index && other.kind === item.kind);
    return items.slice(index + 1, next < 0 ? undefined : next).some(isMatch);
  });
}

/** Rows under a name; nothing for nobody. */
export const group = (name: string, contacts: readonly Contact[]): SearchItem[] =>
  contacts.length === 0 ? [] : [separator(name), ...contacts.map((contact) => contactItem(contact))];

export const firstContact = (items: readonly SearchItem[]): SearchItem | undefined =>
  items.find(({ contact }) => contact !== undefined);

/** Whether they are the same contact, or do the same, though one was drawn anew. */
export const isSameItem = (one: SearchItem, other: SearchItem): boolean =>
  one.contact === undefined
    ? other.contact === undefined && one.run !== undefined && one.label === other.label
    : one.contact.id === other.contact?.id;

/**
 * VS Code would sort the rows by how their labels match, and drop the groups. It has the property in every version
 * that we support but not in its types; where it should go, the rows are all there in another order.
 */
export function keepServersOrder(picker: vscode.QuickPick<SearchItem>): void {
  (picker as { sortByLabel?: boolean }).sortByLabel = false;
}
