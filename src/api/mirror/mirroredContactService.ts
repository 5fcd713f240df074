import { isApiError, isUnreachable } from '../apiError.ts';
import type { ContactChanges } from '../contactChanges.ts';
import {
  ContactService,
  type CallOptions,
  type GetOptions,
  type ListOptions,
  type SearchOptions,
} from '../contactService.ts';
import type { Contact } from '../decode/contact.ts';
import type { Page } from '../decode/page.ts';
import type { MergedContact } from '../mergeCalls.ts';
import type { Mirror } from './mirror.ts';

/**
 * The contact service of an account whose contacts are kept on this machine too: lists and searches are answered from
 * there, everything else by the server, and the mirror takes in what the server says of single contacts.
 */
export class MirroredContactService extends ContactService {
  private kept: Mirror | undefined;

  override get mirror(): Mirror | undefined {
    return this.kept;
  }

  /** Answers from `mirror` from now on, if there is one, and disposes of it in the end. */
  useMirror(mirror: Mirror | undefined): void {
    this.kept = mirror;
  }

  override dispose(): void {
    void this.kept?.dispose();
    super.dispose();
  }

  override async list(options: ListOptions = {}): Promise<Page<Contact>> {
    return this.answered(
      (mirror) => mirror.list(options),
      () => super.list(options),
      options.signal,
    );
  }

  override async search(options: SearchOptions): Promise<Page<Contact>> {
    return this.answered(
      (mirror) => mirror.search(options),
      () => super.search(options),
      options.signal,
    );
  }

  /** What the server itself answers, whatever is kept of it. */
  listAtServer(options: ListOptions = {}): Promise<Page<Contact>> {
    return super.list(options);
  }

  override async get(contactId: string, options: GetOptions = {}): Promise<Contact> {
    const { mirror } = this;
    if (mirror === undefined) return super.get(contactId, options);
    const mayBeKept = options.mayBeKept === true && options.isFresh !== true;
    // While it fills nobody looks at what has changed of those who are here.
    const known = mayBeKept && mirror.isWhole ? await keptContact(mirror, contactId, options) : undefined;
    if (known !== undefined) return known;
    try {
      const contact = await this.noticed(super.get(contactId, options));
      void mirror.accept({ contacts: [contact] });
      return contact;
    } catch (error) {
      if (isApiError(error) && error.kind === 'notFound') void mirror.accept({ removed: [contactId] });
      const kept = mayBeKept && isUnreachable(error) ? await keptContact(mirror, contactId, options) : undefined;
      if (kept === undefined) throw error;
      return kept;
    }
  }

  override async update(
    contactId: string,
    changes: ContactChanges,
    call: CallOptions = {},
  ): Promise<{ contact: Contact; ignored: (keyof ContactChanges)[] }> {
    const updated = await this.noticed(super.update(contactId, changes, call));
    await this.kept?.accept({ contacts: [updated.contact] });
    return updated;
  }

  override async create(fields: ContactChanges, call: CallOptions = {}): Promise<Contact> {
    const contact = await this.noticed(super.create(fields, call));
    await this.kept?.accept({ contacts: [contact] });
    return contact;
  }

  override async delete(contactId: string, call: CallOptions = {}): Promise<void> {
    await this.noticed(super.delete(contactId, call));
    await this.kept?.accept({ removed: [contactId] });
  }

  override async merge(
    keptId: string,
    goneId: string,
    changes: ContactChanges,
    call: CallOptions = {},
  ): Promise<MergedContact | undefined> {
    const merged = await this.noticed(super.merge(keptId, goneId, changes, call));
    if (merged !== undefined) await this.kept?.accept({ contacts: [merged.contact], removed: [goneId] });
    return merged;
  }

  override async undoMerge(keptId: string, mergeId: string, call: CallOptions = {}): Promise<readonly Contact[]> {
    const contacts = await this.noticed(super.undoMerge(keptId, mergeId, call));
    await this.kept?.accept({ contacts });
    return contacts;
  }

  /** An answer of the server, or that there was none. */
  private async noticed<T>(answer: Promise<T>): Promise<T> {
    try {
      const result = await answer;
      this.kept?.found();
      return result;
    } catch (error) {
      if (isUnreachable(error)) this.kept?.lost();
      throw error;
    }
  }

  /** By the mirror where everybody is there, else by the server; by the other where that one fails. */
  private async answered(
    ask: (mirror: Mirror) => Promise<Page<Contact>>,
    askServer: () => Promise<Page<Contact>>,
    signal: AbortSignal | undefined,
  ): Promise<Page<Contact>> {
    const { mirror } = this;
    if (mirror === undefined) return askServer();
    if (mirror.isWhole) {
      return ask(mirror).catch((error: unknown) => {
        // What ends with the mirror is not what the caller has ended.
        if (signal?.aborted === true) throw error;
        return askServer();
      });
    }
    return askServer().catch((error: unknown) => {
      if (!isUnreachable(error)) throw error;
      // What is here so far is better than nothing; where nothing is, the server's failure is what there is to say.
      return ask(mirror).then(
        (page) => {
          if (page.received === 0) throw error;
          return page;
        },
        () => {
          throw error;
        },
      );
    });
  }
}

async function keptContact(mirror: Mirror, contactId: string, { signal }: CallOptions): Promise<Contact | undefined> {
  try {
    return await mirror.get(contactId, { signal });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    return undefined;
  }
}
