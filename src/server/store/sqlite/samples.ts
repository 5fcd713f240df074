import type { SamplesReport } from '../../../contract/imports.ts';
import { SqliteContactWrites } from './contacts.ts';
import type { Reader, Writer } from './database.ts';

/** Nobody has changed the contact, or written about it. */
const isUntouched = `version = 1 AND NOT EXISTS (
  SELECT 1 FROM comment WHERE contact_id = contact.id AND (json_extract(author, '$._id') = 'u_local' OR json_extract(author, '$._id') LIKE '%@%'))`;

/** How many of the contacts that the workspace began with are left. */
export function countSamples(tables: Reader): SamplesReport {
  const row = tables.get(
    `SELECT count(*) FILTER (WHERE ${isUntouched}) AS untouched, count(*) AS samples FROM contact WHERE is_sample = 1`,
  );
  const untouched = Number(row?.['untouched']);
  return { untouched, kept: Number(row?.['samples']) - untouched };
}

/** Takes out those that are untouched, and the notifications that lead to nothing any more. */
export async function removeSamples(tables: Writer): Promise<SamplesReport> {
  const report = countSamples(tables);
  const contacts = new SqliteContactWrites(tables);
  const rows = tables.all(`SELECT id FROM contact WHERE is_sample = 1 AND ${isUntouched}`);
  for (const row of rows) await contacts.delete(String(row['id']));
  contacts.finish();
  // Nothing but samples is in these: on a machine of one's own nobody sends any.
  tables.run(`DELETE FROM notification WHERE NOT EXISTS (
    SELECT 1 FROM json_each(action_to) AS target JOIN conversation
    ON conversation.id = target.value OR conversation.public_id = target.value)`);
  return report;
}
