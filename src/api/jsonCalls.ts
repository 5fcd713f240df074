import { apiPrefix } from '../contract/vocabulary.ts';
import { ApiError } from './apiError.ts';
import { decodePage, type Page, type PageRequest } from './decode/page.ts';
import type { OnDropped } from './decode/primitives.ts';
import { queryOf, type Query } from './paths.ts';
import { ResponseCache } from './responseCache.ts';
import { SharedRequests } from './sharedRequests.ts';
import type { ApiRequest, Transport } from './transport.ts';

export const maxJsonBytes = 20 * 1024 * 1024;

export interface CallOptions {
  signal?: AbortSignal | undefined;
  /** Nobody waits for it, so that it is put off for as long as a server asks for that. */
  isBackground?: boolean | undefined;
}

/** JSON calls. Identical concurrent reads are shared, repeated ones revalidated, and uncertain writes verified. */
export class JsonCalls {
  private readonly transport: Transport;
  private readonly onDropped: OnDropped;
  private readonly shared = new SharedRequests();
  private readonly revisits = new ResponseCache();

  constructor(transport: Transport, onDropped: OnDropped) {
    this.transport = transport;
    this.onDropped = onDropped;
  }

  /** One page of a listing. */
  page<T>(
    pathTemplate: string,
    path: string,
    query: PageRequest & Query,
    call: CallOptions,
    decode: (value: unknown, path: string, onDropped: OnDropped) => T | undefined,
  ): Promise<Page<T>> {
    return this.read(pathTemplate, path, query, call, (body) => decodePage(body, query, this.onDropped, decode));
  }

  /** A GET, shared with whoever asks the same at the same time. */
  read<T>(
    pathTemplate: string,
    path: string,
    query: Query,
    { signal, isBackground = false }: CallOptions,
    decode: (body: unknown) => T | undefined,
  ): Promise<T> {
    const whole = `${apiPrefix}${path}${queryOf(query)}`;
    // A foreground caller must not wait for a background request that is being delayed.
    const key = isBackground ? `${whole} background` : whole;
    return this.shared.run(key, signal, (sharedSignal) => {
      const visit = this.revisits.find(whole);
      const request = { method: 'GET', pathTemplate, path: whole, signal: sharedSignal, isBackground } as const;
      return this.transport.send({ ...request, headers: visit?.conditions }, async (answer) => {
        // The path stands for one kind of result, so what is kept under it is one of T.
        if (answer.status === 304 && visit !== undefined) return visit.result as T;
        const result = decode(await answer.json(maxJsonBytes));
        if (result === undefined) throw answer.failure('settled', 'badReply', { reason: 'shape' });
        this.revisits.remember(whole, answer.headers, result, answer.bodyBytes);
        return result;
      });
    });
  }

  /** A write with a JSON body. Returns `undefined` where the answer holds no result to decode. */
  async write<T>(
    request: Omit<ApiRequest, 'body' | 'headers'>,
    json: unknown,
    decode: (body: unknown) => T | undefined,
  ): Promise<T | undefined> {
    this.forgetAnswers();
    try {
      return await this.sendJson(request, json, decode);
    } finally {
      this.forgetAnswers();
    }
  }

  /** Later callers do not join requests that are already in flight: their responses may be outdated. */
  separate(): void {
    this.shared.stopSharing();
  }

  dispose(): void {
    this.revisits.clear();
  }

  /** Cached and in-flight responses predate the write, so a read that follows it must not get them. */
  private forgetAnswers(): void {
    this.shared.stopSharing();
    this.revisits.clear();
  }

  private sendJson<T>(
    request: Omit<ApiRequest, 'body' | 'headers'>,
    json: unknown,
    decode: (body: unknown) => T | undefined,
  ): Promise<T | undefined> {
    const text = json === undefined ? undefined : JSON.stringify(json);
    return this.transport.send(
      {
        ...request,
        path: `${apiPrefix}${request.path}`,
        headers: text === undefined ? {} : { 'content-type': 'application/json' },
        body: text === undefined ? undefined : () => text,
      },
      async (answer) => {
        const isEmpty = answer.status === 204 || answer.status === 205 || answer.headers.get('content-length') === '0';
        return isEmpty ? undefined : decode(await answer.json(maxJsonBytes));
      },
    );
  }

  /**
   * If `write` fails but may have been applied, `look` checks whether it was. Returns the result of `write`, or
   * `undefined` if only `look` has shown that it was applied.
   */
  async verifyIfUncertain<T>(write: () => Promise<T>, look: () => Promise<boolean>): Promise<T | undefined> {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof ApiError) || !error.mayHaveBeenApplied) throw error;
      // A look that fails as well leaves the doubt, which the first error states.
      if (await look().catch(() => false)) return undefined;
      throw error;
    }
  }
}
