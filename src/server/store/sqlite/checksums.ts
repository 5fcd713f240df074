/**
 * A checksum in every row detects rows that are no longer what was written, which SQLite itself would return without
 * complaint. Rows written before checksums were introduced have none until they are next written.
 */
import { crc32 } from 'node:zlib';
import { contactTextFields } from '../../../contract/vocabulary.ts';
import type { Reader, Row, Writer } from './database.ts';

/** The columns that each table's checksum is of. */
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
  message: ['id', 'conversation_id', 'author', 'type', 'content', 'created_at', 'updated_at'],
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
  merge: ['id', 'contact_id', 'created_at', 'gone', 'before', 'after', 'moved', 'earlier'],
  media: ['key', 'content_type', 'file_name', 'bytes', 'content_checksum'],
  import_run: [
    'id',
    'file',
    'options',
    'started_at',
    'state',
    'fault',
    'position',
    'added',
    'updated',
    'skipped',
    'bytes',
    'bytes_read',
  ],
  import_contact: ['run_id', 'contact_id', 'before', 'version'],
  import_problem: ['run_id', 'line', 'reason'],
} as const;
export type CheckedTable = keyof typeof checkedColumns;
export const checkedTables = Object.keys(checkedColumns) as CheckedTable[];

type Value = string | number | null;

type CheckedRow = Readonly<Record<string, unknown>>;

const sortedColumns = ofEachTable<readonly string[]>((table) => checkedColumns[table].toSorted());

/** Empty columns are left out, so that adding a column, which is empty at first, changes no checksum. */
export const checksumOf = (table: CheckedTable, row: CheckedRow): number =>
  crc32(
    JSON.stringify(
      sortedColumns[table].flatMap((name) =>
        row[name] === '' || row[name] === null || row[name] === undefined ? [] : [name, row[name]],
      ),
    ),
  );

/** Whether a row with all of its columns is what was written. */
export const isSound = (table: CheckedTable, row: Row): boolean =>
  row['checksum'] === null || row['checksum'] === checksumOf(table, row);

/** Columns of a row that no checksum is of. */
const uncheckedColumns: Partial<Record<CheckedTable, readonly string[]>> = {
  contact: ['is_sample'],
  media: ['created_at'],
};

/** What an INSERT does where there is a row with the same key already. */
const onConflict: Partial<Record<CheckedTable, string>> = {
  setting: ' OR REPLACE',
  media: ' OR REPLACE',
  import_contact: ' OR IGNORE',
  import_problem: ' OR IGNORE',
};

/** Columns and statement of each table's INSERT. */
const inserts = ofEachTable((table) => {
  const columns: readonly string[] = [...checkedColumns[table], ...(uncheckedColumns[table] ?? [])];
  const sql = `INSERT${onConflict[table] ?? ''} INTO ${table} (${columns.join(', ')}, checksum)
    VALUES (${columns.map(() => '?').join(', ')}, ?)`;
  return { columns, sql };
});

type NewRow = Readonly<Record<string, Value>>;

const valuesOf = (table: CheckedTable, row: NewRow): Value[] => [
  ...inserts[table].columns.map((name) => row[name] ?? null),
  checksumOf(table, row),
];

/** Adds a row, given by its columns, with its checksum. @returns its number. */
export const insertChecked = (writer: Writer, table: CheckedTable, row: NewRow): number =>
  writer.insert(inserts[table].sql, ...valuesOf(table, row));

/** Adds a row, unless there is one with its key. @returns whether it did. */
export const insertIfAbsent = (writer: Writer, table: 'import_contact' | 'import_problem', row: NewRow): boolean =>
  writer.run(inserts[table].sql, ...valuesOf(table, row)) === 1;

/**
 * The first table in which a row is not what was written; `undefined` where all are. A store of an earlier version may
 * lack columns, which are then empty, and tables whose rows have no checksum.
 */
export const tableWithDamagedRow = (tables: Reader): CheckedTable | undefined =>
  checkedTables.find((table) => {
    const found = new Set(tables.all('SELECT name FROM pragma_table_info(?)', table).map(({ name }) => name));
    if (!found.has('checksum')) return false;
    const columns = checkedColumns[table].filter((name) => found.has(name));
    for (const row of tables.iterate(`SELECT ${[...columns, 'checksum'].join(', ')} FROM ${table}`)) {
      if (!isSound(table, row)) return true;
    }
    return false;
  });

function ofEachTable<T>(make: (table: CheckedTable) => T): Record<CheckedTable, T> {
  const made: Partial<Record<CheckedTable, T>> = {};
  for (const table of checkedTables) made[table] = make(table);
  return made as Record<CheckedTable, T>;
}
