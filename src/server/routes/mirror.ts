import { Hono } from 'hono';
import * as v from 'valibot';
import { keepRequest, leaseRequest, mirrorRequest } from '../../contract/mirror.ts';
import { bodyOf, queryOf, wholeNumber } from '../requests.ts';
import type { MirrorStore } from '../store/mirrorStore.ts';

const unseenQuery = v.object({ limit: v.optional(wholeNumber(1, 1_000), '100') });

/** How a mirror is filled and kept in step, by whoever started its server. */
export function mirrorRoutes(mirror: MirrorStore): Hono {
  const routes = new Hono();
  routes.get('/mirror', async (c) => c.json(await mirror.state()));
  routes.put('/mirror', async (c) => {
    const { contacts, isOlder, isListed, removed, progress } = await bodyOf(c, mirrorRequest);
    return c.json(await mirror.apply({ contacts, isOlder, isListed, removed, progress }));
  });
  routes.get('/mirror/unseen', async (c) => c.json({ ids: await mirror.unseen(queryOf(c, unseenQuery).limit) }));
  routes.post('/mirror/lease', async (c) => {
    const { holder, seconds } = await bodyOf(c, leaseRequest);
    return c.json({ isHeld: await mirror.lease(holder, seconds) });
  });
  routes.put('/mirror/answers', async (c) => {
    const answer = await bodyOf(c, keepRequest);
    await mirror.keep({ ...answer, kept_at: new Date().toISOString() });
    return c.json({ success: true });
  });
  routes.get('/mirror/answers', async (c) => {
    const { contact_id: contactId = '', name = '' } = c.req.query();
    const { value, kept_at } = (await mirror.kept(contactId, name)) ?? {};
    return c.json({ kept: kept_at === undefined ? null : { value, kept_at } });
  });
  return routes;
}
