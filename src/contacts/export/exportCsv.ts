import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { ApiError, isApiError } from '../../api/apiError.ts';
import type { ContactService } from '../../api/contactService.ts';
import type { Contact } from '../../api/decode/contact.ts';
import { exportColumns, type ExportColumn } from '../../contract/exportColumns.ts';
import { withSignal } from '../../platform/cancellation.ts';
import { UserError } from '../../platform/errorReport.ts';
import { back, choose } from '../../platform/steps.ts';
import type { ContactsModel } from '../contactsModel.ts';
import { everybody, isNarrow, type ContactQuery } from '../query/contactQuery.ts';
import { ContactReader } from '../query/contactReader.ts';
import { queryText } from '../query/queryText.ts';
import { columnNames } from './columnNames.ts';
import { contactsAsCsv } from './contactCsv.ts';
import { CountedOutput } from './countedOutput.ts';
import { writeWhole, type UnfinishedFiles } from './csvFile.ts';
import { withHeader } from './serverCsv.ts';

const readAtOnce = 500;

export interface ExportServices {
  service: ContactService;
  model: ContactsModel;
  unfinished: UnfinishedFiles;
  /** Keeps for whom the last file was. */
  memory: vscode.Memento;
}

/** Which contacts: those with these ids, those of a query, or all. */
type Scope = { ids: readonly string[] } | { query: ContactQuery } | 'all';

/** For whom a file is: its header is in words, or in the contract's names of fields, or it is what the server makes. */
const readers = ['people', 'programs', 'server'] as const;
type FileReader = (typeof readers)[number];
const lastReaderKey = 'export.reader';

/** What is in a file: these fields under these names, or whatever the server gives. */
type Content = { columns: readonly ExportColumn[]; header: readonly string[] } | 'asServed';

/**
 * Asks which contacts and columns, and where to, and writes them there as CSV. Nothing is left behind by an export
 * that does not finish. @param selected ids of contacts that are selected; none for a choice.
 */
export async function exportCsv(services: ExportServices, selected: readonly string[]): Promise<void> {
  const scope = selected.length > 0 ? { ids: selected } : await askScope(services.model);
  if (scope === undefined) return;
  const content = await askContent(scope, services.memory);
  if (content === undefined) return;
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
        const output = new CountedOutput(await csvOf(services, scope, content, isExact, signal), {
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

/** @returns `undefined` when the user leaves, here and below. */
async function askContent(scope: Scope, memory: vscode.Memento): Promise<Content | undefined> {
  const reader = await askReader(scope, memory);
  if (reader === undefined) return undefined;
  if (reader === 'server') return 'asServed';
  const names = columnNames();
  const columns = await askColumns(names);
  return columns && { columns, header: reader === 'people' ? columns.map((column) => names[column]) : columns };
}

async function askReader(scope: Scope, memory: vscode.Memento): Promise<FileReader | undefined> {
  const example = ['display_name', 'email', 'phone_number'] as const;
  const names = columnNames();
  const items: (vscode.QuickPickItem & { value: FileReader })[] = [
    {
      label: vscode.l10n.t('For People'),
      description: example.map((column) => names[column]).join(', '),
      iconPath: new vscode.ThemeIcon('person'),
      value: 'people',
    },
    {
      label: vscode.l10n.t('For Programs'),
      description: example.join(', '),
      iconPath: new vscode.ThemeIcon('code'),
      value: 'programs',
    },
    {
      label: vscode.l10n.t('As the Server Writes It'),
      description: vscode.l10n.t('its own columns, unchanged'),
      iconPath: new vscode.ThemeIcon('server'),
      value: 'server',
    },
  ];
  const offered = scope === 'all' ? items : items.filter(({ value }) => value !== 'server');
  const last = memory.get(lastReaderKey);
  const picked = await choose({
    title: exportTitle(),
    placeholder: vscode.l10n.t('For whom is the file? Its first row names the columns.'),
    items: offered,
    first: offered.find(({ value }) => value === last)?.value,
  });
  if (picked === undefined || picked === back) return undefined;
  await memory.update(lastReaderKey, picked);
  return picked;
}

async function askColumns(names: Record<ExportColumn, string>): Promise<readonly ExportColumn[] | undefined> {
  const items = exportColumns.map((column) => ({
    label: names[column],
    description: column,
    picked: true,
    column,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: exportTitle(),
    placeHolder: vscode.l10n.t('Which columns?'),
    canPickMany: true,
    matchOnDescription: true,
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
async function csvOf(
  { service, model }: ExportServices,
  scope: Scope,
  content: Content,
  isExact: boolean,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const request = { sort: '-created_at', isExact, signal } as const;
  if (content === 'asServed') return service.exportCsv(request);
  const { columns, header } = content;
  if (scope === 'all') {
    // A million rows come in one go from a server that can be asked for columns, and page by page from others.
    const served = await withHeader(await service.exportCsv({ ...request, columns }), columns, header);
    if (served !== undefined) return served;
  }
  return contactsAsCsv(contactsOf(scope, service, model, signal), columns, header, isExact);
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
