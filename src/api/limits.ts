import { ApiError } from './apiError.ts';
import { AttemptFailure, connectionFailure } from './failure.ts';

/** All in milliseconds. */
export interface Timings {
  /** Until the head of the answer is there, the connection included. */
  headers: number;
  /** The same for an upload, with the time that its body takes. */
  upload: number;
  /** Between two pieces of a body. */
  stall: number;
  /** For all attempts of one call together. */
  deadline: number;
  backoffBase: number;
  backoffCap: number;
  /** What a user asks for is put off no longer than this, whatever a server asks for; the background waits on. */
  maxUserDelay: number;
}

export const defaultTimings: Timings = {
  headers: 10_000,
  upload: 120_000,
  stall: 10_000,
  deadline: 30_000,
  backoffBase: 300,
  backoffCap: 8_000,
  maxUserDelay: 60_000,
};

interface Attempt {
  method: string;
  pathTemplate: string;
  signal?: AbortSignal | undefined;
  isUpload?: boolean | undefined;
}

/** Ends an attempt that takes too long, and tells that apart from a caller who has gone. */
export class Limits {
  /** Told when nothing is limited any more. */
  onEnd: (() => void) | undefined;
  private readonly controller = new AbortController();
  private readonly attempt: Attempt;
  private readonly stallMs: number;
  private readonly deadline: number;
  /** When the server must have sent something. All times are those of `performance.now()`. */
  private due: number;
  private timer: NodeJS.Timeout | undefined;
  private isTimedOut = false;
  private isCancelled = false;

  /** @param deadline by `performance.now()`; `Infinity` for none. */
  constructor(attempt: Attempt, timings: Timings, started: number, deadline: number) {
    this.attempt = attempt;
    this.stallMs = timings.stall;
    this.deadline = deadline;
    this.due = started + (attempt.isUpload === true ? timings.upload : timings.headers);
    this.watch(started);
    attempt.signal?.addEventListener('abort', this.cancel);
    if (attempt.signal?.aborted === true) this.cancel();
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Something has come: the wait for the next piece begins. */
  progress(): void {
    this.due = performance.now() + this.stallMs;
  }

  /** Nobody waits for the server, until the next `progress`. */
  pause(): void {
    this.due = Infinity;
  }

  end(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.attempt.signal?.removeEventListener('abort', this.cancel);
    this.onEnd?.();
  }

  /** Nobody wants the answer any more. */
  readonly cancel = (): void => {
    this.isCancelled = true;
    this.controller.abort();
  };

  /** What `error` means: a cancel, a limit of ours, or a fault of the connection. */
  failureFrom(error: unknown): AttemptFailure | ApiError {
    const { method, pathTemplate } = this.attempt;
    if (this.isCancelled) return new ApiError('cancelled', { method, pathTemplate });
    // A failure that has its meaning keeps it, also when its body did not come in time.
    if (error instanceof AttemptFailure || error instanceof ApiError) return error;
    if (this.isTimedOut) {
      return new AttemptFailure('unknown', new ApiError('timeout', { method, pathTemplate, cause: error }));
    }
    return connectionFailure(error, { method, pathTemplate });
  }

  /** A single timer that reschedules itself if it fires too early; most attempts end before it fires. */
  private watch(now: number): void {
    // A stall begins at any moment, so it is looked for at least as often as it may last.
    const next = Math.min(this.due, this.deadline, now + this.stallMs);
    this.timer = setTimeout(this.look, Math.max(1, next - now));
  }

  private readonly look = (): void => {
    const now = performance.now();
    if (now < this.due && now < this.deadline) return this.watch(now);
    this.isTimedOut = true;
    this.controller.abort();
  };
}
