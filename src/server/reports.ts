/** What the server says on its standard error: nothing of anybody's data. */
import { importFile } from './imports/importFile.ts';
import type { WorkspaceStore } from './store/workspaceStore.ts';

const maxReportedRows = 20;

export function report(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** A step of the schema is not taken yet. */
export const sayWaiting = (): void =>
  report(
    'Waiting to bring the schema up to date: somebody reads or writes what it changes, such as an import or a backup.',
  );

/** Whoever runs the server takes a one-time code to whom it belongs: the server sends no mail. */
export const tellCode = (email: string, code: string): void => report(`sign-in code for ${email}: ${code}`);

/** Only what kind of fault it was and where: a message may quote somebody's data. */
export function faultText(error: unknown): string {
  if (!(error instanceof Error)) return 'fault';
  const cause = error.cause instanceof Error ? ` for ${codeOf(error.cause)}` : '';
  const frame = error.stack?.split('\n').find((line) => line.trimStart().startsWith('at '));
  return `fault: ${codeOf(error)}${cause} ${frame?.trim() ?? ''}`;
}

const codeOf = (error: Error): string => (error as NodeJS.ErrnoException).code ?? error.name;

/** @throws {ImportError} */
export async function importAndReport(store: WorkspaceStore, file: string): Promise<void> {
  const { added, updated, rejected } = await importFile(store, file);
  report(`import: ${added} added, ${updated} updated, ${rejected.length} left out`);
  for (const { line, reason } of rejected.slice(0, maxReportedRows)) report(`import: line ${line}: ${reason}`);
  if (rejected.length > maxReportedRows) report(`import: and ${rejected.length - maxReportedRows} more`);
}

/** The one line that says where the server is reached. */
export function announce(url: string, token: string | undefined): void {
  process.stdout.write(`${JSON.stringify({ url, token })}\n`);
}

/**
 * Calls `stop` once, when the process is to end, and ends it.
 * @param deadlineMs after which it ends whatever `stop` waits for.
 * @returns what ends it.
 */
export function onEnd(stop: () => Promise<void>, deadlineMs?: number): () => void {
  let isStopping = false;
  const end = (): void => {
    if (isStopping) return;
    isStopping = true;
    if (deadlineMs !== undefined) setTimeout(() => process.exit(1), deadlineMs).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        report(faultText(error));
        process.exit(1);
      },
    );
  };
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(event, end);
  return end;
}
