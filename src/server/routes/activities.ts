import { Hono } from 'hono';
import { notFound } from '../httpProblem.ts';
import { dayOf } from '../requests.ts';
import type { Store } from '../store/store.ts';
import { activityToWire } from '../wire.ts';

export function activityRoutes({ history }: Store): Hono {
  const routes = new Hono();
  routes.get('/conversations_activities/:id', (c) => {
    const id = c.req.param('id');
    if (!history.hasConversation(id)) throw notFound();
    const activities = history.activities(id, dayOf(c, 'start_date'), dayOf(c, 'end_date'));
    return c.json({ items: activities.map(activityToWire) });
  });
  return routes;
}
