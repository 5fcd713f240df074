export const apiErrorKinds = [
  'auth',
  'forbidden',
  'notFound',
  'invalid',
  'conflict',
  'rateLimited',
  'server',
  'network',
  'timeout',
  'badReply',
  'tooLarge',
  'cancelled',
] as const;
export type ApiErrorKind = (typeof apiErrorKinds)[number];

/** Why, where the kind alone does not tell the user what to do. */
export type ApiErrorReason =
  | 'redirect'
  | 'notJson'
  | 'incomplete'
  | 'shape'
  | 'endless'
  | 'tls'
  | 'proxy'
  | 'offline'
  /** Media of other origins are switched off. */
  | 'mediaOff'
  /** An address of media that must not be asked. */
  | 'mediaAddress'
  /** There is nothing at an address that the server gave, or not any more. */
  | 'mediaGone'
  /** Where the media lie is in trouble, and not the account's server. */
  | 'mediaServer';

export interface ApiErrorDetails {
  reason?: ApiErrorReason | undefined;
  /** HTTP status, when there was an answer. */
  status?: number | undefined;
  method?: string | undefined;
  /** The path with its ids as names, such as `/contacts/{id}`. */
  pathTemplate?: string | undefined;
  requestId?: string | undefined;
  /** The field that an `invalid` error is about, where the server names it. */
  field?: string | undefined;
  /** Seconds until a `rateLimited` request may be tried again. */
  retryAfterSeconds?: number | undefined;
  /** Seconds until the user may retry; capped, so that a server asking for a day does not lock the user out. */
  userMayRetryAfterSeconds?: number | undefined;
  /** Set when a write may have been applied although no answer said so. */
  mayHaveBeenApplied?: boolean | undefined;
  cause?: unknown;
}

/** Every failure of the API service. It holds no secret, no body and no personal data. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly kind: ApiErrorKind;
  readonly reason: ApiErrorReason | undefined;
  readonly status: number | undefined;
  readonly method: string | undefined;
  readonly pathTemplate: string | undefined;
  readonly requestId: string | undefined;
  readonly field: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly userMayRetryAfterSeconds: number | undefined;
  readonly mayHaveBeenApplied: boolean;

  constructor(kind: ApiErrorKind, details: ApiErrorDetails = {}) {
    const where = [details.method, details.pathTemplate, details.status].filter((part) => part !== undefined);
    super([kind, ...where].join(' '), { cause: details.cause });
    this.kind = kind;
    this.reason = details.reason;
    this.status = details.status;
    this.method = details.method;
    this.pathTemplate = details.pathTemplate;
    this.requestId = details.requestId;
    this.field = details.field;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.userMayRetryAfterSeconds = details.userMayRetryAfterSeconds;
    this.mayHaveBeenApplied = details.mayHaveBeenApplied ?? false;
  }
}

export const isApiError = (error: unknown): error is ApiError => error instanceof ApiError;

export const isCancelled = (error: unknown): boolean => isApiError(error) && error.kind === 'cancelled';

/** Whether a server does not have the route at all, or what it is about: of routes beyond the contract, the former. */
export const isMissingRoute = (error: unknown): boolean =>
  isApiError(error) && (error.kind === 'notFound' || error.status === 405);

/** Whether the failure is one of the way to the server or of its health, and says nothing about what was asked for. */
export const isUnreachable = (error: unknown): boolean =>
  isApiError(error) && ['network', 'timeout', 'server', 'rateLimited', 'badReply'].includes(error.kind);
