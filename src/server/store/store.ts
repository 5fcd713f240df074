import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { ContactStore } from './contactStore.ts';
import { Database, type Schema } from './database.ts';
import { migrations } from './migrations.ts';
import { HistoryStore } from './historyStore.ts';
import { MediaStore } from './mediaStore.ts';
import { NotificationStore } from './notificationStore.ts';

export const storeSchema: Schema = { fileName: 'contacts.db', migrations };

/** Everything one workspace keeps, over one SQLite file and one folder of media. */
export interface Store {
  readonly database: Database;
  readonly contacts: ContactStore;
  readonly history: HistoryStore;
  readonly notifications: NotificationStore;
  readonly media: MediaStore;
  readonly organizationId: string;
  /** The folder that all of it is in. */
  readonly directory: string;
  close(): void;
}

/**
 * Opens the workspace in `directory`, and creates it where there is none.
 * @throws {StoreError} when what is there cannot be used.
 */
export function openStore(directory: string): Store {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const database = Database.open(directory, storeSchema);
  return {
    database,
    contacts: new ContactStore(database),
    history: new HistoryStore(database),
    notifications: new NotificationStore(database),
    media: new MediaStore(database, directory),
    organizationId: organizationIdOf(database),
    directory,
    close: () => database.close(),
  };
}

function organizationIdOf(database: Database): string {
  return database.write(() => {
    const name = 'organization_id';
    const known = database.get('SELECT value FROM setting WHERE name = ?', name)?.['value'];
    if (typeof known === 'string') return known;
    const created = `org_${randomUUID()}`;
    database.run('INSERT INTO setting (name, value) VALUES (?, ?)', name, created);
    return created;
  });
}
