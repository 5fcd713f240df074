import type { Row } from './database.ts';

/** JSON kept in a column; only this server writes it. */
export const parseColumn = (value: unknown): unknown => JSON.parse(String(value));

/** `row` with the named columns read as the JSON they hold. */
export function withColumns<T>(row: Row, names: readonly (keyof T & string)[]): T {
  const parsed = names.map((name) => [name, parseColumn(row[name])] as const);
  return { ...row, ...Object.fromEntries(parsed) } as T;
}
