import * as vscode from 'vscode';

/** Counts down, and does `work` then; the user may cancel before, and `signal` ends it. */
export async function afterCountdown(
  title: string,
  seconds: number,
  work: () => unknown,
  signal: AbortSignal,
): Promise<void> {
  const due = Date.now() + seconds * 1000;
  const isDue = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title,
      cancellable: true,
    },
    (progress, token) =>
      new Promise<boolean>((resolve) => {
        const finish = (result: boolean): void => {
          clearInterval(timer);
          resolve(result);
        };
        const tick = (): void => {
          const left = Math.ceil((due - Date.now()) / 1000);
          if (left <= 0) finish(true);
          else progress.report({ message: vscode.l10n.t('in {0} s', left) });
        };
        const timer = setInterval(tick, 1000);
        token.onCancellationRequested(() => finish(false));
        signal.addEventListener('abort', () => finish(false), { once: true });
        tick();
      }),
  );
  if (isDue) await work();
}
