import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { DuplicateRule, ImportProblem, ImportRun, ImportState, UndoReport } from '../../contract/localData.ts';
import { pictureFormatOf } from '../../contract/pictureFormat.ts';
import { maxPictureBytes } from '../../contract/vocabulary.ts';
import type { ContactChanges, ContactDraft, StoredContact } from '../store/contactStore.ts';
import { newContactId } from '../store/contactId.ts';
import { isBusy, isFull } from '../store/database.ts';
import { mediaReference } from '../store/mediaStore.ts';
import type { Store } from '../store/store.ts';
import { changesFrom, faultOf } from './columns.ts';
import { sourceOf, type Incoming, type SourceOptions } from './importSource.ts';

export interface ImportOptions extends SourceOptions {
  duplicates: DuplicateRule;
  /** Of the file when the import began, in bytes and milliseconds: in another, what is in is elsewhere. */
  size: number;
  changedAt: number;
}

interface Running {
  controller: AbortController;
  bytesRead: number;
  bytes: number;
  ended: Promise<void>;
}

const undoneAtOnce = 500;

/**
 * Imports of files, each batch of rows in one transaction with how far the import has come: one that is broken off
 * goes on where it was, and gives the same as in one go.
 */
export class ImportRuns {
  private readonly store: Store;
  /** Those under way in this process. */
  private readonly running = new Map<string, Running>();

  constructor(store: Store) {
    this.store = store;
  }

  /** Begins an import, which goes on by itself. @returns its id. */
  async start(file: string, given: Omit<ImportOptions, 'size' | 'changedAt'>): Promise<string> {
    const { size, mtimeMs: changedAt } = await stat(file);
    const options: ImportOptions = { ...given, size, changedAt };
    const id = `imp_${randomUUID()}`;
    this.store.database.write(() =>
      this.store.database.run(
        "INSERT INTO import_run (id, file, options, started_at, state) VALUES (?, ?, ?, ?, 'running')",
        id,
        file,
        JSON.stringify(options),
        new Date().toISOString(),
      ),
    );
    this.begin(id, size);
    return id;
  }

  /** Goes on with an import that was cancelled, has failed, or whose process has ended. */
  async resume(id: string): Promise<'resumed' | 'ended' | 'fileChanged'> {
    const run = this.find(id);
    if (run === undefined || ['done', 'undone'].includes(run.state)) return 'ended';
    const { size, mtimeMs } = await stat(run.file);
    if (this.running.has(id)) return 'resumed';
    const options = this.optionsOf(id);
    if (size !== options.size || mtimeMs !== options.changedAt) return 'fileChanged';
    this.become(id, 'running');
    this.begin(id, size);
    return 'resumed';
  }

  cancel(id: string): void {
    this.running.get(id)?.controller.abort();
  }

  /** Settles when an import is under way no more. */
  async ended(id: string): Promise<ImportRun | undefined> {
    await this.running.get(id)?.ended;
    return this.find(id);
  }

  find(id: string): ImportRun | undefined {
    const row = this.store.database.get(
      `SELECT id, file, started_at, state, fault, added, updated, skipped,
         (SELECT count(*) FROM import_problem WHERE run_id = id) AS rejected FROM import_run WHERE id = ?`,
      id,
    ) as ImportRun | undefined;
    if (row === undefined) return undefined;
    const progress = this.running.get(id);
    return progress === undefined ? { ...row } : { ...row, bytesRead: progress.bytesRead, bytes: progress.bytes };
  }

  /** The latest, newest first. */
  latest(limit: number): ImportRun[] {
    return this.store.database
      .all('SELECT id FROM import_run ORDER BY started_at DESC LIMIT ?', limit)
      .map(({ id }) => this.find(String(id)))
      .filter((run) => run !== undefined);
  }

  problems(id: string, limit: number, skip: number): ImportProblem[] {
    return this.store.database.all(
      'SELECT line, reason FROM import_problem WHERE run_id = ? ORDER BY line LIMIT ? OFFSET ?',
      id,
      limit,
      skip,
    ) as unknown as ImportProblem[];
  }

  /** Takes an import back. What was changed since stays, and is counted. */
  async undo(id: string): Promise<UndoReport | undefined> {
    if (this.find(id) === undefined || this.running.has(id)) return undefined;
    // Another process that is at it finds that it is to stop.
    this.become(id, 'cancelled');
    const result = { removed: 0, restored: 0, kept: 0 };
    for (;;) {
      const count = this.store.database.write(() => this.undoBatch(id, result));
      if (count === 0) break;
      // Other requests are answered meanwhile.
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.become(id, 'undone');
    return result;
  }

  private undoBatch(id: string, result: UndoReport): number {
    const { contacts, database } = this.store;
    const rows = database.all('SELECT * FROM import_contact WHERE run_id = ? LIMIT ?', id, undoneAtOnce);
    for (const row of rows) {
      const contactId = String(row['contact_id']);
      const contact = contacts.get(contactId);
      if (contact === undefined || contact.version !== row['version']) {
        result.kept += contact === undefined ? 0 : 1;
      } else if (row['before'] === null) {
        contacts.remove(contactId);
        result.removed++;
      } else {
        contacts.applyChanges(contact, JSON.parse(row['before'] as string) as ContactChanges);
        result.restored++;
      }
      database.run('DELETE FROM import_contact WHERE run_id = ? AND contact_id = ?', id, contactId);
    }
    return rows.length;
  }

  private begin(id: string, bytes: number): void {
    const controller = new AbortController();
    const running: Running = { controller, bytesRead: 0, bytes, ended: Promise.resolve() };
    this.running.set(id, running);
    running.ended = this.read(id, controller.signal, (count) => (running.bytesRead += count))
      .then((end) => {
        if (end !== 'takenOver') this.become(id, end);
      })
      .catch((error: unknown) => this.become(id, 'failed', faultText(error)))
      // A store that takes no note of it, being full or busy: the import goes on when it is resumed.
      .catch(() => undefined)
      .finally(() => this.running.delete(id));
  }

  private optionsOf(id: string): ImportOptions {
    const row = this.store.database.get('SELECT options FROM import_run WHERE id = ?', id);
    return JSON.parse(String(row?.['options'])) as ImportOptions;
  }

  /** @returns `takenOver` where another process has gone on with it meanwhile, or has ended it. */
  private async read(
    id: string,
    signal: AbortSignal,
    onBytes: (bytes: number) => void,
  ): Promise<'done' | 'cancelled' | 'takenOver'> {
    const { database } = this.store;
    const row = database.get('SELECT file, position, started_at FROM import_run WHERE id = ?', id);
    const options = this.optionsOf(id);
    let position = Number(row?.['position']);
    let before = position;
    const started = Date.parse(String(row?.['started_at']));
    for await (const { problems, incoming } of sourceOf(String(row?.['file']), options, onBytes)) {
      if (signal.aborted) return 'cancelled';
      const fresh = incoming.slice(Math.min(before, incoming.length));
      before -= incoming.length - fresh.length;
      // A picture is a file, which no transaction takes back; it is there before anything names it.
      const drafts = fresh.map((each) => this.withPicture(each, options.duplicates));
      const together = randomUUID().slice(0, 4);
      const isOurs = database.write(() => {
        const isNext =
          "UPDATE import_run SET position = position + ? WHERE id = ? AND position = ? AND state = 'running'";
        if (database.run(isNext, fresh.length, id, position) === 0) return false;
        const counts = { added: 0, updated: 0, skipped: 0 };
        for (const { line, reason } of problems) this.reject(id, line, reason);
        for (const [index, draft] of drafts.entries()) {
          const fault = faultOf(draft);
          // Each a moment before the last, so that 'newest first' keeps the order of the file.
          const at = new Date(started - position - index).toISOString();
          if (fault === undefined)
            counts[this.take(id, draft, { id: newContactId(together), at }, options.duplicates)]++;
          else this.reject(id, fresh[index]?.line ?? 0, fault);
        }
        database.run(
          'UPDATE import_run SET added = added + ?, updated = updated + ?, skipped = skipped + ? WHERE id = ?',
          counts.added,
          counts.updated,
          counts.skipped,
          id,
        );
        return true;
      });
      if (!isOurs) return 'takenOver';
      position += fresh.length;
    }
    return 'done';
  }

  /** @param fresh what a new contact gets where the row does not say. */
  private take(
    id: string,
    draft: ContactDraft,
    fresh: { id: string; at: string },
    duplicates: DuplicateRule,
  ): 'added' | 'updated' | 'skipped' {
    const { contacts, organizationId } = this.store;
    const same = duplicates === 'both' ? undefined : contacts.findReached(draft);
    if (same !== undefined && duplicates === 'skip') return 'skipped';
    if (same !== undefined) {
      const changes = changesFrom(draft, same);
      contacts.applyChanges(same, changes);
      this.note(id, same.id, same.version + 1, valuesOf(same, Object.keys(changes)));
      return 'updated';
    }
    const { id: wanted, ...rest } = draft;
    const isFree = wanted !== undefined && contacts.get(wanted) === undefined;
    const contactId = contacts.insert({
      ...rest,
      id: isFree ? wanted : fresh.id,
      created_at: draft.created_at || fresh.at,
      organization_id: organizationId,
    });
    this.note(id, contactId, 1, undefined);
    return 'added';
  }

  /** What an undo needs; of a contact that several rows change, how it was before the first of them. */
  private note(id: string, contactId: string, version: number, before: ContactChanges | undefined): void {
    this.store.database.run(
      `INSERT INTO import_contact (run_id, contact_id, before, version) VALUES (?, ?, ?, ?)
       ON CONFLICT (run_id, contact_id) DO UPDATE SET version = excluded.version,
         before = CASE WHEN before IS NULL THEN NULL ELSE json_patch(excluded.before, before) END`,
      id,
      contactId,
      before === undefined ? null : JSON.stringify(before),
      version,
    );
  }

  private reject(id: string, line: number, reason: string): void {
    this.store.database.run(
      'INSERT OR IGNORE INTO import_problem (run_id, line, reason) VALUES (?, ?, ?)',
      id,
      line,
      reason,
    );
  }

  /** The picture is kept where the contact will be. */
  private withPicture({ draft, photo }: Incoming, duplicates: DuplicateRule): ContactDraft {
    const format = photo === undefined || photo.length > maxPictureBytes ? undefined : pictureFormatOf(photo);
    if (photo === undefined || format === undefined || faultOf(draft) !== undefined) return draft;
    if (duplicates === 'skip' && this.store.contacts.findReached(draft) !== undefined) return draft;
    return { ...draft, avatar_url: mediaReference(this.store.media.add(photo, format.type, 'photo')) };
  }

  private become(id: string, state: ImportState, fault = ''): void {
    const { database } = this.store;
    database.write(() => database.run('UPDATE import_run SET state = ?, fault = ? WHERE id = ?', state, fault, id));
  }
}

function faultText(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (isFull(error)) return 'the disk is full';
  if (isBusy(error)) return 'the store is busy';
  return typeof code === 'string' && /^E[A-Z]+$/.test(code)
    ? 'the file could not be read'
    : 'the file could not be understood';
}

/** How the fields were that a change is about; the name too, which follows its parts. */
function valuesOf(contact: StoredContact, names: readonly string[]): ContactChanges {
  const wanted = new Set([...names, 'display_name']);
  return Object.fromEntries(Object.entries(contact).filter(([name]) => wanted.has(name)));
}
