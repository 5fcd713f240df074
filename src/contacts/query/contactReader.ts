import type { ContactService } from '../../api/contactService.ts';
import type { Contact } from '../../api/decode/contact.ts';
import type { Page } from '../../api/decode/page.ts';
import { isNarrow, type ContactQuery } from './contactQuery.ts';
import { resolved, type ResolvedQuery } from './resolvedQuery.ts';

const maxPageSize = 500;
/** How many contacts a filtered read scans before the user is asked whether to continue. */
export const maxScannedPerRead = 5_000;
/** Where they are on this machine, which takes no request. */
const maxScannedHere = 100_000;
/** After this many consecutive pages without a new contact, the server is assumed to repeat itself. */
const maxStalePages = 5;

/** What may be missing from a list: contacts, or a share of them. */
const minMissing = 10;
const missingShare = 0.01;

/** Those that have left out themselves whom a filter does not mean. */
const filtering = new WeakSet<ContactService>();

export interface ContactCount {
  matching: number;
  /** False where there are more than that. */
  isExact: boolean;
}

export interface ContactsRead {
  contacts: readonly Contact[];
  hasMore: boolean;
  /** How many the query has in all, where that is known. */
  count: ContactCount | undefined;
  /** How many contacts were looked at from the start. */
  lookedAt: number;
  /** The server has given no more, though there are more by what it says. */
  isCutShort?: boolean;
}

/** Reads the contacts of one query from their start, as far as is asked for. */
export class ContactReader {
  readonly query: ContactQuery;
  private readonly service: ContactService;
  private readonly seen = new Set<string>();
  /** What was found and not yet given, because reading on failed. */
  private readonly found: Contact[] = [];
  private position = 0;
  private passed = 0;
  /** What is given has passed the server's filter. */
  private isNarrowed = false;
  /** So many rows may be known already after a new beginning. */
  private knownUpTo = 0;
  private readonly isBackground: boolean;
  private asked: ResolvedQuery | undefined;

  /** @param isBackground nobody waits for it. */
  constructor(service: ContactService, query: ContactQuery, isBackground = false) {
    this.service = service;
    this.query = query;
    this.isBackground = isBackground;
  }

  /**
   * The next contacts: at least `wanted`, unless there are no more or the filters let too few through.
   * @param pageSize how many the server is asked for at once.
   * @param lookedAt how many were looked at already: as many may be looked at again for the filters, before who asks is
   * asked whether to go on.
   * @throws ApiError
   */
  async read(wanted: number, pageSize: number, signal: AbortSignal, lookedAt = 0): Promise<ContactsRead> {
    const mayLookAt = Math.max(lookedAt, this.service.mirror?.isWhole === true ? maxScannedHere : maxScannedPerRead);
    let start = this.position;
    if (isNarrow(this.query)) this.asked ??= await resolved(this.query, this.service, signal);
    const { text = '', isFiltered = false, filter, isAll = true, matches = () => true } = this.asked ?? {};
    let stalePages = 0;
    for (;;) {
      const isSifted = isFiltered && !(isAll && filter !== undefined && filtering.has(this.service));
      const limit = isSifted ? maxPageSize : Math.min(pageSize, maxPageSize);
      const page = await this.ask(text, filter, limit, signal);
      const isNarrowed = page.isFiltered === true;
      if (isNarrowed) filtering.add(this.service);
      else if (filter !== undefined) filtering.delete(this.service);
      if (isNarrowed !== this.isNarrowed && this.position > 0) {
        // Another one answers now, whose rows are others.
        this.isNarrowed = isNarrowed;
        this.position = start = 0;
        this.knownUpTo = this.seen.size;
        continue;
      }
      this.isNarrowed = isNarrowed;
      this.position += page.received;
      const fresh = page.items.filter(({ id }) => !this.seen.has(id));
      for (const { id } of fresh) this.seen.add(id);
      const passing = fresh.filter(matches);
      this.found.push(...passing);
      this.passed += passing.length;
      // Contacts added in the meantime can shift a whole page of known ones forward, so one stale page is not the end.
      stalePages = fresh.length > 0 || this.position <= this.knownUpTo ? 0 : stalePages + 1;
      const hasMore = page.hasMore && page.received > 0 && stalePages < maxStalePages;
      if (!hasMore || this.found.length >= wanted || this.position - start >= mayLookAt) {
        const isCutShort = !hasMore && this.isShort(page, text, stalePages);
        const count = this.countBy(page, hasMore || isCutShort);
        return { contacts: this.found.splice(0), hasMore, count, lookedAt: this.position, isCutShort };
      }
    }
  }

  /** Those that are deleted while a list is read are missing from it, and a search may count otherwise than it finds. */
  private isShort({ totalMatching, hasMore }: Page<Contact>, text: string, stalePages: number): boolean {
    if (hasMore && stalePages >= maxStalePages) return true;
    if (totalMatching === undefined || text !== '') return false;
    return totalMatching - this.seen.size > Math.max(minMissing, totalMatching * missingShare);
  }

  private countBy(page: Page<Contact>, hasMore: boolean): ContactCount | undefined {
    if (!hasMore) return { matching: this.passed, isExact: true };
    const isExact = this.asked?.isFiltered !== true || (this.isNarrowed && this.asked.isAll);
    if (!isExact) return this.passed > 0 ? { matching: this.passed, isExact } : undefined;
    if (page.totalMatching !== undefined) return { matching: page.totalMatching, isExact: true };
    return page.countedAtLeast === undefined ? undefined : { matching: page.countedAtLeast, isExact: false };
  }

  private ask(q: string, filter: ResolvedQuery['filter'], limit: number, signal: AbortSignal): Promise<Page<Contact>> {
    const { sort } = this.query;
    const request = { limit, skip: this.position, signal, isBackground: this.isBackground };
    return q === ''
      ? this.service.list({ ...request, ...filter, sort: sort ?? '-created_at' })
      : this.service.search({ q, ...request, sort });
  }
}
