import type { SearchRequest } from '../records.ts';
import { matchKinds, trigramsOf, waysToMatch, type Patterns } from '../searchText.ts';
import { maxCandidates, nearest, nearQuery } from '../nearMatches.ts';
import { countedUpTo, maxExactCount } from '../workspaceStore.ts';
import type { Database } from './database.ts';
import { quoted, ShortPatterns } from './shortPatterns.ts';

const maxCounts = 1_000;

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
  /** The index's expression for candidates; `undefined` where it would not narrow anything down. */
  candidates: string | undefined;
  /** Whether all candidates match. */
  isExact: boolean;
}

interface Expression {
  text: string;
  isExact: boolean;
}

/**
 * Finds contacts by any part of their texts, which `SearchEntries` keeps. The index gives the most recently changed
 * first and can stop as soon as a page is full: the cost does not grow with the number of matches.
 */
export class SearchIndex {
  private readonly database: Database;
  private readonly short: ShortPatterns;
  /** Of what was searched for since the last change: the pages after the first have the same count. */
  private readonly counts = new Map<string, number>();
  private countedVersion = NaN;

  constructor(database: Database) {
    this.database = database;
    this.short = new ShortPatterns(database);
  }

  /** The contacts that match `query`, best first; all of them where it has no word. */
  find(query: string, { limit, skip, isCounted = true }: SearchRequest): Matches {
    const ways = waysToMatch(query);
    const wanted = limit + skip;
    const found: number[] = [];
    const conditions = matchKinds.map((kind) => this.conditionOf(ways[kind]));
    for (const [index, condition] of conditions.entries()) {
      if (found.length >= wanted) break;
      found.push(...this.contactsWith(condition, conditions.slice(0, index), wanted - found.length));
    }
    // Who matches a whole field or the start of a word matches a part.
    const everything = conditions.at(-1);
    const areAll = found.length < wanted || everything === undefined;
    if (!areAll && !isCounted) return { contacts: found.slice(skip), matching: found.length, isExact: false };
    const counted = areAll ? found.length : this.cachedCount(query, () => this.count(everything));
    return {
      contacts: found.slice(skip),
      ...countedUpTo(counted),
    };
  }

  /** All that match, for an order that is not the index's own: `seq` in a query over contacts. */
  matching(query: string): { sql: string; values: string[] } {
    const { from, values } = matchesOf(this.conditionOf(waysToMatch(query).part));
    return { sql: `SELECT contact_seq FROM ${from}`, values };
  }

  /** The contacts nearest to a query that matches nobody. */
  nearest(query: string, limit: number): number[] {
    const near = nearQuery(query);
    for (const ways of near?.stages ?? []) {
      const found = near === undefined ? [] : nearest(this.candidatesOf(ways), near, limit);
      if (found.length > 0) return found.map(({ contact }) => contact);
    }
    return [];
  }

  /** Those in whose texts one of `ways` is, the latest changed first. */
  private candidatesOf(ways: readonly Patterns[]): { contact: number; text: string }[] {
    // A way of which the index knows nothing would have all texts looked at.
    const known = ways.filter((way) => this.expressionOf(way).text !== '');
    if (known.length === 0) return [];
    const { from, values } = matchesOf(this.conditionOf(known));
    const rows = this.database.all(
      `SELECT contact_seq, search_entry.text AS text FROM ${from} ORDER BY search_trigram.rowid DESC LIMIT ${maxCandidates}`,
      ...values,
    );
    return rows.map((row) => ({ contact: Number(row['contact_seq']), text: String(row['text']) }));
  }

  private conditionOf(ways: readonly Patterns[]): Condition {
    return conditionOf(ways, (way) => this.expressionOf(way));
  }

  /** The index's expression for `way`; empty where none of its patterns narrows anything down. */
  private expressionOf(way: Patterns): Expression {
    const short = way.filter((pattern) => lengthOf(pattern) < 3).map((letters) => this.short.expressionOf(letters));
    const known = short.filter((expression) => expression !== undefined);
    const text = [...trigramsOf(way).map(quoted), ...known].join(' AND ');
    const isExact = known.length === short.length && way.every((pattern) => lengthOf(pattern) <= 3);
    return { text, isExact };
  }

  private contactsWith(condition: Condition, earlier: readonly Condition[], limit: number): number[] {
    const not = earlier.map(({ sql }) => ` AND NOT (${sql})`).join('');
    const { from, values } = matchesOf(condition);
    // The index gives its own order for nothing.
    const newest = condition.candidates === undefined ? 'search_entry.change_seq' : 'search_trigram.rowid';
    const rows = this.database.all(
      `SELECT contact_seq FROM ${from}${not} ORDER BY ${newest} DESC LIMIT ?`,
      ...values,
      ...earlier.flatMap((each) => each.values),
      limit,
    );
    return rows.map((row) => Number(row['contact_seq']));
  }

  private cachedCount(query: string, count: () => number): number {
    const { version } = this.database;
    if (version !== this.countedVersion || this.counts.size >= maxCounts) this.counts.clear();
    this.countedVersion = version;
    const known = this.counts.get(query) ?? count();
    this.counts.set(query, known);
    return known;
  }

  private count(condition: Condition): number {
    const { candidates, isExact } = condition;
    // What needs no look at the texts is much less work.
    const { from, values } =
      candidates !== undefined && isExact
        ? { from: 'search_trigram WHERE search_trigram MATCH ?', values: [candidates] }
        : matchesOf(condition);
    const row = this.database.get(
      `SELECT count(*) AS n FROM (SELECT 1 FROM ${from} LIMIT ${maxExactCount + 1})`,
      ...values,
    );
    return Number(row?.['n']);
  }
}

/** Where the contacts are that match: among the candidates of the index, or among all. */
const matchesOf = ({ candidates, sql, values }: Condition): { from: string; values: string[] } =>
  candidates === undefined
    ? { from: `search_entry WHERE ${sql}`, values }
    : {
        from: `search_trigram JOIN search_entry ON search_entry.change_seq = search_trigram.rowid
               WHERE search_trigram MATCH ? AND ${sql}`,
        values: [candidates, ...values],
      };

/** A text matches if it contains all patterns of at least one way. Without any ways, every text matches. */
function conditionOf(ways: readonly Patterns[], expressionOf: (way: Patterns) => Expression): Condition {
  if (ways.length === 0) return { sql: 'TRUE', values: [], candidates: undefined, isExact: false };
  const sql = ways.map((way) => `(${way.map(() => 'instr(search_entry.text, ?) > 0').join(' AND ')})`).join(' OR ');
  const expressions = ways.map(expressionOf);
  const candidates = expressions.some(({ text }) => text === '')
    ? undefined
    : expressions.map(({ text }) => `(${text})`).join(' OR ');
  return { sql: `(${sql})`, values: ways.flat(), candidates, isExact: expressions.every(({ isExact }) => isExact) };
}

const lengthOf = (pattern: string): number => [...pattern].length;
