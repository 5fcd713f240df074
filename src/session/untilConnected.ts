import type { Session } from './session.ts';

/** What a local server takes to start on a slow machine. */
const limitMs = 30_000;

/** Waits until it is known who is signed in and they are connected, or are not, or `signal` aborts. */
export async function untilConnected(session: Session, signal?: AbortSignal): Promise<void> {
  await session.known;
  if (session.state.kind !== 'starting' || signal?.aborted === true) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const listener = session.onDidChange(({ kind }) => {
    if (kind !== 'starting') resolve();
  });
  const end = (): void => resolve();
  const limit = setTimeout(end, limitMs);
  signal?.addEventListener('abort', end, { once: true });
  await promise;
  clearTimeout(limit);
  signal?.removeEventListener('abort', end);
  listener.dispose();
}
