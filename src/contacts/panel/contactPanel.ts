import * as vscode from 'vscode';
import { isCancelled, isUnreachable } from '../../api/apiError.ts';
import type { ContactService } from '../../api/contactService.ts';
import type { Contact } from '../../api/decode/contact.ts';
import type { ContactFile } from '../../api/decode/history.ts';
import { LatestOnly } from '../../platform/cancellation.ts';
import { runCommand } from '../../platform/commands.ts';
import { displayText, isPersonalDataHidden, onDidHidePersonalData } from '../../platform/displayText.ts';
import { isPersonalDataShown } from '../../platform/hiddenPersonalData.ts';
import { logText, reportError, sentenceFor } from '../../platform/errorReport.ts';
import type { Log } from '../../platform/log.ts';
import { openOtherOriginsSetting } from '../../platform/otherOrigins.ts';
import { caller, receive, refused, type Handlers } from '../../protocol/calls.ts';
import {
  contactHostChecks,
  contactPageChecks,
  type ContactHost,
  type ContactPage,
} from '../../protocol/contactPage.ts';
import { sectionNames, tabNames } from '../../protocol/contactViews.ts';
import type { Session } from '../../session/session.ts';
import type { Avatars } from '../avatars.ts';
import type { ContactsModel } from '../contactsModel.ts';
import { contactName } from '../contactName.ts';
import type { ContactFileSystem } from '../files/contactFileSystem.ts';
import type { Picture } from '../pictureStore.ts';
import { vCard } from '../vcard.ts';
import { webAddress, webAddressOf, type WebAddressOf } from '../webAddress.ts';
import { ContactComments } from './contactComments.ts';
import { ContactEditing } from './contactEditing.ts';
import { ContactFiles } from './contactFiles.ts';
import { ContactPicture } from './contactPicture.ts';
import { ContactSections } from './contactSections.ts';
import { ConversationReader } from './conversationReader.ts';
import type { Drafts } from './drafts.ts';
import { fieldText, openFieldLink } from './fieldText.ts';
import { pageHtml, type PageParts } from './pageHtml.ts';
import type { SeenContacts } from './seenContacts.ts';
import { pageStrings } from './pageStrings.ts';

/** What every panel needs. */
export interface PanelServices {
  session: Session;
  model: ContactsModel;
  avatars: Avatars;
  drafts: Drafts;
  seen: SeenContacts;
  fileSystem: ContactFileSystem;
  log: Log;
  extensionUri: vscode.Uri;
  globalState: vscode.Memento;
}

/** Where the tab is kept that was looked at last, of whichever contact. */
const lastTabKey = 'contactLookup.lastTab';

/** Who looks at another editor for a moment comes back to what was there. */
const justNowMs = 30_000;

/** The panel of one contact: loads what its page shows, and does what the page asks for. */
export class ContactPanel implements vscode.Disposable {
  readonly contactId: string;
  private readonly panel: vscode.WebviewPanel;
  private readonly services: PanelServices;
  private readonly page: ContactPage;
  private readonly editing: ContactEditing;
  private readonly sections: ContactSections;
  private readonly comments: ContactComments;
  private readonly conversation: ConversationReader;
  private readonly picture: ContactPicture;
  private readonly files: ContactFiles;
  private readonly contactLoad = new LatestOnly();
  private readonly disposables: vscode.Disposable[] = [];
  private readonly controller = new AbortController();
  private readonly ready = Promise.withResolvers<void>();
  private contact: Contact | undefined;
  /** The server could not be asked for the contact. */
  private isUnreached = false;
  private isReady = false;
  /** When all of it was last asked for. */
  private loadedAt = 0;

  constructor(
    panel: vscode.WebviewPanel,
    contactId: string,
    known: Contact | undefined,
    parts: PageParts,
    services: PanelServices,
  ) {
    this.panel = panel;
    this.contactId = contactId;
    this.contact = known ?? services.seen.contact(contactId)?.contact;
    this.services = services;
    const { model, session, extensionUri } = services;
    panel.webview.options = { enableScripts: true, localResourceRoots: [] };
    panel.iconPath = {
      light: vscode.Uri.joinPath(extensionUri, 'media', 'contact-light.svg'),
      dark: vscode.Uri.joinPath(extensionUri, 'media', 'contact-dark.svg'),
    };
    this.page = caller<ContactPage>(contactPageChecks, (call) => {
      // A page that is gone takes no more messages; there is nothing to do about it.
      if (!this.controller.signal.aborted) void panel.webview.postMessage(call);
    });
    this.editing = new ContactEditing(contactId, services, this.page, (isDirty) => this.showTitle(isDirty));
    this.sections = new ContactSections(contactId, services, this.page);
    const commentParts = { session, box: this.editing.comment, sections: this.sections, page: this.page };
    this.comments = new ContactComments(contactId, commentParts, this.controller.signal);
    this.picture = new ContactPicture(contactId, services, this.page);
    this.conversation = new ConversationReader(contactId, services, this.page);
    this.files = new ContactFiles(contactId, services, this.page, () => this.filesToOpen);
    this.disposables.push(
      panel,
      this.editing,
      this.sections,
      this.conversation,
      this.picture,
      this.contactLoad,
      panel.webview.onDidReceiveMessage((message: unknown) => this.receive(message)),
      model.onDidChangeContact((contact) => {
        if (contact.id !== contactId) return;
        // What the server was asked before this is older.
        this.contactLoad.dispose();
        void this.show(contact);
      }),
      session.onDidChange(() => this.loadAll()),
      // Who could not be asked for may be kept on this machine, from now on.
      session.onDidChangeContacts(() => {
        if (this.isUnreached && this.contact === undefined) this.loadAll();
      }),
      onDidHidePersonalData(() => this.showAgain()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('contactLookup.browser')) this.offerBrowser();
      }),
    );
    const lastTab = services.globalState.get(lastTabKey);
    panel.webview.html = pageHtml(parts, tabNames.find((name) => name === lastTab) ?? 'details');
    // VS Code keeps this until the page has loaded, which spares it a way there and back.
    void this.showKnown();
  }

  reveal(preserveFocus: boolean): void {
    this.panel.reveal(undefined, preserveFocus);
  }

  /** Goes to a tab of the page, once that is there. @param tab the name of a section; another is ignored. */
  async showTab(tab: string): Promise<void> {
    const section = sectionNames.find((name) => name === tab);
    if (section === undefined) return;
    await this.ready.promise;
    if (!this.controller.signal.aborted) this.page.showTab(section);
  }

  /** Shows a conversation as its messages, once the page is there. @param id either of its own. */
  async openConversation(id: string): Promise<void> {
    await this.ready.promise;
    if (this.controller.signal.aborted) return;
    this.page.showTab('conversations');
    await this.conversation.open(id);
  }

  /** Opens the form at a field, once the page is there. */
  async edit(field: string): Promise<void> {
    await this.ready.promise;
    if (!this.controller.signal.aborted && this.contact !== undefined) await this.editing.edit(this.contact, field);
  }

  /** Loads all that it shows anew; what is typed stays. */
  reload(): void {
    this.loadAll();
  }

  /** Keeps what is typed now, without waiting for a pause in it. */
  storeDraft(): Promise<void> {
    return this.editing.storeDraft();
  }

  /** Saves what was typed, as the button does. */
  async save(): Promise<void> {
    await this.ready.promise;
    // What was typed is there once the contact is.
    if (this.contact === undefined && !this.controller.signal.aborted) await this.loadContact();
    if (!this.controller.signal.aborted) await this.editing.save();
  }

  /** Asks for a picture, which is then cut in the page. @throws ApiError for a file that cannot be taken. */
  async choosePicture(): Promise<void> {
    await this.ready.promise;
    if (!this.controller.signal.aborted) await this.picture.choose();
  }

  dispose(): void {
    this.controller.abort();
    // Who waits for the page waits no longer.
    this.ready.resolve();
    vscode.Disposable.from(...this.disposables).dispose();
  }

  /** What the page may ask for. */
  private readonly actions: Handlers<ContactHost> = {
    ready: () => this.start(),
    keepTab: async (tab) => this.services.globalState.update(lastTabKey, tab),
    retry: (section) => (section === 'contact' ? this.retryAll() : this.retrySection(section)),
    loadMoreComments: () => this.sections.loadMoreComments(),
    openConversation: (id) => this.conversation.open(id),
    restoreConversation: async (id) => {
      if (this.conversation.id === undefined) await this.conversation.open(id);
    },
    closeConversation: () => this.conversation.close(),
    loadOlderMessages: () => this.conversation.loadOlder(),
    copy: async (field) => vscode.env.clipboard.writeText(fieldText(this.contact, field)),
    openLink: (field) => openFieldLink(this.contact, field),
    openInBrowser: (what) => this.openInBrowser(what),
    edit: (field) => this.contact && this.editing.edit(this.contact, field),
    change: (field, value) => this.editing.change(field, value),
    save: () => this.editing.save(),
    discard: () => this.editing.discard(),
    resolve: (choices) => this.editing.resolve(choices),
    undo: () => this.editing.undo(),
    changeComment: (text) => this.editing.comment.set(text),
    addComment: () => this.comments.send(),
    deleteComment: (commentId) => this.comments.delete(commentId),
    editComment: async (commentId) => {
      if (await isPersonalDataShown()) this.comments.edit(commentId);
    },
    stopEditingComment: () => this.editing.comment.stopEditing(),
    findColleagues: (typed) => this.comments.findColleagues(typed),
    copyAs: (format) => this.copyAs(format),
    openNeighbor: (direction) => this.openNeighbor(direction),
    choosePicture: () => this.picture.choose(),
    offerPicture: (content) => this.picture.offer(Buffer.from(content, 'base64')),
    uploadPicture: (content) => this.picture.send(content),
    cancelUpload: () => this.picture.cancel(),
    loadThumbnail: (fileId) => this.files.loadThumbnail(fileId),
    openFile: (fileId) => this.files.open(fileId),
    saveFiles: (fileIds) => this.files.save(fileIds),
    openPictureSetting: async () => {
      await openOtherOriginsSetting();
    },
  };

  private receive(message: unknown, isAfterCountdown = false): void {
    const { log } = this.services;
    const act = async (): Promise<void> => {
      const outcome = await receive(contactHostChecks, this.actions, message);
      if (outcome === refused) log.warn('contact panel: a message of the page was refused');
    };
    act().catch((error: unknown) => {
      const again = (isCountedDown: boolean): void => this.receive(message, isCountedDown);
      if (!isCancelled(error)) void reportError(error, log, again, isAfterCountdown);
    });
  }

  /** A page that comes back, with its tab, shows at once what is here; it is asked for anew where it is not of just now. */
  private async start(): Promise<void> {
    const isAgain = this.isReady;
    this.isReady = true;
    await this.showKnown();
    if (isAgain) {
      this.sections.showAgain();
      this.editing.showSavedAgain();
    }
    if (isAgain && this.isOfJustNow) void this.conversation.reload();
    else this.loadAll();
    this.ready.resolve();
  }

  private get isOfJustNow(): boolean {
    const isLoaded = this.contact !== undefined && !this.isUnreached && this.sections.isLoaded;
    return isLoaded && this.services.session.service !== undefined && Date.now() - this.loadedAt < justNowMs;
  }

  private async showKnown(): Promise<void> {
    this.page.useStrings(pageStrings(), vscode.env.language);
    this.offerBrowser();
    if (this.contact !== undefined) await this.show(this.contact);
  }

  private async retrySection(name: Parameters<ContactSections['reload']>[0]): Promise<void> {
    if (this.services.session.service === undefined) await this.retryAll();
    else await this.sections.reload(name);
  }

  private async retryAll(): Promise<void> {
    const { session } = this.services;
    if (session.state.kind === 'failed') await session.retry();
    else if (session.state.kind === 'expired') await runCommand('contactLookup.signIn');
    else this.loadAll();
  }

  private loadAll(): void {
    if (!this.isReady) return;
    this.contactLoad.dispose();
    this.sections.stop();
    this.conversation.stop();
    const { state } = this.services.session;
    if (state.kind === 'signedOut') return this.notice(vscode.l10n.t('You are signed out.'), false);
    if (state.kind === 'expired') return this.notice(vscode.l10n.t('Your sign-in is no longer valid.'), true);
    if (state.kind === 'failed') return this.notice(sentenceFor(state.error), true);
    if (state.kind === 'starting') return;
    this.loadedAt = Date.now();
    void this.loadContact();
    void this.sections.loadAll();
    void this.conversation.reload();
  }

  /** As it is to be seen now: nothing of what was shown stays. */
  private showAgain(): void {
    if (this.contact !== undefined) void this.show(this.contact);
    this.sections.showAgain();
    if (this.services.session.service === undefined) void this.conversation.reload();
    this.loadAll();
  }

  private async loadContact(): Promise<void> {
    const { session, seen, model, log } = this.services;
    const signal = this.contactLoad.next();
    const { service } = session;
    if (service === undefined) return;
    this.isUnreached = false;
    try {
      if (this.contact === undefined) await this.showKept(service, signal);
      const contact = await service.get(this.contactId, { signal });
      seen.keepContact(contact);
      model.accept(contact);
    } catch (error) {
      if (isCancelled(error)) return;
      log.error(`contact panel: ${logText(error)}`);
      this.isUnreached = isUnreachable(error);
      this.notice(sentenceFor(error), true, this.isUnreached);
    }
  }

  /** As it is kept on this machine, until the server has answered. */
  private async showKept({ mirror }: ContactService, signal: AbortSignal): Promise<void> {
    const kept = await mirror?.get(this.contactId, { signal }).catch(() => undefined);
    if (kept !== undefined && !signal.aborted) await this.show(kept);
  }

  private async copyAs(format: 'vCard' | 'json'): Promise<void> {
    if (this.contact === undefined) return;
    const { other, ...known } = this.contact;
    const text = format === 'vCard' ? vCard(this.contact) : JSON.stringify({ ...known, ...other }, null, 2);
    await vscode.env.clipboard.writeText(text);
    this.page.showDone(vscode.l10n.t('Copied.'), false);
  }

  /** Opens the next or previous contact of the list. */
  private async openNeighbor(direction: 'next' | 'previous'): Promise<void> {
    const neighbor = this.services.model.neighbor(this.contactId, direction);
    if (neighbor !== undefined) await runCommand('contactLookup.openContact', { contactId: neighbor.id });
  }

  /** With the mark that VS Code gives to what is not saved. */
  private showTitle(isDirty: boolean): void {
    if (this.contact === undefined) return;
    const name = displayText(contactName(this.contact), 'label');
    this.panel.title = isDirty ? `● ${name}` : name;
  }

  private async show(contact: Contact): Promise<void> {
    this.contact = contact;
    this.editing.show(contact);
    const url = contact.avatar_url;
    const picture: Picture = url === undefined ? {} : await this.services.avatars.loadLarge(url);
    const isSeen = this.contact === contact && (picture.data === undefined || !isPersonalDataHidden());
    if (isSeen) this.page.showAvatar(picture.data ?? '', pictureNote(picture));
  }

  /** What can be opened and saved, with where it was sent. */
  private get filesToOpen(): readonly ContactFile[] {
    const all = [...this.conversation.files, ...this.sections.files];
    // On the gateway a file is a message, and comes both ways.
    return [...new Map(all.map((file) => [file.id, file])).values()];
  }

  private offerBrowser(): void {
    this.page.offerBrowser(webAddressOf('contact') !== undefined, webAddressOf('conversation') !== undefined);
  }

  private async openInBrowser(what: WebAddressOf): Promise<void> {
    const { contactId, conversation } = this;
    const uri = webAddress(what, { contactId, conversationId: conversation.id ?? '' });
    if (uri !== undefined) await vscode.env.openExternal(uri);
  }

  /** @param showsAge whether to say since when the contact is as it is shown. */
  private notice(text: string, canRetry: boolean, showsAge = true): void {
    const { seen, session } = this.services;
    const asOf = seen.contact(this.contactId)?.at ?? session.kept?.asOf?.toISOString() ?? '';
    this.page.showNotice(text, canRetry, showsAge && this.contact !== undefined ? asOf : '');
  }
}

/** Why there is no picture though the contact has one, where the user can do something about it. */
const pictureNote = ({ reason }: Picture): string =>
  reason === 'mediaOff' ? vscode.l10n.t('Pictures of other servers are switched off.') : '';
