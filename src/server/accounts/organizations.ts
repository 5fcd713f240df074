import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { StoreError } from '../store/database.ts';
import { openStore, type Store } from '../store/store.ts';

/** An organisation and its contacts, in a store that nobody else's are in. */
export interface Organization {
  id: string;
  displayName: string;
  store: Store;
}

/**
 * Opens the stores of the organisations named, creating those that are new. The first is the server's own: it has
 * the data directory itself, and so finds what was there before the server had any users.
 * @param names without any, there is the server's own organisation alone.
 * @throws {StoreError} when a store belongs to an organisation of another name: an edited list must not give one's
 * contacts to another.
 */
export function openOrganizations(
  dataDirectory: string,
  names: readonly string[],
): { own: Organization; organizations: Organization[] } {
  const [ownName, ...others] = names;
  const own = open(dataDirectory, ownName);
  const opened = others.map((name) => open(join(dataDirectory, 'organizations', folderOf(name)), name));
  return { own, organizations: [own, ...opened] };
}

function open(directory: string, name: string | undefined): Organization {
  const store = openStore(directory);
  if (name !== undefined) claim(store, directory, name);
  return { id: store.organizationId, displayName: name ?? 'Local workspace', store };
}

function claim(store: Store, directory: string, name: string): void {
  const { database } = store;
  const owner = database.write(() => {
    database.run("INSERT OR IGNORE INTO setting (name, value) VALUES ('organization_name', ?)", name);
    return database.get("SELECT value FROM setting WHERE name = 'organization_name'")?.['value'];
  });
  if (owner === name) return;
  store.close();
  throw new StoreError(`${directory} holds the contacts of "${String(owner)}", not of "${name}".`);
}

/** A name is never a path. */
const folderOf = (name: string): string => createHash('sha256').update(name).digest('hex').slice(0, 32);
