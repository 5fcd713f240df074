import type { ExportColumn } from '../../../contract/exportColumns.ts';
import { contactTextFields } from '../../../contract/vocabulary.ts';
import { changedContact, newContact } from '../contactChanges.ts';
import {
  sortableColumns,
  type StoredChanges,
  type ContactDraft,
  type ExportedContact,
  type ExportRequest,
  type StoredPage,
  type PageRequest,
  type SearchedPage,
  type SearchRequest,
  type Sort,
  type StoredContact,
} from '../records.ts';
import { conversationIdIn } from '../searchText.ts';
import {
  maxContactsPerPhone,
  type ContactLookups,
  type ContactReads,
  type ContactWrites,
  type IdentityKeys,
} from '../workspaceStore.ts';
import { checkedColumns, checksumOf, insertChecked } from './checksums.ts';
import { csvOf } from '../csv.ts';
import { contactFrom, exportedFrom } from '../jsonColumns.ts';
import type { Database, Reader, Writer } from './database.ts';
import { SearchEntries } from './searchEntries.ts';
import { SearchIndex } from './searchIndex.ts';

export const columns = ['id', ...contactTextFields, 'labels', 'additional_params', 'version'].join(', ');
const updateSql = `UPDATE contact
  SET ${checkedColumns.contact.map((column) => `${column} = ?`).join(', ')}, checksum = ? WHERE seq = ?`;

/** Rows of an export that are read in one go. */
const exportedAtOnce = 1_000;

/** Signs that stand in numbers as people and telephones write them, the last ones by their code points. */
const otherSigns = [
  160, 9, 8199, 8201, 8203, 8206, 8207, 8208, 8209, 8210, 8211, 8212, 8234, 8235, 8236, 8237, 8239, 8288, 8294, 8295,
  8296, 8297, 8722, 12288, 65279, 65288, 65289, 65291, 65293,
].map((code) => `char(${code})`);
const betweenDigits = ["' '", "'-'", "'('", "')'", "'.'", "'+'", "'/'", ...otherSigns];
/** `phoneEnding` of a number in SQL, as the index `contact_by_phone` has it. */
const phoneEndingSql = `substr(${betweenDigits.reduce((sql, sign) => `replace(${sql}, ${sign}, '')`, 'phone_number')}, -9)`;

const withKeysSql = `SELECT ${columns} FROM contact WHERE seq IN (
    SELECT seq FROM json_each(?1) CROSS JOIN contact ON contact.id = json_each.value
    UNION ALL
    SELECT seq FROM json_each(?2) CROSS JOIN contact
      ON email = json_each.value COLLATE NOCASE AND email <> ''
    UNION ALL
    SELECT same.seq FROM json_each(?3) CROSS JOIN contact AS same ON same.seq IN (
      SELECT seq FROM contact WHERE ${phoneEndingSql} = json_each.value AND phone_number <> ''
      ORDER BY seq LIMIT ${maxContactsPerPhone})
  ) ORDER BY seq`;

/** Contacts by what is known of them, on any connection. */
export class SqliteContactLookups implements ContactLookups {
  private readonly tables: Reader;

  constructor(tables: Reader) {
    this.tables = tables;
  }

  async get(id: string): Promise<StoredContact | undefined> {
    const row = this.tables.get(`SELECT ${columns} FROM contact WHERE id = ?`, id);
    return row && contactFrom(row);
  }

  async count(): Promise<number> {
    return Number(this.tables.get('SELECT coalesce(sum(n), 0) AS n FROM contact_group')?.['n']);
  }

  async findByKeys({ ids, emails, phoneEndings }: IdentityKeys): Promise<StoredContact[]> {
    const rows = this.tables.all(withKeysSql, ...[ids, emails, phoneEndings].map((keys) => JSON.stringify(keys)));
    return rows.map(contactFrom);
  }
}

/** Reads contacts on the read-only connection: lists, searches, exports. */
export class SqliteContacts extends SqliteContactLookups implements ContactReads {
  private readonly database: Database;
  private readonly index: SearchIndex;

  constructor(database: Database) {
    super(database);
    this.database = database;
    this.index = new SearchIndex(database);
  }

  async list(sort: Sort, { limit, skip }: PageRequest): Promise<StoredPage<StoredContact>> {
    const rows = this.database.all(
      `SELECT ${columns} FROM contact ORDER BY ${orderBy(sort)} LIMIT ? OFFSET ?`,
      limit,
      skip,
    );
    return { items: rows.map(contactFrom), matching: await this.count() };
  }

  async search(query: string, sort: Sort | undefined, request: SearchRequest): Promise<SearchedPage> {
    const named = await this.ofConversation(conversationIdIn(query));
    if (named !== undefined) return { items: [named].slice(request.skip), matching: 1, isExact: true };
    if (sort !== undefined) return this.searchInOrder(query, sort, request);
    const { contacts, matching, isExact } = this.index.find(query, request);
    return { items: this.withSeqs(contacts), matching, isExact };
  }

  async nearest(query: string, limit: number): Promise<StoredContact[]> {
    return this.withSeqs(this.index.nearest(query, limit));
  }

  /** In their order. */
  private withSeqs(seqs: readonly number[]): StoredContact[] {
    const rows = this.database.all(
      `SELECT ${columns} FROM (SELECT key, value AS wanted FROM json_each(?)) JOIN contact ON seq = wanted ORDER BY key`,
      JSON.stringify(seqs),
    );
    return rows.map(contactFrom);
  }

  /** No cursor stays open between batches, so that writes meanwhile do not grow the log without bound. */
  exportCsv(request: ExportRequest): AsyncGenerator<Uint8Array> {
    const { sort, columns: wanted } = request;
    const isByCreation = sort.column === 'created_at';
    return csvOf(isByCreation ? this.exportByCreation(sort, wanted) : this.exportByKeys(sort, wanted), request);
  }

  /** Each batch begins after the last row of the one before; nobody changes when a contact was created. */
  private async *exportByCreation(sort: Sort, wanted: readonly ExportColumn[]): AsyncGenerator<ExportedContact[]> {
    const sql = (where: string): string =>
      `SELECT ${['seq', 'created_at AS place', ...wanted].join(', ')} FROM contact ${where} ORDER BY ${orderBy(sort)} LIMIT ?`;
    const following = sql(`WHERE (created_at, seq) ${sort.descending ? '<' : '>'} (?, ?)`);
    let rows = this.database.all(sql(''), exportedAtOnce);
    while (rows.length > 0) {
      const last = rows.at(-1);
      yield rows.map(exportedFrom);
      rows = this.database.all(following, String(last?.['place']), Number(last?.['seq']), exportedAtOnce);
    }
  }

  /** For an order that may change meanwhile: it is fixed at the start. */
  private async *exportByKeys(sort: Sort, wanted: readonly ExportColumn[]): AsyncGenerator<ExportedContact[]> {
    const keys: number[] = [];
    for (const row of this.database.iterate(`SELECT seq FROM contact ORDER BY ${orderBy(sort)}`)) {
      keys.push(Number(row['seq']));
    }
    const sql = `SELECT ${wanted.join(', ')}
      FROM (SELECT key, value AS wanted FROM json_each(?)) JOIN contact ON seq = wanted ORDER BY key`;
    for (let start = 0; start < keys.length; start += exportedAtOnce) {
      const batch = JSON.stringify(keys.slice(start, start + exportedAtOnce));
      yield this.database.all(sql, batch).map(exportedFrom);
    }
  }

  /** Whose conversation an id names. */
  private async ofConversation(id: string | undefined): Promise<StoredContact | undefined> {
    if (id === undefined) return undefined;
    const row = this.database.get(
      'SELECT contact_id FROM conversation WHERE id = ?1 UNION ALL SELECT contact_id FROM conversation WHERE public_id = ?1',
      id,
    );
    return row && this.get(String(row['contact_id']));
  }

  private searchInOrder(query: string, sort: Sort, { limit, skip }: PageRequest): SearchedPage {
    const { sql, values } = this.index.matching(query);
    const rows = this.database.all(
      `SELECT ${columns} FROM contact WHERE seq IN (${sql}) ORDER BY ${orderBy(sort)} LIMIT ? OFFSET ?`,
      ...values,
      limit,
      skip,
    );
    const { matching, isExact } = this.index.find(query, { limit: 1, skip: 0 });
    return { items: rows.map(contactFrom), matching, isExact };
  }
}

/** Writes contacts in one transaction. */
export class SqliteContactWrites extends SqliteContactLookups implements ContactWrites {
  private readonly writer: Writer;
  private readonly entries: SearchEntries;
  /** Taken in together at the end, which is much less work. */
  private needsRebuild = false;

  constructor(writer: Writer) {
    super(writer);
    this.writer = writer;
    this.entries = new SearchEntries(writer);
  }

  async insert(draft: ContactDraft): Promise<string> {
    const contact = newContact(draft);
    const seq = this.add(contact, draft.is_sample);
    this.entries.add(seq, contact);
    return contact.id;
  }

  async bulkInsert(drafts: readonly ContactDraft[]): Promise<void> {
    for (const draft of drafts) this.add(newContact(draft), draft.is_sample);
    this.needsRebuild = true;
  }

  async update(
    id: string,
    changes: StoredChanges,
    expectedVersion?: number,
  ): Promise<StoredContact | 'notFound' | 'changedMeanwhile'> {
    const row = this.writer.get(`SELECT seq, ${columns} FROM contact WHERE id = ?`, id);
    if (row === undefined) return 'notFound';
    const { seq, ...fields } = row;
    const before = contactFrom(fields);
    if (expectedVersion !== undefined && expectedVersion !== before.version) return 'changedMeanwhile';
    const after = changedContact(before, changes);
    this.replace(Number(seq), after);
    return after;
  }

  /**
   * Puts a contact of another server in the place of what is known of it, unless that is newer.
   * @param place the number of its change, where it is new and not to be the latest.
   */
  putWhole(contact: StoredContact, place?: number): { seq: number; isChanged: boolean } {
    const row = this.writer.get(`SELECT seq, ${columns} FROM contact WHERE id = ?`, contact.id);
    if (row === undefined) {
      const seq = this.add(contact, false);
      this.entries.add(seq, contact, place);
      return { seq, isChanged: true };
    }
    const { seq, version, ...fields } = row;
    const { version: _, ...given } = rowOf(contact);
    const isSame = Object.entries(given).every(([column, value]) => fields[column] === value);
    const isChanged = !isSame && contact.updated_at >= String(fields['updated_at']);
    if (isChanged) this.replace(Number(seq), { ...contact, version: Number(version) + 1 });
    return { seq: Number(seq), isChanged };
  }

  async delete(id: string): Promise<boolean> {
    const seq = this.writer.get('SELECT seq FROM contact WHERE id = ?', id)?.['seq'];
    if (seq === undefined) return false;
    this.entries.remove(Number(seq));
    this.writer.run('DELETE FROM contact WHERE seq = ?', Number(seq));
    return true;
  }

  /** Finishes what was left for the end of the transaction. */
  finish(): void {
    if (this.needsRebuild) this.entries.rebuild();
  }

  private replace(seq: number, after: StoredContact): void {
    const changed = rowOf(after);
    const values = checkedColumns.contact.map((column) => changed[column]);
    this.writer.run(updateSql, ...values, checksumOf('contact', changed), seq);
    this.entries.put(seq, after);
  }

  private add(contact: StoredContact, isSample: boolean | undefined): number {
    return insertChecked(this.writer, 'contact', { ...rowOf(contact), is_sample: isSample === true ? 1 : 0 });
  }
}

const rowOf = (contact: StoredContact) => ({
  ...contact,
  labels: JSON.stringify(contact.labels),
  additional_params: JSON.stringify(contact.additional_params),
});

/** `seq` breaks ties in the same direction, so that pages neither repeat nor miss a row. */
export function orderBy({ column, descending }: Sort): string {
  if (!sortableColumns.has(column)) throw new Error(`Not a column: ${column}`);
  const direction = descending ? 'DESC' : 'ASC';
  return `${column} ${direction}, seq ${direction}`;
}
