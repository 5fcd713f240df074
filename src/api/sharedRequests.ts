import { ApiError } from './apiError.ts';

interface Shared {
  promise: Promise<unknown>;
  waiting: number;
  /** Absent where one of those who wait cannot leave. */
  controller: AbortController | undefined;
}

/** Deduplicates concurrent identical requests. A shared request is aborted once all its callers have aborted. */
export class SharedRequests {
  private readonly inFlight = new Map<string, Shared>();

  run<T>(
    key: string,
    signal: AbortSignal | undefined,
    start: (signal: AbortSignal | undefined) => Promise<T>,
  ): Promise<T> {
    if (signal?.aborted === true) return Promise.reject(new ApiError('cancelled'));
    const shared = this.inFlight.get(key) ?? this.start(key, signal !== undefined, start);
    shared.waiting++;
    // The key stands for one kind of result, so the promise under it is one of T.
    const promise = shared.promise as Promise<T>;
    if (signal === undefined) return promise;
    return new Promise<T>((resolve, reject) => {
      const leave = (): void => {
        reject(new ApiError('cancelled'));
        if (--shared.waiting > 0) return;
        this.forget(key, shared);
        shared.controller?.abort();
      };
      signal.addEventListener('abort', leave, { once: true });
      promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
    });
  }

  /** Whoever asks from now on does not join what is under way: it may be about a state that is over. */
  stopSharing(): void {
    this.inFlight.clear();
  }

  private start(key: string, canBeLeft: boolean, start: (signal: AbortSignal | undefined) => Promise<unknown>): Shared {
    const controller = canBeLeft ? new AbortController() : undefined;
    const promise = start(controller?.signal);
    const shared: Shared = { promise, waiting: 0, controller };
    this.inFlight.set(key, shared);
    const forget = (): void => this.forget(key, shared);
    promise.then(forget, forget);
    return shared;
  }

  private forget(key: string, shared: Shared): void {
    if (this.inFlight.get(key) === shared) this.inFlight.delete(key);
  }
}
