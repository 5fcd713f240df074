import {
  emptyProgress,
  type KeptAnswer,
  type MirrorAnswer,
  type MirrorProgress,
  type MirrorState,
} from '../../../contract/mirror.ts';
import { newContact } from '../contactChanges.ts';
import type { MirrorChange, MirrorStore } from '../mirrorStore.ts';
import { SqliteContactLookups, SqliteContactWrites } from './contacts.ts';
import type { Reader, Writer } from './database.ts';

/** A list that was asked for before a removal has been answered by then. */
const removalMs = 120_000;
/** Of those that were opened last. */
const maxContactsWithAnswers = 500;

/** Runs a transaction, after those that are under way. */
export type Transact = <T>(work: (tables: Writer) => Promise<T>) => Promise<T>;

/** What a workspace needs to be a mirror. */
export class SqliteMirror implements MirrorStore {
  private readonly reader: Reader;
  private readonly transact: Transact;
  private readonly tidy: () => Promise<void>;

  /** @param tidy puts the store in order after much was written. */
  constructor(reader: Reader, transact: Transact, tidy: () => Promise<void>) {
    this.reader = reader;
    this.transact = transact;
    this.tidy = tidy;
  }

  async state(): Promise<MirrorState> {
    const row = this.reader.get('SELECT progress, revision FROM mirror');
    const contacts = await new SqliteContactLookups(this.reader).count();
    return { progress: progressIn(row), contacts, revision: Number(row?.['revision'] ?? 0) };
  }

  async apply(change: MirrorChange): Promise<MirrorAnswer> {
    const { isWhole, ...answer } = await this.transact((tables) => applied(tables, change));
    // Hundreds of pages have left the index in as many pieces, and the log as long as it may be.
    if (isWhole) await this.tidy();
    return answer;
  }

  async unseen(limit: number): Promise<string[]> {
    const { sweep } = progressIn(this.reader.get('SELECT progress FROM mirror'));
    const rows = this.reader.all(
      `SELECT id FROM contact LEFT JOIN mirror_seen ON contact_seq = seq
       WHERE coalesce(sweep, 0) < ? ORDER BY seq LIMIT ?`,
      sweep.number,
      limit,
    );
    return rows.map(({ id }) => String(id));
  }

  keep({ contact_id, name, value, kept_at }: KeptAnswer): Promise<void> {
    return this.transact(async (tables) => {
      tables.run(
        'INSERT OR REPLACE INTO mirror_answer (contact_id, name, kept_at, value) VALUES (?, ?, ?, ?)',
        contact_id,
        name,
        kept_at,
        JSON.stringify(value ?? null),
      );
      tables.run(
        `DELETE FROM mirror_answer WHERE contact_id <> '' AND contact_id NOT IN (
           SELECT contact_id FROM mirror_answer WHERE contact_id <> ''
           GROUP BY contact_id ORDER BY max(kept_at) DESC LIMIT ${maxContactsWithAnswers})`,
      );
    });
  }

  async kept(contactId: string, name: string): Promise<KeptAnswer | undefined> {
    const row = this.reader.get(
      'SELECT value, kept_at FROM mirror_answer WHERE contact_id = ? AND name = ?',
      contactId,
      name,
    );
    if (row === undefined) return undefined;
    return { contact_id: contactId, name, value: JSON.parse(String(row['value'])), kept_at: String(row['kept_at']) };
  }

  lease(holder: string, seconds: number): Promise<boolean> {
    return this.transact(async (tables) => {
      const now = Date.now();
      const given = tables.run(
        'UPDATE mirror SET holder = ?1, held_until = ?2 WHERE holder = ?1 OR held_until < ?3',
        holder,
        now + seconds * 1000,
        now,
      );
      return given > 0;
    });
  }
}

/** @returns whether it has just become whole. */
async function applied(
  tables: Writer,
  { contacts: given, isOlder, isListed, removed, progress }: MirrorChange,
): Promise<MirrorAnswer & { isWhole: boolean }> {
  const writes = new SqliteContactWrites(tables);
  const gone = removedLately(tables);
  const contacts = isListed ? given.filter(({ id = '' }) => !gone.has(id)) : given;
  const before = progressIn(tables.get('SELECT progress FROM mirror'));
  const after = { ...before, ...progress, filled: Math.max(before.filled, progress?.filled ?? 0) };
  // Numbers below all that are used, in the order that a search gives: the newest has the highest.
  let place = isOlder ? lowered(tables, contacts.length) : undefined;
  let changed = 0;
  for (const draft of isOlder ? contacts.toReversed() : contacts) {
    const { seq, isChanged } = writes.putWhole(newContact(draft), place);
    if (place !== undefined) place++;
    if (isChanged) changed++;
    if (gone.has(draft.id ?? '')) tables.run('DELETE FROM mirror_removed WHERE id = ?', draft.id ?? '');
    tables.run('INSERT OR REPLACE INTO mirror_seen (contact_seq, sweep) VALUES (?, ?)', seq, after.sweep.number);
  }
  for (const id of removed) {
    tables.run('DELETE FROM mirror_answer WHERE contact_id = ?', id);
    tables.run('INSERT OR REPLACE INTO mirror_removed (id, at) VALUES (?, ?)', id, Date.now());
    if (await writes.delete(id)) changed++;
  }
  if (progress !== undefined) tables.run('UPDATE mirror SET progress = ?', JSON.stringify(after));
  if (changed > 0) tables.run('UPDATE mirror SET revision = revision + 1');
  const { revision } = tables.get('SELECT revision FROM mirror') ?? {};
  return { changed, revision: Number(revision), isWhole: after.isWhole && !before.isWhole };
}

/** Forgets those who were removed longer ago. */
function removedLately(tables: Writer): ReadonlySet<string> {
  tables.run('DELETE FROM mirror_removed WHERE at < ?', Date.now() - removalMs);
  return new Set(tables.all('SELECT id FROM mirror_removed').map(({ id }) => String(id)));
}

const progressIn = (row: Readonly<Record<string, unknown>> | undefined): MirrorProgress =>
  row === undefined || row['progress'] === '' ? emptyProgress : (JSON.parse(String(row['progress'])) as MirrorProgress);

/** Sets `count` numbers aside below those that were used for older contacts before. @returns the lowest. */
function lowered(tables: Writer, count: number): number {
  tables.run('UPDATE mirror SET oldest_place = oldest_place - ?', count);
  return Number(tables.get('SELECT oldest_place FROM mirror')?.['oldest_place']);
}
