import type {
  NamedContact,
  MovedHistory,
  StoredPage,
  PageRequest,
  StoredActivity,
  StoredComment,
  StoredConversation,
  StoredFile,
  StoredMessage,
} from '../records.ts';
import type { HistoryReads, HistoryWrites } from '../workspaceStore.ts';
import { checkedColumns, checksumOf, insertChecked } from './checksums.ts';
import { contactNames, namedFrom, textColumns, withColumns } from '../jsonColumns.ts';
import type { Reader, Row, Writer } from './database.ts';

const conversationColumns = checkedColumns.conversation.join(', ');
const commentColumns = checkedColumns.comment.join(', ');
const fileColumns = checkedColumns.file.join(', ');
const activityColumns = checkedColumns.activity.map((name) => `activity.${name}`).join(', ');
const messageColumns = checkedColumns.message.join(', ');
type MovedTable = 'conversation' | 'comment' | 'file';
const isOfConversation = 'conversation_id IN (SELECT id FROM conversation WHERE id = ?1 OR public_id = ?1)';

export class SqliteHistory implements HistoryReads {
  private readonly tables: Reader;

  constructor(tables: Reader) {
    this.tables = tables;
  }

  async conversations(contactId: string, channels: readonly string[]): Promise<StoredConversation[]> {
    return this.tables
      .all(
        `SELECT ${conversationColumns} FROM conversation WHERE contact_id = ?1
           AND (?2 = '[]' OR channel_type IN (SELECT value FROM json_each(?2)))
         ORDER BY timestamp DESC, seq DESC`,
        contactId,
        JSON.stringify(channels),
      )
      .map((row) => withColumns<StoredConversation>(row, ['users', 'teams', 'latest_message']));
  }

  async newestConversations(limit: number): Promise<Pick<StoredConversation, 'public_id' | 'channel_type'>[]> {
    return this.tables
      .all('SELECT public_id, channel_type FROM conversation ORDER BY timestamp DESC, seq DESC LIMIT ?', limit)
      .map((row) => ({ public_id: String(row['public_id']), channel_type: String(row['channel_type']) }));
  }

  async ownersOf(conversationIds: readonly string[]): Promise<Map<string, NamedContact>> {
    const rows = this.tables.all(
      `SELECT wanted.value AS named_by, ${contactNames} FROM json_each(?1) AS wanted
       JOIN conversation ON conversation.id = wanted.value OR conversation.public_id = wanted.value
       JOIN contact ON contact.id = conversation.contact_id`,
      JSON.stringify(conversationIds),
    );
    return new Map(rows.map(({ named_by: id, ...row }) => [String(id), namedFrom(row)]));
  }

  async hasConversation(id: string): Promise<boolean> {
    return this.tables.get('SELECT 1 FROM conversation WHERE id = ?1 OR public_id = ?1', id) !== undefined;
  }

  async comments(
    contactId: string,
    channels: readonly string[],
    { limit, skip }: PageRequest,
  ): Promise<StoredPage<StoredComment>> {
    const where = `contact_id = ?1 AND (?2 = '[]' OR channel_type IN (SELECT value FROM json_each(?2)))`;
    const wanted = JSON.stringify(channels);
    const rows = this.tables.all(
      `SELECT ${commentColumns} FROM comment WHERE ${where} ORDER BY created_at DESC, seq DESC LIMIT ?3 OFFSET ?4`,
      contactId,
      wanted,
      limit,
      skip,
    );
    const count = this.tables.get(`SELECT count(*) AS n FROM comment WHERE ${where}`, contactId, wanted);
    return { items: rows.map(commentFrom), matching: Number(count?.['n']) };
  }

  async comment(contactId: string, id: string): Promise<StoredComment | undefined> {
    const row = this.tables.get(`SELECT ${commentColumns} FROM comment WHERE contact_id = ? AND id = ?`, contactId, id);
    return row && commentFrom(row);
  }

  async files(contactId: string): Promise<StoredFile[]> {
    return this.tables
      .all(`SELECT ${fileColumns} FROM file WHERE contact_id = ? ORDER BY created_at DESC, seq DESC`, contactId)
      .map((row) => withColumns<StoredFile>(row, ['author']));
  }

  async activities(
    conversationId: string,
    start: string | undefined,
    end: string | undefined,
  ): Promise<StoredActivity[]> {
    return this.tables
      .all(
        `SELECT ${activityColumns} FROM activity JOIN conversation ON conversation.id = conversation_id
         WHERE (conversation.id = ?1 OR conversation.public_id = ?1)
           AND substr(activity.created_at, 1, 10) BETWEEN ?2 AND ?3
         ORDER BY activity.created_at DESC, activity.seq DESC`,
        conversationId,
        start ?? '',
        end ?? '9999-12-31',
      )
      .map((row) => withColumns<StoredActivity>(row, ['user']));
  }

  async messages(conversationId: string, { limit, skip }: PageRequest): Promise<StoredPage<StoredMessage>> {
    const rows = this.tables.all(
      `SELECT ${messageColumns} FROM message WHERE ${isOfConversation}
       ORDER BY created_at DESC, seq DESC LIMIT ?2 OFFSET ?3`,
      conversationId,
      limit,
      skip,
    );
    const count = this.tables.get(`SELECT count(*) AS n FROM message WHERE ${isOfConversation}`, conversationId);
    return {
      items: rows.map((row) => withColumns<StoredMessage>(row, ['author', 'content'])),
      matching: Number(count?.['n']),
    };
  }
}

export class SqliteHistoryWrites extends SqliteHistory implements HistoryWrites {
  private readonly writer: Writer;

  constructor(writer: Writer) {
    super(writer);
    this.writer = writer;
  }

  async insertConversation(conversation: StoredConversation): Promise<void> {
    this.insert('conversation', conversation);
  }

  async insertComment(comment: StoredComment): Promise<void> {
    this.insert('comment', comment);
  }

  async updateComment(
    contactId: string,
    id: string,
    changes: Pick<StoredComment, 'text' | 'updated_at'>,
  ): Promise<boolean> {
    const sql = `SELECT ${commentColumns} FROM comment WHERE contact_id = ? AND id = ?`;
    const row = this.writer.get(sql, contactId, id);
    if (row === undefined) return false;
    this.writer.run(
      'UPDATE comment SET text = ?, updated_at = ?, checksum = ? WHERE id = ?',
      changes.text,
      changes.updated_at,
      checksumOf('comment', { ...row, ...changes }),
      id,
    );
    return true;
  }

  async deleteComment(contactId: string, id: string): Promise<boolean> {
    return this.writer.run('DELETE FROM comment WHERE contact_id = ? AND id = ?', contactId, id) > 0;
  }

  async insertFile(file: StoredFile): Promise<void> {
    this.insert('file', file);
  }

  async insertActivity(activity: StoredActivity): Promise<void> {
    this.insert('activity', activity);
  }

  async insertMessage(message: StoredMessage): Promise<void> {
    this.insert('message', message);
  }

  async moveAll(from: string, to: string): Promise<MovedHistory> {
    const idsOf = (table: MovedTable): string[] =>
      this.writer.all(`SELECT id FROM ${table} WHERE contact_id = ? ORDER BY seq`, from).map(({ id }) => String(id));
    const moved = { conversations: idsOf('conversation'), comments: idsOf('comment'), files: idsOf('file') };
    await this.move(moved, from, to);
    return moved;
  }

  async move({ conversations, comments, files }: MovedHistory, from: string, to: string): Promise<void> {
    this.moveRows('conversation', conversations, from, to);
    this.moveRows('comment', comments, from, to);
    this.moveRows('file', files, from, to);
  }

  /** One by one, since each row's checksum is of its contact too. */
  private moveRows(table: MovedTable, ids: readonly string[], from: string, to: string): void {
    const columns = checkedColumns[table].join(', ');
    for (const id of ids) {
      const row = this.writer.get(`SELECT ${columns} FROM ${table} WHERE id = ? AND contact_id = ?`, id, from);
      if (row === undefined) continue;
      const checksum = checksumOf(table, { ...row, contact_id: to });
      this.writer.run(`UPDATE ${table} SET contact_id = ?, checksum = ? WHERE id = ?`, to, checksum, id);
    }
  }

  private insert(table: 'conversation' | 'comment' | 'file' | 'activity' | 'message', record: object): void {
    insertChecked(this.writer, table, textColumns(record));
  }
}

const commentFrom = (row: Row): StoredComment => withColumns(row, ['author', 'labels']);
