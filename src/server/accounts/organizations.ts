import { createHash } from 'node:crypto';
import { join } from 'node:path';
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
 */
export function openOrganizations(
  dataDirectory: string,
  [ownName = '', ...names]: readonly string[],
): { own: Organization; organizations: Organization[] } {
  const own = open(dataDirectory, ownName);
  const others = names.map((name) => open(join(dataDirectory, 'organizations', folderOf(name)), name));
  return { own, organizations: [own, ...others] };
}

function open(directory: string, displayName: string): Organization {
  const store = openStore(directory);
  return { id: store.organizationId, displayName, store };
}

/** A name is never a path. */
const folderOf = (name: string): string => createHash('sha256').update(name).digest('hex').slice(0, 32);
