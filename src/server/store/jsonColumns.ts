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
