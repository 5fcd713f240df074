import { Hono } from 'hono';
import * as v from 'valibot';
import { leaseRequest, mirrorRequest } from '../../contract/mirror.ts';
import { bodyOf, queryOf, wholeNumber } from '../requests.ts';
import type { MirrorStore } from '../store/mirrorStore.ts';

const unseenQuery = v.object({ limit: v.optional(wholeNumber(1, 1_000), '100') });

/** How a mirror is filled and kept in step, by whoever started its server. */
export function mirrorRoutes(mirror: MirrorStore): Hono {
  const routes = new Hono();
  routes.get('/mirror', async (c) => c.json(await mirror.state()));
  routes.put('/mirror', async (c) => {
    const { contacts, isOlder, removed, progress } = await bodyOf(c, mirrorRequest);
    return c.json(await mirror.apply({ contacts, isOlder, removed, progress }));
  });
  routes.get('/mirror/unseen', async (c) => c.json({ ids: await mirror.unseen(queryOf(c, unseenQuery).limit) }));
  routes.post('/mirror/lease', async (c) => {
    const { holder, seconds } = await bodyOf(c, leaseRequest);
    return c.json({ isHeld: await mirror.lease(holder, seconds) });
  });
  return routes;
}
