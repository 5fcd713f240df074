import * as vscode from 'vscode';
import { isCancelled } from '../api/apiError.ts';
import { sentenceFor } from './errorReport.ts';
import { back, type Back } from './steps.ts';

export interface PersistentInput<T> {
  title: string;
  prompt: string;
  placeholder?: string;
  value?: string;
  password?: boolean;
  /** Takes spaces at the ends for a part of the text, as in a password. */
  keepsSpaces?: boolean;
  /** Names what is typed, which is offered again when it could not be used. */
  draftKey?: string;
  /** Offers a way to the question before. */
  canGoBack?: boolean;
  /** What is wrong with a text, if anything. */
  faultIn: (text: string) => string | undefined | Promise<string | undefined>;
  /** Uses the text. What it throws is shown in the box. */
  accept: (text: string, signal: AbortSignal) => Promise<T>;
  /** What to say of a failure, where the usual sentence does not fit. */
  sentence?: (error: unknown) => string | undefined;
  /** Whether the initial value may be submitted unchanged; if not, submitting it just closes the box. */
  acceptsUnchanged?: boolean;
  /** A button beside the box: `run` is called with nothing, and its failure is shown in the box. */
  action?: { icon: string; tooltip: string; run: (signal: AbortSignal) => Promise<string> };
}

/** What was typed and not used, by the key of its input. */
const drafts = new Map<string, string>();

/** Forgets what was typed into the inputs whose key begins with `prefix`. */
export function forgetDrafts(prefix: string): void {
  for (const key of drafts.keys()) if (key.startsWith(prefix)) drafts.delete(key);
}

/**
 * An input box that stays open, with what was typed, until it could be used or the user leaves.
 * @returns what `accept` gave; `undefined` when the user leaves or accepts the value that was there.
 */
export function askUntilAccepted<T>(input: PersistentInput<T> & { canGoBack: true }): Promise<T | Back | undefined>;
export function askUntilAccepted<T>(input: PersistentInput<T>): Promise<T | undefined>;
export function askUntilAccepted<T>(input: PersistentInput<T>): Promise<T | Back | undefined> {
  const { title, prompt, placeholder, value = '', password = false, draftKey = '', faultIn, accept, action } = input;
  const textOf = (text: string): string => (input.keepsSpaces === true ? text : text.trim());
  const box = vscode.window.createInputBox();
  const actionButton = action && { iconPath: new vscode.ThemeIcon(action.icon), tooltip: action.tooltip };
  const buttons = [input.canGoBack === true ? vscode.QuickInputButtons.Back : undefined, actionButton];
  Object.assign(box, {
    title,
    prompt,
    placeholder,
    value: drafts.get(draftKey) ?? value,
    password,
    ignoreFocusOut: true,
    buttons: buttons.filter((button) => button !== undefined),
  });
  const controller = new AbortController();
  const sentenceOf = (error: unknown): string =>
    isCancelled(error)
      ? vscode.l10n.t('The session has changed meanwhile.')
      : (input.sentence?.(error) ?? sentenceFor(error));

  /** Shows that something is under way, and what became of it where that was a failure. */
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    if (box.busy) return;
    box.busy = true;
    box.enabled = false;
    try {
      await work();
    } catch (error) {
      if (!controller.signal.aborted) box.validationMessage = sentenceOf(error);
    } finally {
      box.busy = false;
      box.enabled = true;
    }
  };

  let isUsed = false;
  return new Promise((resolve) => {
    box.onDidChangeValue(async (text) => {
      const fault = text === '' ? undefined : await faultIn(textOf(text));
      // More may have been typed meanwhile.
      if (box.value === text) box.validationMessage = fault;
    });
    box.onDidTriggerButton((button) => {
      if (button === vscode.QuickInputButtons.Back) {
        resolve(back);
        box.hide();
      } else if (action !== undefined) {
        void attempt(async () => {
          box.prompt = await action.run(controller.signal);
        });
      }
    });
    box.onDidAccept(() => {
      const text = textOf(box.value);
      if (text === value && input.acceptsUnchanged !== true) return box.hide();
      return void attempt(async () => {
        box.validationMessage = await faultIn(text);
        if (box.validationMessage !== undefined) return;
        resolve(await accept(text, controller.signal));
        isUsed = true;
        box.hide();
      });
    });
    box.onDidHide(() => {
      controller.abort();
      // Another question of VS Code's takes the place of this one without asking.
      if (draftKey !== '' && !isUsed && box.value !== value) drafts.set(draftKey, box.value);
      else drafts.delete(draftKey);
      resolve(undefined);
      box.dispose();
    });
    box.show();
  });
}
