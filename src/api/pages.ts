import { ApiError } from './apiError.ts';
import type { Page, PageRequest } from './decode/page.ts';

/** A listing of this many pages is one that does not end. */
const maxPages = 100_000;

/** After this many consecutive pages without a new item, the server is assumed to repeat itself. */
const maxStalePages = 5;

/**
 * The pages of a listing, each asked for when the one before has been used. It ends where the server says so, and
 * also where page after page has nothing new: a server that repeats itself would be asked for ever.
 * @param ask gives the page at `skip` of at most `limit` items.
 * @throws {ApiError} what `ask` throws, and `badReply` for a listing without end.
 */
export async function* pagesOf<T extends { readonly id: string }, P extends Page<T>>(
  ask: (request: Required<PageRequest>) => Promise<P>,
  limit: number,
): AsyncGenerator<P, void, undefined> {
  const seen = new Set<string>();
  let skip = 0;
  let stalePages = 0;
  for (let pages = 0; pages < maxPages; pages++) {
    const page = await ask({ limit, skip });
    const fresh = page.items.filter((item) => !seen.has(item.id));
    for (const { id } of fresh) seen.add(id);
    // Items added in the meantime can shift a whole page of known items forward, so one stale page is not the end.
    stalePages = fresh.length > 0 ? 0 : stalePages + 1;
    const hasMore = page.hasMore && page.received > 0 && stalePages < maxStalePages;
    yield { ...page, items: fresh, hasMore };
    if (!hasMore) return;
    // A server may give fewer than asked for, and says that there are more all the same.
    skip += page.received;
  }
  throw new ApiError('badReply', { reason: 'endless' });
}
