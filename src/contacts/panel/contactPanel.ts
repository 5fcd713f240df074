import * as vscode from 'vscode';
import type { Log } from '../../platform/log.ts';
import { isCancelled } from '../../api/apiError.ts';
import type { Contact } from '../../api/decode/contact.ts';
import type { ContactFile } from '../../api/decode/history.ts';
import { LatestOnly } from '../../platform/cancellation.ts';
import { runCommand } from '../../platform/commands.ts';
import { displayText } from '../../platform/displayText.ts';
import { logText, reportError, sentenceFor } from '../../platform/errorReport.ts';
import {
  isFromPage,
  sectionNames,
  type FromPage,
  type SectionMessage,
  type SectionName,
  type ToPage,
} from '../../protocol/contactPage.ts';
import type { Session } from '../../session/session.ts';
import type { Avatars } from '../avatars.ts';
import type { ContactsModel } from '../contactsModel.ts';
import { contactName } from '../contactText.ts';
import { vCard } from '../vcard.ts';
import { ContactEditing } from './contactEditing.ts';
import { ContactHistory, type Loaded } from './contactHistory.ts';
import type { Drafts } from './drafts.ts';
import { pageHtml, pageRoot } from './pageHtml.ts';
import { activityView, commentView, contactView, conversationView, fileView, pageStrings } from './views.ts';

/** What every panel needs. */
export interface PanelServices {
  session: Session;
  model: ContactsModel;
  avatars: Avatars;
  drafts: Drafts;
  log: Log;
  extensionUri: vscode.Uri;
}

/** The panel of one contact: loads what its page shows, and does what the page asks for. */
export class ContactPanel implements vscode.Disposable {
  readonly contactId: string;
  private readonly panel: vscode.WebviewPanel;
  private readonly services: PanelServices;
  private readonly disposables: vscode.Disposable[] = [];
  private readonly controller = new AbortController();
  private readonly loads = new Map<SectionName | 'contact', LatestOnly>();
  private contact: Contact | undefined;
  private comments: Loaded<ReturnType<typeof commentView>> | undefined;
  private files: readonly ContactFile[] = [];
  private isReady = false;
  private readonly editing: ContactEditing;

  constructor(panel: vscode.WebviewPanel, contactId: string, known: Contact | undefined, services: PanelServices) {
    this.panel = panel;
    this.contactId = contactId;
    this.contact = known;
    this.services = services;
    const { model, session, extensionUri } = services;
    panel.webview.options = { enableScripts: true, localResourceRoots: [pageRoot(extensionUri)] };
    panel.iconPath = {
      light: vscode.Uri.joinPath(extensionUri, 'media', 'contact-light.svg'),
      dark: vscode.Uri.joinPath(extensionUri, 'media', 'contact-dark.svg'),
    };
    this.disposables.push(
      panel.webview.onDidReceiveMessage((message: unknown) => this.receive(message)),
      model.onDidChangeContact((contact) => {
        if (contact.id === contactId) this.show(contact);
      }),
      session.onDidChange(() => this.loadAll()),
    );
    this.editing = new ContactEditing(contactId, services, (message) => {
      this.post(message);
      this.showTitle();
    });
    panel.webview.html = pageHtml(panel.webview, extensionUri);
  }

  reveal(): void {
    this.panel.reveal();
  }

  dispose(): void {
    this.controller.abort();
    this.editing.dispose();
    for (const load of this.loads.values()) load.dispose();
    vscode.Disposable.from(...this.disposables, this.panel).dispose();
  }

  private receive(message: unknown): void {
    if (!isFromPage(message)) {
      this.services.log.warn('contact panel: a message of the page was refused');
      return;
    }
    this.act(message).catch((error: unknown) => {
      if (!isCancelled(error)) void reportError(error, this.services.log, () => this.receive(message));
    });
  }

  private async act(message: FromPage): Promise<void> {
    switch (message.type) {
      case 'ready':
        this.isReady = true;
        this.post({ type: 'strings', strings: pageStrings(), locale: vscode.env.language });
        if (this.contact !== undefined) this.show(this.contact);
        this.editing.show();
        this.loadAll();
        return;
      case 'retry':
        if (message.section === 'contact' || this.services.session.service === undefined) return this.retryAll();
        this.post({ type: 'section', name: message.section, section: { status: 'loading' } });
        return this.load(message.section);
      case 'loadMoreComments':
        return this.loadMoreComments();
      case 'copy':
        return vscode.env.clipboard.writeText(this.fieldValue(message.field));
      case 'openLink':
        return this.openLink(message.field);
      case 'edit':
        return this.contact && this.editing.edit(this.contact, message.field);
      case 'change':
        return this.editing.change(message.field, message.value);
      case 'save':
        return this.editing.save();
      case 'discard':
        return this.editing.discard();
      case 'resolve':
        return this.editing.resolve(message.choices);
      case 'undo':
        return this.editing.undo();
      case 'changeComment':
        return this.editing.changeComment(message.text);
      case 'addComment':
        if (await this.editing.addComment()) await this.loadComments();
        return;
      case 'deleteComment':
        return this.deleteComment(message.commentId);
      case 'copyAs':
        return this.copyAs(message.format);
      case 'openNeighbour':
        return this.openNeighbour(message.direction);
      case 'uploadAvatar':
        await runCommand('contactLookup.uploadAvatar', { contactId: this.contactId });
        return;
      case 'saveFile':
        return this.saveFile(message.fileId);
    }
  }

  private async retryAll(): Promise<void> {
    const { session } = this.services;
    if (session.state.kind === 'failed') await session.retry();
    else if (session.state.kind === 'expired') await runCommand('contactLookup.signIn');
    else this.loadAll();
  }

  private loadAll(): void {
    if (!this.isReady) return;
    // What the session before has under way is not to be shown as of this one.
    for (const load of this.loads.values()) load.dispose();
    const { state } = this.services.session;
    if (state.kind === 'signedOut') return this.notice(vscode.l10n.t('You are signed out.'), false);
    if (state.kind === 'expired') return this.notice(vscode.l10n.t('Your sign-in is no longer valid.'), true);
    if (state.kind === 'failed') return this.notice(sentenceFor(state.error), true);
    if (state.kind === 'starting') return;
    void this.loadContact();
    for (const name of sectionNames) void this.load(name);
  }

  private async loadContact(): Promise<void> {
    const { service } = this.services.session;
    const signal = this.nextLoad('contact');
    try {
      const contact = await service?.get(this.contactId, { signal });
      if (contact !== undefined) this.services.model.accept(contact);
    } catch (error) {
      if (isCancelled(error)) return;
      this.services.log.error(`contact panel: ${logText(error)}`);
      this.notice(sentenceFor(error), true);
    }
  }

  private load(name: SectionName): Promise<void> {
    switch (name) {
      case 'conversations':
        return this.loadSection(name, async (history, signal) =>
          mapped(await history.conversations(signal), conversationView),
        );
      case 'comments':
        return this.loadComments();
      case 'files':
        return this.loadSection(name, async (history, signal) => {
          const loaded = await history.files(signal);
          this.files = loaded.items;
          return mapped(loaded, fileView);
        });
      case 'activities':
        return this.loadSection(name, async (history, signal) =>
          mapped(await history.activities(signal), activityView),
        );
    }
  }

  private loadComments(): Promise<void> {
    return this.loadSection('comments', async (history, signal) => {
      this.comments = mapped(await history.comments(0, signal), commentView);
      return this.comments;
    });
  }

  /** Adds the comments that follow those shown, which stay where that fails. */
  private async loadMoreComments(): Promise<void> {
    const { service } = this.services.session;
    if (service === undefined || this.comments === undefined) return;
    const shown = this.comments.items;
    const history = new ContactHistory(service, this.contactId);
    const next = mapped(await history.comments(shown.length, this.nextLoad('comments')), commentView);
    const known = new Set(shown.map((comment) => comment.id));
    const items = [...shown, ...next.items.filter((comment) => !known.has(comment.id))];
    this.comments = { ...next, items };
    this.post({ type: 'section', name: 'comments', section: { status: 'ready', ...next, items } });
  }

  private async loadSection(
    name: SectionName,
    load: (history: ContactHistory, signal: AbortSignal) => Promise<Loaded<unknown>>,
  ): Promise<void> {
    const { service } = this.services.session;
    if (service === undefined) return;
    const signal = this.nextLoad(name);
    try {
      const loaded = await load(new ContactHistory(service, this.contactId), signal);
      // `load` was chosen by `name`, so its items are of that section.
      this.post({ type: 'section', name, section: { status: 'ready', ...loaded } } as SectionMessage);
    } catch (error) {
      if (isCancelled(error)) return;
      this.services.log.error(`contact panel: ${logText(error)}`);
      this.post({ type: 'section', name, section: { status: 'failed', message: sentenceFor(error) } });
    }
  }

  private async deleteComment(commentId: string): Promise<void> {
    const { service } = this.services.session;
    if (service === undefined) return;
    const remove = vscode.l10n.t('Delete');
    const picked = await vscode.window.showWarningMessage(
      vscode.l10n.t('Delete this comment?'),
      { modal: true, detail: vscode.l10n.t('It is removed from the server for everybody.') },
      remove,
    );
    if (picked !== remove) return;
    await service.deleteComment(this.contactId, commentId, { signal: this.controller.signal });
    await this.loadComments();
  }

  private async copyAs(format: 'vCard' | 'json'): Promise<void> {
    if (this.contact === undefined) return;
    const { other, ...known } = this.contact;
    const text = format === 'vCard' ? vCard(this.contact) : JSON.stringify({ ...known, ...other }, null, 2);
    await vscode.env.clipboard.writeText(text);
    this.post({ type: 'done', text: vscode.l10n.t('Copied.'), canUndo: false });
  }

  /** The next contact of the list, in place of this panel's tab beside it. */
  private async openNeighbour(direction: 'next' | 'previous'): Promise<void> {
    const neighbour = this.services.model.neighbour(this.contactId, direction);
    if (neighbour !== undefined) await runCommand('contactLookup.openContact', { contactId: neighbour.id });
  }

  /** With the mark that VS Code gives to what is not saved. */
  private showTitle(): void {
    if (this.contact === undefined) return;
    const name = displayText(contactName(this.contact), 'label');
    this.panel.title = this.editing.isDirty ? `● ${name}` : name;
  }

  private nextLoad(name: SectionName | 'contact'): AbortSignal {
    const load = this.loads.get(name) ?? new LatestOnly();
    this.loads.set(name, load);
    return load.next();
  }

  private show(contact: Contact): void {
    this.contact = contact;
    this.editing.restoreDraft(contact);
    this.showTitle();
    this.post({ type: 'contact', contact: contactView(contact) });
    void this.showPicture(contact);
  }

  private async showPicture(contact: Contact): Promise<void> {
    const picture = await this.services.avatars.loadLarge(contact);
    if (this.contact === contact) this.post({ type: 'avatar', picture: picture ?? '' });
  }

  private fieldValue(field: string): string {
    if (this.contact === undefined) return '';
    if (field === 'id') return this.contact.id;
    const value = Object.hasOwn(this.contact, field) ? this.contact[field as 'email'] : undefined;
    return typeof value === 'string' ? value : '';
  }

  /** Only mail and phone addresses, made here of the contact's own values. */
  private async openLink(field: string): Promise<void> {
    if (field !== 'email' && field !== 'phone_number') return;
    const value = this.contact?.[field];
    if (value === undefined) return;
    const uri =
      field === 'email'
        ? vscode.Uri.from({ scheme: 'mailto', path: value })
        : vscode.Uri.from({ scheme: 'tel', path: value.replace(/[^\d+]/g, '') });
    await vscode.env.openExternal(uri);
  }

  private async saveFile(fileId: string): Promise<void> {
    const { service } = this.services.session;
    const file = this.files.find((candidate) => candidate.id === fileId);
    if (service === undefined || file === undefined) return;
    const { saveFile } = await import('../saveFile.ts');
    await saveFile(service, file);
  }

  private notice(text: string, canRetry: boolean): void {
    this.post({ type: 'notice', text, canRetry });
  }

  private post(message: ToPage): void {
    // A page that is gone takes no more messages; there is nothing to do about it.
    if (this.isReady && !this.controller.signal.aborted) void this.panel.webview.postMessage(message);
  }
}

const mapped = <T, U>(loaded: Loaded<T>, toView: (item: T) => U): Loaded<U> => ({
  items: loaded.items.map(toView),
  total: loaded.total,
  hasMore: loaded.hasMore,
});
