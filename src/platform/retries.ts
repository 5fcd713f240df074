/**
 * What the user is offered to try again is meant for the account that it failed with. When another is used, it is
 * not to be tried any more.
 */
let scope = new AbortController();

/** Aborts when what fails now is not to be tried again. */
export const retryScope = (): AbortSignal => scope.signal;

export function endRetries(): void {
  scope.abort();
  scope = new AbortController();
}
