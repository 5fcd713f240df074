/**
 * Ids of notifications as the contract's object, as the bare array of its pages (both section 3), or as `ids`, which the
 * specification for agents has, with POST to dismiss (section 7).
 */
export type IdsForm = 'object' | 'array' | 'ids';

/** Remembers the quirks of each server, by origin, so that a form of request it has rejected is not tried again. */
export class ServerQuirks {
  private readonly idForms = new Map<string, IdsForm>();
  private readonly messagesByConversation = new Set<string>();

  /** How ids of notifications are sent, where it is known that others are not taken. */
  idsForm(origin: string): IdsForm | undefined {
    return this.idForms.get(origin);
  }

  setIdsForm(origin: string, form: IdsForm): void {
    this.idForms.set(origin, form);
  }

  /** Whether messages are asked for by their conversation, and not by a team's view of it (contract, section 7). */
  messagesAreByConversation(origin: string): boolean {
    return this.messagesByConversation.has(origin);
  }

  setMessagesAreByConversation(origin: string): void {
    this.messagesByConversation.add(origin);
  }
}
