import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import fetch, { type BodyInit, type Response } from 'node-fetch';
import { ApiError } from './apiError.ts';
import { credentialHeaders, type Credential } from './credential.ts';
import { AttemptFailure, connectionFailure, requestIdOf, statusFailure } from './failure.ts';

export interface ApiRequest {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** The path with its ids as names, for logs and errors. */
  pathTemplate: string;
  /** Path and query, each part encoded. */
  path: string;
  headers?: Record<string, string> | undefined;
  /** Makes the body anew for each attempt. */
  body?: (() => BodyInit) | undefined;
  signal?: AbortSignal | undefined;
  /** No limit on the whole of it: for streams, which have the stall limit. */
  isStream?: boolean | undefined;
  /** Has a large body, which takes its time before there can be an answer. */
  isUpload?: boolean | undefined;
}

/** One line of the log for each attempt. */
export interface AttemptRecord {
  method: string;
  pathTemplate: string;
  attempt: number;
  milliseconds: number;
  status: number | undefined;
  requestId: string | undefined;
  /** `ok`, or the kind of the error. */
  outcome: string;
}

/** All in milliseconds. */
export interface Timings {
  /** Until the head of the answer is there. */
  headers: number;
  /** The same for an upload, with the time that its body takes. */
  upload: number;
  /** Between two pieces of a body. */
  stall: number;
  /** For all attempts of one call together. */
  deadline: number;
  backoffBase: number;
  backoffCap: number;
}

export const defaultTimings: Timings = {
  headers: 10_000,
  upload: 120_000,
  stall: 10_000,
  deadline: 30_000,
  backoffBase: 300,
  backoffCap: 8_000,
};

export interface TransportOptions {
  /** Scheme, host and port, nothing else. */
  origin: string;
  credential: Credential;
  timings?: Partial<Timings>;
  onAttempt?: (record: AttemptRecord) => void;
}

/** How often a call may be tried in all, by what it does to the server. */
const maxTries = { GET: 3, PUT: 2, DELETE: 2, POST: 1 } as const;
const maxTriesWhenNotApplied = 3;
const maxTriesWhenGarbled = { GET: 2, PUT: 1, DELETE: 1, POST: 1 } as const;
const maxRedirects = 3;
/** Connections at once; a server may turn away who comes with many. */
const maxSockets = 16;
const maxErrorBodyBytes = 16 * 1024;

/** Carries one call to the server: headers, time limits, attempts and redirects are decided here and nowhere else. */
export class Transport {
  readonly origin: string;
  private readonly credential: Credential;
  private readonly timings: Timings;
  private readonly onAttempt: ((record: AttemptRecord) => void) | undefined;
  private readonly disposal = new AbortController();
  private readonly httpAgent = new HttpAgent({ keepAlive: true, maxSockets });
  private readonly httpsAgent = new HttpsAgent({ keepAlive: true, maxSockets });

  constructor(options: TransportOptions) {
    this.origin = options.origin;
    this.credential = options.credential;
    this.timings = { ...defaultTimings, ...options.timings };
    this.onAttempt = options.onAttempt;
  }

  /** Cancels what is under way and closes the connections; further calls are cancelled at once. */
  dispose(): void {
    this.disposal.abort();
    this.httpAgent.destroy();
    this.httpsAgent.destroy();
  }

  /**
   * Sends `request` and gives the answer to `read`, again where that is safe. What `read` throws as an
   * `AttemptFailure` counts as a failure of the attempt.
   * @throws {ApiError}
   */
  async send<T>(call: ApiRequest, read: (answer: Answer) => Promise<T>): Promise<T> {
    const { signal } = this.disposal;
    const request = { ...call, signal: call.signal === undefined ? signal : AbortSignal.any([call.signal, signal]) };
    const deadline = performance.now() + this.timings.deadline + (request.isUpload === true ? this.timings.upload : 0);
    let mayHaveBeenApplied = false;
    for (let attempt = 1; ; attempt++) {
      // Before fetch sees it: it destroys the body of a request that is already cancelled, with an error for nobody.
      if (request.signal.aborted) throw cancelled(request);
      try {
        return await this.attempt(request, read, attempt, deadline);
      } catch (error) {
        if (!(error instanceof AttemptFailure)) throw error;
        mayHaveBeenApplied ||= request.method !== 'GET' && isInDoubt(error);
        const delay = this.delayBefore(attempt + 1, request.method, error);
        if (delay === undefined || performance.now() + delay >= deadline) {
          throw mayHaveBeenApplied ? withDoubt(error.error) : error.error;
        }
        await sleep(delay, request);
      }
    }
  }

  /** Milliseconds to wait before attempt number `attempt`, or `undefined` when there is to be none. */
  private delayBefore(attempt: number, method: ApiRequest['method'], failure: AttemptFailure): number | undefined {
    const tries = {
      settled: 1,
      garbled: maxTriesWhenGarbled[method],
      unknown: maxTries[method],
      notApplied: maxTriesWhenNotApplied,
    }[failure.certainty];
    if (attempt > tries) return undefined;
    const asked = failure.error.retryAfterSeconds;
    // Never earlier than asked, and a little later so that not all come back at once.
    if (asked !== undefined) return asked * 1000 * (1 + Math.random() * 0.1);
    const ceiling = Math.min(this.timings.backoffCap, this.timings.backoffBase * 2 ** (attempt - 2));
    return Math.random() * ceiling;
  }

  private async attempt<T>(
    request: ApiRequest,
    read: (answer: Answer) => Promise<T>,
    attempt: number,
    deadline: number,
  ): Promise<T> {
    const started = performance.now();
    const limits = new Limits(request, this.timings, request.isStream === true ? Infinity : deadline);
    let answer: Answer | undefined;
    let outcome = 'ok';
    try {
      const response = await this.fetchFollowing(request, limits);
      answer = new Answer(response, request, limits);
      if (!response.ok && response.status !== 304) {
        throw statusFailure(response, await answer.beginning(maxErrorBodyBytes), request);
      }
      return await read(answer);
    } catch (error) {
      const failure = limits.failureFrom(error);
      outcome = failure instanceof AttemptFailure ? failure.error.kind : 'cancelled';
      throw failure;
    } finally {
      // A stream is read after this; it ends its own limits.
      if (request.isStream !== true || outcome !== 'ok') limits.end();
      this.onAttempt?.({
        method: request.method,
        pathTemplate: request.pathTemplate,
        attempt,
        milliseconds: performance.now() - started,
        status: answer?.status,
        requestId: answer?.requestId,
        outcome,
      });
    }
  }

  /** Redirects are followed by hand: only reads, only within this origin, so that no credential goes elsewhere. */
  private async fetchFollowing(request: ApiRequest, limits: Limits): Promise<Response> {
    // Joined as text: a path that begins with two slashes would name another host.
    let url = new URL(this.origin + request.path);
    for (let hops = 0; ; hops++) {
      const response = await fetch(url, {
        method: request.method,
        headers: { ...credentialHeaders(this.credential), accept: 'application/json', ...request.headers },
        body: request.body?.() ?? null,
        redirect: 'manual',
        signal: limits.signal,
        agent: (target) => (target.protocol === 'https:' ? this.httpsAgent : this.httpAgent),
        highWaterMark: 64 * 1024,
      });
      limits.progress();
      const location = response.headers.get('location');
      if (response.status < 300 || response.status >= 400 || response.status === 304 || location === null) {
        return response;
      }
      discardBody(response);
      const target = URL.canParse(location, url.href) ? new URL(location, url.href) : undefined;
      const isOurs = target?.origin === this.origin && target.username === '' && target.password === '';
      if (request.method !== 'GET' || !isOurs || target === undefined || hops >= maxRedirects) {
        const details = { method: request.method, pathTemplate: request.pathTemplate, status: response.status };
        throw new AttemptFailure('settled', new ApiError('badReply', { ...details, reason: 'redirect' }));
      }
      url = target;
    }
  }
}

/** An answer whose body is read under the limits of its attempt. */
export class Answer {
  readonly status: number;
  readonly headers: Response['headers'];
  readonly requestId: string | undefined;
  private readonly response: Response;
  private readonly request: ApiRequest;
  private readonly limits: Limits;

  constructor(response: Response, request: ApiRequest, limits: Limits) {
    this.response = response;
    this.status = response.status;
    this.headers = response.headers;
    this.requestId = requestIdOf(response);
    this.request = request;
    this.limits = limits;
  }

  /** A failure of this answer, for `read` to throw. */
  failure(
    certainty: 'settled' | 'garbled',
    ...[kind, details]: ConstructorParameters<typeof ApiError>
  ): AttemptFailure {
    const { method, pathTemplate } = this.request;
    const { status, requestId } = this;
    return new AttemptFailure(certainty, new ApiError(kind, { method, pathTemplate, status, requestId, ...details }));
  }

  /** The body, decompressed, of at most `maxBytes`. */
  async bytes(maxBytes: number): Promise<Buffer> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of this.chunks()) {
      size += chunk.length;
      if (size > maxBytes) throw this.failure('settled', 'tooLarge');
      chunks.push(chunk);
    }
    return Buffer.concat(chunks, size);
  }

  /** The body as it comes. Ends with an error where the server does not say that it was all. */
  async *chunks(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of this.response.body ?? []) {
        // While the caller is busy with a piece it is not the server that stalls.
        this.limits.pause();
        yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
        this.limits.progress();
      }
    } finally {
      discardBody(this.response);
    }
  }

  /** As `chunks`, for a caller who reads after the attempt has ended. */
  async *stream(): AsyncGenerator<Uint8Array> {
    try {
      yield* this.chunks();
    } catch (error) {
      const failure = this.limits.failureFrom(error);
      throw failure instanceof AttemptFailure ? failure.error : failure;
    } finally {
      this.limits.end();
    }
  }

  /** For a stream that has been read to its end within its attempt. */
  end(): void {
    this.limits.end();
  }

  /** Whether the end of the body can be told from a connection that broke. */
  get hasMarkedEnd(): boolean {
    const isChunked = /\bchunked\b/i.test(this.headers.get('transfer-encoding') ?? '');
    return isChunked || this.headers.has('content-length');
  }

  async json(maxBytes: number): Promise<unknown> {
    if (/\bhtml\b/i.test(this.headers.get('content-type') ?? '')) {
      discardBody(this.response);
      throw this.failure('settled', 'badReply', { reason: 'notJson' });
    }
    const text = (await this.bytes(maxBytes)).toString('utf8');
    try {
      return JSON.parse(text) as unknown;
    } catch (cause) {
      if (text.trimStart().startsWith('<')) throw this.failure('settled', 'badReply', { reason: 'notJson' });
      // The parser's own message quotes the text.
      throw this.failure('garbled', 'badReply', { reason: 'incomplete', cause: (cause as Error).name });
    }
  }

  /** The first `maxBytes` of an error's body, whatever becomes of the rest. */
  async beginning(maxBytes: number): Promise<string> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    try {
      for await (const chunk of this.chunks()) {
        chunks.push(chunk);
        size += chunk.length;
        if (size >= maxBytes) break;
      }
    } catch {
      // The status has said enough.
    }
    return Buffer.concat(chunks).subarray(0, maxBytes).toString('utf8');
  }
}

/** Ends an attempt that takes too long, and tells that apart from a caller who has gone. */
class Limits {
  private readonly controller = new AbortController();
  private readonly request: ApiRequest;
  private readonly stallMs: number;
  private readonly onCallerGone = (): void => this.controller.abort();
  private readonly deadlineTimer: NodeJS.Timeout | undefined;
  private stallTimer: NodeJS.Timeout;
  private isTimedOut = false;

  constructor(request: ApiRequest, timings: Timings, deadline: number) {
    this.request = request;
    this.stallMs = timings.stall;
    this.stallTimer = setTimeout(this.timeOut, request.isUpload === true ? timings.upload : timings.headers);
    if (Number.isFinite(deadline)) this.deadlineTimer = setTimeout(this.timeOut, deadline - performance.now());
    if (request.signal?.aborted === true) this.controller.abort();
    else request.signal?.addEventListener('abort', this.onCallerGone, { once: true });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Something has come: the wait for the next piece begins. */
  progress(): void {
    this.pause();
    this.stallTimer = setTimeout(this.timeOut, this.stallMs);
  }

  pause(): void {
    clearTimeout(this.stallTimer);
  }

  end(): void {
    this.pause();
    clearTimeout(this.deadlineTimer);
    this.request.signal?.removeEventListener('abort', this.onCallerGone);
  }

  /** What `error` means: the caller's cancel, a limit of ours, or a fault of the connection. */
  failureFrom(error: unknown): AttemptFailure | ApiError {
    const { method, pathTemplate } = this.request;
    if (this.request.signal?.aborted === true) return cancelled(this.request);
    // A failure that has its meaning keeps it, also when its body did not come in time.
    if (error instanceof AttemptFailure || error instanceof ApiError) return error;
    if (this.isTimedOut) {
      return new AttemptFailure('unknown', new ApiError('timeout', { method, pathTemplate, cause: error }));
    }
    return connectionFailure(error, { method, pathTemplate });
  }

  private readonly timeOut = (): void => {
    this.isTimedOut = true;
    this.controller.abort();
  };
}

function discardBody(response: Response): void {
  // Destroying a body that was read to its end would only cost the kept connection.
  if (response.body instanceof Readable && !response.body.readableEnded) response.body.destroy();
}

/** Nobody knows what came of it, or it was called well done by an answer that cannot be read. */
function isInDoubt({ certainty, error }: AttemptFailure): boolean {
  const { status = 0 } = error;
  return certainty === 'unknown' || certainty === 'garbled' || (status >= 200 && status < 300);
}

function withDoubt(error: ApiError): ApiError {
  const { reason, status, method, pathTemplate, requestId, field, retryAfterSeconds, cause } = error;
  const details = { reason, status, method, pathTemplate, requestId, field, retryAfterSeconds, cause };
  return new ApiError(error.kind, { ...details, mayHaveBeenApplied: true });
}

const cancelled = ({ method, pathTemplate }: ApiRequest): ApiError =>
  new ApiError('cancelled', { method, pathTemplate });

async function sleep(milliseconds: number, request: ApiRequest): Promise<void> {
  try {
    await wait(milliseconds, undefined, request.signal === undefined ? {} : { signal: request.signal });
  } catch {
    throw cancelled(request);
  }
}
