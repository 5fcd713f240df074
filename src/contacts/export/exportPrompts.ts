import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { exportColumns, type ExportColumn } from '../../contract/exportColumns.ts';
import { UserError } from '../../platform/errorReport.ts';
import { back, choose } from '../../platform/steps.ts';
import type { ContactsModel } from '../contactsModel.ts';
import { isNarrow, type ContactQuery } from '../query/contactQuery.ts';
import { queryText } from '../query/queryText.ts';
import { columnNames } from './columnNames.ts';

/** Which contacts: those with these ids, those of a query, or all. */
export type Scope = { ids: readonly string[] } | { query: ContactQuery } | 'all';

/** For whom a file is: its header is in words, or in the contract's names of fields, or it is what the server makes. */
type ExportAudience = 'people' | 'programs' | 'server';
const lastReaderKey = 'export.reader';

/** What is in a file: these fields under these names, or whatever the server gives. */
export type Content = { columns: readonly ExportColumn[]; header: readonly string[] } | 'asServed';

/** @returns `undefined` when the user leaves, here and below. */
export async function askScope(model: ContactsModel): Promise<Scope | undefined> {
  const { query } = model;
  if (!isNarrow(query)) return 'all';
  const items: (vscode.QuickPickItem & { scope: Scope })[] = [
    { label: vscode.l10n.t('Contacts that are listed'), description: queryText(query), scope: { query } },
    { label: vscode.l10n.t('All contacts'), scope: 'all' },
  ];
  const placeHolder = vscode.l10n.t('Which contacts?');
  return (await vscode.window.showQuickPick(items, { title: title(), placeHolder, ignoreFocusOut: true }))?.scope;
}

/** @param memory keeps for whom the last file was. */
export async function askContent(scope: Scope, memory: vscode.Memento): Promise<Content | undefined> {
  const reader = await askAudience(scope, memory);
  if (reader === undefined) return undefined;
  if (reader === 'server') return 'asServed';
  const names = columnNames();
  const columns = await askColumns(names);
  return columns && { columns, header: reader === 'people' ? columns.map((column) => names[column]) : columns };
}

async function askAudience(scope: Scope, memory: vscode.Memento): Promise<ExportAudience | undefined> {
  const example = ['display_name', 'email', 'phone_number'] as const;
  const names = columnNames();
  const items: (vscode.QuickPickItem & { value: ExportAudience })[] = [
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
    title: title(),
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
    title: title(),
    placeHolder: vscode.l10n.t('Which columns?'),
    canPickMany: true,
    ignoreFocusOut: true,
    matchOnDescription: true,
  });
  if (picked === undefined) return undefined;
  if (picked.length === 0) throw new UserError(vscode.l10n.t('An export needs at least one column.'));
  return picked.map(({ column }) => column);
}

/** Asks where to save the CSV file; undefined when the user cancels. */
export const askTarget = (): Thenable<vscode.Uri | undefined> =>
  vscode.window.showSaveDialog({
    title: title(),
    defaultUri: vscode.Uri.joinPath(startFolder(), `contacts-${new Date().toISOString().slice(0, 10)}.csv`),
    filters: { CSV: ['csv'] },
  });

const title = (): string => vscode.l10n.t('Export Contacts');

const startFolder = (): vscode.Uri => vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(homedir());
