import { randomUUID } from 'node:crypto';
import type { Database, Row } from './database.ts';
import { parseColumn, type Page, type PageRequest } from './paging.ts';

/** A person or team as the history names it. */
export interface Author {
  _id: string;
  display_name: string;
}

export interface StoredConversation {
  id: string;
  public_id: string;
  contact_id: string;
  channel_type: string;
  status: string;
  name: string;
  timestamp: string;
  users: { id: string; display_name: string; avatar_url: string }[];
  teams: { _id: string; name: string; mode: string }[];
  latest_message: { type: string; content: { text: string }; created_at: string } | null;
}

export interface StoredComment {
  id: string;
  contact_id: string;
  text: string;
  author: Author | null;
  channel_type: string;
  labels: { name: string; color: string }[];
  created_at: string;
  updated_at: string;
}

export interface StoredFile {
  id: string;
  contact_id: string;
  author: Author | null;
  caption: string;
  url: string;
  extension: string;
  created_at: string;
  updated_at: string;
}

export interface StoredActivity {
  id: string;
  conversation_id: string;
  user: Author | null;
  type: string;
  summary: string;
  sentiment: string;
  importance: string;
  created_at: string;
  updated_at: string;
}

/** What happened with a contact: conversations, comments, files and the activity in conversations. */
export class HistoryStore {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  /** Newest first; of any channel when `channels` is empty. */
  conversations(contactId: string, channels: readonly string[]): StoredConversation[] {
    return this.database
      .all(
        `SELECT * FROM conversation WHERE contact_id = ?1
           AND (?2 = '[]' OR channel_type IN (SELECT value FROM json_each(?2)))
         ORDER BY timestamp DESC, seq DESC`,
        contactId,
        JSON.stringify(channels),
      )
      .map((row) => withColumns<StoredConversation>(row, ['users', 'teams', 'latest_message']));
  }

  /** Ids as notifications carry them. */
  newestConversationIds(limit: number): string[] {
    return this.database
      .all('SELECT public_id FROM conversation ORDER BY timestamp DESC, seq DESC LIMIT ?', limit)
      .map((row) => String(row['public_id']));
  }

  hasConversation(id: string): boolean {
    return this.database.get('SELECT 1 FROM conversation WHERE id = ?1 OR public_id = ?1', id) !== undefined;
  }

  /** Newest first. */
  comments(contactId: string, channels: readonly string[], { limit, skip }: PageRequest): Page<StoredComment> {
    const where = `contact_id = ?1 AND (?2 = '[]' OR channel_type IN (SELECT value FROM json_each(?2)))`;
    const wanted = JSON.stringify(channels);
    const rows = this.database.all(
      `SELECT * FROM comment WHERE ${where} ORDER BY created_at DESC, seq DESC LIMIT ?3 OFFSET ?4`,
      contactId,
      wanted,
      limit,
      skip,
    );
    const count = this.database.get(`SELECT count(*) AS n FROM comment WHERE ${where}`, contactId, wanted);
    return { items: rows.map(commentFrom), matching: Number(count?.['n']) };
  }

  comment(contactId: string, id: string): StoredComment | undefined {
    const row = this.database.get('SELECT * FROM comment WHERE contact_id = ? AND id = ?', contactId, id);
    return row && commentFrom(row);
  }

  addComment(contactId: string, text: string, author: Author): StoredComment {
    const now = new Date().toISOString();
    const comment: StoredComment = {
      id: `cmt_${randomUUID()}`,
      contact_id: contactId,
      text,
      author,
      channel_type: '',
      labels: [],
      created_at: now,
      updated_at: now,
    };
    this.database.write(() => this.insertComment(comment));
    return comment;
  }

  deleteComment(contactId: string, id: string): boolean {
    return this.database.write(
      () => this.database.run('DELETE FROM comment WHERE contact_id = ? AND id = ?', contactId, id) > 0,
    );
  }

  /** Newest first. */
  files(contactId: string): StoredFile[] {
    return this.database
      .all('SELECT * FROM file WHERE contact_id = ? ORDER BY created_at DESC, seq DESC', contactId)
      .map((row) => withColumns<StoredFile>(row, ['author']));
  }

  /** Newest first, of the days from `start` to `end`, both included, in UTC. */
  activities(conversationId: string, start: string | undefined, end: string | undefined): StoredActivity[] {
    return this.database
      .all(
        `SELECT activity.* FROM activity JOIN conversation ON conversation.id = conversation_id
         WHERE (conversation.id = ?1 OR conversation.public_id = ?1)
           AND substr(activity.created_at, 1, 10) BETWEEN ?2 AND ?3
         ORDER BY activity.created_at DESC, activity.seq DESC`,
        conversationId,
        start ?? '',
        end ?? '9999-12-31',
      )
      .map((row) => withColumns<StoredActivity>(row, ['user']));
  }

  /** Only inside `Database.write`, as are the other inserts. */
  insertConversation(conversation: StoredConversation): void {
    this.insert('conversation', conversation);
  }

  insertComment(comment: StoredComment): void {
    this.insert('comment', comment);
  }

  insertFile(file: StoredFile): void {
    this.insert('file', file);
  }

  insertActivity(activity: StoredActivity): void {
    this.insert('activity', activity);
  }

  private insert(table: string, row: object): void {
    const entries = Object.entries(row);
    this.database.run(
      `INSERT INTO ${table} (${entries.map(([name]) => name).join(', ')})
       VALUES (${entries.map(() => '?').join(', ')})`,
      ...entries.map(([, value]) => (typeof value === 'string' ? value : JSON.stringify(value))),
    );
  }
}

const commentFrom = (row: Row): StoredComment => withColumns(row, ['author', 'labels']);

/** `row` with the named columns read as the JSON they hold. */
function withColumns<T>(row: Row, names: readonly (keyof T & string)[]): T {
  const parsed = names.map((name) => [name, parseColumn(row[name])] as const);
  return { ...row, ...Object.fromEntries(parsed) } as T;
}
