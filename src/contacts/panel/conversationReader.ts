import * as vscode from 'vscode';
import { isApiError, isCancelled, isUnreachable } from '../../api/apiError.ts';
import type { ConversationIds } from '../../api/conversationCalls.ts';
import type { ContactService } from '../../api/contactService.ts';
import type { Activity, ContactFile, Conversation, ConversationMessage } from '../../api/decode/history.ts';
import { LatestOnly } from '../../platform/cancellation.ts';
import { logText, sentenceFor } from '../../platform/errorReport.ts';
import type { Log } from '../../platform/log.ts';
import type { ContactPage } from '../../protocol/contactPage.ts';
import type { MessagesView, MessageView } from '../../protocol/contactViews.ts';
import type { Session } from '../../session/session.ts';
import { keptPart } from '../contactHistory.ts';
import { messageView } from './messageView.ts';
import { activityView, conversationView } from './views.ts';

const pageSize = 50;

interface ReaderServices {
  session: Session;
  log: Log;
}

/** The conversation that a contact's page shows as its messages: the newest first of all, older ones on demand. */
export class ConversationReader implements vscode.Disposable {
  private readonly contactId: string;
  private readonly services: ReaderServices;
  private readonly page: ContactPage;
  private readonly loads = new LatestOnly();
  private readonly olderLoads = new LatestOnly();
  /** Whether the newest messages are shown, before which there may be others. */
  private isShown = false;
  /** What the user has opened, by either of its ids. */
  private openedId: string | undefined;
  private conversation: Conversation | undefined;
  /** All of the contact's, as they were last. */
  private known: readonly Conversation[] = [];
  private loaded: readonly ConversationMessage[] = [];
  private received = 0;

  constructor(contactId: string, services: ReaderServices, page: ContactPage) {
    this.contactId = contactId;
    this.services = services;
    this.page = page;
  }

  /** What was sent in the messages that are loaded. */
  get files(): readonly ContactFile[] {
    return this.loaded.flatMap(({ file }) => file ?? []);
  }

  /** The conversation that is open, by its own id where that is known. */
  get id(): string | undefined {
    return this.conversation?.id ?? this.openedId;
  }

  async open(id: string): Promise<void> {
    this.openedId = id;
    this.conversation = this.named(id);
    await this.reload();
  }

  /** Loads what is open anew. */
  async reload(): Promise<void> {
    const { session } = this.services;
    const id = this.openedId;
    if (id === undefined) return;
    this.loaded = [];
    this.received = 0;
    this.isShown = false;
    this.olderLoads.dispose();
    this.showMessages(id, { status: 'loading' });
    if (session.service === undefined) return;
    await this.show(session.service, id, this.loads.next());
  }

  /** Shows the messages before those that are shown, which stay where that fails. */
  async loadOlder(): Promise<void> {
    const { service } = this.services.session;
    if (service === undefined || this.openedId === undefined || !this.isShown) return;
    const id = this.openedId;
    try {
      this.page.addOlderMessages(id, await this.nextPage(service, this.olderLoads.next()));
    } catch (error) {
      this.fail(error, (message) => this.page.addOlderMessages(id, { status: 'failed', message }));
    }
  }

  close(): void {
    this.openedId = undefined;
    this.conversation = undefined;
    this.loaded = [];
    this.stop();
  }

  /** Stops what is under way: it is not to be shown as of another session. */
  stop(): void {
    this.loads.dispose();
    this.olderLoads.dispose();
  }

  dispose(): void {
    this.close();
  }

  private async show(service: ContactService, id: string, signal: AbortSignal): Promise<void> {
    try {
      this.known = (await service.getConversations(this.contactId, { signal })).items;
      this.conversation = this.named(id);
      // What became of it is beside the messages, and does not keep them away.
      const activities = service.getActivities(this.id ?? id, { signal }).catch((error: unknown) => {
        if (!isCancelled(error)) this.services.log.warn(`conversation: ${logText(error)}`);
        return [];
      });
      const messages = await this.nextPage(service, signal);
      this.showMessages(id, messages);
      this.isShown = true;
      const known = { messages: this.loaded, hasMore: messages.hasMore, activities: await activities };
      if (signal.aborted) return;
      this.showActivities(id, known.activities);
      void service.mirror?.keep(this.contactId, nameOf(this.id ?? id), known);
    } catch (error) {
      const isShown = isUnreachable(error) && (await this.showKept(service, id, sentenceFor(error), signal));
      if (!isShown && !signal.aborted)
        this.fail(error, (message) => this.showMessages(id, { status: 'failed', message }));
    }
  }

  /** Shows the conversation as it is kept on this machine. @returns whether it is. */
  private async showKept(service: ContactService, id: string, message: string, signal: AbortSignal): Promise<boolean> {
    const conversations = await keptPart(service, this.contactId, 'conversations');
    if (signal.aborted) return false;
    this.known = conversations?.loaded.items ?? this.known;
    this.conversation = this.named(id);
    const kept = await service.mirror?.kept(this.contactId, nameOf(this.id ?? id));
    if (kept === undefined || signal.aborted) return false;
    // It was put there by `show`.
    const { messages, hasMore, activities } = kept.value as KeptConversation;
    this.loaded = messages;
    this.received = messages.length;
    this.isShown = true;
    const stale = { asOf: kept.keptAt, message };
    this.showMessages(id, { status: 'ready', items: this.viewsOf(messages), hasMore, stale });
    this.showActivities(id, activities);
    return true;
  }

  private showActivities(id: string, activities: readonly Activity[]): void {
    const views = activities.map((activity) => activityView(activity));
    if (views.length > 0) this.page.showConversationActivities(id, views);
  }

  private named(id: string): Conversation | undefined {
    return this.known.find((each) => each.id === id || each.public_id === id);
  }

  private showMessages(id: string, messages: MessagesView): void {
    const head = this.conversation && conversationView(this.conversation);
    this.page.showConversation({ id, ...(head === undefined ? {} : { head }), messages, activities: [] });
  }

  private async nextPage(
    service: ContactService,
    signal: AbortSignal,
  ): Promise<Extract<MessagesView, { status: 'ready' }>> {
    const ids: ConversationIds = { id: this.id ?? '', viewId: this.conversation?.public_id };
    const { items, received, hasMore } = await service.getMessages(ids, {
      limit: pageSize,
      skip: this.received,
      signal,
    });
    this.received += received;
    const known = new Set(this.loaded.map(({ id }) => id));
    // New ones push the others down a page, and come again then.
    const added = items
      .filter(({ id }) => !known.has(id))
      .toReversed()
      .toSorted(byTime);
    this.loaded = [...added, ...this.loaded];
    return { status: 'ready', items: this.viewsOf(added), hasMore: hasMore && received > 0 };
  }

  private viewsOf(messages: readonly ConversationMessage[]): MessageView[] {
    const people = { contactId: this.contactId, users: this.conversation?.users ?? [] };
    return messages.map((message) => messageView(message, people));
  }

  private fail(error: unknown, show: (message: string) => void): void {
    if (isCancelled(error)) return;
    this.services.log.error(`conversation: ${logText(error)}`);
    const isUnknown = isApiError(error) && (error.kind === 'notFound' || error.kind === 'invalid');
    show(
      isUnknown
        ? vscode.l10n.t('This server does not give out the messages of this conversation.')
        : sentenceFor(error),
    );
  }
}

/** A conversation as it is kept on this machine, with its newest messages. */
interface KeptConversation {
  messages: readonly ConversationMessage[];
  hasMore: boolean;
  activities: readonly Activity[];
}

/** With the number of its form. */
const nameOf = (conversationId: string): string => `conversation ${conversationId} 1`;

/** Oldest first, as one reads; of one moment, as the server has them, the newest of which are first. */
const byTime = (one: ConversationMessage, other: ConversationMessage): number =>
  (one.created_at ?? '').localeCompare(other.created_at ?? '');
