import type { BodyInit } from 'node-fetch';
import { pictureFormatOf, pictureHeadBytes } from '../contract/pictureFormat.ts';
import { apiPrefix, maxPageSize, maxPictureBytes } from '../contract/vocabulary.ts';
import { ApiError } from './apiError.ts';
import { decodeContact, type Contact } from './decode/contact.ts';
import {
  decodeActivity,
  decodeComment,
  decodeConversation,
  decodeFile,
  type Activity,
  type Comment,
  type ContactFile,
  type Conversation,
} from './decode/history.ts';
import { decodeNotificationPage, type NotificationPage } from './decode/notification.ts';
import { decodePage, type Page, type PageRequest } from './decode/page.ts';
import { isObject, ObjectReader, type OnDropped } from './decode/primitives.ts';
import { ignoredFields, updateBody, type ContactChanges } from './contactChanges.ts';
import { pagesOf } from './pages.ts';
import { queryOf, segment } from './paths.ts';
import { pictureForm } from './pictureForm.ts';
import { Revisits } from './revisits.ts';
import { SharedRequests } from './sharedRequests.ts';
import { Transport, type ApiRequest, type TransportOptions } from './transport.ts';

const defaultListingPageSize = 100;
const maxJsonBytes = 20 * 1024 * 1024;

export interface CallOptions {
  signal?: AbortSignal | undefined;
}

/** For a listing that is read page by page. */
export interface ListingOptions extends CallOptions {
  /** Items asked for at a time. */
  pageSize?: number | undefined;
}

export interface SortOptions {
  /** A column's name; a minus before it is descending: `-created_at`. */
  sort?: string | undefined;
}

export interface ContactServiceOptions extends TransportOptions {
  /** Told of every value that the server sent in a wrong type. */
  onDropped?: OnDropped;
}

/** A CSV export: its text as it comes, whole only when the iteration ends without an error. */
export type CsvStream = AsyncIterable<Uint8Array>;

/**
 * The contact platform's HTTP contract, as methods. Every method throws `ApiError` and nothing else, and takes an
 * `AbortSignal`, on which it throws the kind `cancelled`.
 */
export class ContactService {
  private readonly transport: Transport;
  private readonly shared = new SharedRequests();
  private readonly revisits = new Revisits();
  private readonly onDropped: OnDropped;

  constructor(options: ContactServiceOptions) {
    this.transport = new Transport(options);
    this.onDropped = options.onDropped ?? (() => undefined);
  }

  /** Where the server is: scheme, host and port. */
  get origin(): string {
    return this.transport.origin;
  }

  dispose(): void {
    this.transport.dispose();
    this.revisits.clear();
  }

  /** A page of all contacts; newest first where `sort` is not given. */
  list(options: PageRequest & SortOptions & CallOptions = {}): Promise<Page<Contact>> {
    const { signal, ...query } = options;
    return this.page('/contacts', '/contacts', { sort: '-created_at', ...query }, signal, decodeContact);
  }

  /** All contacts, page by page; it ends even where the server would not. */
  listPages(options: ListingOptions & SortOptions = {}): AsyncIterable<Page<Contact>> {
    const { pageSize = defaultListingPageSize, ...rest } = options;
    return pagesOf((request) => this.list({ ...rest, ...request }), pageSize);
  }

  /** @param options with `isFresh`, the answer is of after this call, and shared with no earlier one. */
  get(contactId: string, { signal, isFresh = false }: { isFresh?: boolean } & CallOptions = {}): Promise<Contact> {
    if (isFresh) this.shared.separate();
    return this.read('/contacts/{id}', `/contacts/${segment(contactId)}`, {}, signal, (body) =>
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
    const answered = await this.lookIfInDoubt(
      () =>
        this.write({ method: 'PUT', pathTemplate: '/contacts/{id}', path, signal }, updateBody(changes), (body) =>
          decodeContact(unwrapped(body), 'contact', this.onDropped),
        ),
      async () => ignoredFields(changes, await this.get(contactId, { signal })).length === 0,
    );
    // Some answers say only that it went well.
    const contact = answered ?? (await this.get(contactId, { signal }));
    return { contact, ignored: ignoredFields(changes, contact) };
  }

  /** Contacts that match a text, best first. */
  search(options: { q: string } & PageRequest & SortOptions & CallOptions): Promise<Page<Contact>> {
    const { signal, ...query } = options;
    return this.page('/contacts/_search', '/contacts/_search', { ...query, type: 'text' }, signal, decodeContact);
  }

  searchPages(options: { q: string } & ListingOptions & SortOptions): AsyncIterable<Page<Contact>> {
    const { pageSize = defaultListingPageSize, ...rest } = options;
    return pagesOf((request) => this.search({ ...rest, ...request }), pageSize);
  }

  /**
   * All contacts as CSV (RFC 4180, UTF-8), passed through as it comes. With `isExact`, our own server writes texts as
   * they are; others do not know of it.
   */
  exportCsv({ sort, isExact, signal }: { isExact?: boolean } & SortOptions & CallOptions = {}): Promise<CsvStream> {
    return this.transport.send(
      {
        method: 'GET',
        pathTemplate: '/contacts/_export_csv',
        path: `${apiPrefix}/contacts/_export_csv${queryOf({ sort, exact: isExact === true ? 1 : undefined })}`,
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
    { channelTypes, signal }: { channelTypes?: readonly string[] } & CallOptions = {},
  ): Promise<Page<Conversation>> {
    const path = `/contacts/${segment(contactId)}/conversations`;
    const query = { channel_types: channelTypes?.join(',') };
    return this.page('/contacts/{id}/conversations', path, query, signal, decodeConversation);
  }

  /** Newest first. */
  getComments(
    contactId: string,
    options: { channelTypes?: readonly string[] } & PageRequest & CallOptions = {},
  ): Promise<Page<Comment>> {
    const { channelTypes, signal, ...query } = options;
    const path = `/contacts/${segment(contactId)}/comments`;
    const all = { ...query, channel_types: channelTypes?.join(',') };
    return this.page('/contacts/{id}/comments', path, all, signal, decodeComment);
  }

  getCommentsPages(
    contactId: string,
    options: { channelTypes?: readonly string[] } & ListingOptions = {},
  ): AsyncIterable<Page<Comment>> {
    const { pageSize = defaultListingPageSize, ...rest } = options;
    return pagesOf((request) => this.getComments(contactId, { ...rest, ...request }), pageSize);
  }

  async getFiles(contactId: string, { signal }: CallOptions = {}): Promise<readonly ContactFile[]> {
    const path = `/contact/${segment(contactId)}/files`;
    return (await this.page('/contact/{id}/files', path, {}, signal, decodeFile)).items;
  }

  /** @param options days as `YYYY-MM-DD`, both included. */
  async getActivities(
    conversationId: string,
    { startDate, endDate, signal }: { startDate?: string; endDate?: string } & CallOptions = {},
  ): Promise<readonly Activity[]> {
    const path = `/conversations_activities/${segment(conversationId)}`;
    const query = { start_date: startDate, end_date: endDate };
    return (await this.page('/conversations_activities/{id}', path, query, signal, decodeActivity)).items;
  }

  /**
   * Uploads a picture and returns its address. It belongs to no contact yet: `update` with `avatar_url` does that.
   * Throws `invalid` or `tooLarge` before anything is sent when the server would not take it.
   * @param picture its content is read while it is sent; that of a file need not be in memory (`fs.openAsBlob`).
   * @param options `onProgress` is told of the bytes that have been taken to be sent.
   */
  async uploadAvatar(
    picture: { name: string; content: Blob },
    { onProgress, signal }: { onProgress?: (sentBytes: number, totalBytes: number) => void } & CallOptions = {},
  ): Promise<string> {
    const where = { method: 'POST', pathTemplate: '/contacts/_fileupload' } as const;
    if (picture.content.size > maxPictureBytes) throw new ApiError('tooLarge', { ...where, field: 'avatar_url' });
    const format = pictureFormatOf(new Uint8Array(await picture.content.slice(0, pictureHeadBytes).arrayBuffer()));
    if (format === undefined) throw new ApiError('invalid', { ...where, field: 'avatar_url' });
    const body = (): BodyInit => pictureForm(picture.content, picture.name, format.type, onProgress);
    const request = { ...where, path: `${apiPrefix}/contacts/_fileupload`, body, signal, isUpload: true };
    return this.transport.send(request, async (answer) => {
      const url = readUrl(await answer.json(maxJsonBytes), this.onDropped);
      if (url === undefined) throw answer.failure('garbled', 'badReply', { reason: 'shape' });
      return url;
    });
  }

  /** Newest first. */
  listNotifications(
    options: PageRequest & { type?: number | undefined } & CallOptions = {},
  ): Promise<NotificationPage> {
    const { signal, ...query } = options;
    return this.read('/notifications', '/notifications', query, signal, (body) =>
      decodeNotificationPage(body, query, this.onDropped),
    );
  }

  listNotificationsPages(
    options: { type?: number | undefined } & ListingOptions = {},
  ): AsyncIterable<NotificationPage> {
    const { pageSize = defaultListingPageSize, ...rest } = options;
    return pagesOf((request) => this.listNotifications({ ...rest, ...request }), pageSize);
  }

  async markNotificationsRead(notificationIds: readonly string[], { signal }: CallOptions = {}): Promise<void> {
    const where = { method: 'PUT', pathTemplate: '/notifications/read', path: '/notifications/read' } as const;
    await this.lookIfInDoubt(
      () => this.write({ ...where, signal }, { notification_id: notificationIds }, ignoreBody),
      async () => {
        const { items } = await this.listNotifications({ limit: maxPageSize, signal });
        const read = new Set(items.filter((item) => item.is_read).map((item) => item.id));
        return notificationIds.every((id) => read.has(id));
      },
    );
  }

  async dismissNotification(notificationId: string, { signal }: CallOptions = {}): Promise<void> {
    const where = { method: 'DELETE', pathTemplate: '/notifications/dismiss', path: '/notifications/dismiss' } as const;
    await this.lookIfInDoubt(
      () => doneIfGone(this.write({ ...where, signal }, { notification_id: notificationId }, ignoreBody)),
      async () => {
        const { items, hasMore } = await this.listNotifications({ limit: maxPageSize, signal });
        return !hasMore && !items.some((item) => item.id === notificationId);
      },
    );
  }

  /** @param options with `type`, only those of that type. */
  async dismissAllNotifications({ type, signal }: { type?: number } & CallOptions = {}): Promise<void> {
    const path = '/notifications/dismiss/all';
    const where = { method: 'DELETE', pathTemplate: path, path: `${path}${queryOf({ type })}` } as const;
    await this.lookIfInDoubt(
      () => this.write({ ...where, signal }, undefined, ignoreBody),
      async () => (await this.listNotifications({ limit: 1, type, signal })).items.length === 0,
    );
  }

  async create(fields: ContactChanges, { signal }: CallOptions = {}): Promise<Contact> {
    const where = { method: 'POST', pathTemplate: '/contacts', path: '/contacts', signal } as const;
    const contact = await this.write(where, updateBody(fields), (body) =>
      decodeContact(unwrapped(body), 'contact', this.onDropped),
    );
    return contact ?? fail('badReply', where);
  }

  async delete(contactId: string, { signal }: CallOptions = {}): Promise<void> {
    const path = `/contacts/${segment(contactId)}`;
    const where = { method: 'DELETE', pathTemplate: '/contacts/{id}', path, signal } as const;
    await this.lookIfInDoubt(
      () => doneIfGone(this.write(where, undefined, ignoreBody)),
      () => isGone(this.get(contactId, { signal })),
    );
  }

  async addComment(contactId: string, content: string, { signal }: CallOptions = {}): Promise<Comment> {
    const path = `/contacts/${segment(contactId)}/comments`;
    const where = { method: 'POST', pathTemplate: '/contacts/{id}/comments', path, signal } as const;
    const comment = await this.write(where, { content }, (body) =>
      decodeComment(unwrapped(body), 'comment', this.onDropped),
    );
    return comment ?? fail('badReply', where);
  }

  getComment(contactId: string, commentId: string, { signal }: CallOptions = {}): Promise<Comment> {
    const path = `/contacts/${segment(contactId)}/comment/${segment(commentId)}`;
    return this.read('/contacts/{id}/comment/{commentId}', path, {}, signal, (body) =>
      decodeComment(unwrapped(body), 'comment', this.onDropped),
    );
  }

  async deleteComment(contactId: string, commentId: string, { signal }: CallOptions = {}): Promise<void> {
    const path = `/contacts/${segment(contactId)}/comment/${segment(commentId)}`;
    const where = { method: 'DELETE', pathTemplate: '/contacts/{id}/comment/{commentId}', path, signal } as const;
    await this.lookIfInDoubt(
      () => doneIfGone(this.write(where, undefined, ignoreBody)),
      () => isGone(this.getComment(contactId, commentId, { signal })),
    );
  }

  /**
   * The bytes behind an address in the server's answers, of at most `maxBytes`. Only this server's own addresses
   * are asked for, since only they may see the credential.
   */
  async media(url: string, maxBytes: number, { signal }: CallOptions = {}): Promise<Uint8Array> {
    const where = { method: 'GET', pathTemplate: '{media}' } as const;
    const target = URL.canParse(url, this.origin) ? new URL(url, this.origin) : undefined;
    const isOurs = target?.origin === this.origin && !target.pathname.startsWith('//');
    if (target === undefined || !isOurs) throw new ApiError('forbidden', where);
    const request = { ...where, path: `${target.pathname}${target.search}`, headers: { accept: '*/*' }, signal };
    // A large file may take its time, as long as it keeps coming.
    return this.transport.send({ ...request, isStream: true }, async (answer) => {
      const bytes = await answer.bytes(maxBytes);
      answer.end();
      return bytes;
    });
  }

  private page<T>(
    pathTemplate: string,
    path: string,
    query: PageRequest & Record<string, string | number | undefined>,
    signal: AbortSignal | undefined,
    decode: (value: unknown, path: string, onDropped: OnDropped) => T | undefined,
  ): Promise<Page<T>> {
    return this.read(pathTemplate, path, query, signal, (body) => decodePage(body, query, this.onDropped, decode));
  }

  /** A GET, shared with whoever asks the same at the same time. */
  private read<T>(
    pathTemplate: string,
    path: string,
    query: Record<string, string | number | undefined>,
    signal: AbortSignal | undefined,
    decode: (body: unknown) => T | undefined,
  ): Promise<T> {
    const whole = `${apiPrefix}${path}${queryOf(query)}`;
    return this.shared.run(whole, signal, (sharedSignal) => {
      const visit = this.revisits.find(whole);
      const request = { method: 'GET', pathTemplate, path: whole, signal: sharedSignal } as const;
      return this.transport.send({ ...request, headers: visit?.conditions }, async (answer) => {
        // The path stands for one kind of result, so what is kept under it is one of T.
        if (answer.status === 304 && visit !== undefined) return visit.result as T;
        const result = decode(await answer.json(maxJsonBytes));
        if (result === undefined) throw answer.failure('settled', 'badReply', { reason: 'shape' });
        this.revisits.remember(whole, answer.headers, result, answer.bodyBytes);
        return result;
      });
    });
  }

  /** A write with a JSON body. Returns `undefined` where the answer holds no result to decode. */
  private async write<T>(
    request: Omit<ApiRequest, 'body' | 'headers'>,
    json: unknown,
    decode: (body: unknown) => T | undefined,
  ): Promise<T | undefined> {
    this.forgetAnswers();
    try {
      return await this.sendJson(request, json, decode);
    } finally {
      this.forgetAnswers();
    }
  }

  /** What was answered, or is being answered, is of before the write; who looks after it must not get that. */
  private forgetAnswers(): void {
    this.shared.separate();
    this.revisits.clear();
  }

  private sendJson<T>(
    request: Omit<ApiRequest, 'body' | 'headers'>,
    json: unknown,
    decode: (body: unknown) => T | undefined,
  ): Promise<T | undefined> {
    const text = json === undefined ? undefined : JSON.stringify(json);
    return this.transport.send(
      {
        ...request,
        path: `${apiPrefix}${request.path}`,
        headers: text === undefined ? {} : { 'content-type': 'application/json' },
        body: text === undefined ? undefined : () => text,
      },
      async (answer) => {
        const isEmpty = answer.status === 204 || answer.status === 205 || answer.headers.get('content-length') === '0';
        return isEmpty ? undefined : decode(await answer.json(maxJsonBytes));
      },
    );
  }

  /**
   * Before a write is called failed that may have been applied, `look` says whether it was. Returns what the write
   * answered, or `undefined` when only the look has shown that it was done.
   */
  private async lookIfInDoubt<T>(write: () => Promise<T>, look: () => Promise<boolean>): Promise<T | undefined> {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof ApiError) || !error.mayHaveBeenApplied) throw error;
      // A look that fails as well leaves the doubt, which the first error states.
      if (await look().catch(() => false)) return undefined;
      throw error;
    }
  }
}

const ignoreBody = (): undefined => undefined;

function fail(kind: 'badReply', { method, pathTemplate }: { method: string; pathTemplate: string }): never {
  throw new ApiError(kind, { method, pathTemplate, reason: 'shape', mayHaveBeenApplied: true });
}

/** What is to be removed and is not there is removed. */
async function doneIfGone(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if (!(error instanceof ApiError) || error.kind !== 'notFound') throw error;
  }
}

async function isGone(look: Promise<unknown>): Promise<boolean> {
  return look.then(
    () => false,
    (error: unknown) => error instanceof ApiError && error.kind === 'notFound',
  );
}

/** A record may come alone or as `{"data": record}`. */
const unwrapped = (body: unknown): unknown => (isObject(body) && isObject(body['data']) ? body['data'] : body);

function readUrl(body: unknown, onDropped: OnDropped): string | undefined {
  const record = unwrapped(body);
  return isObject(record) ? new ObjectReader(record, 'upload', onDropped).text('url') : undefined;
}
