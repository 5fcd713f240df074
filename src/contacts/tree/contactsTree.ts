import * as vscode from 'vscode';
import type { Contact } from '../../api/decode/contact.ts';
import type { CommandId } from '../../platform/commands.ts';
import { setContextKey } from '../../platform/contextKeys.ts';
import { displayParts, displayTerm, displayText, onDidHidePersonalData } from '../../platform/displayText.ts';
import { sentenceFor } from '../../platform/errorReport.ts';
import { accountName } from '../../session/accountText.ts';
import { keptText } from '../../session/keptText.ts';
import type { Session } from '../../session/session.ts';
import type { Avatars } from '../avatars.ts';
import type { ContactsModel } from '../contactsModel.ts';
import { ContactDrag } from './contactDrag.ts';
import type { ContactCount } from '../query/contactReader.ts';
import { isFiltered, isNarrow } from '../query/contactQuery.ts';
import { queryText } from '../query/queryText.ts';
import type { PinnedContacts } from '../pinnedContacts.ts';
import type { SavedSearches } from '../query/savedSearches.ts';
import type { LoadState } from '../../platform/loadState.ts';
import { contactName } from '../contactName.ts';
import { contactSummary } from '../contactSummary.ts';
import { channelIcon } from '../../platform/channelText.ts';

export type ContactRow =
  | { kind: 'contact'; contactId: string }
  | { kind: 'savedSearch'; savedSearch: string }
  | { kind: 'loadMore' };

const loadMoreRow: ContactRow = { kind: 'loadMore' };

/** Shows the saved searches and the model's contacts as rows. */
export class ContactsTree implements vscode.TreeDataProvider<ContactRow>, vscode.Disposable {
  private readonly session: Session;
  private readonly model: ContactsModel;
  private readonly avatars: Avatars;
  private readonly saved: SavedSearches;
  private readonly pinned: PinnedContacts;
  /** Ends the progress that the view shows. */
  private loading: (() => void) | undefined;
  private drawn: readonly Contact[] | undefined;
  private readonly view: vscode.TreeView<ContactRow>;
  private readonly disposables: vscode.Disposable[] = [];
  private readonly didChange = new vscode.EventEmitter<ContactRow[] | undefined>();
  readonly onDidChangeTreeData = this.didChange.event;
  /** One object a contact, because VS Code tells rows apart by identity. */
  private readonly rows = new Map<string, ContactRow>();

  constructor(session: Session, model: ContactsModel, avatars: Avatars, saved: SavedSearches, pinned: PinnedContacts) {
    this.session = session;
    this.model = model;
    this.avatars = avatars;
    this.saved = saved;
    this.pinned = pinned;
    this.view = vscode.window.createTreeView('contactLookup.contacts', {
      treeDataProvider: this,
      canSelectMany: true,
      dragAndDropController: new ContactDrag((row) => this.contactOf(row)),
    });
    this.disposables.push(
      this.view,
      this.didChange,
      saved.onDidChange(() => this.didChange.fire(undefined)),
      pinned.onDidChange(() => this.redraw()),
      onDidHidePersonalData(() => {
        this.showState();
        this.redraw();
      }),
      session.onDidChangeKept(() => this.showState()),
      model.onDidChange(() => this.refresh()),
      model.onDidChangeContact((contact) => this.refreshRow(contact)),
    );
  }

  /** The contacts whose rows are selected. */
  get selected(): string[] {
    return this.view.selection.flatMap((row) => (row.kind === 'contact' ? [row.contactId] : []));
  }

  getTreeItem(row: ContactRow): vscode.TreeItem {
    if (row.kind === 'loadMore') return this.loadMoreItem();
    if (row.kind === 'savedSearch') return this.savedSearchItem(row.savedSearch);
    const contact = this.contactOf(row);
    if (contact === undefined) return new vscode.TreeItem('');
    return contactItem(contact, this.avatars.known(contact), this.pinned.has(contact.id));
  }

  getChildren(parent?: ContactRow): ContactRow[] {
    if (parent !== undefined) return [];
    const { state, account } = this.session;
    const searches = state.kind === 'ready' ? this.saved.of(account?.id) : [];
    return [
      ...searches.map(({ name }) => this.savedSearchRow(name)),
      ...this.listed.map((contact) => this.rowOf(contact)),
      ...(this.model.hasMore ? [loadMoreRow] : []),
    ];
  }

  /** Those that are pinned stand on top of a list of all; among those that were searched for, each has its place. */
  private get listed(): readonly Contact[] {
    const { contacts, query, state } = this.model;
    if (isNarrow(query) || (contacts.length === 0 && state.kind !== 'ready')) return contacts;
    const pinned = this.pinned.contacts.filter(({ id }) => !this.model.isHidden(id));
    return pinned.length === 0 ? contacts : [...pinned, ...contacts.filter(({ id }) => !this.pinned.has(id))];
  }

  private contactOf(row: ContactRow): Contact | undefined {
    return row.kind === 'contact' ? (this.model.find(row.contactId) ?? this.pinned.find(row.contactId)) : undefined;
  }

  /** Rows have no parents; VS Code asks before it reveals one. */
  getParent(): undefined {
    return undefined;
  }

  /** Selects the row of a contact, where it is listed and the list is to be seen. */
  async reveal(contactId: string): Promise<void> {
    const row = this.rows.get(contactId);
    if (row !== undefined && this.contactOf(row) === undefined) return;
    if (row === undefined || !this.view.visible) return;
    // Of several that are selected, none is to be lost.
    if (this.view.selection.includes(row)) return;
    // A list that changes in this moment may have lost the row; the next panel selects its own.
    await this.view.reveal(row, { select: true, focus: false }).then(undefined, () => undefined);
  }

  async resolveTreeItem(
    item: vscode.TreeItem,
    row: ContactRow,
    token: vscode.CancellationToken,
  ): Promise<vscode.TreeItem> {
    const contact = this.contactOf(row);
    if (contact === undefined) return item;
    const { contactTooltip } = await import('./contactTooltip.ts');
    item.tooltip = await contactTooltip(contact, this.session.service, token);
    return item;
  }

  dispose(): void {
    this.loading?.();
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private refresh(): void {
    const { kind } = this.model.state;
    if (this.loading !== undefined && kind === 'ready') {
      void this.countSearches();
      void this.pinned.load();
    }
    this.showProgress(kind === 'loading');
    this.showState();
    // VS Code renders the first change immediately and delays later ones, so do not fire one for an unchanged list.
    const { contacts } = this.model;
    if (kind === 'loading' && contacts === this.drawn) return;
    this.drawn = contacts;
    this.redraw();
  }

  private redraw(): void {
    this.didChange.fire(undefined);
    void this.loadAvatars();
  }

  private showProgress(isLoading: boolean): void {
    if (isLoading === (this.loading !== undefined)) return;
    this.loading?.();
    this.loading = undefined;
    if (!isLoading) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.loading = resolve;
    void vscode.window.withProgress({ location: { viewId: 'contactLookup.contacts' } }, () => promise);
  }

  private refreshRow(contact: Contact): void {
    this.pinned.accept(contact);
    const row = this.rows.get(contact.id);
    if (row === undefined) return;
    this.didChange.fire([row]);
    void this.loadAvatars();
  }

  private rowOf({ id: contactId }: Contact): ContactRow {
    return this.knownRow(contactId, { kind: 'contact', contactId });
  }

  private savedSearchRow(savedSearch: string): ContactRow {
    return this.knownRow(`search ${savedSearch}`, { kind: 'savedSearch', savedSearch });
  }

  private knownRow(key: string, row: ContactRow): ContactRow {
    const known = this.rows.get(key) ?? row;
    this.rows.set(key, known);
    return known;
  }

  private showState(): void {
    const { state, contacts, query, count } = this.model;
    const isFilled = contacts.length > 0;
    setContextKey('contactLookup.contacts', isFilled ? 'filled' : state.kind === 'ready' ? 'empty' : state.kind);
    setContextKey('contactLookup.isNarrow', isNarrow(query));
    this.view.message = this.messageFor(state);
    const { account, kept } = this.session;
    const shown = [
      isNarrow(query) ? queryText(query) : account && accountText(accountName(account)),
      isFilled && count !== undefined && kept?.kind !== 'filling' ? countText(count) : undefined,
      keptText(kept),
    ];
    this.view.description = shown.filter((part) => part !== undefined).join(' · ');
  }

  /** What is to be said above rows; without any, a welcome view says it. */
  private messageFor(state: LoadState): string | undefined {
    const { contacts, query } = this.model;
    const isEmpty = contacts.length === 0;
    if (isEmpty && this.getChildren().length === 0) return undefined;
    if (state.kind === 'failed' && state.error !== undefined) return sentenceFor(state.error);
    if (!isEmpty || state.kind !== 'ready') return undefined;
    return isNarrow(query) ? vscode.l10n.t('Nobody matches.') : vscode.l10n.t('There are no contacts yet.');
  }

  private savedSearchItem(name: string): vscode.TreeItem {
    const item = new vscode.TreeItem(displayText(name, 'label'));
    item.id = `search ${name}`;
    const search = this.saved.of(this.session.account?.id).find((each) => each.name === name);
    const count = search && this.saved.count(this.session.account?.id, search);
    item.description = count === undefined ? '' : countText(count);
    item.iconPath = new vscode.ThemeIcon('search');
    item.tooltip = search && queryText(search.query);
    item.contextValue = 'savedSearch';
    item.command = {
      command: 'contactLookup.openSavedSearch' satisfies CommandId,
      title: '',
      arguments: [{ kind: 'savedSearch', savedSearch: name } satisfies ContactRow],
    };
    return item;
  }

  private loadMoreItem(): vscode.TreeItem {
    const item = new vscode.TreeItem(vscode.l10n.t('Load More…'));
    item.id = 'loadMore';
    const { contacts, count, query, lookedAt } = this.model;
    const locale = vscode.env.language;
    if (isFiltered(query) && count?.isExact !== true) {
      item.description = vscode.l10n.t('{0} looked at', lookedAt.toLocaleString(locale));
    } else if (count !== undefined) {
      item.description = vscode.l10n.t('{0} of {1}', contacts.length.toLocaleString(locale), countText(count));
    }
    item.iconPath = new vscode.ThemeIcon('fold-down');
    item.command = { command: 'contactLookup.loadMoreContacts' satisfies CommandId, title: '' };
    return item;
  }

  /** The saved searches' counts are as old as the list. */
  private async countSearches(): Promise<void> {
    const { service, account } = this.session;
    if (service !== undefined && account !== undefined) await this.saved.countAll(service, account.id);
  }

  /** Pictures come after the rows, all of a page in one go. */
  private async loadAvatars(): Promise<void> {
    const missing = this.listed.filter((contact) => !this.avatars.isSettled(contact));
    if (missing.length === 0) return;
    await Promise.all(missing.map((contact) => this.avatars.load(contact)));
    const changed = missing.filter((contact) => this.avatars.known(contact) !== undefined);
    const rows = changed.map((contact) => this.rows.get(contact.id)).filter((row) => row !== undefined);
    if (rows.length > 0) this.didChange.fire(rows);
  }
}

/** An account may have no name but its user's address. */
const accountText = (name: string): string => (name.includes('@') ? displayText : displayTerm)(name, 'description');

const countText = ({ matching, isExact }: ContactCount): string =>
  `${matching.toLocaleString(vscode.env.language)}${isExact ? '' : '+'}`;

function contactItem(contact: Contact, picture: string | undefined, isPinned: boolean): vscode.TreeItem {
  const label = displayText(contactName(contact), 'label');
  const item = new vscode.TreeItem(label);
  item.id = contact.id;
  // VS Code shows a row's buttons only to the pointer.
  const mark = isPinned ? [vscode.l10n.t('pinned')] : [];
  item.description = displayParts([...mark, ...contactSummary(contact)], ' · ', 'description');
  item.iconPath =
    picture === undefined ? new vscode.ThemeIcon(channelIcon(contact.channel_type)) : vscode.Uri.parse(picture);
  const can = [contact.email && 'email', contact.phone_number && 'phone'].filter(Boolean);
  item.contextValue = ['contact', ...(isPinned ? ['pinned'] : []), ...can].join('.');
  // The isolate characters that separate the parts on screen must not be read aloud.
  const spoken = item.description.replace(/[\u2068\u2069]/g, '');
  item.accessibilityInformation = { label: [label, spoken].filter(Boolean).join(', ') };
  item.command = {
    command: 'contactLookup.openContact' satisfies CommandId,
    title: '',
    arguments: [{ kind: 'contact', contactId: contact.id } satisfies ContactRow],
  };
  return item;
}
