import { Hono } from 'hono';
import { badRequest, notFound } from '../httpProblem.ts';
import { isObject, jsonBody, pageRequest, wholeNumber } from '../requests.ts';
import { hasMore } from '../store/records.ts';
import type { WorkspaceStore } from '../store/workspaceStore.ts';
import { notificationToWire } from '../wire.ts';

export function notificationRoutes(store: WorkspaceStore): Hono {
  const routes = new Hono();

  routes.get('/notifications', async (c) => {
    const request = pageRequest(c);
    const page = await store.notifications.list(wholeNumber(c, 'type', 0, 999), request);
    return c.json({
      data: page.items.map(notificationToWire),
      count: page.matching,
      total: page.items.length,
      unread_count: page.unread,
      has_more: hasMore(page, request),
    });
  });

  routes.put('/notifications/read', async (c) => {
    const ids = idsIn(await jsonBody(c));
    await store.transaction((tx) => tx.notifications.markRead(ids));
    return c.json({ success: true });
  });

  // The agent spec dismisses with POST, the SDK with DELETE.
  routes.on(['DELETE', 'POST'], '/notifications/dismiss', async (c) => {
    const ids = idsIn(await jsonBody(c));
    if ((await store.transaction((tx) => tx.notifications.dismiss(ids))) === 0) throw notFound();
    return c.json({ success: true });
  });

  routes.delete('/notifications/dismiss/all', async (c) => {
    const type = wholeNumber(c, 'type', 0, 999);
    await store.transaction((tx) => tx.notifications.dismissAll(type));
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
