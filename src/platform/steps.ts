import * as vscode from 'vscode';

/** Returned when the user goes back to the previous step. */
export const back = Symbol('back');
export type Back = typeof back;

export interface Choice<T> {
  title: string;
  placeholder: string;
  items: readonly (vscode.QuickPickItem & { value: T })[];
  /** The item that is chosen by Enter alone. */
  first?: T | undefined;
  canGoBack?: boolean;
  /** Closes the question, as the user does who leaves. */
  signal?: AbortSignal;
}

/** Asks for one of a few. @returns `undefined` when the user leaves. */
export function choose<T>(choice: Choice<T>): Promise<T | Back | undefined> {
  const { title, placeholder, items, first, canGoBack = false, signal } = choice;
  const picker = vscode.window.createQuickPick<vscode.QuickPickItem & { value: T }>();
  Object.assign(picker, { title, placeholder, items, ignoreFocusOut: true, matchOnDescription: true });
  picker.buttons = canGoBack ? [vscode.QuickInputButtons.Back] : [];
  // Setting none would leave Enter with nothing to take.
  if (first !== undefined) picker.activeItems = items.filter((item) => item.value === first);
  const close = (): void => picker.hide();
  return new Promise((resolve) => {
    picker.onDidTriggerButton(() => {
      resolve(back);
      picker.hide();
    });
    picker.onDidAccept(() => {
      resolve(picker.selectedItems[0]?.value);
      picker.hide();
    });
    picker.onDidHide(() => {
      signal?.removeEventListener('abort', close);
      resolve(undefined);
      picker.dispose();
    });
    signal?.addEventListener('abort', close);
    picker.show();
    if (signal?.aborted === true) close();
  });
}
