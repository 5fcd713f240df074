/** Who may ask at all: this machine's own client with the secret, and no web page. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Context, MiddlewareHandler } from 'hono';
import { HttpProblem } from './httpProblem.ts';

/**
 * Refuses what only a socket shows, before Node has tidied it up: a request that is not HTTP/1.1, names its host
 * twice or asks for an absolute address. Returns the reason, or `undefined` for a request that is in order.
 */
export function rejectionReason(request: IncomingMessage): string | undefined {
  if (request.httpVersion !== '1.1') return 'HTTP/1.1 only';
  if (!request.url?.startsWith('/')) return 'The target must be a path';
  const hosts = request.rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === 'host');
  return hosts.length === 1 ? undefined : 'One Host header is needed';
}

/**
 * Host must be exactly this server's own address (a rebound name is not), and anything that a browser's page
 * sends is refused: every page's request carries Origin, Sec-Fetch-Site, or both.
 */
export const ownAddressOnly =
  (ownHost: () => string): MiddlewareHandler =>
  async (c, next) => {
    if (c.req.header('host') !== ownHost()) throw new HttpProblem(403, 'Wrong host');
    const site = c.req.header('sec-fetch-site');
    if (c.req.header('origin') !== undefined || (site !== undefined && site !== 'none')) {
      throw new HttpProblem(403, 'Not for web pages');
    }
    await next();
  };

/** The contract's three headers for a credential (section 2), those that are there. */
export const presentedCredentials = (c: Context): string[] =>
  [
    c.req.header('x-access-token'),
    c.req.header('x-api-key'),
    c.req.header('authorization')?.replace(/^Bearer /i, ''),
  ].filter((text) => text !== undefined);

/** Compares with `secret` in constant time. */
export function secretCheck(secret: string): (text: string) => boolean {
  const expected = digest(secret);
  return (text) => timingSafeEqual(digest(text), expected);
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
