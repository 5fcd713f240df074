/** The hosted gateways (contract, section 1). */
export const gateways = {
  stable: 'https://app-gatewayv2.imbrace.co',
  sandbox: 'https://app-gateway.sandbox.imbrace.co',
  develop: 'https://app-gateway.dev.imbrace.co',
} as const;
export type GatewayName = keyof typeof gateways;

/**
 * The origin of a server that a credential may be sent to: https, or plain http on this machine only.
 * Returns `undefined` for anything else, and for an address with a user, a path or a query in it.
 */
export function serverOrigin(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  const isBare =
    url.username === '' && url.password === '' && url.search === '' && url.hash === '' && url.pathname === '/';
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.origin));
  return isBare && isSafe ? url.origin : undefined;
}

/** Whether an origin is this machine. */
export const isLoopback = (origin: string): boolean =>
  ['127.0.0.1', '[::1]', 'localhost'].includes(new URL(origin).hostname);
