import { LRUCache } from 'lru-cache';
import type { PostgresDatabase } from './database.ts';
import type { OrganizationName } from './organizations.ts';
import { PostgresStore } from './postgresStore.ts';

export type PostgresWorkspace = OrganizationName & { store: PostgresStore };

/** A server of many organizations keeps what it has of those who asked last. */
const maxKept = 1_000;

/** The workspaces of a database, each made when somebody asks for it. */
export class Workspaces {
  private readonly database: PostgresDatabase;
  private readonly stores = new LRUCache<string, PostgresStore>({ max: maxKept });

  constructor(database: PostgresDatabase) {
    this.database = database;
  }

  of({ id, displayName }: OrganizationName): PostgresWorkspace {
    const store = this.stores.get(id) ?? new PostgresStore(this.database, id);
    this.stores.set(id, store);
    return { id, displayName, store };
  }
}
