import { hashPassword, isPasswordOf } from '../../accounts/passwords.ts';
import type { KnownUser, UserDirectory } from '../../accounts/userDirectory.ts';
import { StoreError } from '../errors.ts';
import type { PostgresDatabase } from './database.ts';
import type { OrganizationName } from './organizations.ts';

/** A user as a list of them shows it. */
export interface ListedUser {
  email: string;
  displayName: string;
  isDisabled: boolean;
  organizations: string[];
}

/** The people of a database's organizations. E-mail addresses are in small letters. */
export class PostgresUsers implements UserDirectory<OrganizationName> {
  private readonly database: PostgresDatabase;

  constructor(database: PostgresDatabase) {
    this.database = database;
  }

  async find(email: string): Promise<KnownUser<OrganizationName> | undefined> {
    const { rows } = await this.database.common(
      `SELECT person.display_name, organization.organization_id, organization.name
       FROM person LEFT JOIN membership ON membership.email = person.email
         LEFT JOIN organization ON organization.organization_id = membership.organization_id
       WHERE person.email = $1 AND NOT person.is_disabled
       ORDER BY organization.created_at, organization.organization_id`,
      email,
    );
    if (rows[0] === undefined) return undefined;
    const organizations = rows.flatMap((row) =>
      typeof row['organization_id'] === 'string'
        ? [{ id: row['organization_id'], displayName: String(row['name']) }]
        : [],
    );
    return { email, displayName: String(rows[0]['display_name']), organizations };
  }

  async isPassword(email: string, password: string): Promise<boolean> {
    const sql = 'SELECT password FROM person WHERE email = $1 AND NOT is_disabled';
    const [row] = (await this.database.common(sql, email)).rows;
    return isPasswordOf(row && String(row['password']), password);
  }

  /** Adds somebody, or gives who is there another name and password. */
  async put(email: string, displayName: string, password: string): Promise<void> {
    await this.database.common(
      `INSERT INTO person (email, display_name, password) VALUES ($1, $2, $3)
       ON CONFLICT (email) DO UPDATE SET display_name = excluded.display_name, password = excluded.password`,
      email.toLowerCase(),
      displayName,
      await hashPassword(password),
    );
  }

  /** @throws {StoreError} when there is no such organization. */
  async join(email: string, organization: string): Promise<void> {
    const { written } = await this.database.common(
      `INSERT INTO membership (organization_id, email) SELECT organization_id, $1 FROM organization WHERE name = $2
       ON CONFLICT (organization_id, email) DO UPDATE SET email = excluded.email`,
      email.toLowerCase(),
      organization,
    );
    if (written === 0) throw new StoreError(`There is no organization "${organization}".`);
  }

  /** Also ends what somebody who is disabled is signed in to. @throws {StoreError} when there is nobody. */
  async setDisabled(email: string, isDisabled: boolean): Promise<void> {
    const { written } = await this.database.common(
      'UPDATE person SET is_disabled = $2 WHERE email = $1',
      email.toLowerCase(),
      isDisabled,
    );
    if (written === 0) throw new StoreError(`There is no user ${email}.`);
    if (isDisabled) await this.revokeTokens(email);
  }

  /** Ends what somebody is signed in to. @returns how many tokens are worth nothing now. */
  async revokeTokens(email: string): Promise<number> {
    return (await this.database.common('DELETE FROM token WHERE email = $1', email.toLowerCase())).written;
  }

  async all(): Promise<ListedUser[]> {
    const { rows } = await this.database.common(
      `SELECT person.email, person.display_name, person.is_disabled,
         array_to_json(array_remove(array_agg(organization.name ORDER BY organization.name), NULL))::text AS names
       FROM person LEFT JOIN membership ON membership.email = person.email
         LEFT JOIN organization ON organization.organization_id = membership.organization_id
       GROUP BY person.email ORDER BY person.email`,
    );
    return rows.map((row) => ({
      email: String(row['email']),
      displayName: String(row['display_name']),
      isDisabled: row['is_disabled'] === true,
      organizations: JSON.parse(String(row['names'])) as string[],
    }));
  }
}
