import { LRUCache } from 'lru-cache';
import type { PageRequest, SearchRequest } from '../records.ts';
import { matchKinds, waysToMatch, type MatchKind, type Patterns } from '../searchText.ts';
import { maxCandidates, nearest, nearQuery } from '../nearMatches.ts';
import { maxExactCount } from '../workspaceStore.ts';
import { plannedAnew, type Row, type Tables } from './database.ts';
import { gramsIn } from './grams.ts';
import type { Value } from './values.ts';

/** So many of the newest changes are looked at before the index is asked. */
const sampleSize = 1_000;
/** What more of these have is common: a stretch of changes has enough of it. */
const minCommon = 20;
/** Matches that are few enough to be ranked all at once. */
const maxRanked = 1_000;
/** Changes in a block of the index, as the table has it. */
const blockSize = 32_768;
/** Blocks that the index is asked for at once, at most. */
const maxBlocks = 16;
const maxCounts = 1_000;
/** Texts that may be near, whose newest are looked at. */
const maxNearMatches = 50_000;

export interface Matches {
  /** Ids of contacts, best first. */
  contacts: string[];
  matching: number;
  /** False where there are more than `matching`. */
  isExact: boolean;
}

type Ways = Readonly<Record<MatchKind, readonly Patterns[]>>;

/** How many of the newest texts match, of each kind. */
type Sample = Readonly<Record<MatchKind, number>>;

/**
 * Finds contacts by any part of their texts.
 *
 * Texts are read newest change first, as they are to be shown, and so a page of what many have is full at once. For what
 * few have, the index is asked; for what is neither, one stretch of changes after another, so that what the index finds
 * at once has a bound.
 */
export class PostgresSearch {
  /** By version and query: the pages after the first have the same count. */
  private readonly counts = new LRUCache<string, number>({ max: maxCounts });

  /** @param tables which see one moment: an entry moves with every change of its contact. */
  async find(tables: Tables, query: string, { limit, skip, isCounted = true }: SearchRequest): Promise<Matches> {
    const ways = waysToMatch(query);
    const workspace = await tables.get(
      'SELECT version, contacts, last_change FROM workspace WHERE organization_id = $1',
    );
    const contacts = Number(workspace?.['contacts'] ?? 0);
    const newest = Number(workspace?.['last_change'] ?? 0);
    if (ways.part.length === 0) return everybody(tables, contacts, { limit, skip });
    const sample = await sampleOf(tables, ways, newest);
    const few = sample.part > minCommon ? undefined : await rankedIfFew(tables, ways);
    if (few !== undefined) return { contacts: few.slice(skip, skip + limit), matching: few.length, isExact: true };
    const wanted = limit + skip;
    const found: string[] = [];
    for (const [index, kind] of matchKinds.entries()) {
      if (found.length >= wanted) break;
      const better = matchKinds.slice(0, index).map((each) => ways[each]);
      const blocks = blocksFor(sample[kind], newest);
      found.push(...(await newestOf(tables, { ways: ways[kind], better, newest, blocks }, wanted - found.length)));
    }
    if (!isCounted) return { contacts: found.slice(skip), matching: found.length, isExact: found.length < wanted };
    const key = `${String(workspace?.['version'])} ${query}`;
    const matching = await this.cachedCount(tables, key, ways.part, blocksFor(sample.part, newest));
    return {
      contacts: found.slice(skip),
      matching: Math.min(matching, maxExactCount),
      isExact: matching <= maxExactCount,
    };
  }

  /** The contacts nearest to a query that matches nobody. */
  async nearest(tables: Tables, query: string, limit: number): Promise<string[]> {
    const near = nearQuery(query);
    if (near === undefined) return [];
    for (const ways of near.stages) {
      // A way of which the index knows nothing would have all texts looked at.
      const known = ways.filter((way) => way.some(isIndexed));
      if (known.length === 0) continue;
      const values = new Values(3);
      const rows = await tables.all(
        `${plannedAnew} WITH found AS MATERIALIZED (
           SELECT contact_id, change_seq, text FROM search_entry
           WHERE organization_id = $1 AND ${indexedCondition(known, values)} LIMIT ${maxNearMatches}
         ) SELECT contact_id, text FROM found ORDER BY change_seq DESC LIMIT $2`,
        maxCandidates,
        ...values.all,
      );
      const candidates = rows.map((row) => ({ contact: contactOf(row), text: String(row['text']) }));
      const found = nearest(candidates, near, limit);
      if (found.length > 0) return found.map(({ contact }) => contact);
    }
    return [];
  }

  /** Where `query` occurs, as a condition on `search_entry` and its values from `$first` on. */
  matching(query: string, first: number): { sql: string; values: Value[] } {
    const values = new Values(first);
    return { sql: indexedCondition(waysToMatch(query).part, values), values: values.all };
  }

  private async cachedCount(
    tables: Tables,
    key: string,
    ways: readonly Patterns[],
    stretches: readonly Blocks[],
  ): Promise<number> {
    const known = this.counts.get(key);
    if (known !== undefined) return known;
    let count = 0;
    for (const blocks of stretches) {
      const values = new Values(2);
      const row = await tables.get(
        `${plannedAnew} SELECT count(*) AS n FROM (
           SELECT 1 FROM search_entry WHERE organization_id = $1${isIn(blocks, values)}
             AND ${indexedCondition(ways, values)} LIMIT ${maxExactCount + 1 - count}
         ) AS found`,
        ...values.all,
      );
      count += Number(row?.['n']);
      if (count > maxExactCount) break;
    }
    this.counts.set(key, count);
    return count;
  }
}

async function everybody(tables: Tables, contacts: number, { limit, skip }: PageRequest): Promise<Matches> {
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

async function sampleOf(tables: Tables, ways: Ways, newest: number): Promise<Sample> {
  const values = new Values(3);
  const counts = matchKinds.map(
    (kind) => `count(*) FILTER (WHERE ${plainCondition(ways[kind], values)}) AS ${kind}_matches`,
  );
  const row = await tables.get(
    `${plannedAnew} SELECT ${counts.join(', ')} FROM search_entry WHERE organization_id = $1 AND change_seq > $2`,
    newest - sampleSize,
    ...values.all,
  );
  const [field = 0, start = 0, part = 0] = matchKinds.map((kind) => Number(row?.[`${kind}_matches`]));
  return { field, start, part };
}

/** All who match, best first; `undefined` when they are many. */
async function rankedIfFew(tables: Tables, ways: Ways): Promise<string[] | undefined> {
  const values = new Values(2);
  const rows = await tables.all(
    `${plannedAnew} SELECT contact_id, change_seq, CASE
       WHEN ${plainCondition(ways.field, values)} THEN 0
       WHEN ${plainCondition(ways.start, values)} THEN 1 ELSE 2 END AS rank
     FROM search_entry WHERE organization_id = $1 AND ${indexedCondition(ways.part, values)} LIMIT ${maxRanked + 1}`,
    ...values.all,
  );
  if (rows.length > maxRanked) return undefined;
  return rows
    .toSorted(
      (one, other) =>
        Number(one['rank']) - Number(other['rank']) || Number(other['change_seq']) - Number(one['change_seq']),
    )
    .map(contactOf);
}

interface Kind {
  ways: readonly Patterns[];
  /** Who matches in one of these is no longer wanted. */
  better: readonly (readonly Patterns[])[];
  newest: number;
  blocks: readonly Blocks[];
}

/** Those of a kind who changed last. */
async function newestOf(
  tables: Tables,
  { ways, better, newest, blocks: stretches }: Kind,
  limit: number,
): Promise<string[]> {
  const not = (values: Values): string => better.map((each) => ` AND NOT ${plainCondition(each, values)}`).join('');
  if (stretches.length > 1) {
    const values = new Values(4);
    const near = await tables.all(
      `${plannedAnew} SELECT contact_id FROM search_entry WHERE organization_id = $1 AND change_seq > $2
         AND ${plainCondition(ways, values)}${not(values)} ORDER BY change_seq DESC LIMIT $3`,
      newest - sampleSize - 2 * limit,
      limit,
      ...values.all,
    );
    if (near.length >= limit) return near.map(contactOf);
  }
  const found: string[] = [];
  for (const blocks of stretches) {
    const values = new Values(3);
    const sql = `${plannedAnew} WITH found AS MATERIALIZED (
         SELECT contact_id, change_seq FROM search_entry WHERE organization_id = $1${isIn(blocks, values)}
           AND ${indexedCondition(ways, values)}${not(values)}
       ) SELECT contact_id FROM found ORDER BY change_seq DESC LIMIT $2`;
    const rows = await tables.all(sql, limit - found.length, ...values.all);
    found.push(...rows.map(contactOf));
    if (found.length >= limit) break;
  }
  return found;
}

const contactOf = (row: Row): string => String(row['contact_id']);

/** Blocks that are asked for together; all of them where none are named. */
type Blocks = readonly number[];

/** What is common is looked for in the newest block, then in more and more of the others; what is not, in all at once. */
function blocksFor(matchesInSample: number, newest: number): readonly Blocks[] {
  if (matchesInSample <= minCommon) return [[]];
  const found: Blocks[] = [];
  let to = Math.floor(newest / blockSize);
  for (let length = 1; to >= 0; length = Math.min(length * 4, maxBlocks)) {
    const from = Math.max(0, to - length + 1);
    found.push(Array.from({ length: to - from + 1 }, (_, index) => from + index));
    to = from - 1;
  }
  return found;
}

/** Equal to each of them: the index would first take together all that lies in a range. */
const isIn = (blocks: Blocks, values: Values): string =>
  blocks.length === 0 ? '' : ` AND block = ANY (${values.place(blocks)}::integer[])`;

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

/** A condition that the index narrows down where it can, by trigrams and by grams. */
const indexedCondition = (ways: readonly Patterns[], values: Values): string =>
  conditionOf(ways, (pattern) => {
    const occurs = hasTrigrams.test(pattern)
      ? `text LIKE ${values.place(`%${pattern.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`)}`
      : `strpos(text, ${values.place(pattern)}) > 0`;
    const grams = gramsIn(pattern, !hasTrigrams.test(pattern));
    return grams.length === 0 ? occurs : `(grams @> ${values.place(grams)} AND ${occurs})`;
  });

const isIndexed = (pattern: string): boolean => hasTrigrams.test(pattern) || gramsIn(pattern, true).length > 0;

/** `pg_trgm` makes its trigrams of three letters or digits, or of fewer where a word begins or ends. */
const hasTrigrams = /[\p{L}\p{N}]{3}|[^\p{L}\p{N}\p{M}][\p{L}\p{N}]|[\p{L}\p{N}]{2}[^\p{L}\p{N}\p{M}]/u;
