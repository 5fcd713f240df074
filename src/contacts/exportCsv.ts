import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { pipeline } from 'node:stream/promises';
import * as vscode from 'vscode';
import { isApiError } from '../api/apiError.ts';
import type { ContactService, CsvStream } from '../api/contactService.ts';
import { withSignal } from '../platform/cancellation.ts';
import { UserError } from '../platform/errorReport.ts';

/** Asks where to, and writes all contacts there as CSV. Nothing is left behind by an export that does not finish. */
export async function exportCsv(service: ContactService): Promise<void> {
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Export Contacts'),
    defaultUri: vscode.Uri.joinPath(startFolder(), `contacts-${new Date().toISOString().slice(0, 10)}.csv`),
    filters: { CSV: ['csv'] },
  });
  if (target === undefined) return;
  const bytes = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Exporting contacts'),
      cancellable: true,
    },
    (progress, token) =>
      withSignal(token, async (signal) => {
        const stream = counted(await service.exportCsv({ sort: '-created_at', signal }), (count) =>
          progress.report({ message: sizeText(count) }),
        );
        return target.scheme === 'file' ? writeFile(target.fsPath, stream) : writeElsewhere(target, stream);
      }),
  );
  const open = vscode.l10n.t('Open');
  const message = vscode.l10n.t('Contacts exported ({0}).', sizeText(bytes));
  // Not awaited: the export is done, whatever becomes of the message.
  void vscode.window.showInformationMessage(message, open).then(async (picked) => {
    // The command, unlike the API, also opens what is too large for extensions.
    if (picked === open) await vscode.commands.executeCommand('vscode.open', target);
  });
}

const startFolder = (): vscode.Uri => vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(homedir());

type Counted = AsyncIterable<Uint8Array> & { readonly count: () => number };

/** Between two reports of progress; more often nobody could read them. */
const reportEveryMs = 200;

function counted(stream: CsvStream, onProgress: (bytes: number) => void): Counted {
  let bytes = 0;
  let reportedAt = 0;
  return {
    count: () => bytes,
    async *[Symbol.asyncIterator]() {
      for await (const chunk of stream) {
        bytes += chunk.length;
        if (performance.now() - reportedAt > reportEveryMs) {
          reportedAt = performance.now();
          onProgress(bytes);
        }
        yield chunk;
      }
    },
  };
}

/** Written beside the target and moved over it when whole. */
async function writeFile(path: string, stream: Counted): Promise<number> {
  const temporary = `${path}.${randomBytes(4).toString('hex')}.part`;
  try {
    await pipeline(stream, createWriteStream(temporary, { mode: 0o600, flush: true }));
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    if (isApiError(error)) throw error;
    throw new UserError(
      vscode.l10n.t('The file could not be written ({0}).', (error as NodeJS.ErrnoException).code ?? ''),
    );
  }
  return stream.count();
}

/** A file system that only VS Code knows takes a file in one piece. */
async function writeElsewhere(target: vscode.Uri, stream: Counted): Promise<number> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  await vscode.workspace.fs.writeFile(target, Buffer.concat(chunks));
  return stream.count();
}

function sizeText(bytes: number): string {
  const [value, unit] = bytes < 1_000_000 ? [bytes / 1000, 'kilobyte'] : [bytes / 1_000_000, 'megabyte'];
  return value.toLocaleString(vscode.env.language, { style: 'unit', unit, maximumFractionDigits: 1 });
}
