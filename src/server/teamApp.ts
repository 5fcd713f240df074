import type { HttpBindings } from '@hono/node-server';
import { Hono, type Context } from 'hono';

interface TeamAppOptions {
  /** What everybody asks. */
  app: Hono;
  /** Whether the database answers. */
  isReady: () => Promise<boolean>;
}

/** What a proxy and whoever watches over the server ask, by any name, and beside it all the rest. */
export function teamApp({ app, isReady }: TeamAppOptions): Hono {
  const outer = new Hono();
  outer.get('/healthz', (c) => c.text('ok'));
  outer.get('/readyz', async (c) => ((await isReady()) ? c.text('ok') : c.text('The database does not answer', 503)));
  outer.all('*', (c) => app.fetch(c.req.raw, c.env));
  return outer;
}

/**
 * From where somebody asks. A proxy says it of others, the last of several in the line that it has come through; anybody
 * else may say what he likes.
 */
export const clientAddress =
  (trustedProxies: ReadonlySet<string>) =>
  (c: Context): string | undefined => {
    const { incoming } = c.env as HttpBindings;
    const line = (c.req.header('x-forwarded-for') ?? '').split(',').map((address) => address.trim());
    const known = [...line, plain(incoming.socket.remoteAddress ?? '')].filter(Boolean);
    return known.findLast((address) => !trustedProxies.has(address)) ?? known[0];
  };

/** An address of IPv4 in the form of IPv6 is that address. */
const plain = (address: string): string => address.replace(/^::ffff:(?=[\d.]+$)/, '');
