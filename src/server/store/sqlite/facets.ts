import type { SQLInputValue } from 'node:sqlite';
import { contactFrom } from '../jsonColumns.ts';
import type { PageRequest, Sort, StoredContact, StoredPage } from '../records.ts';
import type { ContactFacets, ContactFilter } from '../workspaceStore.ts';
import { columns, orderBy } from './contacts.ts';
import type { Reader } from './database.ts';

/** Whether a row with `channel_type` and `labels` passes: ?1 are the channels, ?2 the labels as JSON writes each. */
const passes = `(?1 = '[]' OR lower(channel_type) IN (SELECT value FROM json_each(?1)))
  AND (?2 = '[]' OR EXISTS (
    SELECT 1 FROM json_each(?2) AS wanted WHERE instr(labels, wanted.value) > 0
      AND EXISTS (SELECT 1 FROM json_each(labels) AS own WHERE own.value = json_extract(wanted.value, '$'))))`;
const groups = `SELECT channel_type AS channel, labels AS together FROM contact_group WHERE ${passes}`;
const ofGroups = `FROM (${groups}) CROSS JOIN contact INDEXED BY contact_by_group ON channel_type = channel AND labels = together`;

/** So many times the work of a row in its order is one that is looked for by its group. */
const gatheringCost = { created_at: 0.5, other: 2 };

/**
 * Contacts by channel and label. `contact_group` has a row for each pair of a channel and a set of labels that occurs,
 * kept by triggers: what matches is known, and counted, without a look at the contacts.
 */
export class SqliteFacets implements ContactFacets {
  private readonly tables: Reader;

  constructor(tables: Reader) {
    this.tables = tables;
  }

  async list(filter: ContactFilter, sort: Sort, { limit, skip }: PageRequest): Promise<StoredPage<StoredContact>> {
    const wanted = [
      JSON.stringify(filter.channels.map((channel) => channel.toLowerCase())),
      JSON.stringify(filter.labels.map((label) => JSON.stringify(label))),
    ];
    const counted = this.tables.get(
      `SELECT coalesce(sum(n), 0) AS n, (SELECT sum(n) FROM contact_group) AS everybody FROM contact_group WHERE ${passes}`,
      ...wanted,
    );
    const matching = Number(counted?.['n']);
    if (skip >= matching) return { items: [], matching };
    const order = orderBy(sort);
    const few = Math.min(limit, matching - skip);
    // Of few, all are looked for and put in order; of many, the rows in their order are looked through until there are enough.
    const gathered = matching * gatheringCost[sort.column === 'created_at' ? 'created_at' : 'other'];
    const expected = ((skip + limit) * Number(counted?.['everybody'])) / matching;
    const found = gathered < expected ? [] : this.lookThrough(order, [...wanted, few, skip, Math.ceil(4 * expected)]);
    // They may all be far from where the order begins.
    const seqs =
      found.length === few
        ? found
        : this.seqsOf(`${ofGroups} ORDER BY ${order} LIMIT ?3 OFFSET ?4`, [...wanted, few, skip]);
    const rows = this.tables.all(
      `SELECT ${columns} FROM contact WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY ${order}`,
      JSON.stringify(seqs),
    );
    return { items: rows.map(contactFrom), matching };
  }

  /** @param values channels, labels, how many are wanted after how many, and in how many rows. */
  private lookThrough(order: string, values: SQLInputValue[]): number[] {
    const first = `SELECT seq, channel_type, labels FROM contact ORDER BY ${order} LIMIT ?5`;
    return this.seqsOf(`FROM (${first}) WHERE ${passes} LIMIT ?3 OFFSET ?4`, values);
  }

  private seqsOf(from: string, values: SQLInputValue[]): number[] {
    return this.tables.all(`SELECT seq ${from}`, ...values).map(({ seq }) => Number(seq));
  }

  async labels(): Promise<string[]> {
    const rows = this.tables.all(
      'SELECT DISTINCT json_each.value AS label FROM contact_group, json_each(contact_group.labels) ORDER BY label',
    );
    return rows.map(({ label }) => String(label));
  }
}
