/** How records lie in the tables. */
import { toText } from './values.ts';

/** The columns that rows are given by, of each table, in the order in which the tables refer to each other. */
export const tableColumns = {
  contact: {
    id: 'text',
    seq: 'bigint',
    own_organization_id: 'text',
    business_unit_id: 'text',
    channel_id: 'text',
    channel_type: 'text',
    display_name: 'text',
    first_name: 'text',
    last_name: 'text',
    avatar_url: 'text',
    gender: 'text',
    area_code: 'text',
    phone_number: 'text',
    language: 'text',
    email: 'text',
    remark: 'text',
    time_zone: 'text',
    last_seen: 'text',
    created_at: 'text',
    updated_at: 'text',
    updated_by: 'text',
    title: 'text',
    birthday: 'text',
    location: 'text',
    company_name: 'text',
    position: 'text',
    whatsapp_id: 'text',
    facebook_id: 'text',
    messenger_id: 'text',
    wechat_id: 'text',
    line_id: 'text',
    instagram_id: 'text',
    labels: 'text',
    additional_params: 'text',
    version: 'integer',
    phone_ending: 'text',
  },
  search_entry: { change_seq: 'bigint', contact_id: 'text', text: 'text', grams: 'integer[]' },
  conversation: {
    id: 'text',
    seq: 'bigint',
    public_id: 'text',
    contact_id: 'text',
    channel_type: 'text',
    status: 'text',
    name: 'text',
    timestamp: 'text',
    users: 'text',
    teams: 'text',
    latest_message: 'text',
  },
  comment: {
    id: 'text',
    seq: 'bigint',
    contact_id: 'text',
    text: 'text',
    author: 'text',
    channel_type: 'text',
    labels: 'text',
    created_at: 'text',
    updated_at: 'text',
  },
  file: {
    id: 'text',
    seq: 'bigint',
    contact_id: 'text',
    author: 'text',
    caption: 'text',
    url: 'text',
    extension: 'text',
    created_at: 'text',
    updated_at: 'text',
  },
  activity: {
    id: 'text',
    seq: 'bigint',
    conversation_id: 'text',
    user: 'text',
    type: 'text',
    summary: 'text',
    sentiment: 'text',
    importance: 'text',
    created_at: 'text',
    updated_at: 'text',
  },
  message: {
    id: 'text',
    seq: 'bigint',
    conversation_id: 'text',
    author: 'text',
    type: 'text',
    content: 'text',
    created_at: 'text',
    updated_at: 'text',
  },
  notification: {
    id: 'text',
    seq: 'bigint',
    title: 'text',
    content: 'text',
    sender: 'text',
    type: 'integer',
    action_to: 'text',
    recipient: 'text',
    is_read: 'boolean',
    action_disable: 'boolean',
    channel_type: 'text',
    created_at: 'text',
  },
  merge: {
    id: 'text',
    contact_id: 'text',
    created_at: 'text',
    gone: 'text',
    before: 'text',
    after: 'text',
    moved: 'text',
    earlier: 'text',
  },
  media: { key: 'text', content_type: 'text', file_name: 'text', bytes: 'bigint' },
  import_run: {
    id: 'text',
    file: 'text',
    options: 'text',
    started_at: 'text',
    state: 'text',
    bytes: 'bigint',
  },
  import_problem: { run_id: 'text', line: 'bigint', reason: 'text' },
  import_contact: { run_id: 'text', contact_id: 'text', before: 'text', version: 'integer' },
} as const;
export type TableName = keyof typeof tableColumns;
export const tableNames = Object.keys(tableColumns) as TableName[];
export type NewRow = Readonly<Record<string, unknown>>;

const quoted = (column: string): string => `"${column}"`;

const insertSql = Object.fromEntries(
  tableNames.map((table) => {
    const columns: [string, string][] = Object.entries(tableColumns[table]);
    const names = columns.map(([name]) => quoted(name)).join(', ');
    const typed = columns.map(([name, type]) => `${quoted(name)} ${type}`).join(', ');
    return [
      table,
      `INSERT INTO ${table} (organization_id, ${names})
       SELECT $1, ${names} FROM json_to_recordset($2::json) AS added (${typed})`,
    ];
  }),
) as Record<TableName, string>;

/** Adds the rows that are the JSON in `$2`. */
export const insertInto = (table: TableName): string => insertSql[table];

/** What no column can hold, as JSON says it; and a text that only looks like it. */
const needsCare = /\\u(?:0000|d[89a-f])/;

/** Rows as `insertInto` takes them. */
export function toRecordset(rows: readonly NewRow[]): string {
  const json = JSON.stringify(rows);
  if (!needsCare.test(json)) return json;
  return JSON.stringify(rows, (_, value: unknown) => (typeof value === 'string' ? toText(value) : value));
}
