import type { SamplesReport } from '../../../contract/imports.ts';
import { countSamples, removeSamples } from './samples.ts';
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { WorkspaceStore, WorkspaceTransaction } from '../workspaceStore.ts';
import { insertChecked } from './checksums.ts';
import { SqliteContacts, SqliteContactWrites } from './contacts.ts';
import { Database, type Schema, type Writer } from './database.ts';
import { SqliteFacets } from './facets.ts';
import { SqliteHistory, SqliteHistoryWrites } from './history.ts';
import { SqliteImports, SqliteImportWrites } from './imports.ts';
import { SqliteMedia, SqliteMediaWrites } from './media.ts';
import { inspect, isLarge, repairSearchIndex, throwIfMarkedDamaged } from './inspection.ts';
import { SqliteMergeWrites } from './merges.ts';
import { SqliteMirror } from './mirror.ts';
import { migrations } from './migrations.ts';
import { SqliteNotifications, SqliteNotificationWrites } from './notifications.ts';
import { SearchEntries } from './searchEntries.ts';

export const storeSchema: Schema = { fileName: 'contacts.db', migrations };

/**
 * A workspace in one SQLite file and one folder of media.
 *
 * One connection reads and another writes, so that nobody sees half of a transaction, and reads are answered while one
 * is under way. Transactions of one process wait for each other here, those of several at SQLite's lock.
 */
export class SqliteStore implements WorkspaceStore {
  readonly organizationId: string;
  readonly contacts: SqliteContacts;
  readonly history: SqliteHistory;
  readonly notifications: SqliteNotifications;
  readonly media: SqliteMedia;
  readonly imports: SqliteImports;
  readonly facets: SqliteFacets;
  /** The folder that all of it is in. */
  readonly directory: string;
  /** For a workspace that is a mirror. */
  readonly mirror: SqliteMirror;
  private readonly reader: Database;
  private readonly writer: Database;
  private lastTurn: Promise<unknown> = Promise.resolve();

  private constructor(directory: string, writer: Database, organizationId: string) {
    this.directory = directory;
    this.writer = writer;
    this.organizationId = organizationId;
    this.reader = Database.openReader(directory, storeSchema);
    this.contacts = new SqliteContacts(this.reader);
    this.history = new SqliteHistory(this.reader);
    this.notifications = new SqliteNotifications(this.reader);
    this.media = new SqliteMedia(this.reader, directory);
    this.imports = new SqliteImports(this.reader);
    this.facets = new SqliteFacets(this.reader);
    this.mirror = new SqliteMirror(
      this.reader,
      (work) => this.runExclusive(() => this.writer.transaction(work)),
      () => this.tidy(),
    );
  }

  /**
   * Opens the workspace in `directory`, and creates it where there is none.
   * @throws {StoreError} when what is there cannot be used, {StoreDamagedError} when it is not what was written.
   */
  static open(directory: string): SqliteStore {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const file = join(directory, storeSchema.fileName);
    throwIfMarkedDamaged(file);
    const writer = Database.open(directory, storeSchema);
    try {
      if (!isLarge(directory, storeSchema)) {
        inspect(writer, file);
        repairSearchIndex(writer);
      }
      const organizationId = writer.write((tables) => {
        new SearchEntries(tables).ensure();
        return getOrCreateSetting(tables, 'organization_id', `org_${randomUUID()}`);
      });
      return new SqliteStore(directory, writer, organizationId);
    } catch (error) {
      writer.close();
      throw error;
    }
  }

  transaction<T>(work: (tx: WorkspaceTransaction) => Promise<T>): Promise<T> {
    return this.runExclusive(() =>
      this.writer.transaction(async (tables) => {
        const contacts = new SqliteContactWrites(tables);
        const result = await work({
          contacts,
          history: new SqliteHistoryWrites(tables),
          notifications: new SqliteNotificationWrites(tables),
          media: new SqliteMediaWrites(tables, this.directory),
          imports: new SqliteImportWrites(tables),
          merges: new SqliteMergeWrites(tables),
          claim: async (name) => claimSetting(tables, name),
        });
        contacts.finish();
        return result;
      }),
    );
  }

  /** How many transactions have written something. */
  async commits(): Promise<number> {
    return Number(this.reader.get('SELECT n FROM commit_count')?.['n']);
  }

  async version(): Promise<string> {
    return String(this.reader.version);
  }

  async isClaimed(name: string): Promise<boolean> {
    return this.reader.get('SELECT 1 FROM setting WHERE name = ?', name) !== undefined;
  }

  /** The contacts that the workspace began with. */
  get samples(): { count: () => Promise<SamplesReport>; remove: () => Promise<SamplesReport> } {
    return {
      count: async () => countSamples(this.reader),
      remove: () => this.runExclusive(() => this.writer.transaction((tables) => removeSamples(tables))),
    };
  }

  /** The name of the organization whose workspace this is: `name` for one that nobody has had yet. */
  ownerOf(name: string): string {
    return this.writer.write((tables) => getOrCreateSetting(tables, 'organization_name', name));
  }

  /** Makes one piece of the index of searches, and takes what is in the log into the file. */
  private async tidy(): Promise<void> {
    for (let step = 1, isDone = false; !isDone; step++) {
      isDone = await this.runExclusive(() =>
        this.writer.transaction(async (tables) => new SearchEntries(tables).merge(step === 1)),
      );
      // Who has asked meanwhile is answered first.
      await setImmediate();
    }
    await this.runExclusive(async () => this.writer.truncateLog());
  }

  /** Does `work` while no transaction of this process is under way. */
  runExclusive<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.lastTurn.then(work);
    this.lastTurn = turn.catch(() => undefined);
    return turn;
  }

  async close(): Promise<void> {
    await this.runExclusive(async () => {
      this.reader.close();
      this.writer.close();
    });
  }
}

/** The value of a setting, which is `value` from now on where it has none. */
function getOrCreateSetting(tables: Writer, name: string, value: string): string {
  const known = tables.get('SELECT value FROM setting WHERE name = ?', name)?.['value'];
  if (typeof known === 'string') return known;
  insertChecked(tables, 'setting', { name, value });
  return value;
}

function claimSetting(tables: Writer, name: string): boolean {
  if (tables.get('SELECT 1 FROM setting WHERE name = ?', name) !== undefined) return false;
  insertChecked(tables, 'setting', { name, value: '1' });
  return true;
}
