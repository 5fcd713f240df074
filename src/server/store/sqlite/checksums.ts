/**
 * A checksum in every row, by which it shows when a row is no longer what was written: SQLite itself would give it out
 * without a word. Rows of before there were checksums have none until they are next written.
 */
import { crc32 } from 'node:zlib';
import { contactTextFields } from '../../../contract/vocabulary.ts';
import type { Reader, Row, Writer } from './database.ts';

/** The columns that each table's checksum is of, in this order; a released list is never edited, but for its end. */
export const checkedColumns = {
  setting: ['name', 'value'],
  contact: ['id', ...contactTextFields, 'labels', 'additional_params', 'version'],
  conversation: [
    'id',
    'public_id',
    'contact_id',
    'channel_type',
    'status',
    'name',
    'timestamp',
    'users',
    'teams',
    'latest_message',
  ],
  comment: ['id', 'contact_id', 'text', 'author', 'channel_type', 'labels', 'created_at', 'updated_at'],
  file: ['id', 'contact_id', 'author', 'caption', 'url', 'extension', 'created_at', 'updated_at'],
  activity: ['id', 'conversation_id', 'user', 'type', 'summary', 'sentiment', 'importance', 'created_at', 'updated_at'],
  notification: [
    'id',
    'title',
    'content',
    'sender',
    'type',
    'action_to',
    'recipient',
    'is_read',
    'action_disable',
    'channel_type',
    'created_at',
  ],
  media: ['key', 'content_type', 'file_name', 'bytes', 'content_checksum'],
} as const;
export type CheckedTable = keyof typeof checkedColumns;
export const checkedTables = Object.keys(checkedColumns) as CheckedTable[];

type Value = string | number | null;

/** Of the values of a row in the order of `checkedColumns`. */
export const checksumOf = (values: readonly Value[]): number => crc32(JSON.stringify(values));

const checksumOfRow = (table: CheckedTable, row: Row): number =>
  checksumOf(checkedColumns[table].map((column) => row[column] as Value));

/** Whether a row with all of its columns is what was written. */
export const isSound = (table: CheckedTable, row: Row): boolean =>
  row['checksum'] === null || row['checksum'] === checksumOfRow(table, row);

/** Adds a row, given by its columns, with its checksum. @returns its number. */
export function insertChecked(writer: Writer, table: CheckedTable, row: Readonly<Record<string, Value>>): number {
  const names = [...checkedColumns[table], ...extraColumns(table, row), 'checksum'];
  const values = [...names.slice(0, -1).map((name) => row[name] ?? null), checksumOfRow(table, row)];
  return writer.insert(
    `INSERT OR ${table === 'setting' || table === 'media' ? 'REPLACE' : 'ABORT'} INTO ${table} (${names.join(', ')})
     VALUES (${names.map(() => '?').join(', ')})`,
    ...values,
  );
}

/** Those that no checksum is of. */
const extraColumns = (table: CheckedTable, row: Readonly<Record<string, Value>>): string[] =>
  Object.keys(row).filter((name) => !(checkedColumns[table] as readonly string[]).includes(name));

/** The first table in which a row is not what was written; `undefined` where all are. */
export const tableWithDamagedRow = (tables: Reader): CheckedTable | undefined =>
  checkedTables.find((table) => {
    for (const row of tables.iterate(`SELECT ${[...checkedColumns[table], 'checksum'].join(', ')} FROM ${table}`)) {
      if (!isSound(table, row)) return true;
    }
    return false;
  });
