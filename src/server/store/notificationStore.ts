import type { Database } from './database.ts';
import { parseColumn, type Page, type PageRequest } from './paging.ts';
import type { Author } from './historyStore.ts';

export interface StoredNotification {
  id: string;
  title: string;
  content: string;
  sender: Author | null;
  type: number;
  action_to: Record<string, string>;
  recipient: string;
  is_read: boolean;
  action_disable: boolean;
  channel_type: string;
  created_at: string;
}

export class NotificationStore {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  /** Newest first; of any type when `type` is not given. */
  list(type: number | undefined, { limit, skip }: PageRequest): Page<StoredNotification> & { unread: number } {
    const where = '(?1 IS NULL OR type = ?1)';
    const wanted = type ?? null;
    const rows = this.database.all(
      `SELECT * FROM notification WHERE ${where} ORDER BY created_at DESC, seq DESC LIMIT ?2 OFFSET ?3`,
      wanted,
      limit,
      skip,
    );
    const counts = this.database.get(
      `SELECT count(*) AS matching, count(*) FILTER (WHERE is_read = 0) AS unread FROM notification WHERE ${where}`,
      wanted,
    );
    const items = rows.map((row) => ({
      ...(row as unknown as StoredNotification),
      sender: parseColumn(row['sender']) as Author | null,
      action_to: parseColumn(row['action_to']) as Record<string, string>,
      is_read: row['is_read'] === 1,
      action_disable: row['action_disable'] === 1,
    }));
    return { items, matching: Number(counts?.['matching']), unread: Number(counts?.['unread']) };
  }

  markRead(ids: readonly string[]): void {
    this.database.write(() =>
      this.database.run(
        'UPDATE notification SET is_read = 1 WHERE id IN (SELECT value FROM json_each(?))',
        JSON.stringify(ids),
      ),
    );
  }

  /** Returns how many were there to dismiss. */
  dismiss(ids: readonly string[]): number {
    return this.database.write(() =>
      this.database.run('DELETE FROM notification WHERE id IN (SELECT value FROM json_each(?))', JSON.stringify(ids)),
    );
  }

  dismissAll(type: number | undefined): void {
    this.database.write(() =>
      this.database.run('DELETE FROM notification WHERE ?1 IS NULL OR type = ?1', type ?? null),
    );
  }

  /** Only inside `Database.write`. */
  insert(notification: StoredNotification): void {
    this.database.run(
      `INSERT INTO notification
         (id, title, content, sender, type, action_to, recipient, is_read, action_disable, channel_type, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      notification.id,
      notification.title,
      notification.content,
      JSON.stringify(notification.sender),
      notification.type,
      JSON.stringify(notification.action_to),
      notification.recipient,
      notification.is_read ? 1 : 0,
      notification.action_disable ? 1 : 0,
      notification.channel_type,
      notification.created_at,
    );
  }
}
