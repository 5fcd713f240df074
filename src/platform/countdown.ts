import * as vscode from 'vscode';

/** Shows how long the server wants to be left alone, and tries again then; the user may leave before, and `signal` ends it. */
export async function retryAfterCountdown(
  { retryAfterSeconds }: { retryAfterSeconds: number },
  retry: () => unknown,
  signal: AbortSignal,
): Promise<void> {
  const due = Date.now() + retryAfterSeconds * 1000;
  const isDue = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('The server asks for fewer requests. Trying again'),
      cancellable: true,
    },
    (progress, token) =>
      new Promise<boolean>((resolve) => {
        const finish = (result: boolean): void => {
          clearInterval(timer);
          resolve(result);
        };
        const tick = (): void => {
          const seconds = Math.ceil((due - Date.now()) / 1000);
          if (seconds <= 0) finish(true);
          else progress.report({ message: vscode.l10n.t('in {0} s', seconds) });
        };
        const timer = setInterval(tick, 1000);
        token.onCancellationRequested(() => finish(false));
        signal.addEventListener('abort', () => finish(false), { once: true });
        tick();
      }),
  );
  if (isDue) await retry();
}
