import { isApiError, isCancelled } from '../api/apiError.ts';

/** A window that nobody looks at asks so many times less often. */
const unfocusedFactor = 5;
const maxBackoffMs = 15 * 60_000;
const minuteMs = 60_000;
/** Jitter, so that windows opened together do not keep polling in lockstep. */
const jitterShare = 0.1;
const backoffJitterShare = 0.2;

export interface PollerOptions {
  poll: () => Promise<void>;
  /** Milliseconds between two polls of a window that has the focus. */
  interval: () => number;
  isFocused: () => boolean;
  /** False while there is nobody to ask for. */
  isWanted: () => boolean;
  random?: () => number;
}

/**
 * Polls repeatedly: less often while the window is unfocused, with increasing delays while the server fails, never
 * before the time that its `Retry-After` names, and not at all while polling is not wanted.
 */
export class Poller {
  private readonly options: PollerOptions;
  private readonly random: () => number;
  private timer: NodeJS.Timeout | undefined;
  private failures = 0;
  private notBefore = 0;
  private askedAt = 0;
  private isEnded = false;

  constructor(options: PollerOptions) {
    this.options = options;
    this.random = options.random ?? Math.random;
  }

  /** Something has just been asked, by this or otherwise; the next time is counted from now. */
  asked(error?: unknown): void {
    this.askedAt = Date.now();
    this.failures = error === undefined ? 0 : this.failures + 1;
    const seconds = isApiError(error) ? (error.retryAfterSeconds ?? 0) : 0;
    this.notBefore = Math.max(this.askedAt + seconds * 1_000, this.askedAt + this.backoff());
    this.schedule();
  }

  /** The focus has changed, or `isWanted` or `interval` may now return something else. */
  reconsider(): void {
    this.schedule();
  }

  dispose(): void {
    this.isEnded = true;
    clearTimeout(this.timer);
  }

  private backoff(): number {
    if (this.failures === 0) return 0;
    const pause = Math.min(minuteMs * 2 ** (this.failures - 1), maxBackoffMs);
    return pause * (1 + backoffJitterShare * this.random());
  }

  private schedule(): void {
    clearTimeout(this.timer);
    const { interval, isFocused, isWanted } = this.options;
    if (this.isEnded || !isWanted()) return;
    const pause = interval() * (isFocused() ? 1 : unfocusedFactor) * (1 + jitterShare * this.random());
    const at = Math.max(this.askedAt + pause, this.notBefore);
    this.timer = setTimeout(() => void this.ask(), Math.max(0, at - Date.now()));
  }

  private async ask(): Promise<void> {
    try {
      await this.options.poll();
      this.asked();
    } catch (error) {
      // Another question took its place, which is no failure of the server's.
      this.asked(isCancelled(error) ? undefined : error);
    }
  }
}
