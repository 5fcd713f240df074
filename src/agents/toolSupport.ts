import * as vscode from 'vscode';
import { isApiError, isCancelled } from '../api/apiError.ts';
import type { ContactService } from '../api/contactService.ts';
import { withSignal } from '../platform/cancellation.ts';
import { isPersonalDataHidden } from '../platform/displayText.ts';
import { sentenceFor } from '../platform/errorReport.ts';
import type { Session } from '../session/session.ts';

/** The service, for a tool. @throws an `Error` that tells the model what to ask of the user. */
export function serviceFor(session: Session): ContactService {
  // What a tool answers is seen in the chat.
  if (isPersonalDataHidden())
    throw new Error('Personal data is hidden. Ask the user to run "Contacts: Show Personal Data", and try again then.');
  if (session.service !== undefined) return session.service;
  throw new Error('Nobody is signed in. Ask the user to run the command "Contacts: Sign In…", and try again then.');
}

/** Does the work of a tool, and gives its result as JSON; a failure becomes a sentence that a model can act on. */
export async function runTool(
  token: vscode.CancellationToken,
  work: (signal: AbortSignal) => Promise<unknown>,
): Promise<vscode.LanguageModelToolResult> {
  const result = await withAdvice(() => withSignal(token, work));
  return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(JSON.stringify(result))]);
}

/** @throws an `Error` whose sentence says what a model can do about it. */
export async function withAdvice<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isCancelled(error)) throw new vscode.CancellationError();
    throw isApiError(error) ? new Error(`${sentenceFor(error)} ${advice[error.kind] ?? ''}`.trim()) : error;
  }
}

const advice: Partial<Record<string, string>> = {
  auth: 'Ask the user to sign in again.',
  forbidden: 'Do not try again.',
  notFound: 'Search for the contact to get its id.',
  invalid: 'Correct the value and try again.',
  network: 'Tell the user; trying again at once will not help.',
  timeout: 'It may be tried once more.',
};

/** @throws an `Error` that names what is wrong with the input. */
export function textInput(input: unknown, name: string, maxLength = 200): string {
  const value = (input as Record<string, unknown> | null | undefined)?.[name];
  if (typeof value !== 'string' || value.trim() === '' || value.length > maxLength) {
    throw new Error(`"${name}" must be a text of 1 to ${maxLength} characters.`);
  }
  return value.trim();
}
