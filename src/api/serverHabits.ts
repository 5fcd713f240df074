/** What was learned of each server, by its origin: what it did not take once it is not asked to take again. */
export class ServerHabits {
  private readonly bareArrays = new Set<string>();

  /** Whether lists of notifications are sent as a bare array (contract, section 3). */
  takesBareArrays(origin: string): boolean {
    return this.bareArrays.has(origin);
  }

  learnBareArrays(origin: string): void {
    this.bareArrays.add(origin);
  }
}
