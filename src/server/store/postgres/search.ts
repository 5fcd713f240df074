import { LRUCache } from 'lru-cache';
import type { PageRequest, SearchRequest } from '../records.ts';
import { matchKinds, waysToMatch, type MatchKind, type Patterns } from '../searchText.ts';
import { maxCandidates, nearest, nearQuery } from '../nearMatches.ts';
import { countedUpTo, maxExactCount } from '../workspaceStore.ts';
import { plannedAnew, type Row, type Tables } from './database.ts';
import { entriesIn, indexedCondition, isIndexed, plainCondition, Values, type Blocks } from './searchConditions.ts';
import type { Value } from './values.ts';

/** So many of the newest changes are looked at before the index is asked. */
const sampleSize = 1_000;
/** What more of these have is common: a stretch of changes has enough of it. */
const minCommon = 20;
/** Matches that are few enough to be ranked all at once. */
const maxRanked = 120;
/** Fewer among the newest tell nothing of the others: what was just changed is often what is looked for. */
const minTelling = 3;
/** Where the newest let so many be expected, there are more than are ranked all at once, by all that one can know. */
const manyExpected = 3 * maxRanked;
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
    const isCommon = (kind: MatchKind): boolean =>
      sample[kind] > minCommon || (sample[kind] >= minTelling && sample[kind] * contacts > manyExpected * sampleSize);
    const few = isCommon('part') ? undefined : await rankedIfFew(tables, ways);
    if (few !== undefined) return { contacts: few.slice(skip, skip + limit), matching: few.length, isExact: true };
    const wanted = limit + skip;
    const found: string[] = [];
    for (const [index, kind] of matchKinds.entries()) {
      if (found.length >= wanted) break;
      const better = matchKinds.slice(0, index).map((each) => ways[each]);
      const wantedOfKind = { ways: ways[kind], better, newest, sampled: sample[kind] };
      found.push(...(await newestOf(tables, wantedOfKind, wanted - found.length)));
    }
    if (!isCounted) return { contacts: found.slice(skip), matching: found.length, isExact: found.length < wanted };
    const key = `${String(workspace?.['version'])} ${query}`;
    const stretches = isCommon('part') ? stretchesOf(newest) : [[]];
    const matching = await this.cachedCount(tables, key, ways.part, stretches);
    return { contacts: found.slice(skip), ...countedUpTo(matching) };
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
      const found = entriesIn(blocks, values, indexedCondition(ways, values));
      const row = await tables.get(
        `${plannedAnew} SELECT count(*) AS n FROM (SELECT 1 FROM ${found} LIMIT ${maxExactCount + 1 - count}) AS found`,
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
  return { contacts: rows.map(contactOf), ...countedUpTo(contacts) };
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
    .toSorted((one, other) => Number(one['rank']) - Number(other['rank']) || newestChangeFirst(one, other))
    .map(contactOf);
}

const newestChangeFirst = (one: Row, other: Row): number => Number(other['change_seq']) - Number(one['change_seq']);

interface Kind {
  ways: readonly Patterns[];
  /** Who matches in one of these is no longer wanted. */
  better: readonly (readonly Patterns[])[];
  newest: number;
  /** How many of the newest texts match. */
  sampled: number;
}

/** Those of a kind who changed last. */
async function newestOf(tables: Tables, kind: Kind, limit: number): Promise<string[]> {
  const { newest, sampled } = kind;
  if (sampled > limit / 2) {
    const near = await amongNewest(tables, kind, limit);
    if (near.length >= limit) return near;
  }
  const found: string[] = [];
  let isTried = false;
  const blockCount = Math.floor(newest / blockSize) + 1;
  for (const blocks of stretchesOf(newest)) {
    const values = new Values(3);
    const entries = entriesIn(blocks, values, indexedCondition(kind.ways, values) + noneOf(kind.better, values));
    const sql = `${plannedAnew} WITH found AS MATERIALIZED (SELECT contact_id, change_seq FROM ${entries})
       SELECT contact_id FROM found ORDER BY change_seq DESC LIMIT $2`;
    const rows = await tables.all(sql, limit - found.length, ...values.all);
    found.push(...rows.map(contactOf));
    const left = blocks[0] ?? 0;
    if (found.length >= limit || left === 0) break;
    // Fewer than it seemed: what is left of them is soon read.
    if (!isTried && found.length * left < (maxRanked * (blockCount - left)) / 2) {
      isTried = true;
      const rest = await fewOf(tables, kind, left * blockSize);
      if (rest !== undefined) return [...found, ...rest.slice(0, limit - found.length)];
    }
  }
  return found;
}

/** All of a kind of before a change, those who changed last first; `undefined` when they are many. */
async function fewOf(tables: Tables, { ways, better }: Kind, before: number): Promise<string[] | undefined> {
  const values = new Values(3);
  const rows = await tables.all(
    `${plannedAnew} SELECT contact_id, change_seq FROM search_entry WHERE organization_id = $1 AND change_seq < $2
       AND ${indexedCondition(ways, values)}${noneOf(better, values)} LIMIT ${maxRanked + 1}`,
    before,
    ...values.all,
  );
  return rows.length > maxRanked ? undefined : rows.toSorted(newestChangeFirst).map(contactOf);
}

/** Those of a kind among the changes just before this one. */
async function amongNewest(tables: Tables, { ways, better, newest }: Kind, limit: number): Promise<string[]> {
  const values = new Values(4);
  const rows = await tables.all(
    `${plannedAnew} SELECT contact_id FROM search_entry WHERE organization_id = $1 AND change_seq > $2
       AND ${plainCondition(ways, values)}${noneOf(better, values)} ORDER BY change_seq DESC LIMIT $3`,
    newest - sampleSize - 2 * limit,
    limit,
    ...values.all,
  );
  return rows.map(contactOf);
}

const noneOf = (better: Kind['better'], values: Values): string =>
  better.map((each) => ` AND NOT ${plainCondition(each, values)}`).join('');

const contactOf = (row: Row): string => String(row['contact_id']);

/** What many have is looked for in the newest block, then in more and more of the others. */
function stretchesOf(newest: number): readonly Blocks[] {
  const found: Blocks[] = [];
  let to = Math.floor(newest / blockSize);
  for (let length = 1; to >= 0; length = Math.min(length * 4, maxBlocks)) {
    const from = Math.max(0, to - length + 1);
    found.push(Array.from({ length: to - from + 1 }, (_, index) => from + index));
    to = from - 1;
  }
  return found;
}
