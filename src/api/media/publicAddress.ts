import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** What a network address leads to: the whole world, this machine, or something that a stranger must not reach. */
export type AddressScope = 'public' | 'loopback' | 'private';

/**
 * Only what is known to be public is called so: of IPv6 the part that is handed out (2000::/3), and a translated IPv4
 * address (64:ff9b::/96) by what it stands for.
 */
export function classifyAddress(address: string): AddressScope {
  // The parser takes more for an address than a system gives.
  if (isIP(address) === 0) return 'private';
  const parsed = ipaddr.process(address);
  const range = parsed.range();
  if (range === 'loopback') return 'loopback';
  if (parsed.kind() === 'ipv4') return range === 'unicast' ? 'public' : 'private';
  const bytes = parsed.toByteArray();
  if (range === 'rfc6052') return classifyAddress(bytes.slice(-4).join('.')) === 'public' ? 'public' : 'private';
  const isGlobalUnicast = ((bytes[0] ?? 0) & 0xe0) === 0x20;
  return range === 'unicast' && isGlobalUnicast ? 'public' : 'private';
}
