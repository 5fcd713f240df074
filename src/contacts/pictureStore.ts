import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';
import { isApiError, type ApiErrorKind, type ApiErrorReason } from '../api/apiError.ts';
import type { ContactService } from '../api/contactService.ts';
import { pictureFormatOf } from '../contract/pictureFormat.ts';

const concurrentLoads = 6;
/** As text in memory. */
const maxKeptBytes = 64 * 1024 * 1024;
/** How long a transient failure is cached before the picture is loaded again. */
const retryAfterMs = 60_000;
/** What an entry costs beside its text. */
const entryBytes = 200;

/** What became of a picture: its `data:` address, or why there is none. */
export interface Picture {
  data?: string;
  reason?: ApiErrorReason | undefined;
  /** It failed for now, and says nothing of the picture. */
  isTransient?: boolean;
}

/**
 * The pictures of one account as `data:` addresses, checked by their bytes. A few are loaded at a time; those that were
 * used last are kept.
 */
export class PictureStore {
  private readonly limit = pLimit(concurrentLoads);
  private readonly inFlight = new Map<string, Promise<Picture>>();
  private readonly kept = new LRUCache<string, Picture>({
    maxSize: maxKeptBytes,
    sizeCalculation: ({ data = '' }, url) => data.length + url.length + entryBytes,
  });

  known(url: string): Picture | undefined {
    return this.kept.get(url);
  }

  /** Loads the picture behind an address of the server's, of at most `maxBytes`; a larger one is none. */
  load(service: ContactService, url: string, maxBytes: number, signal: AbortSignal): Promise<Picture> {
    const key = `${maxBytes} ${url}`;
    const loading =
      this.inFlight.get(key) ??
      this.limit(() => fetchPicture(service, url, maxBytes, signal)).finally(() => this.inFlight.delete(key));
    this.inFlight.set(key, loading);
    return loading.then((picture) => {
      // One that is too large for a row may have come for a panel meanwhile.
      const known = this.kept.get(url);
      if (picture.data === undefined && known?.data !== undefined) return known;
      this.kept.set(url, picture, picture.isTransient === true ? { ttl: retryAfterMs } : {});
      return picture;
    });
  }
}

const permanentKinds: ReadonlySet<ApiErrorKind> = new Set(['forbidden', 'notFound', 'tooLarge', 'invalid']);

async function fetchPicture(
  service: ContactService,
  url: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Picture> {
  try {
    const bytes = await service.media(url, maxBytes, { signal, isBackground: true });
    const format = pictureFormatOf(bytes);
    if (format === undefined) return {};
    return { data: `data:${format.type};base64,${Buffer.from(bytes).toString('base64')}` };
  } catch (error) {
    // A picture that cannot be had is an icon; the request is in the log.
    if (!isApiError(error)) return { isTransient: true };
    return { reason: error.reason, isTransient: !permanentKinds.has(error.kind) };
  }
}
