import { withColumns } from '../jsonColumns.ts';
import type { PageRequest, StoredNotification, StoredPage } from '../records.ts';
import type { NotificationReads, NotificationWrites } from '../workspaceStore.ts';
import type { Tables } from './database.ts';
import { tableColumns } from './rows.ts';
import type { WorkspaceWriter } from './workspaceWriter.ts';

const columns = Object.keys(tableColumns.notification)
  .filter((column) => column !== 'seq')
  .join(', ');
const isOfType = 'organization_id = $1 AND ($2::integer IS NULL OR type = $2)';

export class PostgresNotifications implements NotificationReads {
  private readonly tables: Tables;

  constructor(tables: Tables) {
    this.tables = tables;
  }

  async list(
    type: number | undefined,
    { limit, skip }: PageRequest,
  ): Promise<StoredPage<StoredNotification> & { unread: number }> {
    const wanted = type ?? null;
    const [rows, counts] = await Promise.all([
      this.tables.all(
        `SELECT ${columns} FROM notification WHERE ${isOfType} ORDER BY created_at DESC, seq DESC LIMIT $3 OFFSET $4`,
        wanted,
        limit,
        skip,
      ),
      this.tables.get(
        `SELECT count(*) AS matching, count(*) FILTER (WHERE NOT is_read) AS unread FROM notification WHERE ${isOfType}`,
        wanted,
      ),
    ]);
    const items = rows.map((row) => withColumns<StoredNotification>(row, ['sender', 'action_to']));
    return { items, matching: Number(counts?.['matching']), unread: Number(counts?.['unread']) };
  }
}

export class PostgresNotificationWrites implements NotificationWrites {
  private readonly writer: WorkspaceWriter;

  constructor(writer: WorkspaceWriter) {
    this.writer = writer;
  }

  async insert({ sender, action_to, ...notification }: StoredNotification): Promise<void> {
    await this.writer.add('notification', {
      ...notification,
      sender: JSON.stringify(sender),
      action_to: JSON.stringify(action_to),
      seq: this.writer.nextSeq(),
    });
  }

  async setRead(ids: readonly string[], isRead: boolean): Promise<void> {
    const sql = 'UPDATE notification SET is_read = $3 WHERE organization_id = $1 AND is_read <> $3 AND id = ANY ($2)';
    await this.writer.run(sql, ids, isRead);
  }

  dismiss(ids: readonly string[]): Promise<number> {
    return this.writer.run('DELETE FROM notification WHERE organization_id = $1 AND id = ANY ($2)', ids);
  }

  async dismissAll(type: number | undefined): Promise<void> {
    await this.writer.run(`DELETE FROM notification WHERE ${isOfType}`, type ?? null);
  }
}
