export interface SyncPace {
  /** Requests under way at once, and begun in a second. */
  atOnce: number;
  perSecond: number;
  /** Between two looks at what is new, and between two pages of a sweep. */
  stepMs: number;
  sweepMs: number;
  /** Between two looks at what other windows have done. */
  followMs: number;
  /** Until a server is looked for again that did not answer somebody. */
  retryMs: number;
  /** Between two sweeps that the server's count calls for. */
  calledForMs: number;
  /** How long a window that keeps step may be silent before another goes on in its place. */
  leaseMs: number;
}

/** An hour of it, with nothing new, is at most 60 requests. */
export const gentlePace: SyncPace = {
  atOnce: 2,
  perSecond: 4,
  stepMs: 300_000,
  sweepMs: 120_000,
  followMs: 3_000,
  retryMs: 5_000,
  calledForMs: 3_600_000,
  leaseMs: 20_000,
};

/** How many are here, of how many, and as of when. */
export interface SyncState {
  /** `kept` until the server is known to answer. */
  kind: 'filling' | 'kept' | 'inStep' | 'unreachable';
  isWhole: boolean;
  contacts: number;
  /** How many there are in all, where the server says so. */
  total: number | undefined;
  /** When the server was last looked at for what is new. */
  asOf: Date | undefined;
}
