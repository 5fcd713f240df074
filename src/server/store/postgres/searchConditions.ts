/** What a search asks of the entries, in SQL. */
import type { Patterns } from '../searchText.ts';
import { gramsIn } from './grams.ts';
import type { Value } from './values.ts';

/** Blocks that are asked for together; all of them where none are named. */
export type Blocks = readonly number[];

/**
 * The entries in `blocks` for which `condition` holds. One block after the other, each named by itself: of a list of
 * blocks the planner may think that the rest of the condition tells enough, and read all that it finds.
 */
export function entriesIn(blocks: Blocks, values: Values, condition: string): string {
  const wanted = 'SELECT contact_id, change_seq FROM search_entry WHERE organization_id = $1';
  if (blocks.length === 0) return `(${wanted} AND ${condition}) AS entry`;
  return `unnest(${values.place(blocks)}::integer[]) AS stretch (part)
    CROSS JOIN LATERAL (${wanted} AND block = stretch.part AND ${condition} OFFSET 0) AS entry`;
}

/** The values of a statement, which names each by its place. */
export class Values {
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
export const plainCondition = (ways: readonly Patterns[], values: Values): string =>
  conditionOf(ways, (pattern) => `strpos(text, ${values.place(pattern)}) > 0`);

/** A condition that the index narrows down where it can, by trigrams and by grams. */
export const indexedCondition = (ways: readonly Patterns[], values: Values): string =>
  conditionOf(ways, (pattern) => {
    const occurs = hasTrigrams.test(pattern)
      ? `text LIKE ${values.place(`%${pattern.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`)}`
      : `strpos(text, ${values.place(pattern)}) > 0`;
    const grams = gramsIn(pattern, !hasTrigrams.test(pattern));
    return grams.length === 0 ? occurs : `(grams @> ${values.place(grams)} AND ${occurs})`;
  });

export const isIndexed = (pattern: string): boolean => hasTrigrams.test(pattern) || gramsIn(pattern, true).length > 0;

/** `pg_trgm` makes its trigrams of three letters or digits, or of fewer where a word begins or ends. */
const hasTrigrams = /[\p{L}\p{N}]{3}|[^\p{L}\p{N}\p{M}][\p{L}\p{N}]|[\p{L}\p{N}]{2}[^\p{L}\p{N}\p{M}]/u;
