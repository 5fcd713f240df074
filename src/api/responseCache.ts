import type { Response } from 'node-fetch';

interface CachedResponse {
  result: unknown;
  bytes: number;
  conditions: Record<string, string>;
}

const maxBytes = 16 * 1024 * 1024;
const maxBytesEach = 1024 * 1024;

/**
 * A cache of responses that have a validator (`ETag`, `Last-Modified`), so that a repeated request can be answered with
 * 304. Results are shared between callers and must not be mutated. Least recently used entries are evicted first.
 */
export class ResponseCache {
  private readonly visits = new Map<string, CachedResponse>();
  private bytes = 0;

  find(key: string): CachedResponse | undefined {
    const visit = this.visits.get(key);
    if (visit === undefined) return undefined;
    this.visits.delete(key);
    this.visits.set(key, visit);
    return visit;
  }

  /** @param bytes size of the answer, for the result takes about as much. */
  remember(key: string, headers: Response['headers'], result: unknown, bytes: number): void {
    this.forget(key);
    const conditions = conditionsFrom(headers);
    if (conditions === undefined || bytes > maxBytesEach) return;
    this.visits.set(key, { result, bytes, conditions });
    this.bytes += bytes;
    for (const oldest of this.visits.keys()) {
      if (this.bytes <= maxBytes) break;
      this.forget(oldest);
    }
  }

  clear(): void {
    this.visits.clear();
    this.bytes = 0;
  }

  private forget(key: string): void {
    this.bytes -= this.visits.get(key)?.bytes ?? 0;
    this.visits.delete(key);
  }
}

/** The headers to ask again with, or `undefined` where the answer has no version. */
function conditionsFrom(headers: Response['headers']): Record<string, string> | undefined {
  const etag = headers.get('etag');
  if (etag !== null) return { 'if-none-match': etag };
  const modified = headers.get('last-modified');
  if (modified === null) return undefined;
  // It counts in seconds: what was changed just now may change again within the same one (RFC 9110, 8.8.2.2).
  const now = Date.parse(headers.get('date') ?? '') || Date.now();
  return now - Date.parse(modified) >= 2000 ? { 'if-modified-since': modified } : undefined;
}
