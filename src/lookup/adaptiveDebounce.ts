const longestPauseMs = 150;

/**
 * An adaptive debounce for search-as-you-type: waits as long as the server's last response took. With a fast server,
 * waiting would cost more than searching; a slow one is not sent a request for every keystroke.
 */
export class AdaptiveDebounce {
  private readonly answerMs = new WeakMap<object, number>();
  private readonly now: () => number;

  /** @param now a clock, in milliseconds. */
  constructor(now = (): number => performance.now()) {
    this.now = now;
  }

  /** In milliseconds. A server that has not answered yet is taken for one that is far away. */
  delayFor(server: object | undefined): number {
    const answerMs = server === undefined ? undefined : this.answerMs.get(server);
    return Math.min(longestPauseMs, answerMs ?? longestPauseMs);
  }

  /** Waits for an answer, and remembers how long it took. What was cancelled or failed tells nothing. */
  async measure<T>(server: object, answer: Promise<T>): Promise<T> {
    const asked = this.now();
    const result = await answer;
    this.answerMs.set(server, this.now() - asked);
    return result;
  }
}
