import type { ImportProblem } from '../../../src/contract/imports.ts';
import type {
  ImportedContact,
  Media,
  StoredActivity,
  StoredComment,
  StoredContact,
  StoredConversation,
  StoredFile,
  StoredImport,
  StoredMerge,
  StoredMessage,
  StoredNotification,
} from '../../../src/server/store/records.ts';

/** A contact with when it was last changed, as a search goes by it. */
export interface Entry {
  contact: StoredContact;
  changed: number;
}

/** All of a workspace; lists are in the order in which things were added. */
export class Tables {
  contacts = new Map<string, Entry>();
  conversations: StoredConversation[] = [];
  comments: StoredComment[] = [];
  files: StoredFile[] = [];
  activities: StoredActivity[] = [];
  messages: StoredMessage[] = [];
  notifications: StoredNotification[] = [];
  media = new Map<string, Media>();
  imports = new Map<string, { run: StoredImport; problems: ImportProblem[]; changes: ImportedContact[] }>();
  merges = new Map<string, StoredMerge>();
  claims = new Set<string>();
  changes = 0;
  version = 0;
}
