/** A database for a team's contacts, on the PostgreSQL of this test run. */
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { leakproofFunctions } from '../../../src/server/store/postgres/opening.ts';
import { databaseVariable, startPostgres } from '../../harness/postgres.ts';

export interface TeamDatabase {
  /** As the server opens it: for a role that is no superuser and owns the database. */
  url: string;
  /** As who may do everything. */
  adminUrl: string;
  drop(): Promise<void>;
}

const role = 'contact_server';
let started: Promise<string> | undefined;

/** A new and empty database. One file that runs alone has a PostgreSQL of its own, until it ends. */
export async function teamDatabase(): Promise<TeamDatabase> {
  started ??= Promise.resolve(process.env[databaseVariable] ?? startPostgres().then(({ url }) => url));
  return teamDatabaseOn(await started);
}

/** @param server the address of a user who may create databases and roles. */
export async function teamDatabaseOn(server: string): Promise<TeamDatabase> {
  const name = `contacts_${randomBytes(6).toString('hex')}`;
  await asAdmin(server, async (client) => {
    // Another process may be making the same role.
    await client.query(
      `DO $$ BEGIN CREATE ROLE ${role} LOGIN PASSWORD '${role}'; EXCEPTION WHEN OTHERS THEN NULL; END $$`,
    );
    await client.query(`CREATE DATABASE ${name} OWNER ${role} TEMPLATE template0 ENCODING 'UTF8'`);
  });
  const at = (user?: string): string => {
    const url = new URL(server);
    url.pathname = `/${name}`;
    if (user !== undefined) Object.assign(url, { username: user, password: user });
    return url.href;
  };
  await asAdmin(at(), async (client) => {
    for (const each of leakproofFunctions) await client.query(`ALTER FUNCTION pg_catalog.${each} LEAKPROOF`);
  });
  return {
    url: at(role),
    adminUrl: at(),
    drop: () => asAdmin(server, async (client) => void (await client.query(`DROP DATABASE ${name} WITH (FORCE)`))),
  };
}

export async function asAdmin<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
