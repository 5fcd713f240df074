import { setTimeout } from 'node:timers/promises';
import { ApiError } from '../api/apiError.ts';
import type { Session } from './session.ts';

/** What a local server takes to start on a slow machine. */
const limitMs = 30_000;

/**
 * Waits until it is known who is signed in and they are connected, or are not; not for ever.
 * @throws {ApiError} `cancelled` where `signal` aborts.
 */
export async function untilConnected(session: Session, signal?: AbortSignal): Promise<void> {
  if (session.service !== undefined) return;
  const settled = Promise.withResolvers<void>();
  const end = new AbortController();
  const follow = (): void => {
    if (session.state.kind !== 'starting') settled.resolve();
  };
  const listener = session.onDidChange(follow);
  const cancel = (): void => settled.reject(new ApiError('cancelled'));
  if (signal?.aborted === true) cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  session.known.then(follow, follow);
  const limit = setTimeout(limitMs, undefined, { signal: end.signal });
  limit.catch(() => undefined);
  try {
    await Promise.race([settled.promise, limit]);
  } finally {
    end.abort();
    signal?.removeEventListener('abort', cancel);
    listener.dispose();
  }
}
