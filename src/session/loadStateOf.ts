import type { LoadState } from '../platform/loadState.ts';
import type { SessionState } from './session.ts';

/** The load state of a list that depends on the session's service; not loading if no service is on its way. */
export function loadStateOf({ kind }: SessionState): LoadState {
  if (kind === 'failed' || kind === 'expired') return { kind: 'failed', error: undefined };
  return { kind: kind === 'signedOut' ? 'ready' : 'loading' };
}
