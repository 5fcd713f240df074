/** Remembers the quirks of each server, by origin, so that a form of request it has rejected is not tried again. */
export class ServerQuirks {
  private readonly bareArrays = new Set<string>();
  private readonly messagesByView = new Set<string>();

  /** Whether lists of notifications are sent as a bare array (contract, section 3). */
  needsBareArrays(origin: string): boolean {
    return this.bareArrays.has(origin);
  }

  setNeedsBareArrays(origin: string): void {
    this.bareArrays.add(origin);
  }

  /** Whether messages are asked for by a team's view of a conversation (contract, section 7). */
  messagesAreByView(origin: string): boolean {
    return this.messagesByView.has(origin);
  }

  setMessagesAreByView(origin: string): void {
    this.messagesByView.add(origin);
  }
}
