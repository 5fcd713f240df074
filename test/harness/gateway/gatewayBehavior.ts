/** How the stand-in gateway behaves: its latency, and the faults that a test can inject. */
import type { Random } from '../../../src/server/seed/random.ts';

export interface GatewayBehavior {
  /** 1 is as the gateway was seen: median 120 ms, 95 % under 400; 0 is none. */
  latency: number;
  /** So long each answer takes, in place of `latency`; 0 for none. */
  fixedMs: number;
  /** How many of a hundred requests are turned away with 429; every other of them says for how long. */
  tooManyPercent: number;
  /** Seconds that a 429 asks for, where it does. */
  retryAfterSeconds: number;
  /** How many of a hundred are answered with a web page and 502; every other of those was acted on. */
  badGatewayPercent: number;
  /** Every connection breaks, as if there were no network. */
  isUnreachable: boolean;
  /** Every page of a list is its first. */
  ignoresSkip: boolean;
  /** No token is good any more. */
  tokensAreExpired: boolean;
  /** Read and dismiss take the documented bare array, and nothing else. */
  takesBareArraysOnly: boolean;
  /** Read and dismiss take `ids` as in the specification for agents, with POST to dismiss, and nothing else. */
  takesIdsOnly: boolean;
  /** To dismiss, a type that is a number means all. */
  dismissesAllForNumbers: boolean;
  /** How messages are asked for: by a team's view, by the conversation alone, or of anybody where not by a view. */
  messagesAre: 'byView' | 'byConversation' | 'ofAnybody';
  /** JSON begins with a byte order mark. */
  hasByteOrderMark: boolean;
}

export const defaultBehavior: GatewayBehavior = {
  latency: 1,
  fixedMs: 0,
  tooManyPercent: 0,
  retryAfterSeconds: 1,
  badGatewayPercent: 0,
  isUnreachable: false,
  ignoresSkip: false,
  tokensAreExpired: false,
  takesBareArraysOnly: false,
  takesIdsOnly: false,
  dismissesAllForNumbers: false,
  messagesAre: 'byView',
  hasByteOrderMark: false,
};

const medianMs = 120;
/** Of a log-normal distribution: 120 ms times e to the power of 0.73 times 1.645 is 399 ms, for 95 %. */
const spread = 0.73;
const maxMs = 3_000;

/** A random response time in milliseconds, log-normally distributed like those observed. */
export function latencyMs(random: Random, { latency, fixedMs }: GatewayBehavior): number {
  if (fixedMs > 0) return fixedMs;
  // The Box–Muller transform: two uniform random numbers give one that is normally distributed.
  const normal = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  return Math.min(maxMs, medianMs * Math.exp(spread * normal)) * latency;
}
