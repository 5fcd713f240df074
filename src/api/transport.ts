import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';
import fetch, { type BodyInit, type Response } from 'node-fetch';
import { discardBody, Answer } from './answer.ts';
import { ApiError } from './apiError.ts';
import { credentialHeaders, type Credential } from './credential.ts';
import { AttemptFailure, statusFailure } from './failure.ts';
import { defaultTimings, Limits, type Timings } from './limits.ts';

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
  /** Nobody waits for it: it is put off for as long as a server asks. */
  isBackground?: boolean | undefined;
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

export interface TransportOptions {
  /** Scheme, host and port, nothing else. */
  origin: string;
  /** Left out for sign-in, which asks for it. */
  credential?: Credential | undefined;
  timings?: Partial<Timings>;
  onAttempt?: (record: AttemptRecord) => void;
}

/** How often a call may be tried in all, by what it does to the server. */
const maxTries = { GET: 3, PUT: 2, DELETE: 2, POST: 1 } as const;
const maxTriesWhenNotApplied = 3;
const maxTriesWhenGarbled = { GET: 2, PUT: 1, DELETE: 1, POST: 1 } as const;
/** Of all the time that a call may take, what an attempt needs at the least. */
const answerShare = 0.2;
const maxRedirects = 3;
/** Connections at once; a server may turn away who comes with many. */
const maxSockets = 16;
const maxErrorBodyBytes = 16 * 1024;

/** Carries one call to the server: headers, time limits, attempts and redirects are decided here and nowhere else. */
export class Transport {
  readonly origin: string;
  private readonly credential: Record<string, string>;
  private readonly timings: Timings;
  private readonly onAttempt: ((record: AttemptRecord) => void) | undefined;
  private readonly disposal = new AbortController();
  private readonly underWay = new Set<Limits>();
  /** By `performance.now()`: the server has asked for no request before it. */
  private heldUntil = 0;
  /** As `heldUntil`, for what a user asks for. */
  private userHeldUntil = 0;
  private readonly agent: HttpAgent;

  constructor(options: TransportOptions) {
    this.origin = options.origin;
    this.credential = options.credential === undefined ? {} : credentialHeaders(options.credential);
    this.agent = new (options.origin.startsWith('https:') ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets });
    this.timings = { ...defaultTimings, ...options.timings };
    this.onAttempt = options.onAttempt;
  }

  /** Cancels what is under way and closes the connections; further calls are cancelled at once. */
  dispose(): void {
    this.disposal.abort();
    for (const limits of this.underWay) limits.cancel();
    this.agent.destroy();
  }

  /**
   * Sends `request` and gives the answer to `read`, again where that is safe. What `read` throws as an
   * `AttemptFailure` counts as a failure of the attempt.
   * @throws {ApiError}
   */
  async send<T>(request: ApiRequest, read: (answer: Answer) => Promise<T>): Promise<T> {
    const deadline = performance.now() + this.timings.deadline + (request.isUpload === true ? this.timings.upload : 0);
    let mayHaveBeenApplied = false;
    for (let attempt = 1; ; attempt++) {
      // Before fetch sees it: it destroys the body of a request that is already cancelled, with an error for nobody.
      if (request.signal?.aborted === true || this.disposal.signal.aborted) throw cancelled(request);
      if (this.heldUntilFor(request) > performance.now()) await this.whenAllowed(request, deadline);
      try {
        return await this.attempt(request, read, attempt, deadline);
      } catch (error) {
        if (!(error instanceof AttemptFailure)) throw error;
        mayHaveBeenApplied ||= request.method !== 'GET' && isInDoubt(error);
        const delay = this.delayBefore(attempt + 1, request, error);
        if (delay === undefined || !this.leavesTime(delay, deadline)) {
          throw this.finalError(error.error, mayHaveBeenApplied);
        }
        await this.sleep(delay, request);
      }
    }
  }

  private heldUntilFor({ isBackground = false }: ApiRequest): number {
    return isBackground ? this.heldUntil : this.userHeldUntil;
  }

  /** Waits as long as the server has asked for, be it in the answer to another request. */
  private async whenAllowed(request: ApiRequest, deadline: number): Promise<void> {
    const delay = this.heldUntilFor(request) - performance.now();
    if (!this.leavesTime(delay, deadline)) {
      const { method, pathTemplate } = request;
      const retryAfterSeconds = (this.heldUntil - performance.now()) / 1000;
      throw this.finalError(new ApiError('rateLimited', { method, pathTemplate, retryAfterSeconds }), false);
    }
    await this.sleep(delay, request);
  }

  /** Whether an answer may still come in time after `delay`: an attempt at the last moment ends as one that nobody answered. */
  private leavesTime(delay: number, deadline: number): boolean {
    return performance.now() + delay + this.timings.deadline * answerShare < deadline;
  }

  /** An error as the caller gets it: with the doubt that there is, and when a user may try again. */
  private finalError(error: ApiError, mayHaveBeenApplied: boolean): ApiError {
    const isHeld = error.kind === 'rateLimited' && error.retryAfterSeconds !== undefined;
    if (!mayHaveBeenApplied && !isHeld) return error;
    const { reason, status, method, pathTemplate, requestId, field, retryAfterSeconds, cause } = error;
    return new ApiError(error.kind, {
      reason,
      status,
      method,
      pathTemplate,
      requestId,
      field,
      retryAfterSeconds,
      cause,
      ...(isHeld ? { userMayRetryAfterSeconds: Math.max(0, this.userHeldUntil - performance.now()) / 1000 } : {}),
      mayHaveBeenApplied,
    });
  }

  private async sleep(milliseconds: number, request: ApiRequest): Promise<void> {
    const { signal } = this.disposal;
    try {
      const either = request.signal === undefined ? signal : AbortSignal.any([request.signal, signal]);
      await wait(milliseconds, undefined, { signal: either });
    } catch {
      throw cancelled(request);
    }
  }

  /** Milliseconds to wait before attempt number `attempt`, or `undefined` when there is to be none. */
  private delayBefore(
    attempt: number,
    { method, isBackground = false }: ApiRequest,
    failure: AttemptFailure,
  ): number | undefined {
    const tries = {
      settled: 1,
      garbled: maxTriesWhenGarbled[method],
      unknown: maxTries[method],
      notApplied: maxTriesWhenNotApplied,
    }[failure.certainty];
    if (attempt > tries) return undefined;
    const asked = failure.error.retryAfterSeconds;
    // Longer than that, a user is told and decides.
    if (!isBackground && asked !== undefined && asked * 1000 > this.timings.userHold) return undefined;
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
    const limits = new Limits(request, this.timings, started, request.isStream === true ? Infinity : deadline);
    this.underWay.add(limits);
    limits.onEnd = () => this.underWay.delete(limits);
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
      if (failure instanceof AttemptFailure) this.hold(failure.error);
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

  private hold({ kind, retryAfterSeconds }: ApiError): void {
    if (kind !== 'rateLimited' || retryAfterSeconds === undefined) return;
    const now = performance.now();
    const milliseconds = retryAfterSeconds * 1000;
    this.heldUntil = Math.max(this.heldUntil, now + milliseconds);
    this.userHeldUntil = Math.max(this.userHeldUntil, now + Math.min(milliseconds, this.timings.userHold));
  }

  /** Redirects are followed by hand: only reads, only within this origin, so that no credential goes elsewhere. */
  private async fetchFollowing(request: ApiRequest, limits: Limits): Promise<Response> {
    // Joined as text: a path that begins with two slashes would name another host.
    let url = this.origin + request.path;
    const headers = { ...this.credential, accept: 'application/json', ...request.headers };
    for (let hops = 0; ; hops++) {
      const response = await fetch(url, {
        method: request.method,
        headers,
        body: request.body?.() ?? null,
        redirect: 'manual',
        signal: limits.signal,
        agent: this.agent,
      });
      limits.progress();
      if (response.status < 300 || response.status >= 400 || response.status === 304) return response;
      const location = response.headers.get('location');
      if (location === null) return response;
      discardBody(response);
      const target = URL.canParse(location, url) ? new URL(location, url) : undefined;
      const isOurs = target?.origin === this.origin && target.username === '' && target.password === '';
      if (request.method !== 'GET' || !isOurs || target === undefined || hops >= maxRedirects) {
        const details = { method: request.method, pathTemplate: request.pathTemplate, status: response.status };
        throw new AttemptFailure('settled', new ApiError('badReply', { ...details, reason: 'redirect' }));
      }
      url = target.href;
    }
  }
}

/** Nobody knows what came of it, or it was called well done by an answer that cannot be read. */
function isInDoubt({ certainty, error }: AttemptFailure): boolean {
  const { status = 0 } = error;
  return certainty === 'unknown' || certainty === 'garbled' || (status >= 200 && status < 300);
}

const cancelled = ({ method, pathTemplate }: ApiRequest): ApiError =>
  new ApiError('cancelled', { method, pathTemplate });
