/** Remembers the quirks of each server, by origin, so that a request format it has rejected is not tried again. */
export class ServerQuirks {
  private readonly bareArrays = new Set<string>();

  /** Whether lists of notifications are sent as a bare array (contract, section 3). */
  needsBareArrays(origin: string): boolean {
    return this.bareArrays.has(origin);
  }

  setNeedsBareArrays(origin: string): void {
    this.bareArrays.add(origin);
  }
}
