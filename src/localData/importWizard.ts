import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { LocalDataService } from '../api/localDataService.ts';
import type { ImportPreview, Mapping } from '../contract/imports.ts';
import { importFields, type DuplicateRule, type ImportField } from '../contract/localData.ts';
import { displayTerm, displayText } from '../platform/displayText.ts';
import { UserError } from '../platform/errorReport.ts';
import { fieldLabels } from '../platform/fieldLabels.ts';
import { isPersonalDataShown } from '../platform/hiddenPersonalData.ts';

/** What the user has decided about a file. */
export interface ImportPlan {
  path: string;
  mapping: Mapping | undefined;
  duplicates: DuplicateRule;
}

/**
 * Asks for a file, for what its columns are where they are not known, and what to do about duplicates.
 * @param file the one that is meant, where that is known.
 * @throws UserError for a file that cannot be imported.
 */
export async function planImport(service: LocalDataService, file?: vscode.Uri): Promise<ImportPlan | undefined> {
  const path = file === undefined ? await askFile() : localPath(file);
  if (path === undefined) return undefined;
  let preview = await service.preview(path);
  let mapping: Mapping | undefined;
  if (preview.format === 'csv' && Object.keys(preview.mapping).length === 0) {
    if (preview.columns.length === 0) throw new UserError(vscode.l10n.t('The file is empty.'));
    mapping = await askMapping(path, preview.columns, {});
    if (mapping === undefined) return undefined;
    preview = await service.preview(path, mapping);
  }
  for (;;) {
    if (preview.contacts.length === 0) throw new UserError(vscode.l10n.t('There is nobody in this file.'));
    const decided = await askDuplicates(path, preview);
    if (decided !== 'columns') return decided && { path, mapping, duplicates: decided };
    const changed = await askMapping(path, preview.columns, preview.mapping);
    if (changed === undefined) continue;
    mapping = changed;
    preview = await service.preview(path, mapping);
  }
}

async function askFile(): Promise<string | undefined> {
  const [uri] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Import Contacts'),
      openLabel: vscode.l10n.t('Import'),
      filters: { [vscode.l10n.t('Contacts')]: ['csv', 'tsv', 'txt', 'vcf', 'vcard'] },
    })) ?? [];
  return uri && localPath(uri);
}

/** @throws UserError for a file that is not on the machine of the local workspace. */
export function localPath(uri: vscode.Uri): string {
  if (uri.scheme !== 'file') throw new UserError(vscode.l10n.t('Choose a file on the machine of the local workspace.'));
  return uri.fsPath;
}

const fieldNames = (): Record<ImportField, string> => ({
  ...fieldLabels(),
  id: vscode.l10n.t('Contact id'),
  labels: vscode.l10n.t('Labels'),
  created_at: vscode.l10n.t('Created'),
  updated_at: vscode.l10n.t('Updated'),
});

/** Which column is which field, one after the other, until the user has enough. */
async function askMapping(path: string, columns: readonly string[], known: Mapping): Promise<Mapping | undefined> {
  // Without a header they are named by the first row, which is somebody.
  if (!(await isPersonalDataShown())) return undefined;
  const chosen = new Map<string, ImportField>();
  for (const [field, named] of Object.entries(known) as [ImportField, readonly string[]][])
    for (const column of named) chosen.set(column, field);
  const names = fieldNames();
  for (;;) {
    const rows = columns.map((column) => {
      const field = chosen.get(column);
      return {
        label: displayTerm(column, 'label'),
        description: field === undefined ? vscode.l10n.t('left out') : `→ ${names[field]}`,
        column,
      };
    });
    const isEnough = [...chosen.values()].some((field) => identifying.has(field));
    const done = { label: `$(check) ${vscode.l10n.t('Continue')}`, column: undefined };
    const picked = await vscode.window.showQuickPick(isEnough ? [done, ...rows] : rows, {
      title: vscode.l10n.t('Columns of {0}', displayTerm(basename(path), 'description')),
      placeHolder: isEnough
        ? vscode.l10n.t('Choose a column to say what it is, or continue')
        : vscode.l10n.t('These columns are not known. Choose the one with the name, e-mail or phone'),
      ignoreFocusOut: true,
    });
    if (picked === undefined) return undefined;
    if (picked.column === undefined) return mappingOf(chosen);
    const field = await askField(picked.column, names);
    if (field === 'none') chosen.delete(picked.column);
    else if (field !== undefined) chosen.set(picked.column, field);
  }
}

const identifying: ReadonlySet<ImportField> = new Set([
  'display_name',
  'first_name',
  'last_name',
  'email',
  'phone_number',
]);

function mappingOf(chosen: ReadonlyMap<string, ImportField>): Mapping {
  const mapping: Mapping = {};
  for (const [column, field] of chosen) mapping[field] = [...(mapping[field] ?? []), column];
  return mapping;
}

async function askField(column: string, names: Record<ImportField, string>): Promise<ImportField | 'none' | undefined> {
  const items: { label: string; field: ImportField | 'none' }[] = importFields.map((field) => ({
    label: names[field],
    field,
  }));
  const picked = await vscode.window.showQuickPick(
    [{ label: vscode.l10n.t('Leave out'), field: 'none' as const }, ...items],
    {
      title: vscode.l10n.t('What is “{0}”?', displayTerm(column, 'description')),
      placeHolder: vscode.l10n.t('The field that the column holds'),
      ignoreFocusOut: true,
    },
  );
  return picked?.field;
}

const maxNamed = 3;

/** What can be said of the columns, where there are any: which are left out is seen before anything is taken in. */
function columnRows({ format, columns, mapping }: ImportPreview): (vscode.QuickPickItem & { rule: 'columns' })[] {
  if (format !== 'csv') return [];
  const used = new Set(Object.values(mapping).flat());
  const left = columns.filter((column) => !used.has(column));
  const names = left.slice(0, maxNamed).map((column) => displayTerm(column, 'description'));
  if (left.length > maxNamed) names.push('…');
  const description = left.length === 0 ? '' : vscode.l10n.t('left out: {0}', names.join(', '));
  return [{ label: vscode.l10n.t('Columns…'), description, iconPath: new vscode.ThemeIcon('table'), rule: 'columns' }];
}

/** Shows the first contacts as they would be, under what can be done with those who are there already. */
async function askDuplicates(path: string, preview: ImportPreview): Promise<DuplicateRule | 'columns' | undefined> {
  const rules: (vscode.QuickPickItem & { rule?: DuplicateRule | 'columns' })[] = [
    {
      label: vscode.l10n.t('Skip who is there already'),
      description: vscode.l10n.t('by e-mail or phone'),
      rule: 'skip',
    },
    { label: vscode.l10n.t('Update who is there already'), rule: 'update' },
    { label: vscode.l10n.t('Add everybody'), description: vscode.l10n.t('keeps both'), rule: 'both' },
    ...columnRows(preview),
    { label: vscode.l10n.t('The first contacts'), kind: vscode.QuickPickItemKind.Separator },
    ...preview.contacts.map((contact) => ({
      label: displayText(contact.display_name ?? '', 'label'),
      description: displayText([contact.email, contact.phone_number].filter(Boolean).join('  '), 'description'),
      detail: displayText(contact.company_name ?? '', 'description'),
      iconPath: new vscode.ThemeIcon('account'),
    })),
  ];
  const details = [preview.format === 'vcard' ? 'vCard' : 'CSV', preview.encoding.toUpperCase()].join(', ');
  for (;;) {
    const picked = await vscode.window.showQuickPick(rules, {
      title: vscode.l10n.t('Import {0} ({1})', displayTerm(basename(path), 'description'), details),
      placeHolder: vscode.l10n.t('What about contacts that are there already?'),
      ignoreFocusOut: true,
    });
    // A contact of the preview is there to be read.
    if (picked === undefined || picked.rule !== undefined) return picked?.rule;
  }
}
