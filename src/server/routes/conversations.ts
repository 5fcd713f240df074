import { Hono } from 'hono';
import { notFound } from '../httpProblem.ts';
import { daysQuery, messagesQuery, pageQuery, queryOf } from '../requests.ts';
import type { WorkspaceStore } from '../store/workspaceStore.ts';
import { activityToWire, listEnvelope, messageToWire } from '../wire.ts';

/**
 * What was said in a conversation, and what became of it. Either of a conversation's ids names it.
 * @param origin where this server is reached, for the addresses of pictures.
 */
export function conversationRoutes({ history }: WorkspaceStore, origin: () => string): Hono {
  const routes = new Hono();
  const mustBeThere = async (id: string): Promise<void> => {
    if (!(await history.hasConversation(id))) throw notFound();
  };

  routes.get('/conversations_activities/:id', async (c) => {
    const id = c.req.param('id');
    await mustBeThere(id);
    const { start_date, end_date } = queryOf(c, daysQuery);
    const activities = await history.activities(id, start_date, end_date);
    return c.json({ items: activities.map(activityToWire) });
  });

  routes.get('/conversation_messages', async (c) => {
    const { conversation_id, q } = queryOf(c, messagesQuery);
    const request = queryOf(c, pageQuery);
    const id = conversation_id ?? q ?? '';
    await mustBeThere(id);
    const page = await history.messages(id, request);
    return c.json(listEnvelope(page, request, (message) => messageToWire(message, origin())));
  });

  return routes;
}
