import { contactTextFields } from '../../../contract/vocabulary.ts';
import { changedContact, emailKey, newContact, phoneEnding } from '../contactChanges.ts';
import { contactFrom, parseColumn } from '../jsonColumns.ts';
import {
  sortableColumns,
  type ContactDraft,
  type ExportRequest,
  type PageRequest,
  type SearchedPage,
  type SearchRequest,
  type Sort,
  type StoredChanges,
  type StoredContact,
  type StoredPage,
} from '../records.ts';
import { conversationIdIn, searchedFields, searchText, wordsOf, type SearchedContact } from '../searchText.ts';
import {
  countedUpTo,
  maxContactsPerPhone,
  type ContactLookups,
  type ContactReads,
  type ContactWrites,
  type IdentityKeys,
} from '../workspaceStore.ts';
import { csvCells } from './csv.ts';
import { plannedAnew, type PostgresDatabase, type Tables } from './database.ts';
import { gramsOf } from './grams.ts';
import { tableColumns, type NewRow } from './rows.ts';
import { PostgresSearch } from './search.ts';
import type { WorkspaceWriter } from './workspaceWriter.ts';

/** `organization_id` is whose row it is; what a contact itself says there is a field like any other. */
const columnOf = (field: string): string => (field === 'organization_id' ? 'own_organization_id' : field);
const selected = (fields: readonly string[]): string =>
  fields
    .map((field) => (columnOf(field) === field ? `contact.${field}` : `contact.${columnOf(field)} AS ${field}`))
    .join(', ');
const columns = selected(['id', ...contactTextFields, 'labels', 'additional_params', 'version']);

/** An index takes no text of any length; of longer ones only the beginning counts, also in an order. */
const indexedLength = 200;
const indexedStart = (text: string): string => `left(${text}, ${indexedLength})`;
const longColumns: ReadonlySet<string> = new Set(['display_name', 'last_seen']);

/** How many contacts the index of searches is built anew for at once. */
const entriesAtOnce = 2_000;

const withKeysSql = `SELECT ${columns} FROM contact WHERE organization_id = $1 AND seq IN (
    SELECT seq FROM contact WHERE organization_id = $1 AND id = ANY ($2::text[])
    UNION ALL
    SELECT seq FROM contact WHERE organization_id = $1 AND email <> ''
      AND ${indexedStart('lower(email)')} = ANY ($3::text[]) AND lower(email) = ANY ($4::text[])
    UNION ALL
    SELECT same.seq FROM unnest($5::text[]) AS ending CROSS JOIN LATERAL (
      SELECT seq FROM contact WHERE organization_id = $1 AND phone_ending = ending AND phone_ending <> ''
      ORDER BY seq LIMIT ${maxContactsPerPhone}) AS same
  ) ORDER BY seq`;

const changedColumns = Object.keys(tableColumns.contact).filter((column) => !['id', 'seq'].includes(column));
const updateSql = `UPDATE contact SET ${changedColumns.map((column, index) => `${column} = $${index + 3}`).join(', ')}
  WHERE organization_id = $1 AND id = $2`;

/** Contacts by what is known of them, inside and outside of transactions. */
class PostgresContactLookups {
  protected readonly tables: Tables;

  constructor(tables: Tables) {
    this.tables = tables;
  }

  async get(id: string): Promise<StoredContact | undefined> {
    const row = await this.tables.get(`SELECT ${columns} FROM contact WHERE organization_id = $1 AND id = $2`, id);
    return row && contactFrom(row);
  }

  async findByKeys({ ids, emails, phoneEndings }: IdentityKeys): Promise<StoredContact[]> {
    const keys = emails.map(emailKey);
    const starts = keys.map((key) => [...key].slice(0, indexedLength).join(''));
    return (await this.tables.all(withKeysSql, ids, starts, keys, phoneEndings)).map(contactFrom);
  }
}

/** In their order. */
async function withIds(tables: Tables, ids: readonly string[]): Promise<StoredContact[]> {
  const rows = await tables.all(
    `SELECT ${columns} FROM unnest($2::text[]) WITH ORDINALITY AS found (id, place)
     JOIN contact ON contact.organization_id = $1 AND contact.id = found.id ORDER BY place`,
    ids,
  );
  return rows.map(contactFrom);
}

/** Reads contacts: lists, searches, exports. */
export class PostgresContacts extends PostgresContactLookups implements ContactReads {
  private readonly database: PostgresDatabase;
  private readonly organizationId: string;
  private readonly index: PostgresSearch;

  constructor(database: PostgresDatabase, organizationId: string) {
    super(database.of(organizationId));
    this.database = database;
    this.organizationId = organizationId;
    this.index = new PostgresSearch();
  }

  async count(): Promise<number> {
    return Number((await this.tables.get('SELECT contacts FROM workspace WHERE organization_id = $1'))?.['contacts']);
  }

  async list(sort: Sort, { limit, skip }: PageRequest): Promise<StoredPage<StoredContact>> {
    const [rows, matching] = await Promise.all([
      this.tables.all(
        `SELECT ${columns} FROM contact WHERE organization_id = $1 ORDER BY ${orderBy(sort)} LIMIT $2 OFFSET $3`,
        limit,
        skip,
      ),
      this.count(),
    ]);
    return { items: rows.map(contactFrom), matching };
  }

  async search(query: string, sort: Sort | undefined, request: SearchRequest): Promise<SearchedPage> {
    if (sort !== undefined && wordsOf(query).length === 0) {
      const { items, matching } = await this.list(sort, request);
      return { items, ...countedUpTo(matching) };
    }
    return this.database.snapshot(this.organizationId, async (tables) => {
      const named = await ofConversation(tables, conversationIdIn(query));
      if (named !== undefined) return { items: [named].slice(request.skip), matching: 1, isExact: true };
      if (sort !== undefined) return this.searchInOrder(tables, query, sort, request);
      const { contacts, matching, isExact } = await this.index.find(tables, query, request);
      return { items: await withIds(tables, contacts), matching, isExact };
    });
  }

  nearest(query: string, limit: number): Promise<StoredContact[]> {
    return this.database.snapshot(this.organizationId, async (tables) =>
      withIds(tables, await this.index.nearest(tables, query, limit)),
    );
  }

  exportCsv({ sort, columns: wanted, isExact }: ExportRequest): AsyncGenerator<Uint8Array> {
    const cells = csvCells(wanted, isExact, columnOf);
    const sql = `SELECT ${cells} FROM contact WHERE organization_id = $1 ORDER BY ${orderBy(sort)}`;
    return this.database.copyOut(this.organizationId, sql);
  }

  private async searchInOrder(tables: Tables, query: string, sort: Sort, request: PageRequest): Promise<SearchedPage> {
    const { sql, values } = this.index.matching(query, 4);
    const rows = await tables.all(
      `${plannedAnew} SELECT ${columns} FROM search_entry
       JOIN contact ON contact.organization_id = $1 AND contact.id = search_entry.contact_id
       WHERE search_entry.organization_id = $1 AND ${sql} ORDER BY ${orderBy(sort)} LIMIT $2 OFFSET $3`,
      request.limit,
      request.skip,
      ...values,
    );
    const { matching, isExact } = await this.index.find(tables, query, { limit: 1, skip: 0 });
    return { items: rows.map(contactFrom), matching, isExact };
  }
}

/** Whose conversation an id names. */
async function ofConversation(tables: Tables, id: string | undefined): Promise<StoredContact | undefined> {
  if (id === undefined) return undefined;
  const row = await tables.get(
    `SELECT ${columns} FROM conversation
     JOIN contact ON contact.organization_id = $1 AND contact.id = conversation.contact_id
     WHERE conversation.organization_id = $1 AND (conversation.id = $2 OR conversation.public_id = $2)
     ORDER BY conversation.id <> $2, conversation.seq LIMIT 1`,
    id,
  );
  return row && contactFrom(row);
}

/** Writes contacts in one transaction. */
export class PostgresContactWrites extends PostgresContactLookups implements ContactLookups, ContactWrites {
  private readonly writer: WorkspaceWriter;
  /** Taken in together at the end, in an order that is known only then. */
  private needsRebuild = false;

  constructor(writer: WorkspaceWriter) {
    super(writer);
    this.writer = writer;
  }

  async count(): Promise<number> {
    return this.writer.contacts;
  }

  async insert(draft: ContactDraft): Promise<string> {
    const contact = newContact(draft);
    await this.add(contact);
    await this.addEntry(contact.id, contact);
    return contact.id;
  }

  async bulkInsert(drafts: readonly ContactDraft[]): Promise<void> {
    for (const draft of drafts) await this.add(newContact(draft));
    this.needsRebuild = true;
  }

  async update(
    id: string,
    changes: StoredChanges,
    expectedVersion?: number,
  ): Promise<StoredContact | 'notFound' | 'changedMeanwhile'> {
    const before = await this.get(id);
    if (before === undefined) return 'notFound';
    if (expectedVersion !== undefined && expectedVersion !== before.version) return 'changedMeanwhile';
    const after = changedContact(before, changes);
    const row = rowOf(after);
    await this.writer.run(updateSql, id, ...changedColumns.map((column) => row[column] as string | number));
    await this.writer.run('DELETE FROM search_entry WHERE organization_id = $1 AND contact_id = $2', id);
    await this.addEntry(id, after);
    return after;
  }

  async delete(id: string): Promise<boolean> {
    const deleted = await this.writer.run('DELETE FROM contact WHERE organization_id = $1 AND id = $2', id);
    this.writer.countContacts(-deleted);
    return deleted > 0;
  }

  /** Has the index of all contacts built anew at the end, in the order in which they were last changed by their dates. */
  rebuildSearch(): void {
    this.needsRebuild = true;
  }

  /** Finishes what was left for the end of the transaction. */
  async finish(): Promise<void> {
    if (!this.needsRebuild) return;
    await this.writer.run('DELETE FROM search_entry WHERE organization_id = $1');
    const fields = selected(searchedFields);
    const inOrder = `SELECT ${fields} FROM contact WHERE organization_id = $1
      ORDER BY greatest(created_at, updated_at), seq`;
    for await (const rows of this.writer.batches(inOrder, entriesAtOnce)) {
      for (const row of rows) {
        const labels = parseColumn(row['labels']) as string[];
        await this.addEntry(String(row['id']), { ...(row as SearchedContact), labels });
      }
    }
  }

  private async add(contact: StoredContact): Promise<void> {
    this.writer.countContacts(1);
    await this.writer.add('contact', { ...rowOf(contact), seq: this.writer.nextSeq() });
  }

  private async addEntry(id: string, contact: SearchedContact): Promise<void> {
    const text = searchText(contact);
    const change_seq = this.writer.nextChange();
    await this.writer.add('search_entry', { change_seq, contact_id: id, text, grams: gramsOf(text) });
  }
}

const rowOf = ({ organization_id, labels, additional_params, ...contact }: StoredContact): NewRow => ({
  ...contact,
  own_organization_id: organization_id,
  labels: JSON.stringify(labels),
  additional_params: JSON.stringify(additional_params),
  phone_ending: phoneEnding(contact.phone_number),
});

/** `seq` breaks ties in the same direction, so that pages neither repeat nor miss a row. */
function orderBy({ column, descending }: Sort): string {
  if (!sortableColumns.has(column)) throw new Error(`Not a column: ${column}`);
  const direction = descending ? 'DESC' : 'ASC';
  const sorted = `contact.${columnOf(column)}`;
  return `${longColumns.has(column) ? indexedStart(sorted) : sorted} ${direction}, contact.seq ${direction}`;
}
