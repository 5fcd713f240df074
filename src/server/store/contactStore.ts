import { newContactId } from './contactId.ts';
import type { SQLInputValue } from 'node:sqlite';
import { isSamePhone } from '../../contract/phone.ts';
import type { ExportColumn } from '../../contract/exportColumns.ts';
import { contactTextFields, type ContactTextField } from '../../contract/vocabulary.ts';
import type { Database, Row } from './database.ts';
import { parseColumn, type Page, type PageRequest } from './paging.ts';
import { SearchIndex } from './searchIndex.ts';

/** A contact as it is kept. `avatar_url` may be a media reference. */
export type StoredContact = { [Field in ContactTextField]: string } & {
  id: string;
  labels: string[];
  additional_params: Record<string, unknown>;
  version: number;
};

export type ContactDraft = Partial<Omit<StoredContact, 'version'>> & { is_sample?: boolean };
export type ContactChanges = Partial<Omit<StoredContact, 'id' | 'version' | 'created_at' | 'updated_at'>>;

export const sortableColumns: ReadonlySet<string> = new Set(['id', 'labels', ...contactTextFields]);

export interface Sort {
  column: string;
  descending: boolean;
}

const columns = ['id', ...contactTextFields, 'labels', 'additional_params', 'version'].join(', ');
const insertColumns = ['id', ...contactTextFields, 'labels', 'additional_params', 'is_sample'];
const insertSql = `INSERT INTO contact (${insertColumns.join(', ')})
  VALUES (${insertColumns.map(() => '?').join(', ')})`;

/** As the index `contact_by_phone` has it: the digits that two numbers for one phone end with. */
const phoneKeySql = ["' '", "'-'", "'('", "')'", "'.'", "'+'", "'/'", 'char(160)'].reduce(
  (sql, character) => `replace(${sql}, ${character}, '')`,
  'phone_number',
);
const phoneKey = (phone: string): string => phone.replace(/\D/g, '').slice(-9);
/** Shorter numbers are those of many. */
const minPhoneKey = 6;

/** Ids that a conversation may have. */
const conversationId = /^(?:conv|tcu)_[\w-]+$/;

/** A contact with the columns that were asked for. */
export type ExportedContact = Partial<Pick<StoredContact, ExportColumn>>;

/** A page of what was searched for; `matching` stops counting where it is not exact. */
export interface SearchedPage extends Page<StoredContact> {
  isExact: boolean;
}

export class ContactStore {
  private readonly database: Database;
  private readonly index: SearchIndex;

  constructor(database: Database) {
    this.database = database;
    this.index = new SearchIndex(database);
    this.index.ensure();
  }

  list(sort: Sort, { limit, skip }: PageRequest): Page<StoredContact> {
    const rows = this.database.all(
      `SELECT ${columns} FROM contact ORDER BY ${orderBy(sort)} LIMIT ? OFFSET ?`,
      limit,
      skip,
    );
    return { items: rows.map(contactFrom), matching: this.count() };
  }

  count(): number {
    return Number(this.database.get('SELECT count(*) AS n FROM contact')?.['n']);
  }

  get(id: string): StoredContact | undefined {
    const row = this.database.get(`SELECT ${columns} FROM contact WHERE id = ?`, id);
    return row && contactFrom(row);
  }

  /**
   * Contacts in which every word of `query` occurs, best match first: a whole field, then the start of a word,
   * then anywhere; among equals the most recently changed. The id of a conversation finds whose it is.
   */
  search(query: string, sort: Sort | undefined, request: PageRequest): SearchedPage {
    const named = conversationId.test(query.trim()) && this.ofConversation(query.trim());
    if (named) return { items: [named].slice(request.skip), matching: 1, isExact: true };
    if (sort !== undefined) return this.searchInOrder(query, sort, request);
    const { contacts, matching, isExact } = this.index.find(query, request);
    const rows = this.database.all(
      `SELECT ${columns} FROM (SELECT key, value AS wanted FROM json_each(?)) JOIN contact ON seq = wanted ORDER BY key`,
      JSON.stringify(contacts),
    );
    return { items: rows.map(contactFrom), matching, isExact };
  }

  /** Whose conversation an id names. */
  private ofConversation(id: string): StoredContact | undefined {
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

  /** Does `work`, which adds many contacts. Only inside `Database.write`. */
  addMany(work: () => void): void {
    this.index.afterwards(work);
  }

  /**
   * What is wanted of every contact, in the order of `sort`, in batches. No cursor stays open between batches, so that
   * writes meanwhile do not grow the log without bound.
   */
  export(sort: Sort, wanted: readonly ExportColumn[], batchSize = 1000): Iterator<ExportedContact[]> {
    return sort.column === 'created_at'
      ? this.exportByCreation(sort, wanted, batchSize)
      : this.exportByKeys(sort, wanted, batchSize);
  }

  /** Each batch begins after the last row of the one before; nobody changes when a contact was created. */
  private *exportByCreation(
    sort: Sort,
    wanted: readonly ExportColumn[],
    batchSize: number,
  ): Generator<ExportedContact[]> {
    const sql = (where: string): string =>
      `SELECT ${['seq', 'created_at AS place', ...wanted].join(', ')} FROM contact ${where} ORDER BY ${orderBy(sort)} LIMIT ?`;
    const following = sql(`WHERE (created_at, seq) ${sort.descending ? '<' : '>'} (?, ?)`);
    let rows = this.database.all(sql(''), batchSize);
    while (rows.length > 0) {
      const last = rows.at(-1);
      yield rows.map(exportedFrom);
      rows = this.database.all(following, String(last?.['place']), Number(last?.['seq']), batchSize);
    }
  }

  /** For an order that may change meanwhile: it is fixed at the start. */
  private *exportByKeys(sort: Sort, wanted: readonly ExportColumn[], batchSize: number): Generator<ExportedContact[]> {
    const keys: number[] = [];
    for (const row of this.database.iterate(`SELECT seq FROM contact ORDER BY ${orderBy(sort)}`)) {
      keys.push(Number(row['seq']));
    }
    const sql = `SELECT ${wanted.join(', ')}
      FROM (SELECT key, value AS wanted FROM json_each(?)) JOIN contact ON seq = wanted ORDER BY key`;
    for (let start = 0; start < keys.length; start += batchSize) {
      const batch = JSON.stringify(keys.slice(start, start + batchSize));
      yield this.database.all(sql, batch).map(exportedFrom);
    }
  }

  /** Adds a contact. Only inside `Database.write`. */
  insert(draft: ContactDraft): string {
    const id = draft.id ?? newContactId();
    const contact = { ...draft, id, created_at: draft.created_at ?? new Date().toISOString() };
    const values = insertColumns.map((column): SQLInputValue => {
      switch (column) {
        case 'labels':
          return JSON.stringify(contact.labels ?? []);
        case 'additional_params':
          return JSON.stringify(contact.additional_params ?? {});
        case 'is_sample':
          return contact.is_sample === true ? 1 : 0;
        default:
          return contact[column as ContactTextField | 'id'] ?? '';
      }
    });
    this.index.add(this.database.insert(insertSql, ...values), contact);
    return id;
  }

  create(draft: ContactDraft): StoredContact {
    return this.database.write(() => {
      const id = this.insert(draft);
      return this.mustGet(id);
    });
  }

  /**
   * Changes the fields in `changes` and no other. When a name part changes and `display_name` is not itself
   * given, `display_name` is made of the parts anew.
   * @param expectedVersion when given, the change is made only to that version.
   */
  update(
    id: string,
    changes: ContactChanges,
    expectedVersion?: number,
  ): StoredContact | 'notFound' | 'changedMeanwhile' {
    return this.database.write(() => {
      const before = this.get(id);
      if (before === undefined) return 'notFound';
      if (expectedVersion !== undefined && expectedVersion !== before.version) return 'changedMeanwhile';
      this.applyChanges(before, changes);
      return this.mustGet(id);
    });
  }

  /** Changes a contact that was just read. Only inside `Database.write`. */
  applyChanges(before: StoredContact, changes: ContactChanges): void {
    const after = { ...before, ...changes, updated_at: new Date().toISOString() };
    const isRenamed = after.first_name !== before.first_name || after.last_name !== before.last_name;
    if (isRenamed && changes.display_name === undefined) after.display_name = fullName(after) || before.display_name;
    const assignments = [...contactTextFields.map((field) => `${field} = ?`), 'labels = ?', 'additional_params = ?'];
    this.database.run(
      `UPDATE contact SET ${assignments.join(', ')}, version = version + 1 WHERE id = ?`,
      ...contactTextFields.map((field) => after[field]),
      JSON.stringify(after.labels),
      JSON.stringify(after.additional_params),
      before.id,
    );
    this.index.put(this.seqOf(before.id), after);
  }

  delete(id: string): boolean {
    return this.database.write(() => this.remove(id));
  }

  /** Only inside `Database.write`. */
  remove(id: string): boolean {
    this.index.remove(this.seqOf(id));
    return this.database.run('DELETE FROM contact WHERE id = ?', id) > 0;
  }

  /**
   * Who has the id, else the e-mail address, else the phone number of `draft`, however they are written. A number that
   * people of different addresses and names have is that of their firm, and makes them not the same.
   */
  findReached({
    id,
    email,
    area_code: area,
    phone_number: phone,
    display_name: name,
  }: ContactDraft): StoredContact | undefined {
    if (id) {
      const same = this.get(id);
      if (same !== undefined) return same;
    }
    const key = phoneKey(phone ?? '');
    const byEmail = email
      ? this.database.get(
          `SELECT ${columns} FROM contact WHERE email = ? COLLATE NOCASE AND email <> '' ORDER BY seq LIMIT 1`,
          email,
        )
      : undefined;
    if (byEmail !== undefined) return contactFrom(byEmail);
    if (key.length < minPhoneKey) return undefined;
    const endingAlike = this.database.iterate(
      `SELECT ${columns} FROM contact WHERE substr(${phoneKeySql}, -9) = ?1 AND phone_number <> ''
         AND (?2 = '' OR email = '' OR display_name = ?3) ORDER BY seq`,
      key,
      email ?? '',
      name ?? '',
    );
    for (const row of endingAlike) {
      const contact = contactFrom(row);
      if (isSamePhone(contact, { area_code: area, phone_number: phone })) return contact;
    }
    return undefined;
  }

  /** The contact that an imported row is about, so that importing twice makes no duplicates. */
  findSame(draft: ContactDraft): StoredContact | undefined {
    if (draft.id) return this.get(draft.id);
    const name = draft.display_name ?? '';
    const row = draft.email
      ? this.database.get(
          `SELECT ${columns} FROM contact WHERE email = ? COLLATE NOCASE AND email <> '' AND display_name = ?`,
          draft.email,
          name,
        )
      : this.database.get(
          `SELECT ${columns} FROM contact WHERE display_name = ? AND phone_number = ? AND email = ''`,
          name,
          draft.phone_number ?? '',
        );
    return row && contactFrom(row);
  }

  private seqOf(id: string): number {
    return Number(this.database.get('SELECT seq FROM contact WHERE id = ?', id)?.['seq'] ?? 0);
  }

  private mustGet(id: string): StoredContact {
    const contact = this.get(id);
    if (contact === undefined) throw new Error('A contact was written and is not there.');
    return contact;
  }
}

/** The parts of a name in the order in which its script writes them. */
export function fullName(parts: { first_name?: string; last_name?: string }): string {
  const { first_name: first = '', last_name: last = '' } = parts;
  const familyFirst = /^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]+$/u;
  if (familyFirst.test(first) && familyFirst.test(last)) return last + first;
  return `${first} ${last}`.trim();
}

function contactFrom(row: Row): StoredContact {
  return {
    ...(row as unknown as StoredContact),
    labels: parseColumn(row['labels']) as string[],
    additional_params: parseColumn(row['additional_params']) as Record<string, unknown>,
  };
}

const exportedFrom = (row: Row): ExportedContact => ({
  ...(row as unknown as ExportedContact),
  ...('labels' in row ? { labels: parseColumn(row['labels']) as string[] } : {}),
});

/** `seq` breaks ties in the same direction, so that pages neither repeat nor miss a row. */
function orderBy({ column, descending }: Sort): string {
  if (!sortableColumns.has(column)) throw new Error(`Not a column: ${column}`);
  const direction = descending ? 'DESC' : 'ASC';
  return `${column} ${direction}, seq ${direction}`;
}
