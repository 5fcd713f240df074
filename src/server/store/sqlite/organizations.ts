import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { StoreError } from '../errors.ts';
import { SqliteStore } from './sqliteStore.ts';

/** An organization and its contacts, in a store that nobody else's are in. */
export interface SqliteOrganization {
  id: string;
  displayName: string;
  store: SqliteStore;
}

/**
 * Opens the stores of the organizations named, creating those that are new. The first is the server's own: it has
 * the data directory itself, and so finds what was there before the server had any users.
 * @param names without any, there is the server's own organization alone.
 * @throws {StoreError} when a store belongs to an organization of another name: an edited list must not give one's
 * contacts to another.
 */
export function openOrganizations(
  dataDirectory: string,
  names: readonly string[],
): { own: SqliteOrganization; organizations: SqliteOrganization[] } {
  const [ownName, ...others] = names;
  const own = open(dataDirectory, ownName);
  const opened = others.map((name) => open(join(dataDirectory, 'organizations', folderOf(name)), name));
  return { own, organizations: [own, ...opened] };
}

function open(directory: string, name: string | undefined): SqliteOrganization {
  const store = SqliteStore.open(directory);
  const owner = name === undefined ? undefined : store.ownerOf(name);
  if (owner !== name) {
    void store.close();
    throw new StoreError(`${directory} holds the contacts of "${owner}", not of "${name}".`);
  }
  return { id: store.organizationId, displayName: name ?? 'Local workspace', store };
}

/** A name is never a path. */
const folderOf = (name: string): string => createHash('sha256').update(name).digest('hex').slice(0, 32);
