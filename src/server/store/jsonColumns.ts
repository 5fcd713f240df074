import { namingColumns, type ExportedContact, type NamedContact, type StoredContact } from './records.ts';

type Row = Readonly<Record<string, unknown>>;

/** JSON kept in a column; only this server writes it. */
export const parseColumn = (value: unknown): unknown => JSON.parse(String(value));

/** `row` with the named columns read as the JSON they hold. */
export function withColumns<T>(row: Row, names: readonly (keyof T & string)[]): T {
  const parsed = names.map((name) => [name, parseColumn(row[name])] as const);
  return { ...row, ...Object.fromEntries(parsed) } as T;
}

/** A record as text columns hold it: as JSON what is none. */
export const textColumns = (record: object): Record<string, string> =>
  Object.fromEntries(
    Object.entries(record).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );

/** A contact of the columns that are named as its fields. */
export const contactFrom = (row: Row): StoredContact =>
  withColumns<StoredContact>(row, ['labels', 'additional_params']);

/** What is wanted of a contact, of a row with no more than that. */
export const exportedFrom = (row: Row): ExportedContact => ({
  ...(row as ExportedContact),
  ...('labels' in row ? { labels: parseColumn(row['labels']) as string[] } : {}),
});

/** The columns of a contact's name, for a statement that joins it. */
export const contactNames = namingColumns.map((column) => `contact.${column}`).join(', ');

export const namedFrom = (row: Row): NamedContact =>
  Object.fromEntries(namingColumns.map((column) => [column, String(row[column])])) as NamedContact;
