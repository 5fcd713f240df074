import type { MirrorProgress } from '../../contract/mirror.ts';
import { ApiError } from '../apiError.ts';
import type { Contact } from '../decode/contact.ts';
import type { Page } from '../decode/page.ts';

/** Pages that are asked for before those in front of them have been taken in. */
const maxAhead = 4;

export interface FillParts {
  /** How far the mirror has come. */
  state: () => Pick<MirrorProgress, 'filled' | 'total' | 'isWhole'> & { contacts: number };
  /** Whether this window is still the one that fills it. */
  mayGoOn: () => Promise<boolean>;
  /** A page of everybody, newest first, as long as the server makes it. */
  page: (skip: number) => Promise<Page<Contact>>;
  /** Takes a page in, and with it how far that has come. */
  take: (page: Page<Contact>, progress: Partial<MirrorProgress>) => Promise<void>;
}

/**
 * Reads everybody, from where it was left to the end of the list.
 * @throws {ApiError} what `page` throws, and `badReply` for a server that gives the same page again and again.
 */
export async function fillMirror({ state, mayGoOn, page: ask, take }: FillParts): Promise<void> {
  const pages = new Map<number, Promise<Page<Contact>>>();
  let start: ReadonlySet<string> | undefined;
  for (let size = 0; !state().isWhole && (await mayGoOn());) {
    const { filled, total } = state();
    const skips = Array.from({ length: size === 0 ? 1 : maxAhead }, (_, ahead) => filled + ahead * size);
    for (const skip of skips.filter((each) => !pages.has(each) && (each === filled || each < (total ?? Infinity)))) {
      const asked = ask(skip);
      // Those behind one that failed are not waited for.
      asked.catch(() => undefined);
      pages.set(skip, asked);
    }
    const page = await pages.get(filled);
    if (page === undefined) return;
    pages.delete(filled);
    // The server decides how long its pages are. Where one is not as was counted on, those behind it are asked anew.
    if (page.received !== size) pages.clear();
    size = page.received;
    const isRepeating = start !== undefined && isMostlyOf(page.items, start);
    start ??= new Set(page.items.map(({ id }) => id));
    // A list that begins again has come to its end, unless the server has more than it gives.
    if (isRepeating && state().contacts < (page.totalMatching ?? 0)) {
      throw new ApiError('badReply', { method: 'GET', pathTemplate: '/contacts', reason: 'endless' });
    }
    const isWhole = !page.hasMore || page.received === 0 || isRepeating;
    await take(page, { filled: filled + page.received, isWhole, total: page.totalMatching ?? null });
  }
}

/** Whether more than half of some contacts are of a set. */
const isMostlyOf = (contacts: readonly Contact[], ids: ReadonlySet<string>): boolean =>
  2 * contacts.filter(({ id }) => ids.has(id)).length > contacts.length;
