import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';
import fetch, { type BodyInit, type Response } from 'node-fetch';
import { discardBody, ApiResponse } from './apiResponse.ts';
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
/** The share of a call's total time that must remain for another attempt to be worthwhile. */
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
  private readonly inFlight = new Set<Limits>();
  /** By `performance.now()`: the server has asked for no request before it. */
  private rateLimitedUntil = 0;
  /** As `heldUntil`, for what a user asks for. */
  private userRateLimitedUntil = 0;
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
    for (const limits of this.inFlight) limits.cancel();
    this.agent.destroy();
  }

  /**
   * Sends `request` and gives the answer to `read`, again where that is safe. What `read` throws as an
   * `AttemptFailure` counts as a failure of the attempt.
   * @throws {ApiError}
   */
  async send<T>(request: ApiRequest, read: (answer: ApiResponse) => Promise<T>): Promise<T> {
    const deadline = performance.now() + this.timings.deadline + (request.isUpload === true ? this.timings.upload : 0);
    let mayHaveBeenApplied = false;
    for (let attempt = 1; ; attempt++) {
      // Checked before fetch, which destroys the body of an already aborted request and emits an unhandled error.
      if (request.signal?.aborted === true || this.disposal.signal.aborted) throw cancelled(request);
      if (this.rateLimitFor(request) > performance.now()) await this.waitForRateLimit(request, deadline);
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

  private rateLimitFor({ isBackground = false }: ApiRequest): number {
    return isBackground ? this.rateLimitedUntil : this.userRateLimitedUntil;
  }

  /** Waits as long as the server has asked for, be it in the answer to another request. */
  private async waitForRateLimit(request: ApiRequest, deadline: number): Promise<void> {
    const delay = this.rateLimitFor(request) - performance.now();
    if (!this.leavesTime(delay, deadline)) {
      const { method, pathTemplate } = request;
      const retryAfterSeconds = (this.rateLimitedUntil - performance.now()) / 1000;
      throw this.finalError(new ApiError('rateLimited', { method, pathTemplate, retryAfterSeconds }), false);
    }
    await this.sleep(delay, request);
  }

  /** Whether enough time remains after `delay`: an attempt started too late would only end in a timeout. */
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
      ...(isHeld
        ? { userMayRetryAfterSeconds: Math.max(0, this.userRateLimitedUntil - performance.now()) / 1000 }
        : {}),
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
    if (!isBackground && asked !== undefined && asked * 1000 > this.timings.maxUserDelay) return undefined;
    // Never earlier than asked, and a little later so that not all come back at once.
    if (asked !== undefined) return asked * 1000 * (1 + Math.random() * 0.1);
    const ceiling = Math.min(this.timings.backoffCap, this.timings.backoffBase * 2 ** (attempt - 2));
    return Math.random() * ceiling;
  }

  private async attempt<T>(
    request: ApiRequest,
    read: (answer: ApiResponse) => Promise<T>,
    attempt: number,
    deadline: number,
  ): Promise<T> {
    const started = performance.now();
    const limits = new Limits(request, this.timings, started, request.isStream === true ? Infinity : deadline);
    this.inFlight.add(limits);
    limits.onEnd = () => this.inFlight.delete(limits);
    let answer: ApiResponse | undefined;
    let outcome = 'ok';
    try {
      const response = await this.fetchFollowing(request, limits);
      answer = new ApiResponse(response, request, limits);
      if (!response.ok && response.status !== 304) {
        throw statusFailure(response, await answer.beginning(maxErrorBodyBytes), request);
      }
      return await read(answer);
    } catch (error) {
      const failure = limits.failureFrom(error);
      if (failure instanceof AttemptFailure) this.recordRateLimit(failure.error);
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

  private recordRateLimit({ kind, retryAfterSeconds }: ApiError): void {
    if (kind !== 'rateLimited' || retryAfterSeconds === undefined) return;
    const now = performance.now();
    const milliseconds = retryAfterSeconds * 1000;
    this.rateLimitedUntil = Math.max(this.rateLimitedUntil, now + milliseconds);
    this.userRateLimitedUntil = Math.max(
      this.userRateLimitedUntil,
      now + Math.min(milliseconds, this.timings.maxUserDelay),
    );
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

/** Whether the outcome is unknown: no response came, or a success status with an unreadable body. */
function isInDoubt({ certainty, error }: AttemptFailure): boolean {
  const { status = 0 } = error;
  return certainty === 'unknown' || certainty === 'garbled' || (status >= 200 && status < 300);
}

const cancelled = ({ method, pathTemplate }: ApiRequest): ApiError =>
  new ApiError('cancelled', { method, pathTemplate });
