import type { SQLInputValue } from 'node:sqlite';
import type { Database } from './database.ts';
import type { PageRequest } from './paging.ts';
import { matchKinds, searchText, trigramsOf, waysToMatch, type Patterns, type SearchedContact } from './searchText.ts';

/** Matches are counted up to here. */
export const maxExactCount = 10_000;
/** As many of the newest are looked through for what no trigram tells, before the index is asked in full. */
const scannedFirst = 4_000;
/** Another number builds the index of every store anew. */
const layout = '1';

export interface Matches {
  /** The contacts' `seq`, best first. */
  contacts: number[];
  matching: number;
  /** False where there are more than `matching`. */
  isExact: boolean;
}

interface Condition {
  /** What a text is tested for. */
  sql: string;
  values: string[];
  /** The index's expression for candidates; `undefined` where a pattern is too short for it. */
  candidates: string | undefined;
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/**
 * Finds contacts by any part of their texts. `search_entry` holds each contact's text under a number that grows with
 * every change, so that the index, which goes by that number, gives the most recently changed first and can stop as
 * soon as a page is full: the cost does not grow with the number of matches.
 */
export class SearchIndex {
  private readonly database: Database;
  private isPaused = false;

  constructor(database: Database) {
    this.database = database;
  }

  /** Takes in a contact that was changed. Only inside `Database.write`. */
  put(contactSeq: number, contact: SearchedContact): void {
    this.remove(contactSeq);
    this.add(contactSeq, contact);
  }

  /** Takes in a new contact. Only inside `Database.write`. */
  add(contactSeq: number, contact: SearchedContact): void {
    if (this.isPaused) return;
    const text = searchText(contact);
    const change = this.database.insert('INSERT INTO search_entry (contact_seq, text) VALUES (?, ?)', contactSeq, text);
    this.database.run('INSERT INTO search_trigram (rowid, text) VALUES (?, ?)', change, text);
  }

  /** Only inside `Database.write`. */
  remove(contactSeq: number): void {
    if (this.isPaused) return;
    this.database.run(
      `INSERT INTO search_trigram (search_trigram, rowid, text)
       SELECT 'delete', change_seq, text FROM search_entry WHERE contact_seq = ?`,
      contactSeq,
    );
    this.database.run('DELETE FROM search_entry WHERE contact_seq = ?', contactSeq);
  }

  /** Does `work`, which adds many contacts, and takes them in together afterwards. Only inside `Database.write`. */
  afterwards(work: () => void): void {
    this.isPaused = true;
    try {
      work();
    } finally {
      this.isPaused = false;
    }
    this.rebuild();
  }

  /** Builds the index of a store that was made before there was one, or before it was as it is now. */
  ensure(): void {
    const isBuilt = (): boolean =>
      this.database.get("SELECT value FROM setting WHERE name = 'search_layout'")?.['value'] === layout;
    if (isBuilt()) return;
    this.database.write(() => {
      if (!isBuilt()) this.rebuild();
    });
  }

  /** The contacts that match `query`, best first; all of them where it has no word. */
  find(query: string, { limit, skip }: PageRequest): Matches {
    const ways = waysToMatch(query);
    const wanted = limit + skip;
    const found: number[] = [];
    const earlier: Condition[] = [];
    for (const kind of matchKinds) {
      const condition = this.conditionOf(ways[kind]);
      if (found.length < wanted) found.push(...this.contactsWith(condition, earlier, wanted - found.length));
      earlier.push(condition);
    }
    // Who matches a whole field or the start of a word matches a part.
    const everything = this.conditionOf(ways.part);
    const counted = found.length < wanted ? found.length : this.count(everything);
    return {
      contacts: found.slice(skip),
      matching: Math.min(counted, maxExactCount),
      isExact: counted <= maxExactCount,
    };
  }

  /** All that match, for an order that is not the index's own: `seq` in a query over contacts. */
  matching(query: string): { sql: string; values: string[] } {
    const condition = this.conditionOf(waysToMatch(query).part);
    return { sql: `SELECT contact_seq FROM search_entry WHERE ${condition.sql}`, values: condition.values };
  }

  private conditionOf(ways: readonly Patterns[]): Condition {
    return conditionOf(ways, (way) => this.expressionOf(way));
  }

  /** The index's expression for `way`; empty where all its patterns are too short for it. */
  private expressionOf(way: Patterns): string {
    const trigrams = trigramsOf(way).map(quoted);
    if (trigrams.length === 0) return '';
    // Two letters narrow down the rest; one is in nearly every text.
    const pairs = way.filter((pattern) => [...pattern].length === 2).map((pair) => `(${this.beginningWith(pair)})`);
    return [...trigrams, ...pairs].join(' AND ');
  }

  private rebuild(): void {
    const { database } = this;
    database.run("INSERT INTO search_trigram (search_trigram) VALUES ('delete-all')");
    database.run('DELETE FROM search_entry');
    const contacts = database.iterate(
      `SELECT seq, id, display_name, first_name, last_name, email, area_code, phone_number, company_name, remark,
         labels FROM contact ORDER BY max(created_at, updated_at), seq`,
    );
    for (const contact of contacts) {
      const labels = JSON.parse(String(contact['labels'])) as string[];
      const text = searchText({ ...(contact as SearchedContact), labels });
      database.run('INSERT INTO search_entry (contact_seq, text) VALUES (?, ?)', Number(contact['seq']), text);
    }
    database.run(
      'INSERT INTO search_trigram (rowid, text) SELECT change_seq, text FROM search_entry ORDER BY change_seq',
    );
    database.run("INSERT OR REPLACE INTO setting (name, value) VALUES ('search_layout', ?)", layout);
  }

  private contactsWith(condition: Condition, earlier: readonly Condition[], limit: number): number[] {
    const not = earlier.map(({ sql }) => `NOT (${sql})`);
    const where = [condition.sql, ...not].join(' AND ');
    const values = [...condition.values, ...earlier.flatMap((each) => each.values)];
    if (condition.candidates !== undefined) return this.indexed(condition.candidates, where, values, limit);
    const newest = this.sequence(
      `SELECT contact_seq FROM (SELECT * FROM search_entry ORDER BY change_seq DESC LIMIT ${scannedFirst}) AS search_entry
       WHERE ${where} ORDER BY change_seq DESC LIMIT ?`,
      ...values,
      limit,
    );
    if (newest.length === limit || !this.hasMoreThanScanned()) return newest;
    const candidates = this.shortCandidates(condition);
    return candidates === undefined
      ? this.sequence(
          `SELECT contact_seq FROM search_entry WHERE ${where} ORDER BY change_seq DESC LIMIT ?`,
          ...values,
          limit,
        )
      : this.indexed(candidates, where, values, limit);
  }

  private indexed(candidates: string, where: string, values: readonly string[], limit: number): number[] {
    return this.sequence(
      `SELECT contact_seq FROM search_trigram JOIN search_entry ON search_entry.change_seq = search_trigram.rowid
       WHERE search_trigram MATCH ? AND ${where} ORDER BY search_trigram.rowid DESC LIMIT ?`,
      candidates,
      ...values,
      limit,
    );
  }

  private count(condition: Condition): number {
    const candidates = condition.candidates ?? (this.isCommon(condition) ? undefined : this.shortCandidates(condition));
    const from =
      candidates === undefined
        ? 'search_entry WHERE TRUE'
        : `search_trigram JOIN search_entry ON search_entry.change_seq = search_trigram.rowid WHERE search_trigram MATCH ?`;
    const row = this.database.get(
      `SELECT count(*) AS n FROM (SELECT 1 FROM ${from} AND ${condition.sql} LIMIT ${maxExactCount + 1})`,
      ...(candidates === undefined ? [] : [candidates]),
      ...condition.values,
    );
    return Number(row?.['n']);
  }

  /** Whether so many match that looking through all texts is soon done. */
  private isCommon({ sql, values }: Condition): boolean {
    const sample = 500;
    const row = this.database.get(
      `SELECT count(*) AS n FROM (SELECT * FROM search_entry ORDER BY change_seq DESC LIMIT ${sample}) AS search_entry
       WHERE ${sql}`,
      ...values,
    );
    return Number(row?.['n']) > sample / 5;
  }

  private hasMoreThanScanned(): boolean {
    return this.database.get(`SELECT 1 FROM search_entry LIMIT 1 OFFSET ${scannedFirst}`) !== undefined;
  }

  /** The index's expression for patterns of one or two letters, by the longest of them. */
  private shortCandidates({ values }: Condition): string | undefined {
    const [longest] = [...values].sort((one, other) => other.length - one.length);
    return longest === undefined ? undefined : this.beginningWith(longest);
  }

  /** The index's expression for one or two letters: every three that begin with them. */
  private beginningWith(letters: string): string {
    const rows = this.database.all(
      'SELECT term FROM search_term WHERE term >= ? AND term < ?',
      letters,
      `${letters}\u{10ffff}`,
    );
    // Where there are none, the expression must find nothing.
    return rows.length === 0 ? quoted('\ue000\ue001\ue002') : rows.map(({ term }) => quoted(String(term))).join(' OR ');
  }

  private sequence(sql: string, ...values: SQLInputValue[]): number[] {
    return this.database.all(sql, ...values).map((row) => Number(row['contact_seq']));
  }
}

/** A text matches in one of the ways; in a way, all patterns are there. No way at all is no condition. */
function conditionOf(ways: readonly Patterns[], expressionOf: (way: Patterns) => string): Condition {
  if (ways.length === 0) return { sql: 'TRUE', values: [], candidates: undefined };
  const sql = ways.map((way) => `(${way.map(() => 'instr(search_entry.text, ?) > 0').join(' AND ')})`).join(' OR ');
  const expressions = ways.map(expressionOf);
  const candidates = expressions.some((expression) => expression === '')
    ? undefined
    : expressions.map((expression) => `(${expression})`).join(' OR ');
  return { sql: `(${sql})`, values: ways.flat(), candidates };
}
