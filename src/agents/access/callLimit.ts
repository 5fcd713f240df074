const minuteMs = 60_000;
/** A program can call itself anything. */
const maxCallers = 1_000;

/** Lets each caller do something so many times in any minute. */
export class CallLimit {
  private readonly perMinute: number;
  private readonly now: () => number;
  private readonly calls = new Map<string, number[]>();

  constructor(perMinute: number, now: () => number = () => performance.now()) {
    this.perMinute = perMinute;
    this.now = now;
  }

  /** Counts a call. @returns the seconds until the caller may try again; 0 where it may now. */
  secondsUntilAllowed(caller: string): number {
    const since = this.now() - minuteMs;
    const recent = (this.calls.get(caller) ?? []).filter((at) => at > since);
    const [oldest] = recent;
    if (recent.length >= this.perMinute && oldest !== undefined) return Math.ceil((oldest - since) / 1_000);
    if (this.calls.size >= maxCallers) this.calls.clear();
    this.calls.set(caller, [...recent, this.now()]);
    return 0;
  }
}
