/** What a workspace keeps, as its store gives it out. */
import type { ExportColumn } from '../../contract/exportColumns.ts';
import type { ImportProblem, ImportRun } from '../../contract/imports.ts';
import type {
  ActivityRecord,
  Author,
  CommentRecord,
  ConversationRecord,
  FileRecord,
  MessageRecord,
} from '../../contract/history.ts';
import type { NotificationRecord } from '../../contract/notification.ts';
import { contactTextFields, type ContactTextField } from '../../contract/vocabulary.ts';

/** One page of a listing, and how many rows match in all. */
export interface StoredPage<T> {
  items: T[];
  matching: number;
}

export interface PageRequest {
  limit: number;
  skip: number;
}

/** Whether rows remain after this page. */
export const hasMore = (page: StoredPage<unknown>, request: PageRequest): boolean =>
  request.skip + page.items.length < page.matching;

export const sortableColumns: ReadonlySet<string> = new Set(['id', 'labels', ...contactTextFields]);

/** The order of a list. Among equals, contacts go as they were added, or the other way round when `descending`. */
export interface Sort {
  /** One of `sortableColumns`. */
  column: string;
  descending: boolean;
}

/** A contact as it is kept. Text that is not set is `''`. `avatar_url` may be a media reference. */
export type StoredContact = { [Field in ContactTextField]: string } & {
  id: string;
  labels: string[];
  additional_params: Record<string, unknown>;
  /** 1 for a new contact, and one more with every change. */
  version: number;
};

/** What a contact may be called by. */
export const namingColumns = ['id', 'display_name', 'first_name', 'last_name', 'email', 'phone_number'] as const;
export type NamedContact = Pick<StoredContact, (typeof namingColumns)[number]>;

export type ContactDraft = Partial<StoredContact> & {
  is_sample?: boolean;
  /** Its whole name is made of other fields. */
  is_name_made?: boolean;
};
export type StoredChanges = Partial<Omit<StoredContact, 'id' | 'version' | 'created_at' | 'updated_at'>>;

/** A contact with the columns that were asked for. */
export type ExportedContact = Partial<Pick<StoredContact, ExportColumn>>;

export interface ExportRequest {
  sort: Sort;
  columns: readonly ExportColumn[];
  /** Leaves texts as they are that a spreadsheet would take for formulas. */
  isExact: boolean;
}

export interface SearchRequest extends PageRequest {
  /** False where nobody asks how many match, which may be more work than to find a page of them. */
  isCounted?: boolean | undefined;
}

/** A page of what was searched for; `matching` stops counting where it is not exact. */
export interface SearchedPage extends StoredPage<StoredContact> {
  isExact: boolean;
}

type Inner = ConversationRecord['conversation'];
type Times = Pick<CommentRecord, 'created_at' | 'updated_at'>;

export interface StoredConversation
  extends
    Pick<Inner, 'contact_id' | 'channel_type' | 'status' | 'name' | 'timestamp' | 'users'>,
    Pick<ConversationRecord, 'public_id' | 'teams' | 'latest_message'> {
  id: string;
}

/** What a contact's history has in common: whose it is, and who made it. */
interface HistoryItem extends Times {
  id: string;
  contact_id: string;
  author: Author | null;
}

export interface StoredComment extends HistoryItem, Pick<CommentRecord, 'text' | 'channel_type' | 'labels'> {}

/** `url` may be a media reference. */
export interface StoredFile extends HistoryItem, Pick<FileRecord['content'], 'caption' | 'url' | 'extension'> {}

export interface StoredActivity extends Omit<ActivityRecord, '_id'> {
  id: string;
}

/** `url` of its content may be a media reference. */
export interface StoredMessage extends Omit<MessageRecord, 'object_name' | '_id' | 'from'> {
  id: string;
  author: Author | null;
}

export interface StoredNotification extends Omit<NotificationRecord, 'object_name' | 'from' | 'contact'> {
  sender: Author | null;
}

/** What of a contact's history went to another, by its ids. */
export interface MovedHistory {
  conversations: readonly string[];
  comments: readonly string[];
  files: readonly string[];
}

/** Two contacts that became one, with what it takes to have both again. */
export interface StoredMerge {
  id: string;
  /** Who stayed. */
  contact_id: string;
  created_at: string;
  gone: StoredContact;
  /** The fields that were changed of who stayed, as they were and as they became. */
  before: StoredChanges;
  after: StoredChanges;
  moved: MovedHistory;
  /** Merges into who went, which can be taken back again once they are there again. */
  earlier: readonly StoredMerge[];
}

/** A picture or file, without its content. */
export interface Media {
  key: string;
  content_type: string;
  file_name: string;
  bytes: number;
}

/** An import with what it needs to go on. */
export interface StoredImport extends ImportRun {
  /** JSON of how the file is read. */
  options: string;
  /** How many contacts of the file have been dealt with. */
  position: number;
}

/** How far a batch of rows has brought an import. */
export interface ImportStep {
  /** Where the batch begins; another position means that somebody else has gone on. */
  position: number;
  contacts: number;
  added: number;
  updated: number;
  skipped: number;
  problems: readonly ImportProblem[];
  /** Of the file so far. */
  bytesRead: number;
  changes: readonly ImportedContact[];
}

/** What an undo needs to know of a contact that an import has touched. */
export interface ImportedContact {
  contactId: string;
  /** As the import left it. */
  version: number;
  /** How the fields were that the import has changed; `undefined` for a contact that it added. */
  before: StoredChanges | undefined;
}
