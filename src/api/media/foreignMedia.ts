import { lookup } from 'node:dns/promises';
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { ApiError, isApiError, type ApiErrorKind, type ApiErrorReason } from '../apiError.ts';
import { AttemptFailure } from '../failure.ts';
import { Limits, type Timings } from '../limits.ts';
import type { AttemptRecord } from '../transport.ts';
import { classifyAddress } from './publicAddress.ts';

/** Which other origins a server's media may lie on. */
export type ForeignMediaRule =
  /** None: the user does not want it. */
  | 'off'
  /** https, and addresses that the whole world can reach. */
  | 'public'
  /** This machine too, with plain http: for a server that is on this machine itself. */
  | 'loopbackToo';

export interface ForeignMediaOptions {
  timings: Timings;
  /** Asked before each request, so that a change of the user's mind holds at once. */
  rule: () => ForeignMediaRule;
  onAttempt?: ((record: AttemptRecord) => void) | undefined;
  /** Gives all addresses of a name; that of the system where it is left out. */
  resolve?: ((hostname: string) => Promise<string[]>) | undefined;
}

const maxRedirects = 3;
const maxConnections = 6;
const maxAddressesTried = 4;
/** Slower than this is not a slow line. */
const slowestBytesPerSecond = 64 * 1024;
const where = { method: 'GET', pathTemplate: '{media elsewhere}' } as const;

/**
 * Loads media that a server keeps on other origins, such as object storage (docs/contract.md, section 5). No
 * credential, cookie or referrer is sent. Each host name is resolved here, rejected unless all its addresses are
 * allowed, and connected to by the address that was checked, so that DNS rebinding cannot redirect the request; the
 * same applies to every redirect.
 */
export class ForeignMedia {
  private readonly options: ForeignMediaOptions;
  private readonly agents = {
    'http:': new HttpAgent({ keepAlive: true, maxSockets: maxConnections }),
    'https:': new HttpsAgent({ keepAlive: true, maxSockets: maxConnections }),
  };
  private readonly disposal = new AbortController();

  constructor(options: ForeignMediaOptions) {
    this.options = options;
  }

  /**
   * The bytes behind an absolute address that the server gave.
   * @throws {ApiError} with the reason `mediaOff`, `mediaAddress`, `mediaGone` or `mediaServer` where it is none of the
   * connection's own; `tooLarge` for more than `maxBytes`.
   */
  async load(url: URL, maxBytes: number, signal?: AbortSignal): Promise<Uint8Array> {
    const started = performance.now();
    let status: number | undefined;
    let outcome = 'ok';
    const deadline = started + this.options.timings.deadline + (maxBytes / slowestBytesPerSecond) * 1000;
    const either = signal === undefined ? this.disposal.signal : AbortSignal.any([signal, this.disposal.signal]);
    const limits = new Limits({ ...where, signal: either }, this.options.timings, started, deadline);
    try {
      // A name that does not resolve and a connection that says nothing end with the limits too.
      const response = await untilAborted(limits.signal, this.follow(url, limits));
      status = response.statusCode;
      return await bytesOf(response, maxBytes, limits);
    } catch (error) {
      const failure = failureOf(error, limits);
      outcome = failure.kind;
      status ??= failure.status;
      throw failure;
    } finally {
      limits.end();
      const milliseconds = performance.now() - started;
      this.options.onAttempt?.({ ...where, attempt: 1, milliseconds, status, requestId: undefined, outcome });
    }
  }

  dispose(): void {
    this.disposal.abort();
    for (const agent of Object.values(this.agents)) agent.destroy();
  }

  private async follow(first: URL, limits: Limits): Promise<IncomingMessage> {
    let url = first;
    for (let hops = 0; ; hops++) {
      const response = await this.ask(url, limits);
      const { statusCode = 0, headers } = response;
      if (statusCode >= 200 && statusCode < 300) return response;
      response.destroy();
      const isRedirect = [301, 302, 303, 307, 308].includes(statusCode) && headers.location !== undefined;
      if (!isRedirect) throw statusError(statusCode);
      if (hops >= maxRedirects || !URL.canParse(headers.location ?? '', url.href)) throw refusal();
      url = new URL(headers.location ?? '', url);
    }
  }

  private async ask(url: URL, limits: Limits): Promise<IncomingMessage> {
    const addresses = await this.addressesOf(url, limits.signal);
    for (const [index, address] of addresses.entries()) {
      try {
        return await this.connect(url, address, limits);
      } catch (error) {
        // A machine may have one kind of address only; the next of the same name may be reached.
        const isLast = index === addresses.length - 1;
        if (isLast || limits.signal.aborted || isApiError(error)) throw error;
      }
    }
    throw refusal();
  }

  /** The addresses of an URL's host. @throws ApiError `mediaAddress` where one of them must not be asked */
  private async addressesOf(url: URL, signal: AbortSignal): Promise<string[]> {
    const { protocol, username, password } = url;
    const name = bareHost(url);
    const rule = this.options.rule();
    if (rule === 'off') throw new ApiError('forbidden', { ...where, reason: 'mediaOff' });
    const isPlain = protocol === 'http:';
    const mayBeLoopback = rule === 'loopbackToo';
    const isScheme = protocol === 'https:' || (isPlain && mayBeLoopback);
    if (!isScheme || username !== '' || password !== '' || name === '') throw refusal();
    signal.throwIfAborted();
    const addresses = await (this.options.resolve ?? systemAddresses)(name);
    signal.throwIfAborted();
    const reaches = addresses.map(classifyAddress);
    const isAllowed = isPlain
      ? reaches.every((reach) => reach === 'loopback')
      : reaches.every((reach) => reach === 'public' || (reach === 'loopback' && mayBeLoopback));
    if (addresses.length === 0 || !isAllowed) throw refusal();
    return alternating(addresses).slice(0, maxAddressesTried);
  }

  /** @param isSecond a connection that was kept open had ended meanwhile. */
  private connect(url: URL, address: string, limits: Limits, isSecond = false): Promise<IncomingMessage> {
    const { protocol, host, port, pathname, search } = url;
    const name = bareHost(url);
    const isPlain = protocol === 'http:';
    return new Promise((resolve, reject) => {
      const request = (isPlain ? httpRequest : httpsRequest)({
        // The address and not the name, so that nobody resolves it once more; the name is for TLS and the server.
        host: address,
        port: port === '' ? (isPlain ? 80 : 443) : Number(port),
        ...(isIP(name) === 0 ? { servername: name } : {}),
        path: `${pathname}${search}`,
        method: 'GET',
        headers: { host, accept: '*/*', 'accept-encoding': 'identity' },
        agent: this.agents[isPlain ? 'http:' : 'https:'],
        signal: limits.signal,
      });
      request.once('error', (error) => {
        if (isSecond || !request.reusedSocket || limits.signal.aborted) reject(error);
        else resolve(this.connect(url, address, limits, true));
      });
      request.once('upgrade', (_, socket) => {
        socket.destroy();
        reject(statusError(101));
      });
      request.once('response', (response) => {
        limits.progress();
        resolve(response);
      });
      request.end();
    });
  }
}

/** Rejects as soon as `signal` ends it, whatever becomes of `work`. */
async function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason as Error);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** IPv4 and IPv6 in turn, so that a machine that has one of them finds one of its kind among the first. */
function alternating(addresses: readonly string[]): string[] {
  const [fourth, sixth] = [4, 6].map((family) => addresses.filter((address) => isIP(address) === family));
  return addresses.flatMap((_, index) => [fourth?.[index], sixth?.[index]]).filter((address) => address !== undefined);
}

/** The host as a resolver and TLS call it: an IPv6 address without its brackets. */
const bareHost = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '');

async function systemAddresses(hostname: string): Promise<string[]> {
  const found = await lookup(hostname, { all: true, order: 'ipv4first' });
  return found.map(({ address }) => address);
}

/** The body, of at most `maxBytes`; what is known to be more is not begun. */
function bytesOf(response: IncomingMessage, maxBytes: number, limits: Limits): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      response.destroy();
      reject(error);
    };
    if (Number(response.headers['content-length'] ?? 0) > maxBytes) return fail(tooLarge());
    response.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) return fail(tooLarge());
      limits.progress();
      chunks.push(chunk);
      return undefined;
    });
    response.once('end', () => resolve(Buffer.concat(chunks)));
    response.once('error', fail);
    return undefined;
  });
}

const tooLarge = (): ApiError => new ApiError('tooLarge', where);
const refusal = (): ApiError => new ApiError('forbidden', { ...where, reason: 'mediaAddress' });

function statusError(status: number): ApiError {
  // Object storage says 403 of what is not there, and of an address that is no longer valid.
  const isGone = [401, 403, 404, 410].includes(status);
  const [kind, reason]: [ApiErrorKind, ApiErrorReason] = isGone ? ['notFound', 'mediaGone'] : ['server', 'mediaServer'];
  return new ApiError(kind, { ...where, status, reason });
}

/** What became of it, with nothing in it that reads like a fault of the account's own server. */
function failureOf(error: unknown, limits: Limits): ApiError {
  const failure = limits.failureFrom(error);
  const { kind, reason, cause, status } = failure instanceof AttemptFailure ? failure.error : failure;
  if (kind !== 'network' && kind !== 'timeout') return failure instanceof AttemptFailure ? failure.error : failure;
  const isNamed = reason === 'offline' || reason === 'tls';
  return new ApiError(kind, { ...where, status, cause, reason: isNamed ? reason : 'mediaServer' });
}
