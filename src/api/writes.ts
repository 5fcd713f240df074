/** What writes have in common. */
import { ApiError, isMissingRoute } from './apiError.ts';

/** For a write whose answer says nothing that is wanted. */
export const ignoreBody = (): undefined => undefined;

/** For a write that was answered without what it should have made. */
export function noResult({ method, pathTemplate }: { method: string; pathTemplate: string }): never {
  throw new ApiError('badReply', { method, pathTemplate, reason: 'shape', mayHaveBeenApplied: true });
}

/** Treats "not found" as success: what was to be deleted is already gone. */
export async function ignoreNotFound(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if (!(error instanceof ApiError) || error.kind !== 'notFound') throw error;
  }
}

/** Treats "not found" as success where a look finds nothing: a server without the route says the same. */
export async function unlessGone(removal: Promise<unknown>, look: () => Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if (!(error instanceof ApiError) || !isMissingRoute(error)) throw error;
    if (await isGone(look())) return;
    const { method, pathTemplate } = error;
    throw new ApiError('invalid', { method, pathTemplate, status: 405, cause: error });
  }
}

/** Whether a look finds nothing. */
export async function isGone(look: Promise<unknown>): Promise<boolean> {
  return look.then(
    () => false,
    (error: unknown) => error instanceof ApiError && error.kind === 'notFound',
  );
}
