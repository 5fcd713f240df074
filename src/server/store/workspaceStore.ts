/**
 * What a store of a workspace does, whichever engine keeps it. `test/node/store/conformance.ts` says the same as tests,
 * for every implementation.
 */
import type { ImportProblem } from '../../contract/imports.ts';
import type { ImportState } from '../../contract/localData.ts';
import type {
  StoredChanges,
  ContactDraft,
  ExportRequest,
  ImportedContact,
  ImportStep,
  MovedHistory,
  Media,
  StoredPage,
  PageRequest,
  SearchedPage,
  SearchRequest,
  Sort,
  StoredActivity,
  StoredComment,
  StoredContact,
  StoredConversation,
  StoredFile,
  StoredImport,
  StoredMerge,
  StoredMessage,
  NamedContact,
  StoredNotification,
} from './records.ts';

/** Matches of a search are counted up to here. */
export const maxExactCount = 10_000;

/** A count as a search gives it. */
export const countedUpTo = (count: number): { matching: number; isExact: boolean } => ({
  matching: Math.min(count, maxExactCount),
  isExact: count <= maxExactCount,
});
/** A phone number that more contacts have is that of a firm, and tells of nobody. */
export const maxContactsPerPhone = 500;

/** A workspace. Reads see what has been committed, never half of a transaction. */
export interface WorkspaceStore {
  /** Of the workspace, for as long as there is one. */
  readonly organizationId: string;
  readonly contacts: ContactReads;
  readonly history: HistoryReads;
  readonly notifications: NotificationReads;
  readonly media: MediaReads;
  readonly imports: ImportReads;
  /** Of engines that keep an index of it. */
  readonly facets?: ContactFacets | undefined;

  /**
   * Runs `work`, whose `tx` is the only way to write, and settles when everything it wrote is durable or nothing was
   * written. Waits for other transactions, of this and other processes. `work` must not await anything slow except
   * calls of `tx`, which cannot be used afterwards, and must not wait for another `transaction` of this store.
   * @throws {StoreBusyError} {StoreFullError} and whatever `work` throws; nothing was written then.
   */
  transaction<T>(work: (tx: WorkspaceTransaction) => Promise<T>): Promise<T>;

  /** Another text after every change, whichever process made it. */
  version(): Promise<string>;

  /** Whether somebody has claimed `name` (`WorkspaceTransaction.claim`). */
  isClaimed(name: string): Promise<boolean>;

  /** Ends when the transactions under way have ended. */
  close(): Promise<void>;
}

export interface WorkspaceTransaction {
  readonly contacts: ContactLookups & ContactWrites;
  readonly history: HistoryWrites & Pick<HistoryReads, 'newestConversations' | 'comment' | 'comments'>;
  readonly notifications: NotificationWrites;
  readonly media: MediaWrites;
  readonly imports: ImportWrites & Pick<ImportReads, 'find'>;
  readonly merges: MergeWrites;

  /** True for the first who claims `name` in the life of the workspace. */
  claim(name: string): Promise<boolean>;
}

/** What tells of a person; each list may be empty. */
export interface IdentityKeys {
  ids: readonly string[];
  /** In any case of their letters from A to Z. */
  emails: readonly string[];
  /** As `phoneEnding` makes them. */
  phoneEndings: readonly string[];
}

export interface ContactLookups {
  get(id: string): Promise<StoredContact | undefined>;
  count(): Promise<number>;
  /** All who have one of the keys, in the order in which they were added; of one phone, the first `maxOfOnePhone`. */
  findByKeys(keys: IdentityKeys): Promise<StoredContact[]>;
}

export interface ContactReads extends ContactLookups {
  list(sort: Sort, request: PageRequest): Promise<StoredPage<StoredContact>>;
  /**
   * Contacts in which every word of `query` occurs, best match first: a whole field, then the start of a word, then
   * anywhere; among equals the most recently changed (`searchText.ts` says what a match is). The id of a conversation
   * finds whose it is. With `sort`, in that order. All contacts where the query has no word.
   */
  search(query: string, sort: Sort | undefined, request: SearchRequest): Promise<SearchedPage>;
  /**
   * Those whom a query that matches nobody may mean, nearest first: some letters of it wrong, left out, too many, or in
   * each other's place (`nearMatches.ts`).
   */
  nearest(query: string, limit: number): Promise<StoredContact[]>;
  /**
   * Every contact as CSV (UTF-8), with the names of the columns first. What is written meanwhile may be in it or not;
   * who was there at the start and is at the end comes once.
   */
  exportCsv(request: ExportRequest): AsyncIterable<Uint8Array>;
}

export interface ContactWrites {
  /** Returns the contact's id, made where the draft has none. */
  insert(draft: ContactDraft): Promise<string>;
  /**
   * Adds many to a workspace that has none but those added so. A search takes them as if each had last been changed
   * when its own dates say.
   */
  bulkInsert(drafts: readonly ContactDraft[]): Promise<void>;
  /**
   * Changes the fields in `changes` and no other (`changedContact`).
   * @param expectedVersion when given, the change is made only to that version.
   */
  update(
    id: string,
    changes: StoredChanges,
    expectedVersion?: number,
  ): Promise<StoredContact | 'notFound' | 'changedMeanwhile'>;
  /** With all of the contact's history. @returns whether it was there. */
  delete(id: string): Promise<boolean>;
}

/** Which contacts: of any of the channels, with any of the labels; none for all. */
export interface ContactFilter {
  /** In any case of their letters. */
  channels: readonly string[];
  labels: readonly string[];
}

/** What contacts have in common. */
export interface ContactFacets {
  /** The count is exact. */
  list(filter: ContactFilter, sort: Sort, request: PageRequest): Promise<StoredPage<StoredContact>>;
  /** The labels in use, by code point. */
  labels(): Promise<string[]>;
}

/** What happened with a contact: conversations, what was said in them, their activity, comments, files. Newest first. */
export interface HistoryReads {
  /** Of any channel when `channels` is empty. */
  conversations(contactId: string, channels: readonly string[]): Promise<StoredConversation[]>;
  /** With ids as notifications carry them. */
  newestConversations(limit: number): Promise<Pick<StoredConversation, 'public_id' | 'channel_type'>[]>;
  /** Whose each of these conversations is, by the id that was given; either of its ids will do. */
  ownersOf(conversationIds: readonly string[]): Promise<Map<string, NamedContact>>;
  /** By either of its ids. */
  hasConversation(id: string): Promise<boolean>;
  comments(contactId: string, channels: readonly string[], request: PageRequest): Promise<StoredPage<StoredComment>>;
  comment(contactId: string, id: string): Promise<StoredComment | undefined>;
  files(contactId: string): Promise<StoredFile[]>;
  /** By either id of the conversation, of the days from `start` to `end` (`YYYY-MM-DD`, UTC), both included. */
  activities(conversationId: string, start: string | undefined, end: string | undefined): Promise<StoredActivity[]>;
  /** By either id of the conversation. */
  messages(conversationId: string, request: PageRequest): Promise<StoredPage<StoredMessage>>;
}

export interface HistoryWrites {
  insertConversation(conversation: StoredConversation): Promise<void>;
  insertComment(comment: StoredComment): Promise<void>;
  /** Returns whether it was there. */
  updateComment(contactId: string, id: string, changes: Pick<StoredComment, 'text' | 'updated_at'>): Promise<boolean>;
  /** Returns whether it was there. */
  deleteComment(contactId: string, id: string): Promise<boolean>;
  insertFile(file: StoredFile): Promise<void>;
  insertActivity(activity: StoredActivity): Promise<void>;
  insertMessage(message: StoredMessage): Promise<void>;
  /** Gives all of a contact's history to another. @returns what that was, in the order in which it was added. */
  moveAll(from: string, to: string): Promise<MovedHistory>;
  /** Gives what of `moved` is still a contact's to another. */
  move(moved: MovedHistory, from: string, to: string): Promise<void>;
}

export interface NotificationReads {
  /** Newest first; of any type when `type` is not given. */
  list(type: number | undefined, request: PageRequest): Promise<StoredPage<StoredNotification> & { unread: number }>;
}

export interface NotificationWrites {
  insert(notification: StoredNotification): Promise<void>;
  setRead(ids: readonly string[], isRead: boolean): Promise<void>;
  /** Returns how many were there to dismiss. */
  dismiss(ids: readonly string[]): Promise<number>;
  /** All, or those of one type. */
  dismissAll(type: number | undefined): Promise<void>;
}

export interface MediaReads {
  find(key: string): Promise<Media | undefined>;
  /** The bytes of one; `undefined` where they are gone. */
  content(key: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /**
   * Keeps `content` under an unguessable key, which it returns. Nobody finds it before a transaction has added it;
   * large as it may be, no transaction is kept waiting for it.
   * @param key one that the caller has made, 64 hexadecimal digits.
   */
  keep(content: Uint8Array, key?: string): Promise<string>;
}

export interface MediaWrites {
  /** Makes what was kept under `key` known. */
  add(media: Media): Promise<void>;
}

export interface ImportReads {
  find(id: string): Promise<StoredImport | undefined>;
  /** Newest first. */
  latest(limit: number): Promise<StoredImport[]>;
  /** By their line. */
  problems(id: string, request: PageRequest): Promise<ImportProblem[]>;
}

export interface ImportWrites {
  insert(run: Pick<StoredImport, 'id' | 'file' | 'options' | 'started_at' | 'bytes'>): Promise<void>;
  setState(id: string, state: ImportState, fault?: string): Promise<void>;
  /** Whether a run is still running and has come to `position`: who finds it so may go on with it. */
  isAt(id: string, position: number): Promise<boolean>;
  /** Records a batch. If several rows change the same contact, its state before the first of them is kept. */
  advance(id: string, step: ImportStep): Promise<void>;
  /** Up to `limit` contacts that the import has touched, which it no longer knows afterwards. */
  takeChanges(id: string, limit: number): Promise<ImportedContact[]>;
}

export interface MergeWrites {
  insert(merge: StoredMerge): Promise<void>;
  /** The merge of an id, which is not known any more afterwards. */
  take(id: string): Promise<StoredMerge | undefined>;
  /** All of a contact, which are not known any more afterwards. */
  takeAllOf(contactId: string): Promise<StoredMerge[]>;
}
