import { contactNames, namedFrom, textColumns, withColumns } from '../jsonColumns.ts';
import type {
  NamedContact,
  MovedHistory,
  PageRequest,
  StoredActivity,
  StoredComment,
  StoredConversation,
  StoredFile,
  StoredMessage,
  StoredPage,
} from '../records.ts';
import type { HistoryReads, HistoryWrites } from '../workspaceStore.ts';
import type { Row, Tables } from './database.ts';
import { tableColumns } from './rows.ts';
import type { WorkspaceWriter } from './workspaceWriter.ts';

type HistoryTable = 'conversation' | 'comment' | 'file' | 'activity' | 'message';

const columnsOf = (table: HistoryTable): string =>
  Object.keys(tableColumns[table])
    .filter((column) => column !== 'seq')
    .map((column) => `${table}."${column}"`)
    .join(', ');
const isOfChannels =
  'organization_id = $1 AND contact_id = $2 AND (cardinality($3::text[]) = 0 OR channel_type = ANY ($3))';

const isOfConversation = `organization_id = $1 AND conversation_id IN
  (SELECT id FROM conversation WHERE organization_id = $1 AND (id = $2 OR public_id = $2))`;

export class PostgresHistory implements HistoryReads {
  private readonly tables: Tables;

  constructor(tables: Tables) {
    this.tables = tables;
  }

  async conversations(contactId: string, channels: readonly string[]): Promise<StoredConversation[]> {
    const rows = await this.tables.all(
      `SELECT ${columnsOf('conversation')} FROM conversation WHERE ${isOfChannels} ORDER BY timestamp DESC, seq DESC`,
      contactId,
      channels,
    );
    return rows.map((row) => withColumns<StoredConversation>(row, ['users', 'teams', 'latest_message']));
  }

  async newestConversations(limit: number): Promise<Pick<StoredConversation, 'public_id' | 'channel_type'>[]> {
    const rows = await this.tables.all(
      `SELECT public_id, channel_type FROM conversation WHERE organization_id = $1
       ORDER BY timestamp DESC, seq DESC LIMIT $2`,
      limit,
    );
    return rows.map((row) => ({ public_id: String(row['public_id']), channel_type: String(row['channel_type']) }));
  }

  async ownersOf(conversationIds: readonly string[]): Promise<Map<string, NamedContact>> {
    const rows = await this.tables.all(
      `SELECT conversation.id AS conversation_id, conversation.public_id, ${contactNames} FROM conversation
       JOIN contact ON contact.organization_id = $1 AND contact.id = conversation.contact_id
       WHERE conversation.organization_id = $1 AND (conversation.id = ANY ($2) OR conversation.public_id = ANY ($2))`,
      conversationIds,
    );
    return new Map(
      rows.flatMap(({ conversation_id: id, public_id: publicId, ...row }) => {
        const owner = namedFrom(row);
        return [id, publicId]
          .filter((each) => conversationIds.includes(String(each)))
          .map((each) => [String(each), owner]);
      }),
    );
  }

  async hasConversation(id: string): Promise<boolean> {
    const sql = 'SELECT 1 FROM conversation WHERE organization_id = $1 AND (id = $2 OR public_id = $2) LIMIT 1';
    return (await this.tables.get(sql, id)) !== undefined;
  }

  async comments(
    contactId: string,
    channels: readonly string[],
    { limit, skip }: PageRequest,
  ): Promise<StoredPage<StoredComment>> {
    const [rows, count] = await Promise.all([
      this.tables.all(
        `SELECT ${columnsOf('comment')} FROM comment WHERE ${isOfChannels}
         ORDER BY created_at DESC, seq DESC LIMIT $4 OFFSET $5`,
        contactId,
        channels,
        limit,
        skip,
      ),
      this.tables.get(`SELECT count(*) AS n FROM comment WHERE ${isOfChannels}`, contactId, channels),
    ]);
    return { items: rows.map(commentFrom), matching: Number(count?.['n']) };
  }

  async comment(contactId: string, id: string): Promise<StoredComment | undefined> {
    const row = await this.tables.get(
      `SELECT ${columnsOf('comment')} FROM comment WHERE organization_id = $1 AND contact_id = $2 AND id = $3`,
      contactId,
      id,
    );
    return row && commentFrom(row);
  }

  async files(contactId: string): Promise<StoredFile[]> {
    const rows = await this.tables.all(
      `SELECT ${columnsOf('file')} FROM file WHERE organization_id = $1 AND contact_id = $2
       ORDER BY created_at DESC, seq DESC`,
      contactId,
    );
    return rows.map((row) => withColumns<StoredFile>(row, ['author']));
  }

  async activities(
    conversationId: string,
    start: string | undefined,
    end: string | undefined,
  ): Promise<StoredActivity[]> {
    const rows = await this.tables.all(
      `SELECT ${columnsOf('activity')} FROM conversation
       JOIN activity ON activity.organization_id = $1 AND activity.conversation_id = conversation.id
       WHERE conversation.organization_id = $1 AND (conversation.id = $2 OR conversation.public_id = $2)
         AND left(activity.created_at, 10) BETWEEN $3 AND $4
       ORDER BY activity.created_at DESC, activity.seq DESC`,
      conversationId,
      start ?? '',
      end ?? '9999-12-31',
    );
    return rows.map((row) => withColumns<StoredActivity>(row, ['user']));
  }

  async messages(conversationId: string, { limit, skip }: PageRequest): Promise<StoredPage<StoredMessage>> {
    const [rows, count] = await Promise.all([
      this.tables.all(
        `SELECT ${columnsOf('message')} FROM message WHERE ${isOfConversation}
         ORDER BY created_at DESC, seq DESC LIMIT $3 OFFSET $4`,
        conversationId,
        limit,
        skip,
      ),
      this.tables.get(`SELECT count(*) AS n FROM message WHERE ${isOfConversation}`, conversationId),
    ]);
    return {
      items: rows.map((row) => withColumns<StoredMessage>(row, ['author', 'content'])),
      matching: Number(count?.['n']),
    };
  }
}

export class PostgresHistoryWrites extends PostgresHistory implements HistoryWrites {
  private readonly writer: WorkspaceWriter;

  constructor(writer: WorkspaceWriter) {
    super(writer);
    this.writer = writer;
  }

  insertConversation(conversation: StoredConversation): Promise<void> {
    return this.add('conversation', conversation);
  }

  insertComment(comment: StoredComment): Promise<void> {
    return this.add('comment', comment);
  }

  async updateComment(
    contactId: string,
    id: string,
    { text, updated_at }: Pick<StoredComment, 'text' | 'updated_at'>,
  ): Promise<boolean> {
    const sql =
      'UPDATE comment SET text = $4, updated_at = $5 WHERE organization_id = $1 AND contact_id = $2 AND id = $3';
    return (await this.writer.run(sql, contactId, id, text, updated_at)) > 0;
  }

  async deleteComment(contactId: string, id: string): Promise<boolean> {
    const sql = 'DELETE FROM comment WHERE organization_id = $1 AND contact_id = $2 AND id = $3';
    return (await this.writer.run(sql, contactId, id)) > 0;
  }

  insertFile(file: StoredFile): Promise<void> {
    return this.add('file', file);
  }

  insertActivity(activity: StoredActivity): Promise<void> {
    return this.add('activity', activity);
  }

  insertMessage(message: StoredMessage): Promise<void> {
    return this.add('message', message);
  }

  async moveAll(from: string, to: string): Promise<MovedHistory> {
    const idsOf = async (table: HistoryTable): Promise<string[]> => {
      const sql = `SELECT id FROM ${table} WHERE organization_id = $1 AND contact_id = $2 ORDER BY seq`;
      return (await this.writer.all(sql, from)).map(({ id }) => String(id));
    };
    const moved = {
      conversations: await idsOf('conversation'),
      comments: await idsOf('comment'),
      files: await idsOf('file'),
    };
    await this.move(moved, from, to);
    return moved;
  }

  async move({ conversations, comments, files }: MovedHistory, from: string, to: string): Promise<void> {
    for (const [table, ids] of [['conversation', conversations], ['comment', comments], ['file', files]] as const) {
      await this.writer.run(
        `UPDATE ${table} SET contact_id = $4 WHERE organization_id = $1 AND contact_id = $2 AND id = ANY ($3)`,
        from,
        ids,
        to,
      );
    } // prettier-ignore
  }

  private add(table: HistoryTable, record: object): Promise<void> {
    return this.writer.add(table, { ...textColumns(record), seq: this.writer.nextSeq() });
  }
}

const commentFrom = (row: Row): StoredComment => withColumns(row, ['author', 'labels']);
