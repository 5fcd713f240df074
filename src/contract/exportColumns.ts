import { importFields, type ImportField } from './localData.ts';
import { contactTextFields, type ContactTextField } from './vocabulary.ts';

export type ExportColumn = ImportField | Exclude<ContactTextField, 'avatar_url'>;

/**
 * The columns that an export can have: first what an import takes again, then the others. Without the picture, whose
 * address on our own server is good for as long as the server runs.
 */
export const exportColumns: readonly ExportColumn[] = [
  ...new Set<ExportColumn>([...importFields, ...contactTextFields.filter((field) => field !== 'avatar_url')]),
];

export const isExportColumn = (name: string): name is ExportColumn =>
  (exportColumns as readonly string[]).includes(name);
