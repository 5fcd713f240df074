import { isApiError } from '../api/apiError.ts';
import type { ContactService } from '../api/contactService.ts';
import { concerns, type NotificationChange } from './notificationChanges.ts';

const idsAtOnce = 500;
/** The contract's way to dismiss takes one. */
const dismissedAtOnce = 5;

/**
 * Applies a change on the server. Dismissing a notification that is already gone counts as success. @throws ApiError
 */
export async function sendChange(service: ContactService, change: NotificationChange): Promise<void> {
  if ('ids' in change) {
    if (change.action === 'dismiss') {
      for (let start = 0; start < change.ids.length; start += dismissedAtOnce) {
        await Promise.all(change.ids.slice(start, start + dismissedAtOnce).map((id) => dismiss(service, id)));
      }
      return;
    }
    await setRead(service, change.ids, change.action === 'read');
    return;
  }
  const { action, type } = change;
  // What a server makes of a number that it does not know as a type is not recorded; it may dismiss all.
  if (action === 'dismiss' && type === undefined) {
    const { items } = await service.listNotifications({ limit: 1 });
    // One that came after the user had said all is not to be lost.
    if (items.every((row) => concerns(change, row))) return service.dismissAllNotifications();
  }
  const ids: string[] = [];
  for await (const page of service.listNotificationsPages({ pageSize: idsAtOnce, type })) {
    const wanted = page.items.filter((row) => concerns(change, row) && (action === 'dismiss' || !row.is_read));
    ids.push(...wanted.map(({ id }) => id));
  }
  return sendChange(service, { action, ids });
}

async function setRead(service: ContactService, ids: readonly string[], isRead: boolean): Promise<void> {
  for (let start = 0; start < ids.length; start += idsAtOnce) {
    const some = ids.slice(start, start + idsAtOnce);
    await (isRead ? service.markNotificationsRead(some) : service.markNotificationsUnread(some));
  }
}

async function dismiss(service: ContactService, id: string): Promise<void> {
  try {
    await service.dismissNotification(id);
  } catch (error) {
    if (!isApiError(error) || error.kind !== 'notFound') throw error;
  }
}
