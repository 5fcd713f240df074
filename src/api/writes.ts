/** What writes have in common. */
import { ApiError } from './apiError.ts';

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

/** Whether a look finds nothing. */
export async function isGone(look: Promise<unknown>): Promise<boolean> {
  return look.then(
    () => false,
    (error: unknown) => error instanceof ApiError && error.kind === 'notFound',
  );
}
