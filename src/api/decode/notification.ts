import { decodeAuthor, type Author } from './history.ts';
import type { NotificationRecord } from '../../contract/notification.ts';
import { decodePage, type Page, type PageRequest } from './page.ts';
import { isObject } from '../../contract/json.ts';
import { ObjectReader, type OnDropped, type Sent } from './primitives.ts';

/** Section 4.7. */
export interface Notification extends Sent<
  Pick<NotificationRecord, 'title' | 'content' | 'type' | 'channel_type' | 'created_at'>
> {
  readonly id: string;
  readonly from?: Author | undefined;
  /** Whose conversation it is about, where the server says. */
  readonly contact?: Author | undefined;
  readonly is_read: boolean;
  /** The ids of what it leads to, whatever they are called in `action_to`. */
  readonly targets: readonly string[];
  /** Of those, a card on a board, which is about a contact. */
  readonly boardItemId?: string | undefined;
}

export interface NotificationPage extends Page<Notification> {
  /** Unread in all, not only on this page; absent where the server does not say. */
  unreadCount: number | undefined;
}

export function decodeNotificationPage(
  body: unknown,
  request: PageRequest,
  onDropped: OnDropped,
): NotificationPage | undefined {
  const page = decodePage(body, request, onDropped, decodeNotification);
  if (page === undefined) return undefined;
  const envelope = isObject(body) ? new ObjectReader(body, 'list', onDropped) : undefined;
  return { ...page, unreadCount: envelope?.number('unread_count') };
}

function decodeNotification(value: unknown, path: string, onDropped: OnDropped): Notification | undefined {
  if (!isObject(value)) return undefined;
  const reader = new ObjectReader(value, path, onDropped);
  const id = reader.text('id', '_id', 'public_id');
  if (id === undefined) return undefined;
  const content = isObject(value['content'])
    ? reader.object('content')?.text('text', 'message', 'content', 'body', 'title')
    : reader.text('content');
  return {
    id,
    title: reader.text('title'),
    content,
    from: decodeAuthor(value['from'], `${path}.from`, onDropped),
    contact: decodeAuthor(value['contact'], `${path}.contact`, onDropped),
    type: reader.number('type'),
    is_read: reader.boolean('is_read') ?? false,
    channel_type: reader.text('channel_type'),
    created_at: reader.text('created_at'),
    boardItemId: isObject(value['action_to']) ? reader.object('action_to')?.text('board_item_id') : undefined,
    targets: isObject(value['action_to'])
      ? Object.values(value['action_to']).filter(
          (target): target is string => typeof target === 'string' && target !== '',
        )
      : [],
  };
}
