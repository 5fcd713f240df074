import * as vscode from 'vscode';
import type { Log } from './log.ts';
import { isApiError, type ApiError, type ApiErrorKind } from '../api/apiError.ts';
import { serverOrigin } from '../api/serverAddress.ts';
import { retryAfterCountdown } from './countdown.ts';
import { retryScope } from './retries.ts';

/** A failure that already has its sentence for the user. */
export class UserError extends Error {}

/** The one place where a failure becomes a sentence for the user. */
export function sentenceFor(error: unknown): string {
  if (error instanceof UserError) return error.message;
  if (!isApiError(error)) return vscode.l10n.t('Something went wrong. The log has the details.');
  const sentence = reasonSentence(error) ?? kindSentences[error.kind](error);
  return error.mayHaveBeenApplied
    ? `${sentence} ${vscode.l10n.t('The change may have been made all the same; look before you repeat it.')}`
    : sentence;
}

const kindSentences: Record<ApiErrorKind, (error: ApiError) => string> = {
  auth: () => vscode.l10n.t('Your sign-in is no longer valid.'),
  forbidden: () => vscode.l10n.t('You may not do this with your account.'),
  notFound: () => vscode.l10n.t('This is no longer on the server.'),
  invalid: ({ field, status }) =>
    field !== undefined
      ? vscode.l10n.t('The server did not accept the field {0}.', field)
      : status === 405
        ? vscode.l10n.t('This server does not offer that.')
        : vscode.l10n.t('The server did not accept this.'),
  conflict: () => vscode.l10n.t('Somebody else has changed this meanwhile.'),
  rateLimited: ({ retryAfterSeconds }) =>
    retryAfterSeconds === undefined
      ? vscode.l10n.t('The server asks for fewer requests. Try again in a moment.')
      : retryAfterSeconds <= maxCountdownSeconds
        ? vscode.l10n.t('The server asks for fewer requests. Try again in {0} s.', Math.ceil(retryAfterSeconds))
        : vscode.l10n.t('The server asks for fewer requests. Try again at {0}.', timeIn(retryAfterSeconds)),
  server: ({ status = 500, requestId }) =>
    requestId === undefined
      ? vscode.l10n.t('The server has a problem (error {0}).', status)
      : vscode.l10n.t('The server has a problem (error {0}, request {1}).', status, requestId),
  network: () => vscode.l10n.t('The connection to the server broke.'),
  timeout: () => vscode.l10n.t('The server did not answer in time.'),
  badReply: () => vscode.l10n.t('The server gave an answer that makes no sense here.'),
  tooLarge: ({ field }) =>
    field === 'avatar_url'
      ? vscode.l10n.t('The picture is larger than 5 MB.')
      : vscode.l10n.t('The server’s answer, or what you sent, is too large.'),
  cancelled: () => vscode.l10n.t('Cancelled.'),
};

const timeIn = (seconds: number): string =>
  new Date(Date.now() + seconds * 1000).toLocaleTimeString(vscode.env.language, { timeStyle: 'short' });

function reasonSentence({ reason, kind, field }: ApiError): string | undefined {
  if (kind === 'invalid' && field === 'avatar_url') {
    return vscode.l10n.t('A picture must be a PNG, JPEG, WebP or GIF file.');
  }
  switch (reason) {
    case 'offline':
      return vscode.l10n.t('The server cannot be reached. Are you online?');
    case 'redirect':
      return vscode.l10n.t('The server tried to send you to another address; this was refused.');
    case 'notJson':
      return vscode.l10n.t('A web page answered instead of the server. Is there a login page or proxy between?');
    case 'incomplete':
      return vscode.l10n.t('The server’s answer was cut off.');
    case 'endless':
      return vscode.l10n.t('The server’s list does not end.');
    case 'tls':
      return vscode.l10n.t('The server’s certificate is not trusted, so nothing was sent.');
    case 'proxy':
      return vscode.l10n.t('The proxy asks for a login. Look at the setting http.proxy.');
    default:
      return undefined;
  }
}

/** Logs `error`, shows its sentence, and does what the user picks next. */
export async function reportError(error: unknown, log: Log, retry: (() => unknown) | undefined): Promise<void> {
  log.error(logText(error));
  // The session has told the user already, with what to do.
  if (isApiError(error) && error.kind === 'auth') return;
  const signal = retryScope();
  if (isCountedDown(error) && retry !== undefined) return retryAfterCountdown(error, retry, signal);
  const retryItem = vscode.l10n.t('Retry');
  const logItem = vscode.l10n.t('Show Log');
  const next = canRetry(error) ? [retryItem] : [];
  const picked = await vscode.window.showErrorMessage(sentenceFor(error), ...next, logItem);
  if (picked === retryItem && !signal.aborted) await retry?.();
  if (picked === logItem) log.show();

  function canRetry(failure: unknown): boolean {
    const settled: ApiErrorKind[] = ['invalid', 'forbidden', 'notFound', 'tooLarge'];
    return retry !== undefined && isApiError(failure) && !settled.includes(failure.kind);
  }
}

/** A wait that is worth watching; for a longer one the sentence names the time. */
const maxCountdownSeconds = 300;

const isCountedDown = (error: unknown): error is ApiError & { retryAfterSeconds: number } =>
  isApiError(error) &&
  error.kind === 'rateLimited' &&
  error.retryAfterSeconds !== undefined &&
  error.retryAfterSeconds <= maxCountdownSeconds;

/** What the log says of a failure: what and where, and nobody's data. */
export function logText(error: unknown): string {
  if (error instanceof UserError) return error.message;
  if (isApiError(error)) {
    const cause = error.cause instanceof Error ? ((error.cause as NodeJS.ErrnoException).code ?? error.cause.name) : '';
    const request = error.requestId === undefined ? '' : `request ${error.requestId}`;
    return [error.message, error.reason, cause, request].filter(Boolean).join(' ');
  }
  if (!(error instanceof Error)) return 'unknown failure';
  // A folder may be named after the user.
  const frames = error.stack
    ?.split('\n')
    .filter((line) => line.trimStart().startsWith('at '))
    .map((line) => line.replace(/(?:file:\/\/)?(?:[A-Za-z]:)?[\\/](?:[^\\/()]+[\\/])+/g, ''));
  return [error.name, ...(frames ?? [])].join('\n');
}

/** Checks an address that the user typed; returns the reason against it. */
export const serverAddressFault = (address: string): string | undefined =>
  serverOrigin(address.trim()) === undefined
    ? vscode.l10n.t('An address such as https://contacts.example.com; http only for this machine.')
    : undefined;
