import { Hono } from 'hono';
import { notificationsRequest } from '../../contract/notification.ts';
import { notFound } from '../httpProblem.ts';
import { bodyOf, pageQuery, queryOf, typeQuery } from '../requests.ts';
import { hasMore, type NamedContact, type StoredNotification } from '../store/records.ts';
import type { WorkspaceStore } from '../store/workspaceStore.ts';
import { notificationToWire } from '../wire.ts';

export function notificationRoutes(store: WorkspaceStore): Hono {
  const routes = new Hono();

  routes.get('/notifications', async (c) => {
    const request = queryOf(c, pageQuery);
    const page = await store.notifications.list(queryOf(c, typeQuery).type, request);
    const owners = await store.history.ownersOf(page.items.flatMap(targetsOf));
    const ownerOf = (notification: StoredNotification): NamedContact | undefined =>
      targetsOf(notification)
        .map((id) => owners.get(id))
        .find((owner) => owner !== undefined);
    return c.json({
      data: page.items.map((notification) => notificationToWire(notification, ownerOf(notification))),
      count: page.matching,
      total: page.items.length,
      unread_count: page.unread,
      has_more: hasMore(page, request),
    });
  });

  for (const state of ['read', 'unread']) {
    routes.put(`/notifications/${state}`, async (c) => {
      const ids = await bodyOf(c, notificationsRequest);
      await store.transaction((tx) => tx.notifications.setRead(ids, state === 'read'));
      return c.json({ success: true });
    });
  }

  // The agent spec dismisses with POST, the SDK with DELETE.
  routes.on(['DELETE', 'POST'], '/notifications/dismiss', async (c) => {
    const ids = await bodyOf(c, notificationsRequest);
    if ((await store.transaction((tx) => tx.notifications.dismiss(ids))) === 0) throw notFound();
    return c.json({ success: true });
  });

  routes.delete('/notifications/dismiss/all', async (c) => {
    const { type } = queryOf(c, typeQuery);
    await store.transaction((tx) => tx.notifications.dismissAll(type));
    return c.json({ success: true });
  });

  return routes;
}

const targetsOf = ({ action_to: targets }: StoredNotification): string[] => Object.values(targets);
