import type { HttpBindings } from '@hono/node-server';
import ipaddr from 'ipaddr.js';
import { Hono, type Context, type MiddlewareHandler } from 'hono';

interface TeamAppOptions {
  /** What everybody asks. */
  app: Hono;
  /** Whether the database answers, and the server is not about to end. */
  isReady: () => Promise<boolean>;
  isEnding: () => boolean;
  /** Measures what is answered, where that is wanted. */
  measure: MiddlewareHandler | undefined;
}

/** What a proxy and whoever watches over the server ask, by any name, and beside it all the rest. */
export function teamApp({ app, isReady, isEnding, measure }: TeamAppOptions): Hono {
  const outer = new Hono();
  outer.use(async (c, next) => {
    await next();
    // Another connection goes to another server.
    if (isEnding()) c.res.headers.set('connection', 'close');
  });
  outer.get('/healthz', (c) => c.text('ok'));
  outer.get('/readyz', async (c) => ((await isReady()) ? c.text('ok') : c.text('not ready', 503)));
  if (measure !== undefined) outer.use(measure);
  outer.all('*', (c) => app.fetch(c.req.raw, c.env));
  return outer;
}

/**
 * From where somebody asks. A proxy says it of others, the last of several in the line that it has come through; anybody
 * else may say what he likes.
 */
export function clientAddress(trustedProxies: ReadonlySet<string>): (c: Context) => string | undefined {
  const trusted = new Set([...trustedProxies].map(normalized));
  return (c) => {
    const { incoming } = c.env as HttpBindings;
    const line = (c.req.header('x-forwarded-for') ?? '').split(',').map((address) => address.trim());
    const known = [...line, incoming.socket.remoteAddress ?? ''].filter(Boolean).map(normalized);
    const address = known.findLast((each) => !trusted.has(each)) ?? known[0];
    return address && visitorOf(address);
  };
}

/** One form of an address that has several; an address of IPv4 in the form of IPv6 is that address. */
const normalized = (address: string): string =>
  ipaddr.isValid(address) ? ipaddr.process(address).toString() : address;

/** Whoever has an address of IPv6 commonly has all that begin with the same 64 bits. */
const visitorOf = (address: string): string =>
  ipaddr.IPv6.isValid(address) ? ipaddr.IPv6.networkAddressFromCIDR(`${address}/64`).toString() : address;
