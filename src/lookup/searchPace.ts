const longestPauseMs = 150;

/**
 * How long to wait for the next letter before a server is asked: as long as its last answer took. Beside a server that
 * answers at once, waiting would cost more than the search; one that is far away is spared a question for every letter.
 */
export class SearchPace {
  private readonly answerMs = new WeakMap<object, number>();
  private readonly now: () => number;

  /** @param now a clock, in milliseconds. */
  constructor(now = (): number => performance.now()) {
    this.now = now;
  }

  /** In milliseconds. A server that has not answered yet is taken for one that is far away. */
  pauseBefore(server: object | undefined): number {
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
