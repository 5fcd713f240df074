import { Hono } from 'hono';
import { notFound } from '../httpProblem.ts';
import { daysQuery, queryOf } from '../requests.ts';
import type { WorkspaceStore } from '../store/workspaceStore.ts';
import { activityToWire } from '../wire.ts';

export function activityRoutes({ history }: WorkspaceStore): Hono {
  const routes = new Hono();
  routes.get('/conversations_activities/:id', async (c) => {
    const id = c.req.param('id');
    if (!(await history.hasConversation(id))) throw notFound();
    const { start_date, end_date } = queryOf(c, daysQuery);
    const activities = await history.activities(id, start_date, end_date);
    return c.json({ items: activities.map(activityToWire) });
  });
  return routes;
}
