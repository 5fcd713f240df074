import * as vscode from 'vscode';
import { isCancelled } from '../api/apiError.ts';
import { sentenceFor } from './errorReport.ts';

export interface LastingInput<T> {
  title: string;
  prompt: string;
  value?: string;
  password?: boolean;
  /** What is wrong with a text, if anything. */
  faultIn: (text: string) => string | undefined;
  /** Uses the text. What it throws is shown in the box. */
  accept: (text: string, signal: AbortSignal) => Promise<T>;
}

/**
 * An input box that stays open, with what was typed, until it could be used or the user leaves.
 * @returns what `accept` gave; `undefined` when the user leaves or accepts the value that was there.
 */
export function askUntilAccepted<T>(input: LastingInput<T>): Promise<T | undefined> {
  const { title, prompt, value = '', password = false, faultIn, accept } = input;
  const box = vscode.window.createInputBox();
  Object.assign(box, { title, prompt, value, password, ignoreFocusOut: true });
  const controller = new AbortController();
  return new Promise((resolve) => {
    box.onDidChangeValue((text) => (box.validationMessage = text === '' ? undefined : faultIn(text.trim())));
    box.onDidAccept(async () => {
      const text = box.value.trim();
      if (box.busy) return;
      if (text === value) return box.hide();
      box.validationMessage = faultIn(text);
      if (box.validationMessage !== undefined) return;
      box.busy = true;
      box.enabled = false;
      try {
        resolve(await accept(text, controller.signal));
        box.hide();
      } catch (error) {
        if (!controller.signal.aborted) {
          const isOvertaken = isCancelled(error);
          box.validationMessage = isOvertaken
            ? vscode.l10n.t('The session has changed meanwhile.')
            : sentenceFor(error);
        }
      } finally {
        box.busy = false;
        box.enabled = true;
      }
    });
    box.onDidHide(() => {
      controller.abort();
      resolve(undefined);
      box.dispose();
    });
    box.show();
  });
}
