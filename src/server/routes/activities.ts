import { Hono } from 'hono';
import { notFound } from '../httpProblem.ts';
import { dayOf } from '../requests.ts';
import type { WorkspaceStore } from '../store/workspaceStore.ts';
import { activityToWire } from '../wire.ts';

export function activityRoutes({ history }: WorkspaceStore): Hono {
  const routes = new Hono();
  routes.get('/conversations_activities/:id', async (c) => {
    const id = c.req.param('id');
    if (!(await history.hasConversation(id))) throw notFound();
    const activities = await history.activities(id, dayOf(c, 'start_date'), dayOf(c, 'end_date'));
    return c.json({ items: activities.map(activityToWire) });
  });
  return routes;
}
