import type { LoadState } from '../platform/loadState.ts';
import type { SessionState } from './session.ts';

/** How far a list is that asks the service of a session. Without one to come, it waits for nothing. */
export function loadStateOf({ kind }: SessionState): LoadState {
  if (kind === 'failed' || kind === 'expired') return { kind: 'failed', error: undefined };
  return { kind: kind === 'signedOut' ? 'ready' : 'loading' };
}
