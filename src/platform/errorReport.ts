import * as vscode from 'vscode';
import type { Log } from './log.ts';
import { isApiError, type ApiError, type ApiErrorKind } from '../api/apiError.ts';
import { serverOrigin } from '../api/serverAddress.ts';
import { openOtherOriginsSetting } from './otherOrigins.ts';
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
      : retryAfterSeconds <= maxNamedSeconds
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

/** A longer wait is named by when it ends. */
const maxNamedSeconds = 300;

function timeIn(seconds: number): string {
  const time = new Date(Date.now() + seconds * 1000);
  const isToday = time.toDateString() === new Date().toDateString();
  return isToday
    ? time.toLocaleTimeString(vscode.env.language, { timeStyle: 'short' })
    : time.toLocaleString(vscode.env.language, { dateStyle: 'medium', timeStyle: 'short' });
}

function reasonSentence({ reason, kind, field, pathTemplate }: ApiError): string | undefined {
  if (pathTemplate === '{media}' && kind === 'forbidden' && reason === undefined) {
    return vscode.l10n.t('The server does not give this file to your account.');
  }
  if (pathTemplate === '{media}' && kind === 'notFound') return mediaGoneSentence();
  if (pathTemplate === '{media elsewhere}') {
    // Never a sentence that reads like a fault of the account's own server.
    if (kind === 'tooLarge') return vscode.l10n.t('This file is too large to be loaded.');
    if (reason === 'offline') {
      return vscode.l10n.t('The server that keeps this file cannot be reached; the contacts are not affected.');
    }
    if (reason === 'tls') {
      return vscode.l10n.t('The certificate of the server that keeps this file is not trusted, so nothing was loaded.');
    }
  }
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
    case 'mediaOff':
      return vscode.l10n.t(
        'This lies on another server than the contacts do, and the settings say that nothing is loaded from there.',
      );
    case 'mediaAddress':
      return vscode.l10n.t('The address of this file is not one that may be asked, so nothing was loaded.');
    case 'mediaGone':
      return mediaGoneSentence();
    case 'mediaServer':
      return vscode.l10n.t('The server that keeps this file has a problem; the contacts are not affected.');
    case 'proxy':
      return vscode.l10n.t('The proxy asks for a login. Look at the setting http.proxy.');
    default:
      return undefined;
  }
}

const mediaGoneSentence = (): string =>
  vscode.l10n.t('This file is no longer where the server says it is. Refresh the contact, and try again.');

/** What else a message offers, beside Retry and the log. */
const otherActions = (error: unknown): { title: string; run: () => unknown }[] =>
  isApiError(error) && error.reason === 'mediaOff'
    ? [{ title: vscode.l10n.t('Open Settings'), run: openOtherOriginsSetting }]
    : [];

/**
 * Logs `error`, shows its sentence, and does what the user picks next.
 * @param retry tries again; told whether that is by itself, after a countdown.
 * @param isAfterCountdown what has failed was that; it is not counted down once more.
 */
export async function reportError(
  error: unknown,
  log: Log,
  retry: ((isAfterCountdown: boolean) => unknown) | undefined,
  isAfterCountdown = false,
): Promise<void> {
  log.error(logText(error));
  // The session has told the user already, with what to do.
  if (isApiError(error) && error.kind === 'auth') return;
  const signal = retryScope();
  if (isRateLimited(error) && retry !== undefined && !isAfterCountdown) {
    const { afterCountdown } = await import('./countdown.ts');
    return afterCountdown(countdownTitle(error), userMayRetryIn(error), () => retry(true), signal);
  }
  const retryItem = { title: vscode.l10n.t('Retry'), run: () => (signal.aborted ? undefined : retry?.(false)) };
  const logItem = { title: vscode.l10n.t('Show Log'), run: () => log.show() };
  const items = [...otherActions(error), ...(canRetry(error) ? [retryItem] : []), logItem];
  const picked = await vscode.window.showErrorMessage(sentenceFor(error), ...items.map(({ title }) => title));
  await items.find(({ title }) => title === picked)?.run();

  function canRetry(failure: unknown): boolean {
    const settled: ApiErrorKind[] = ['invalid', 'forbidden', 'notFound', 'tooLarge'];
    return retry !== undefined && isApiError(failure) && !settled.includes(failure.kind);
  }
}

type RateLimitedError = ApiError & { retryAfterSeconds: number };

/** The server says for how long it wants to be left alone. */
const isRateLimited = (error: unknown): error is RateLimitedError =>
  isApiError(error) && error.kind === 'rateLimited' && error.retryAfterSeconds !== undefined;

const userMayRetryIn = ({ retryAfterSeconds, userMayRetryAfterSeconds }: RateLimitedError): number =>
  userMayRetryAfterSeconds ?? retryAfterSeconds;

/** Where it is tried again before the server's time, the server's wish is said. */
const countdownTitle = (error: RateLimitedError): string =>
  userMayRetryIn(error) + 1 < error.retryAfterSeconds
    ? vscode.l10n.t('The server asks for no requests until {0}. Trying again', timeIn(error.retryAfterSeconds))
    : vscode.l10n.t('The server asks for fewer requests. Trying again');

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
export const validateServerAddress = (address: string): string | undefined =>
  serverOrigin(address.trim()) === undefined
    ? vscode.l10n.t('An address such as https://contacts.example.com; http only for this machine.')
    : undefined;
