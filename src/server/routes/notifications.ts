import { Hono } from 'hono';
import { badRequest, notFound } from '../httpProblem.ts';
import { isObject, jsonBody, pageRequest, wholeNumber } from '../requests.ts';
import { hasMore } from '../store/paging.ts';
import type { Store } from '../store/store.ts';
import { notificationToWire } from '../wire.ts';

export function notificationRoutes({ notifications }: Store): Hono {
  const routes = new Hono();

  routes.get('/notifications', (c) => {
    const request = pageRequest(c);
    const page = notifications.list(wholeNumber(c, 'type', 0, 999), request);
    return c.json({
      data: page.items.map(notificationToWire),
      count: page.matching,
      total: page.items.length,
      unread_count: page.unread,
      has_more: hasMore(page, request),
    });
  });

  routes.put('/notifications/read', async (c) => {
    notifications.markRead(idsIn(await jsonBody(c)));
    return c.json({ success: true });
  });

  // The agent spec dismisses with POST, the SDK with DELETE.
  routes.on(['DELETE', 'POST'], '/notifications/dismiss', async (c) => {
    if (notifications.dismiss(idsIn(await jsonBody(c))) === 0) throw notFound();
    return c.json({ success: true });
  });

  routes.delete('/notifications/dismiss/all', (c) => {
    notifications.dismissAll(wholeNumber(c, 'type', 0, 999));
    return c.json({ success: true });
  });

  return routes;
}

/** The three documented forms: `{"notification_id": id or ids}`, a bare array, `{"ids": ids}`. */
function idsIn(body: unknown): string[] {
  const named = isObject(body) ? (body['notification_id'] ?? body['ids']) : body;
  const ids = typeof named === 'string' ? [named] : named;
  const isIds = Array.isArray(ids) && ids.length > 0 && ids.every((id) => typeof id === 'string');
  if (!isIds) throw badRequest('notification_id must be an id or a list of ids');
  return ids;
}
