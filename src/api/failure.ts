/** What a failed attempt means: which error it is, and whether the server may have acted on it. */
import type { Response } from 'node-fetch';
import { contactTextFields } from '../contract/vocabulary.ts';
import { ApiError, type ApiErrorDetails, type ApiErrorKind } from './apiError.ts';
import { isObject } from '../contract/json.ts';
import { retryAfterSeconds } from './retryAfter.ts';

/**
 * - `settled`: the server has answered; asking again would give the same.
 * - `notApplied`: it was never sent, or the server says that it did nothing.
 * - `garbled`: it was answered, but the answer cannot be read.
 * - `unknown`: nobody knows whether the server acted.
 */
export type Certainty = 'settled' | 'notApplied' | 'garbled' | 'unknown';

export class AttemptFailure extends Error {
  readonly error: ApiError;
  readonly certainty: Certainty;

  constructor(certainty: Certainty, error: ApiError) {
    super(error.message, { cause: error });
    this.error = error;
    this.certainty = certainty;
  }
}

type Where = Pick<ApiErrorDetails, 'method' | 'pathTemplate'>;

const neverSentCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
]);
const tlsCode = /^(?:ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH)/;

/** A fault of the connection, by Node's own code for it. */
export function connectionFailure(cause: unknown, where: Where): AttemptFailure {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code ?? '';
  if (tlsCode.test(code)) {
    return new AttemptFailure('settled', new ApiError('network', { ...where, reason: 'tls', cause }));
  }
  if (neverSentCodes.has(code)) {
    return new AttemptFailure('notApplied', new ApiError('network', { ...where, reason: 'offline', cause }));
  }
  return new AttemptFailure('unknown', new ApiError('network', { ...where, cause }));
}

/** The meaning of an answer that is no success. `body` is its beginning; it is looked at and not kept. */
export function statusFailure(response: Response, body: string, where: Where): AttemptFailure {
  const { status } = response;
  const answer = parseObject(body);
  const waitSeconds = retryAfterSeconds(response.headers.get('retry-after'), response.headers.get('date'));
  const details: ApiErrorDetails = {
    ...where,
    status,
    requestId: requestIdOf(response),
    retryAfterSeconds: waitSeconds,
  };
  const fail = (certainty: Certainty, kind: ApiErrorKind, more: ApiErrorDetails = {}): AttemptFailure =>
    new AttemptFailure(certainty, new ApiError(kind, { ...details, ...more }));
  switch (status) {
    case 400:
      // Some routes say 400 for an unknown id (contract, section 2).
      return answer?.['message'] === 'Not Found'
        ? fail('settled', 'notFound')
        : fail('settled', 'invalid', { field: fieldIn(answer) });
    case 401:
      return fail('settled', 'auth');
    case 403:
      return fail('settled', answer?.['code'] === 40001 ? 'auth' : 'forbidden');
    case 404:
    case 410:
      return fail('settled', 'notFound');
    case 407:
      return fail('settled', 'network', { reason: 'proxy' });
    case 408:
      return fail('unknown', 'timeout');
    case 409:
    case 412:
      return fail('settled', 'conflict');
    case 413:
      return fail('settled', 'tooLarge');
    case 429:
      return fail('notApplied', 'rateLimited');
    case 503:
      return fail(waitSeconds === undefined ? 'unknown' : 'notApplied', 'server');
    default:
      if (status >= 500) return fail('unknown', 'server');
      if (status >= 400) return fail('settled', 'invalid', { field: fieldIn(answer) });
      return fail('settled', 'badReply', { reason: status >= 300 ? 'redirect' : 'shape' });
  }
}

export const requestIdOf = (response: Response): string | undefined => {
  const id = response.headers.get('x-request-id') ?? response.headers.get('x-correlation-id');
  return id !== null && /^[\w.:-]{1,100}$/.test(id) ? id : undefined;
};

const fieldNames: ReadonlySet<string> = new Set([...contactTextFields, 'name', 'phone', 'labels', 'content']);

/** The field that a refusal names: as `field`, in a list of errors, or as the first word of its message. */
function fieldIn(answer: Record<string, unknown> | undefined): string | undefined {
  const errors = answer?.['errors'] ?? answer?.['details'];
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  const message = answer?.['message'];
  const candidates = [
    answer?.['field'],
    isObject(first) ? (first['field'] ?? first['path']) : undefined,
    typeof message === 'string' ? /^"?([a-z_]+)/.exec(message)?.[1] : undefined,
  ];
  return candidates.find((name): name is string => typeof name === 'string' && fieldNames.has(name));
}

function parseObject(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body.replace(/^\ufeff/, ''));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
