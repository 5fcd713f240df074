import type { StoredPage, PageRequest, StoredNotification } from '../records.ts';
import type { NotificationReads, NotificationWrites } from '../workspaceStore.ts';
import { checkedColumns, checksumOf, insertChecked } from './checksums.ts';
import { withColumns } from '../jsonColumns.ts';
import type { Reader, Writer } from './database.ts';

const columns = checkedColumns.notification.join(', ');

export class SqliteNotifications implements NotificationReads {
  private readonly tables: Reader;

  constructor(tables: Reader) {
    this.tables = tables;
  }

  async list(
    type: number | undefined,
    { limit, skip }: PageRequest,
  ): Promise<StoredPage<StoredNotification> & { unread: number }> {
    const where = '(?1 IS NULL OR type = ?1)';
    const wanted = type ?? null;
    const rows = this.tables.all(
      `SELECT ${columns} FROM notification WHERE ${where} ORDER BY created_at DESC, seq DESC LIMIT ?2 OFFSET ?3`,
      wanted,
      limit,
      skip,
    );
    const counts = this.tables.get(
      `SELECT count(*) AS matching, count(*) FILTER (WHERE is_read = 0) AS unread FROM notification WHERE ${where}`,
      wanted,
    );
    const items = rows.map((row) => ({
      ...withColumns<StoredNotification>(row, ['sender', 'action_to']),
      is_read: row['is_read'] === 1,
      action_disable: row['action_disable'] === 1,
    }));
    return { items, matching: Number(counts?.['matching']), unread: Number(counts?.['unread']) };
  }
}

export class SqliteNotificationWrites implements NotificationWrites {
  private readonly writer: Writer;

  constructor(writer: Writer) {
    this.writer = writer;
  }

  async setRead(ids: readonly string[], isRead: boolean): Promise<void> {
    const [from, to] = isRead ? [0, 1] : [1, 0];
    const rows = this.writer.all(
      `SELECT ${columns} FROM notification WHERE is_read = ? AND id IN (SELECT value FROM json_each(?))`,
      from,
      JSON.stringify(ids),
    );
    for (const row of rows) {
      this.writer.run(
        'UPDATE notification SET is_read = ?, checksum = ? WHERE id = ?',
        to,
        checksumOf('notification', { ...row, is_read: to }),
        String(row['id']),
      );
    }
  }

  async dismiss(ids: readonly string[]): Promise<number> {
    return this.writer.run(
      'DELETE FROM notification WHERE id IN (SELECT value FROM json_each(?))',
      JSON.stringify(ids),
    );
  }

  async dismissAll(type: number | undefined): Promise<void> {
    this.writer.run('DELETE FROM notification WHERE ?1 IS NULL OR type = ?1', type ?? null);
  }

  async insert(notification: StoredNotification): Promise<void> {
    insertChecked(this.writer, 'notification', {
      ...notification,
      sender: JSON.stringify(notification.sender),
      action_to: JSON.stringify(notification.action_to),
      is_read: notification.is_read ? 1 : 0,
      action_disable: notification.action_disable ? 1 : 0,
    });
  }
}
