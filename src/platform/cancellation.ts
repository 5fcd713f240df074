import type * as vscode from 'vscode';

/** Runs `work` with a signal that aborts when `token` is cancelled. */
export async function withSignal<T>(
  token: vscode.CancellationToken,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  const listener = token.onCancellationRequested(() => controller.abort());
  try {
    return await work(controller.signal);
  } finally {
    listener.dispose();
  }
}

/** Holds at most one piece of work: starting the next aborts the one before. */
export class LatestOnly {
  private controller: AbortController | undefined;

  /** The signal of the work that starts now. */
  next(): AbortSignal {
    this.controller?.abort();
    this.controller = new AbortController();
    return this.controller.signal;
  }

  dispose(): void {
    this.controller?.abort();
  }
}
