/**
 * A retry that the user is offered is meant for the account it failed with, and must not run once another is active.
 */
let scope = new AbortController();

/** Aborts when what fails now is not to be tried again. */
export const retryScope = (): AbortSignal => scope.signal;

/** Invalidates all retries offered so far; called when another account is opened. */
export function endRetries(): void {
  scope.abort();
  scope = new AbortController();
}
