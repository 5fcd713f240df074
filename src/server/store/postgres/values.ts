/** Values on their way into columns, and out of them. */
import type { CustomTypesConfig } from 'pg';

export type Value = string | number | boolean | null | Uint8Array | readonly string[] | readonly number[];

/** PostgreSQL keeps no NUL in a text; this code point means nothing in Unicode. */
export const nul = '\u{10fffe}';
/** A text as a column can hold it. */
export const toText = (text: string): string => text.toWellFormed().replaceAll('\0', nul);
const fromText = (text: string): string => (text.includes(nul) ? text.replaceAll(nul, '\0') : text);

/** A value as `pg` is given it. */
export const toColumn = (value: Value): unknown => {
  if (typeof value === 'string') return toText(value);
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return Array.isArray(value) ? value.map((each: unknown) => (typeof each === 'string' ? toText(each) : each)) : value;
};

const typeIds = { boolean: 16, bytes: 17, bigint: 20, smallint: 21, integer: 23, text: 25 };
const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  [typeIds.boolean]: (text) => text === 't',
  [typeIds.bytes]: (text) => Buffer.from(text.slice(2), 'hex'),
  [typeIds.bigint]: Number,
  [typeIds.smallint]: Number,
  [typeIds.integer]: Number,
};
/** How `pg` reads what it is sent. */
export const columnTypes: CustomTypesConfig = {
  getTypeParser: ((id: number) => parsers[id] ?? fromText) as CustomTypesConfig['getTypeParser'],
};
