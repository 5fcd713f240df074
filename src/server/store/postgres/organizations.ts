import { randomUUID } from 'node:crypto';
import type { PostgresDatabase } from './database.ts';
import { searchLayoutClaim } from './postgresStore.ts';

export interface OrganizationName {
  id: string;
  displayName: string;
}

/** The organizations that a database has workspaces of. */
export class PostgresOrganizations {
  private readonly database: PostgresDatabase;

  constructor(database: PostgresDatabase) {
    this.database = database;
  }

  /** By when they were created. */
  async all(): Promise<OrganizationName[]> {
    const { rows } = await this.database.common(
      'SELECT organization_id, name FROM organization ORDER BY created_at, organization_id',
    );
    return rows.map((row) => ({ id: String(row['organization_id']), displayName: String(row['name']) }));
  }

  /** Finds the organization of a name, or creates it with an empty workspace. */
  async findOrCreate(name: string): Promise<OrganizationName> {
    await this.database.common(
      'INSERT INTO organization (organization_id, name) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING',
      `org_${randomUUID()}`,
      name,
    );
    const { rows } = await this.database.common('SELECT organization_id FROM organization WHERE name = $1', name);
    const id = String(rows[0]?.['organization_id']);
    // Also where whoever created it was stopped before this.
    await this.database.of(id).all(
      `WITH added AS (
         INSERT INTO workspace (organization_id) VALUES ($1) ON CONFLICT (organization_id) DO NOTHING
         RETURNING organization_id
       ) INSERT INTO claim (organization_id, name) SELECT organization_id, $2 FROM added`,
      searchLayoutClaim,
    );
    return { id, displayName: name };
  }
}
