import { LRUCache } from 'lru-cache';
import type { PageRequest } from '../records.ts';
import { matchKinds, waysToMatch, type MatchKind, type Patterns } from '../searchText.ts';
import { maxExactCount } from '../workspaceStore.ts';
import { plannedAnew, type Row, type Tables, type Value } from './database.ts';
import { gramsIn } from './grams.ts';

/** So many of the newest changes are looked at before the index is asked. */
const sampleSize = 1_000;
/** With fewer matches in that, how many there are in all is guesswork. */
const minCommon = 20;
/** Matches that are few enough to be ranked all at once. */
const maxRanked = 1_000;
/** Changes in a block of the index, as the table has it. */
const blockSize = 32_768;
/** Blocks that the index is asked for at once, at most. */
const maxBlocks = 16;
const maxCounts = 1_000;

export interface Matches {
  /** Ids of contacts, best first. */
  contacts: string[];
  matching: number;
  /** False where there are more than `matching`. */
  isExact: boolean;
}

/**
 * Finds contacts by any part of their texts.
 *
 * Texts are read newest change first, as they are to be shown, and so a page of what many have is full at once. For what
 * few have, the index is asked, one stretch of changes after another, so that what it finds at once has a bound however
 * many there are.
 */
export class PostgresSearch {
  /** By version and query: the pages after the first have the same count. */
  private readonly counts = new LRUCache<string, number>({ max: maxCounts });

  /** @param tables which see one moment: an entry moves with every change of its contact. */
  async find(tables: Tables, query: string, { limit, skip }: PageRequest): Promise<Matches> {
    const ways = waysToMatch(query);
    const workspace = await tables.get(
      'SELECT version, contacts, last_change FROM workspace WHERE organization_id = $1',
    );
    const contacts = Number(workspace?.['contacts'] ?? 0);
    const newest = Number(workspace?.['last_change'] ?? 0);
    if (ways.part.length === 0) return this.everybody(tables, contacts, { limit, skip });
    const few = await this.rankedIfFew(tables, ways, { contacts, newest });
    if (few !== undefined) return { contacts: few.slice(skip, skip + limit), matching: few.length, isExact: true };
    const wanted = limit + skip;
    const found: string[] = [];
    for (const [index, kind] of matchKinds.entries()) {
      if (found.length >= wanted) break;
      const better = matchKinds.slice(0, index).map((each) => ways[each]);
      found.push(...(await this.newestOf(tables, ways[kind], better, newest, wanted - found.length)));
    }
    const matching = await this.cachedCount(tables, `${String(workspace?.['version'])} ${query}`, ways.part, newest);
    return {
      contacts: found.slice(skip),
      matching: Math.min(matching, maxExactCount),
      isExact: matching <= maxExactCount,
    };
  }

  /** Where `query` occurs, as a condition on `search_entry` and its values from `$first` on. */
  matching(query: string, first: number): { sql: string; values: Value[] } {
    const values = new Values(first);
    return { sql: indexedCondition(waysToMatch(query).part, values), values: values.all };
  }

  private async everybody(tables: Tables, contacts: number, { limit, skip }: PageRequest): Promise<Matches> {
    const rows = await tables.all(
      'SELECT contact_id FROM search_entry WHERE organization_id = $1 ORDER BY change_seq DESC LIMIT $2 OFFSET $3',
      limit,
      skip,
    );
    return {
      contacts: rows.map(contactOf),
      matching: Math.min(contacts, maxExactCount),
      isExact: contacts <= maxExactCount,
    };
  }

  /** All who match, best first; `undefined` when they are many. */
  private async rankedIfFew(
    tables: Tables,
    ways: Readonly<Record<MatchKind, readonly Patterns[]>>,
    { contacts, newest }: { contacts: number; newest: number },
  ): Promise<string[] | undefined> {
    const sample = new Values(3);
    const common = await tables.get(
      `${plannedAnew} SELECT count(*) AS texts, count(*) FILTER (WHERE ${plainCondition(ways.part, sample)}) AS matching
       FROM search_entry WHERE organization_id = $1 AND change_seq > $2`,
      newest - sampleSize,
      ...sample.all,
    );
    const [texts, matching] = [Number(common?.['texts']), Number(common?.['matching'])];
    // As many of all would be more than are ranked at once, and it is no accident of the sample.
    if (matching > minCommon && (matching / texts) * contacts > maxRanked) return undefined;
    const rows: Row[] = [];
    for (const blocks of stretches(newest)) {
      const values = new Values(4);
      const sql = `${plannedAnew} SELECT contact_id, change_seq, CASE
           WHEN ${plainCondition(ways.field, values)} THEN 0
           WHEN ${plainCondition(ways.start, values)} THEN 1 ELSE 2 END AS rank
         FROM search_entry WHERE organization_id = $1 AND block BETWEEN $2 AND $3
           AND ${indexedCondition(ways.part, values)} LIMIT ${maxRanked + 1 - rows.length}`;
      rows.push(...(await tables.all(sql, blocks.from, blocks.to, ...values.all)));
      if (rows.length > maxRanked) return undefined;
    }
    return rows
      .toSorted(
        (one, other) =>
          Number(one['rank']) - Number(other['rank']) || Number(other['change_seq']) - Number(one['change_seq']),
      )
      .map(contactOf);
  }

  /** Those who changed last of all who match in one of `ways` and in none of the `better`. */
  private async newestOf(
    tables: Tables,
    ways: readonly Patterns[],
    better: readonly (readonly Patterns[])[],
    newest: number,
    limit: number,
  ): Promise<string[]> {
    const sample = new Values(4);
    const not = (values: Values): string => better.map((each) => ` AND NOT ${plainCondition(each, values)}`).join('');
    const near = await tables.all(
      `${plannedAnew} SELECT contact_id FROM search_entry WHERE organization_id = $1 AND change_seq > $2
         AND ${plainCondition(ways, sample)}${not(sample)} ORDER BY change_seq DESC LIMIT $3`,
      newest - sampleSize - 2 * limit,
      limit,
      ...sample.all,
    );
    if (near.length >= limit) return near.map(contactOf);
    const found: string[] = [];
    for (const blocks of stretches(newest)) {
      const values = new Values(5);
      const sql = `${plannedAnew} WITH found AS MATERIALIZED (
           SELECT contact_id, change_seq FROM search_entry WHERE organization_id = $1 AND block BETWEEN $2 AND $3
             AND ${indexedCondition(ways, values)}${not(values)}
         ) SELECT contact_id FROM found ORDER BY change_seq DESC LIMIT $4`;
      const rows = await tables.all(sql, blocks.from, blocks.to, limit - found.length, ...values.all);
      found.push(...rows.map(contactOf));
      if (found.length >= limit) break;
    }
    return found;
  }

  private async cachedCount(tables: Tables, key: string, ways: readonly Patterns[], newest: number): Promise<number> {
    const known = this.counts.get(key);
    if (known !== undefined) return known;
    let count = 0;
    for (const blocks of stretches(newest)) {
      const values = new Values(4);
      const row = await tables.get(
        `${plannedAnew} SELECT count(*) AS n FROM (
           SELECT 1 FROM search_entry WHERE organization_id = $1 AND block BETWEEN $2 AND $3
             AND ${indexedCondition(ways, values)} LIMIT ${maxExactCount + 1 - count}
         ) AS found`,
        blocks.from,
        blocks.to,
        ...values.all,
      );
      count += Number(row?.['n']);
      if (count > maxExactCount) break;
    }
    this.counts.set(key, count);
    return count;
  }
}

const contactOf = (row: Row): string => String(row['contact_id']);

/** The blocks from the newest change to the oldest, first few at once, then more: what many have is found in the first. */
function stretches(newest: number): { from: number; to: number }[] {
  const found = [];
  let to = Math.floor(newest / blockSize);
  for (let length = 1; to >= 0; length = Math.min(length * 4, maxBlocks)) {
    found.push({ from: Math.max(0, to - length + 1), to });
    to -= length;
  }
  return found;
}

/** The values of a statement, which names each by its place. */
class Values {
  readonly all: Value[] = [];
  private readonly first: number;

  constructor(first: number) {
    this.first = first;
  }

  place(value: Value): string {
    this.all.push(value);
    return `$${this.first + this.all.length - 1}`;
  }
}

/** A text matches in which all patterns of a way occur; without any way, every text. */
const conditionOf = (ways: readonly Patterns[], patternIn: (pattern: string) => string): string =>
  ways.length === 0 ? 'TRUE' : `(${ways.map((way) => `(${way.map(patternIn).join(' AND ')})`).join(' OR ')})`;

/** A condition that no index is asked for. */
const plainCondition = (ways: readonly Patterns[], values: Values): string =>
  conditionOf(ways, (pattern) => `strpos(text, ${values.place(pattern)}) > 0`);

/** A condition that the index narrows down where it can, by trigrams where there are any in the pattern, else by grams. */
const indexedCondition = (ways: readonly Patterns[], values: Values): string =>
  conditionOf(ways, (pattern) => {
    if (hasTrigrams.test(pattern))
      return `text LIKE ${values.place(`%${pattern.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`)}`;
    const grams = gramsIn(pattern);
    const narrowed = grams.length === 0 ? '' : `grams @> ${values.place(grams)} AND `;
    return `(${narrowed}strpos(text, ${values.place(pattern)}) > 0)`;
  });

/** `pg_trgm` makes its trigrams of three letters or digits, or of fewer where a word begins or ends. */
const hasTrigrams = /[\p{L}\p{N}]{3}|[^\p{L}\p{N}\p{M}][\p{L}\p{N}]|[\p{L}\p{N}]{2}[^\p{L}\p{N}\p{M}]/u;
