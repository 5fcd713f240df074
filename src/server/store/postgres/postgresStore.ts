import { searchLayout } from '../searchText.ts';
import type { WorkspaceStore, WorkspaceTransaction } from '../workspaceStore.ts';
import { PostgresContacts, PostgresContactWrites } from './contacts.ts';
import type { PostgresDatabase, Tables } from './database.ts';
import { PostgresHistory, PostgresHistoryWrites } from './history.ts';
import { PostgresImports, PostgresImportWrites } from './imports.ts';
import { PostgresMedia, PostgresMediaWrites } from './media.ts';
import { PostgresMergeWrites } from './merges.ts';
import { PostgresNotifications, PostgresNotificationWrites } from './notifications.ts';
import { WorkspaceWriter } from './workspaceWriter.ts';

/** Claimed by a workspace whose index of searches is laid out as this version does. */
export const searchLayoutClaim = `search layout ${searchLayout}`;

/**
 * The workspace of one organization in a database that it shares with others.
 *
 * Its transactions go one after another, of whichever server: each holds the workspace's row until it ends.
 */
export class PostgresStore implements WorkspaceStore {
  readonly organizationId: string;
  readonly contacts: PostgresContacts;
  readonly history: PostgresHistory;
  readonly notifications: PostgresNotifications;
  readonly media: PostgresMedia;
  readonly imports: PostgresImports;
  private readonly database: PostgresDatabase;
  private readonly tables: Tables;

  constructor(database: PostgresDatabase, organizationId: string) {
    this.database = database;
    this.organizationId = organizationId;
    this.tables = database.of(organizationId);
    this.contacts = new PostgresContacts(database, organizationId);
    this.history = new PostgresHistory(this.tables);
    this.notifications = new PostgresNotifications(this.tables);
    this.media = new PostgresMedia(this.tables);
    this.imports = new PostgresImports(this.tables);
  }

  /**
   * Builds the index of searches anew where an earlier version has built it. The organization's writes wait for it.
   * @throws {StoreBusyError} while another server is at it.
   */
  async ensureSearch(): Promise<void> {
    if (await this.isClaimed(searchLayoutClaim)) return;
    await this.write(async (tx, contacts) => {
      if (await tx.claim(searchLayoutClaim)) contacts.rebuildSearch();
    });
  }

  transaction<T>(work: (tx: WorkspaceTransaction) => Promise<T>): Promise<T> {
    return this.write(work);
  }

  private write<T>(work: (tx: WorkspaceTransaction, contacts: PostgresContactWrites) => Promise<T>): Promise<T> {
    return this.database.transaction(this.organizationId, async (tables) => {
      const writer = await WorkspaceWriter.begin(tables);
      try {
        const contacts = new PostgresContactWrites(writer);
        const tx: WorkspaceTransaction = {
          contacts,
          history: new PostgresHistoryWrites(writer),
          notifications: new PostgresNotificationWrites(writer),
          media: new PostgresMediaWrites(writer),
          imports: new PostgresImportWrites(writer),
          merges: new PostgresMergeWrites(writer),
          claim: (name) => claim(writer, name),
        };
        const result = await work(tx, contacts);
        await contacts.finish();
        await writer.finish();
        return result;
      } finally {
        await writer.end();
      }
    });
  }

  async version(): Promise<string> {
    return String((await this.tables.get('SELECT version FROM workspace WHERE organization_id = $1'))?.['version']);
  }

  async isClaimed(name: string): Promise<boolean> {
    const sql = 'SELECT 1 FROM claim WHERE organization_id = $1 AND name = $2';
    return (await this.tables.get(sql, name)) !== undefined;
  }

  /** The database stays open, for the workspaces of others. */
  close(): Promise<void> {
    return this.database.settled(this.organizationId);
  }
}

async function claim(writer: WorkspaceWriter, name: string): Promise<boolean> {
  const sql = 'INSERT INTO claim (organization_id, name) VALUES ($1, $2) ON CONFLICT DO NOTHING';
  return (await writer.run(sql, name)) === 1;
}
