import type { ExportColumn } from '../contract/exportColumns.ts';
import { apiPrefix } from '../contract/vocabulary.ts';
import { decodeContact, type Contact } from './decode/contact.ts';
import {
  decodeActivity,
  decodeComment,
  decodeConversation,
  decodeFile,
  type Activity,
  type Author,
  type Comment,
  type ContactFile,
  type Conversation,
  type ConversationMessage,
  type ConversationOwner,
} from './decode/history.ts';
import type { NotificationPage } from './decode/notification.ts';
import { unwrapped, type Page, type PageRequest } from './decode/page.ts';
import type { OnDropped } from './decode/primitives.ts';
import { ignoredFields, updateBody, type ContactChanges } from './contactChanges.ts';
import { ServiceMedia, type Picture, type ServiceMediaOptions, type UploadOptions } from './media/serviceMedia.ts';
import { CommentCalls } from './commentCalls.ts';
import { ConversationCalls, type ConversationIds } from './conversationCalls.ts';
import type { Mirror } from './mirror/mirror.ts';
import { MergeCalls, type MergedContact } from './mergeCalls.ts';
import { NotificationCalls, type NotificationListing } from './notificationCalls.ts';
import { pagesOf } from './pages.ts';
import { queryOf, segment } from './paths.ts';
import { ServerQuirks } from './serverQuirks.ts';
import { ignoreBody, ignoreNotFound, isGone, noResult } from './writes.ts';
import { JsonCalls, type CallOptions } from './jsonCalls.ts';
import { Transport } from './transport.ts';

const defaultListingPageSize = 100;

export type { CallOptions };

/** For a listing that is read page by page. */
export interface ListingOptions extends CallOptions {
  /** Items asked for at a time. */
  pageSize?: number | undefined;
}

export interface SortOptions {
  /** A column's name; a minus before it is descending: `-created_at`. */
  sort?: string | undefined;
}

/** Our own server lists only these where it was given any (`Page.isFiltered`); others list all the same. */
export interface FilterOptions {
  /** Any of these channels. */
  channels?: readonly string[] | undefined;
  /** Any of these labels. */
  labels?: readonly string[] | undefined;
}

export interface ListOptions extends PageRequest, SortOptions, FilterOptions, CallOptions {
  /** Has the labels that any contact has told as well, by servers that know of it (`Page.labelsInUse`). */
  withLabels?: boolean;
}

export interface SearchOptions extends PageRequest, SortOptions, CallOptions {
  q: string;
  /** False where nobody asks how many match, which our own server then does not count. */
  isCounted?: boolean;
  /** Where nobody matches, those who come nearest, on servers that know them (`Page.isNear`). */
  near?: boolean;
}

export interface GetOptions extends CallOptions {
  isFresh?: boolean;
  /** What is kept of the contact on this machine, if anything is, will do. */
  mayBeKept?: boolean;
}

export interface ContactServiceOptions extends ServiceMediaOptions {
  /** Shared by services that talk to the same server one after the other. */
  quirks?: ServerQuirks;
}

/** A CSV export: its text as it comes, whole only when the iteration ends without an error. */
export type CsvStream = AsyncIterable<Uint8Array>;
export interface ExportOptions {
  isExact?: boolean;
  columns?: readonly ExportColumn[];
}

/**
 * The contact platform's HTTP contract, as methods. Every method throws `ApiError` and nothing else, and takes an
 * `AbortSignal`, on which it throws the kind `cancelled`.
 */
export class ContactService {
  private readonly transport: Transport;
  private readonly calls: JsonCalls;
  private readonly onDropped: OnDropped;
  private readonly serviceMedia: ServiceMedia;
  private readonly notificationCalls: NotificationCalls;
  private readonly commentCalls: CommentCalls;
  private readonly conversationCalls: ConversationCalls;
  private readonly mergeCalls: MergeCalls;

  constructor(options: ContactServiceOptions) {
    this.transport = new Transport(options);
    this.onDropped = options.onDropped ?? (() => undefined);
    this.calls = new JsonCalls(this.transport, this.onDropped);
    const quirks = options.quirks ?? new ServerQuirks();
    this.mergeCalls = new MergeCalls(this.calls, this.onDropped);
    this.commentCalls = new CommentCalls(this.calls, this.onDropped);
    this.notificationCalls = new NotificationCalls(this.calls, quirks, this.origin, this.onDropped);
    this.conversationCalls = new ConversationCalls(this.calls, quirks, this.origin, this.onDropped);
    this.serviceMedia = new ServiceMedia(this.transport, options);
  }

  /** Where the server is: scheme, host and port. */
  get origin(): string {
    return this.transport.origin;
  }

  /** What is kept of its contacts on this machine; of most servers, nothing is. */
  get mirror(): Mirror | undefined {
    return undefined;
  }

  dispose(): void {
    this.transport.dispose();
    this.serviceMedia.dispose();
    this.calls.dispose();
  }

  /** A page of all contacts; newest first where `sort` is not given. */
  list(options: ListOptions = {}): Promise<Page<Contact>> {
    const { signal, isBackground, sort = '-created_at', limit, skip, channels, labels, withLabels } = options;
    const inUse = withLabels === true ? 'labels' : undefined;
    const query = { sort, limit, skip, channel_types: channels?.join(','), label: labels, in_use: inUse };
    return this.calls.page('/contacts', '/contacts', query, { signal, isBackground }, decodeContact);
  }

  /** All contacts, page by page; it ends even where the server would not. */
  listPages(options: ListingOptions & SortOptions = {}): AsyncIterable<Page<Contact>> {
    const { pageSize = defaultListingPageSize, ...rest } = options;
    return pagesOf((request) => this.list({ ...rest, ...request }), pageSize);
  }

  /** @param options with `isFresh`, sends a new request rather than joining one that is already in flight. */
  get(contactId: string, { isFresh = false, ...call }: GetOptions = {}): Promise<Contact> {
    if (isFresh) this.calls.separate();
    return this.calls.read('/contacts/{id}', `/contacts/${segment(contactId)}`, {}, call, (body) =>
      decodeContact(unwrapped(body), 'contact', this.onDropped),
    );
  }

  /**
   * Changes the given fields and no other. `ignored` names the fields that the server's answer does not show
   * changed. An empty text unsets a field.
   */
  async update(
    contactId: string,
    changes: ContactChanges,
    { signal }: CallOptions = {},
  ): Promise<{ contact: Contact; ignored: (keyof ContactChanges)[] }> {
    const path = `/contacts/${segment(contactId)}`;
    const answered = await this.calls.verifyIfUncertain(
      () =>
        this.calls.write({ method: 'PUT', pathTemplate: '/contacts/{id}', path, signal }, updateBody(changes), (body) =>
          decodeContact(unwrapped(body), 'contact', this.onDropped),
        ),
      async () => ignoredFields(changes, await this.get(contactId, { signal })).length === 0,
    );
    // Some answers say only that it went well.
    const contact = answered ?? (await this.get(contactId, { signal }));
    return { contact, ignored: ignoredFields(changes, contact) };
  }

  /** Contacts that match a text, best first. */
  search(options: SearchOptions): Promise<Page<Contact>> {
    const { signal, isBackground, near, isCounted, ...query } = options;
    const counted = isCounted === false ? 0 : undefined;
    const asked = { ...query, type: 'text', near: near === true ? 1 : undefined, counted };
    return this.calls.page('/contacts/_search', '/contacts/_search', asked, { signal, isBackground }, decodeContact);
  }

  searchPages(options: { q: string } & ListingOptions & SortOptions): AsyncIterable<Page<Contact>> {
    const { pageSize = defaultListingPageSize, ...rest } = options;
    return pagesOf((request) => this.search({ ...rest, ...request }), pageSize);
  }

  /**
   * All contacts as CSV (RFC 4180, UTF-8), passed through as it comes. With `isExact`, our own server writes texts as
   * they are, and with `columns` these fields; others do not know of it, and the header row tells.
   */
  exportCsv({ sort, isExact, columns, signal }: ExportOptions & SortOptions & CallOptions = {}): Promise<CsvStream> {
    return this.transport.send(
      {
        method: 'GET',
        pathTemplate: '/contacts/_export_csv',
        path: `${apiPrefix}/contacts/_export_csv${queryOf({ sort, exact: isExact === true ? 1 : undefined, columns: columns?.join(',') })}`,
        headers: { accept: 'text/csv' },
        signal,
        isStream: true,
      },
      async (answer) => {
        if (/\b(?:html|json)\b/i.test(answer.headers.get('content-type') ?? '')) {
          throw answer.failure('settled', 'badReply', { reason: 'shape' });
        }
        // Without a marked end a cut connection looks like a complete file.
        if (!answer.hasMarkedEnd) throw answer.failure('settled', 'badReply', { reason: 'incomplete' });
        return answer.stream();
      },
    );
  }

  getConversations(
    contactId: string,
    { channelTypes, ...call }: { channelTypes?: readonly string[] } & CallOptions = {},
  ): Promise<Page<Conversation>> {
    const path = `/contacts/${segment(contactId)}/conversations`;
    const query = { channel_types: channelTypes?.join(',') };
    return this.calls.page('/contacts/{id}/conversations', path, query, call, decodeConversation);
  }

  /** Newest first. */
  getComments(
    contactId: string,
    options: { channelTypes?: readonly string[] } & PageRequest & CallOptions = {},
  ): Promise<Page<Comment>> {
    const { channelTypes, signal, isBackground, ...query } = options;
    const path = `/contacts/${segment(contactId)}/comments`;
    const all = { ...query, channel_types: channelTypes?.join(',') };
    return this.calls.page('/contacts/{id}/comments', path, all, { signal, isBackground }, decodeComment);
  }

  getCommentsPages(
    contactId: string,
    options: { channelTypes?: readonly string[] } & ListingOptions = {},
  ): AsyncIterable<Page<Comment>> {
    const { pageSize = defaultListingPageSize, ...rest } = options;
    return pagesOf((request) => this.getComments(contactId, { ...rest, ...request }), pageSize);
  }

  async getFiles(contactId: string, call: CallOptions = {}): Promise<readonly ContactFile[]> {
    const path = `/contact/${segment(contactId)}/files`;
    return (await this.calls.page('/contact/{id}/files', path, {}, call, decodeFile)).items;
  }

  /** @param options days as `YYYY-MM-DD`, both included. */
  async getActivities(
    conversationId: string,
    { startDate, endDate, ...call }: { startDate?: string; endDate?: string } & CallOptions = {},
  ): Promise<readonly Activity[]> {
    const path = `/conversations_activities/${segment(conversationId)}`;
    const query = { start_date: startDate, end_date: endDate };
    return (await this.calls.page('/conversations_activities/{id}', path, query, call, decodeActivity)).items;
  }

  /**
   * Uploads a picture and returns its address. It belongs to no contact yet: `update` with `avatar_url` does that.
   * Throws `invalid` or `tooLarge` before anything is sent when the server would not take it.
   */
  uploadAvatar(picture: Picture, options: UploadOptions = {}): Promise<string> {
    return this.serviceMedia.upload(picture, options);
  }

  /** Newest first. */
  listNotifications(options: NotificationListing = {}): Promise<NotificationPage> {
    return this.notificationCalls.list(options);
  }

  listNotificationsPages(
    options: { type?: number | undefined } & ListingOptions = {},
  ): AsyncIterable<NotificationPage> {
    const { pageSize = defaultListingPageSize, ...rest } = options;
    return pagesOf((request) => this.listNotifications({ ...rest, ...request }), pageSize);
  }

  markNotificationsRead(notificationIds: readonly string[], call: CallOptions = {}): Promise<void> {
    return this.notificationCalls.setRead(notificationIds, true, call);
  }

  /** @throws {ApiError} `notFound` on servers that know read only, as the contract does. */
  markNotificationsUnread(notificationIds: readonly string[], call: CallOptions = {}): Promise<void> {
    return this.notificationCalls.setRead(notificationIds, false, call);
  }

  dismissNotification(notificationId: string, call: CallOptions = {}): Promise<void> {
    return this.notificationCalls.dismiss(notificationId, call);
  }

  /**
   * @param options with `type`, only those of that type: its number, or one of the gateway's words for several, such as
   * `conversations` (contract, section 6).
   */
  dismissAllNotifications(options: { type?: number | string } & CallOptions = {}): Promise<void> {
    return this.notificationCalls.dismissAll(options);
  }

  /**
   * Whose a conversation is, by its own id or by that of a team's view of it (contract, section 7); `undefined` where the
   * server does not know, does not say, or has no such route.
   */
  conversationOwner(conversationId: string, call: CallOptions = {}): Promise<ConversationOwner | undefined> {
    return this.conversationCalls.owner(conversationId, call);
  }

  /** Whom a card on a board is about (contract, section 7); `undefined` as for `conversationOwner`. */
  contactOfBoardItem(boardItemId: string, call: CallOptions = {}): Promise<Contact | undefined> {
    return this.conversationCalls.ofBoardItem(boardItemId, call);
  }

  /** A page of what was said in a conversation, of which the first holds the newest; the order in a page is the server's. */
  getMessages(
    conversation: ConversationIds,
    options: PageRequest & CallOptions = {},
  ): Promise<Page<ConversationMessage>> {
    return this.conversationCalls.messages(conversation, options);
  }

  async create(fields: ContactChanges, { signal }: CallOptions = {}): Promise<Contact> {
    const where = { method: 'POST', pathTemplate: '/contacts', path: '/contacts', signal } as const;
    const contact = await this.calls.write(where, updateBody(fields), (body) =>
      decodeContact(unwrapped(body), 'contact', this.onDropped),
    );
    return contact ?? noResult(where);
  }

  async delete(contactId: string, { signal }: CallOptions = {}): Promise<void> {
    const path = `/contacts/${segment(contactId)}`;
    const where = { method: 'DELETE', pathTemplate: '/contacts/{id}', path, signal } as const;
    await this.calls.verifyIfUncertain(
      () => ignoreNotFound(this.calls.write(where, undefined, ignoreBody)),
      () => isGone(this.get(contactId, { signal })),
    );
  }

  /**
   * Makes one contact of two: `goneId`'s history and labels go to `keptId`, which is changed as `changes` say.
   * @returns with what takes it back; `undefined` where the server knows no merging, and has done nothing.
   */
  merge(
    keptId: string,
    goneId: string,
    changes: ContactChanges,
    call: CallOptions = {},
  ): Promise<MergedContact | undefined> {
    return this.mergeCalls.merge(keptId, goneId, changes, call);
  }

  /** @throws {ApiError} `notFound` where the merge cannot be taken back any more. */
  undoMerge(keptId: string, mergeId: string, call: CallOptions = {}): Promise<readonly Contact[]> {
    return this.mergeCalls.undo(keptId, mergeId, call);
  }

  addComment(contactId: string, content: string, call: CallOptions = {}): Promise<Comment> {
    return this.commentCalls.add(contactId, content, call);
  }

  getComment(contactId: string, commentId: string, call: CallOptions = {}): Promise<Comment> {
    return this.commentCalls.get(contactId, commentId, call);
  }

  /** Changes what one has written oneself, where the server says that it can be (`Comment.canEdit`). */
  editComment(contactId: string, commentId: string, content: string, call: CallOptions = {}): Promise<Comment> {
    return this.commentCalls.edit(contactId, commentId, content, call);
  }

  deleteComment(contactId: string, commentId: string, call: CallOptions = {}): Promise<void> {
    return this.commentCalls.delete(contactId, commentId, call);
  }

  /** Who else works with these contacts; nobody where the server does not say. */
  listColleagues(call: CallOptions = {}): Promise<readonly Author[]> {
    return this.commentCalls.colleagues(call);
  }

  /**
   * The bytes behind an address in the server's answers, of at most `maxBytes`. This server's own are asked for with the
   * credential; whole addresses elsewhere without, as far as the rule for other origins allows.
   */
  media(url: string, maxBytes: number, call: CallOptions = {}): Promise<Uint8Array> {
    return this.serviceMedia.load(url, maxBytes, call);
  }
}
