import * as vscode from 'vscode';
import type { Contact } from '../api/decode/contact.ts';
import type { CommandId } from '../platform/commands.ts';
import { setContextKey } from '../platform/contextKeys.ts';
import { displayLines, displayText } from '../platform/displayText.ts';
import { sentenceFor } from '../platform/errorReport.ts';
import { accountName } from '../session/accountText.ts';
import type { Session } from '../session/session.ts';
import type { Avatars } from './avatars.ts';
import type { ContactsModel } from './contactsModel.ts';
import { channelIcon, channelName, contactName, fieldLabels } from './contactText.ts';

export type ContactRow = { kind: 'contact'; contactId: string } | { kind: 'loadMore' };

const loadMoreRow: ContactRow = { kind: 'loadMore' };

/** Shows the model's contacts as rows. */
export class ContactsTree implements vscode.TreeDataProvider<ContactRow>, vscode.Disposable {
  private readonly session: Session;
  private readonly model: ContactsModel;
  private readonly avatars: Avatars;
  private readonly view: vscode.TreeView<ContactRow>;
  private readonly disposables: vscode.Disposable[] = [];
  private readonly didChange = new vscode.EventEmitter<ContactRow[] | undefined>();
  readonly onDidChangeTreeData = this.didChange.event;
  /** One object a contact, because VS Code tells rows apart by identity. */
  private readonly rows = new Map<string, ContactRow>();

  constructor(session: Session, model: ContactsModel, avatars: Avatars) {
    this.session = session;
    this.model = model;
    this.avatars = avatars;
    this.view = vscode.window.createTreeView('contactLookup.contacts', { treeDataProvider: this });
    this.disposables.push(
      this.view,
      this.didChange,
      model.onDidChange(() => this.refresh()),
      model.onDidChangeContact((contact) => this.refreshRow(contact)),
    );
  }

  getTreeItem(row: ContactRow): vscode.TreeItem {
    if (row.kind === 'loadMore') return this.loadMoreItem();
    const contact = this.model.find(row.contactId);
    return contact === undefined ? new vscode.TreeItem('') : contactItem(contact, this.avatars.known(contact));
  }

  getChildren(parent?: ContactRow): ContactRow[] {
    if (parent !== undefined) return [];
    const rows = this.model.contacts.map((contact) => this.rowOf(contact));
    return this.model.hasMore ? [...rows, loadMoreRow] : rows;
  }

  resolveTreeItem(item: vscode.TreeItem, row: ContactRow): vscode.TreeItem {
    const contact = row.kind === 'contact' ? this.model.find(row.contactId) : undefined;
    if (contact !== undefined) item.tooltip = contactTooltip(contact);
    return item;
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private refresh(): void {
    this.showState();
    this.didChange.fire(undefined);
    void this.loadAvatars();
  }

  private refreshRow(contact: Contact): void {
    const row = this.rows.get(contact.id);
    if (row === undefined) return;
    this.didChange.fire([row]);
    void this.loadAvatars();
  }

  private rowOf(contact: Contact): ContactRow {
    const known = this.rows.get(contact.id);
    if (known !== undefined) return known;
    const row: ContactRow = { kind: 'contact', contactId: contact.id };
    this.rows.set(contact.id, row);
    return row;
  }

  private showState(): void {
    const { state, contacts, total } = this.model;
    const isFilled = contacts.length > 0;
    setContextKey('contactLookup.contacts', isFilled ? 'filled' : state.kind === 'ready' ? 'empty' : state.kind);
    this.view.message =
      state.kind === 'failed' && state.error !== undefined && isFilled ? sentenceFor(state.error) : undefined;
    const count = isFilled && total !== undefined ? total.toLocaleString(vscode.env.language) : undefined;
    const { account } = this.session;
    const shown = [account && displayText(accountName(account), 'description'), count];
    this.view.description = shown.filter((part) => part !== undefined).join(' · ');
  }

  private loadMoreItem(): vscode.TreeItem {
    const item = new vscode.TreeItem(vscode.l10n.t('Load More…'));
    item.id = 'loadMore';
    const { contacts, total } = this.model;
    if (total !== undefined) item.description = vscode.l10n.t('{0} of {1}', contacts.length, total);
    item.iconPath = new vscode.ThemeIcon('fold-down');
    item.command = { command: 'contactLookup.loadMoreContacts' satisfies CommandId, title: '' };
    return item;
  }

  /** Pictures come after the rows, all of a page in one go. */
  private async loadAvatars(): Promise<void> {
    const missing = this.model.contacts.filter((contact) => !this.avatars.isSettled(contact));
    if (missing.length === 0) return;
    await Promise.all(missing.map((contact) => this.avatars.load(contact)));
    const changed = missing.filter((contact) => this.avatars.known(contact) !== undefined);
    const rows = changed.map((contact) => this.rows.get(contact.id)).filter((row) => row !== undefined);
    if (rows.length > 0) this.didChange.fire(rows);
  }
}

function contactItem(contact: Contact, picture: string | undefined): vscode.TreeItem {
  const label = displayText(contactName(contact), 'label');
  const item = new vscode.TreeItem(label);
  item.id = contact.id;
  item.description = displayText(contact.phone_number ?? contact.email ?? contact.company_name ?? '', 'description');
  item.iconPath =
    picture === undefined ? new vscode.ThemeIcon(channelIcon(contact.channel_type)) : vscode.Uri.parse(picture);
  const can = [contact.email && 'email', contact.phone_number && 'phone'].filter(Boolean);
  item.contextValue = ['contact', ...can].join('.');
  item.accessibilityInformation = { label: [label, item.description].filter(Boolean).join(', ') };
  item.command = {
    command: 'contactLookup.openContact' satisfies CommandId,
    title: '',
    arguments: [{ kind: 'contact', contactId: contact.id } satisfies ContactRow],
  };
  return item;
}

const line = (name: string, value: string | undefined): string[] => (value ? [`${name}: ${value}`] : []);

/** Plain text: a markdown tooltip would load pictures that a contact's name asks for. */
function contactTooltip(contact: Contact): string {
  const labels = fieldLabels();
  const lines = [
    contactName(contact),
    ...line(labels.company_name, [contact.company_name, contact.position].filter(Boolean).join(', ')),
    ...line(labels.email, contact.email),
    ...line(labels.phone_number, contact.phone_number),
    ...line(labels.channel_type, channelName(contact.channel_type)),
    ...line(labels.location, contact.location),
    ...line(vscode.l10n.t('Labels'), contact.labels.join(', ')),
    ...line(vscode.l10n.t('Last seen'), dateText(contact.last_seen)),
    ...line(vscode.l10n.t('Created'), dateText(contact.created_at)),
  ];
  return displayLines(lines.map((text) => displayText(text, 'label')).join('\n'), 'tooltip');
}

function dateText(iso: string | undefined): string | undefined {
  const time = iso === undefined ? NaN : Date.parse(iso);
  return Number.isNaN(time) ? undefined : new Date(time).toLocaleString(vscode.env.language);
}
