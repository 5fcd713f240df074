import { isObject } from '../contract/json.ts';
import { ApiError, isMissingRoute } from './apiError.ts';
import { updateBody, type ContactChanges } from './contactChanges.ts';
import { decodeContact, type Contact } from './decode/contact.ts';
import { rowsOf } from './decode/page.ts';
import type { OnDropped } from './decode/primitives.ts';
import type { CallOptions, JsonCalls } from './jsonCalls.ts';
import { segment } from './paths.ts';

export interface MergedContact {
  contact: Contact;
  /** Takes the merge back. */
  mergeId: string;
}

/** What our own server knows beyond the contract: two contacts that become one, and two again. */
export class MergeCalls {
  private readonly calls: JsonCalls;
  private readonly onDropped: OnDropped;

  constructor(calls: JsonCalls, onDropped: OnDropped) {
    this.calls = calls;
    this.onDropped = onDropped;
  }

  /** @returns `undefined` where the server has no such route; it has done nothing then. */
  async merge(
    keptId: string,
    goneId: string,
    changes: ContactChanges,
    { signal }: CallOptions,
  ): Promise<MergedContact | undefined> {
    const where = { method: 'POST', pathTemplate: '/contacts/{id}/_merge' } as const;
    const path = `/contacts/${segment(keptId)}/_merge`;
    try {
      const body = { contact_id: goneId, changes: updateBody(changes) };
      const merged = await this.calls.write({ ...where, path, signal }, body, (answer) => this.mergedIn(answer));
      if (merged === undefined) throw new ApiError('badReply', { ...where, reason: 'shape', mayHaveBeenApplied: true });
      return merged;
    } catch (error) {
      // Some routes say 400 for what they do not know (contract, section 2).
      if (isMissingRoute(error)) return undefined;
      throw error;
    }
  }

  /** @returns those who there are now, as far as the server says. */
  async undo(keptId: string, mergeId: string, { signal }: CallOptions): Promise<Contact[]> {
    const where = { method: 'POST', pathTemplate: '/contacts/{id}/_unmerge' } as const;
    const path = `/contacts/${segment(keptId)}/_unmerge`;
    const decode = (answer: unknown): Contact[] =>
      (rowsOf(answer) ?? []).flatMap((each) => decodeContact(each, 'contact', this.onDropped) ?? []);
    return (await this.calls.write({ ...where, path, signal }, { merge_id: mergeId }, decode)) ?? [];
  }

  private mergedIn(answer: unknown): MergedContact | undefined {
    const contact = decodeContact(answer, 'contact', this.onDropped);
    const mergeId = isObject(answer) ? answer['merge_id'] : undefined;
    return contact === undefined || typeof mergeId !== 'string' ? undefined : { contact, mergeId };
  }
}
