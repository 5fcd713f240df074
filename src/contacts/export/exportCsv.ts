import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { ApiError, isApiError } from '../../api/apiError.ts';
import type { ContactService } from '../../api/contactService.ts';
import type { Contact } from '../../api/decode/contact.ts';
import { csvColumns, type CsvColumn } from '../../contract/vocabulary.ts';
import { withSignal } from '../../platform/cancellation.ts';
import { UserError } from '../../platform/errorReport.ts';
import type { ContactsModel } from '../contactsModel.ts';
import { everybody, isNarrow, type ContactQuery } from '../query/contactQuery.ts';
import { ContactReader } from '../query/contactReader.ts';
import { queryText } from '../query/queryText.ts';
import { contactsAsCsv } from './contactCsv.ts';
import { CountedOutput } from './countedOutput.ts';
import { writeWhole, type UnfinishedFiles } from './csvFile.ts';

const readAtOnce = 500;

export interface ExportServices {
  service: ContactService;
  model: ContactsModel;
  unfinished: UnfinishedFiles;
}

/** Which contacts: those with these ids, those of a query, or all. */
type Scope = { ids: readonly string[] } | { query: ContactQuery } | 'all';

/**
 * Asks which contacts and columns, and where to, and writes them there as CSV. Nothing is left behind by an export
 * that does not finish. @param selected ids of contacts that are selected; none for a choice.
 */
export async function exportCsv(services: ExportServices, selected: readonly string[]): Promise<void> {
  const scope = selected.length > 0 ? { ids: selected } : await askScope(services.model);
  if (scope === undefined) return;
  const columns = await askColumns();
  if (columns === undefined) return;
  const target = await askTarget();
  if (target === undefined) return;
  const { isExact, hasByteOrderMark } = settings();
  const done = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Exporting contacts'),
      cancellable: true,
    },
    (progress, token) =>
      withSignal(token, async (signal) => {
        const output = new CountedOutput(await contentOf(services, scope, columns, isExact, signal), {
          isExact,
          hasByteOrderMark,
          onProgress: (rows, bytes) => progress.report({ message: amountText(rows, bytes) }),
        });
        await write(target, output, services.unfinished, signal);
        return output;
      }),
  );
  const message = vscode.l10n.t('Contacts exported: {0}.', amountText(done.rows, done.bytes));
  // Not awaited: the export is done, whatever becomes of the message.
  void offerToOpen(message, target);
}

async function askScope(model: ContactsModel): Promise<Scope | undefined> {
  const { query } = model;
  if (!isNarrow(query)) return 'all';
  const items: (vscode.QuickPickItem & { scope: Scope })[] = [
    { label: vscode.l10n.t('Contacts that are listed'), description: queryText(query), scope: { query } },
    { label: vscode.l10n.t('All contacts'), scope: 'all' },
  ];
  const placeHolder = vscode.l10n.t('Which contacts?');
  return (await vscode.window.showQuickPick(items, { title: exportTitle(), placeHolder }))?.scope;
}

/** @returns `undefined` when the user leaves. */
async function askColumns(): Promise<readonly CsvColumn[] | undefined> {
  const items = csvColumns.map((column) => ({ label: column, picked: true, column }));
  const picked = await vscode.window.showQuickPick(items, {
    title: exportTitle(),
    placeHolder: vscode.l10n.t('Which columns?'),
    canPickMany: true,
  });
  if (picked === undefined) return undefined;
  if (picked.length === 0) throw new UserError(vscode.l10n.t('An export needs at least one column.'));
  return picked.map(({ column }) => column);
}

const askTarget = (): Thenable<vscode.Uri | undefined> =>
  vscode.window.showSaveDialog({
    title: exportTitle(),
    defaultUri: vscode.Uri.joinPath(startFolder(), `contacts-${new Date().toISOString().slice(0, 10)}.csv`),
    filters: { CSV: ['csv'] },
  });

const exportTitle = (): string => vscode.l10n.t('Export Contacts');

const startFolder = (): vscode.Uri => vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(homedir());

interface Settings {
  isExact: boolean;
  hasByteOrderMark: boolean;
}

function settings(): Settings {
  const configuration = vscode.workspace.getConfiguration('contactLookup.export');
  return {
    isExact: configuration.get<boolean>('exact', false),
    hasByteOrderMark: configuration.get<boolean>('byteOrderMark', false),
  };
}

/** The CSV, made safe for spreadsheets unless the user wants it exact. */
async function contentOf(
  { service, model }: ExportServices,
  scope: Scope,
  columns: readonly CsvColumn[],
  isExact: boolean,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const isWhole = scope === 'all' && columns.length === csvColumns.length;
  // Everything comes from the server as CSV already; it is only looked through on its way.
  return isWhole
    ? service.exportCsv({ sort: '-created_at', isExact, signal })
    : contactsAsCsv(contactsOf(scope, service, model, signal), columns, isExact);
}

async function* contactsOf(
  scope: Scope,
  service: ContactService,
  model: ContactsModel,
  signal: AbortSignal,
): AsyncGenerator<readonly Contact[]> {
  if (scope !== 'all' && 'ids' in scope) {
    for (const id of scope.ids) yield [model.find(id) ?? (await service.get(id, { signal }))];
    return;
  }
  const reader = new ContactReader(service, scope === 'all' ? everybody : scope.query);
  for (let hasMore = true; hasMore;) {
    const read = await reader.read(readAtOnce, readAtOnce, signal);
    yield read.contacts;
    ({ hasMore } = read);
  }
}

async function write(
  target: vscode.Uri,
  content: AsyncIterable<Uint8Array>,
  unfinished: UnfinishedFiles,
  signal: AbortSignal,
): Promise<void> {
  if (target.scheme !== 'file') return writeElsewhere(target, content);
  try {
    await writeWhole(target.fsPath, content, unfinished, signal);
  } catch (error) {
    if (signal.aborted) throw new ApiError('cancelled', { cause: error });
    if (isApiError(error)) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(
      code === 'ENOSPC'
        ? vscode.l10n.t(
            'There is no room left on the disk. The export was not written, and what was there is as before.',
          )
        : vscode.l10n.t('The file could not be written ({0}).', code ?? ''),
    );
  }
}

/** A file system that only VS Code knows takes a file in one piece. */
async function writeElsewhere(target: vscode.Uri, content: AsyncIterable<Uint8Array>): Promise<void> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  await vscode.workspace.fs.writeFile(target, Buffer.concat(chunks));
}

async function offerToOpen(message: string, target: vscode.Uri): Promise<void> {
  const open = vscode.l10n.t('Open');
  const reveal = vscode.l10n.t('Reveal');
  const picked = await vscode.window.showInformationMessage(message, open, reveal);
  // The command, unlike the API, also opens what is too large for extensions.
  if (picked === open) await vscode.commands.executeCommand('vscode.open', target);
  if (picked !== reveal) return;
  const isInWorkspace = vscode.workspace.getWorkspaceFolder(target) !== undefined;
  await vscode.commands.executeCommand(isInWorkspace ? 'revealInExplorer' : 'revealFileInOS', target);
}

function amountText(rows: number, bytes: number): string {
  const locale = vscode.env.language;
  const [value, unit] = bytes < 1_000_000 ? [bytes / 1000, 'kilobyte'] : [bytes / 1_000_000, 'megabyte'];
  const size = value.toLocaleString(locale, { style: 'unit', unit, maximumFractionDigits: 1 });
  return vscode.l10n.t('{0} rows, {1}', rows.toLocaleString(locale), size);
}
