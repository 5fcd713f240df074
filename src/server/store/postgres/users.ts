import { hashPassword, isPasswordOf } from '../../accounts/passwords.ts';
import type { KnownUser, Member, UserDirectory } from '../../accounts/userDirectory.ts';
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
      `SELECT person.display_name, person.generation, organization.organization_id, organization.name
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
    const { display_name: displayName, generation } = rows[0];
    return { email, displayName: String(displayName), organizations, generation: Number(generation) };
  }

  async isPassword(email: string, password: string): Promise<boolean> {
    const sql = 'SELECT password FROM person WHERE email = $1 AND NOT is_disabled';
    const [row] = (await this.database.common(sql, email)).rows;
    return isPasswordOf(row && String(row['password']), password);
  }

  async membersOf(organizationId: string): Promise<Member[]> {
    const { rows } = await this.database.common(
      `SELECT person.email, person.display_name FROM membership JOIN person ON person.email = membership.email
       WHERE membership.organization_id = $1 AND NOT person.is_disabled
       ORDER BY person.display_name, person.email LIMIT 1000`,
      organizationId,
    );
    return rows.map((row) => ({ email: String(row['email']), displayName: String(row['display_name']) }));
  }

  /**
   * Adds somebody, or gives who is there another password, which ends what they are signed in to, and another name, where
   * one is given; and makes them a member of organizations.
   * @throws {StoreError} when there is no organization of a name; nothing was done then.
   */
  async put(
    email: string,
    { name, password, organizations }: { name: string; password: string; organizations: readonly string[] },
  ): Promise<void> {
    const sql = 'SELECT name FROM organization WHERE name = ANY ($1)';
    const { rows } = await this.database.common(sql, organizations);
    const missing = organizations.find((each) => !rows.some((row) => row['name'] === each));
    if (missing !== undefined) throw new StoreError(`There is no organization "${missing}".`);
    await this.database.common(
      `WITH named AS (
         INSERT INTO person (email, display_name, password) VALUES ($1, $2, $3)
         ON CONFLICT (email) DO UPDATE SET password = excluded.password, generation = person.generation + 1,
           display_name = CASE WHEN excluded.display_name = '' THEN person.display_name ELSE excluded.display_name END
         RETURNING email
       ), signed_out AS (DELETE FROM token USING named WHERE token.email = named.email),
       uncoded AS (DELETE FROM sign_in_code USING named WHERE sign_in_code.email = named.email)
       INSERT INTO membership (organization_id, email)
       SELECT organization_id, named.email FROM organization, named WHERE name = ANY ($4) ON CONFLICT DO NOTHING`,
      email.toLowerCase(),
      name,
      await hashPassword(password),
      organizations,
    );
    await this.endSignIns(email.toLowerCase());
  }

  /** Also ends what somebody who is disabled is signed in to. @throws {StoreError} when there is nobody. */
  async setDisabled(email: string, isDisabled: boolean): Promise<void> {
    const { written } = await this.database.common(
      'UPDATE person SET is_disabled = $2, generation = generation + 1 WHERE email = $1',
      email.toLowerCase(),
      isDisabled,
    );
    if (written === 0) throw new StoreError(`There is no user ${email}.`);
    if (isDisabled) await this.endSignIns(email.toLowerCase());
  }

  /** Ends what somebody is signed in to. @returns how many tokens are worth nothing now. */
  async revokeTokens(email: string): Promise<number> {
    const key = email.toLowerCase();
    await this.database.common('UPDATE person SET generation = generation + 1 WHERE email = $1', key);
    return this.endSignIns(key);
  }

  /** After the person has another generation, so that no token is added that this does not find. */
  private async endSignIns(key: string): Promise<number> {
    // A code that was sent would sign in again.
    await this.database.common('DELETE FROM sign_in_code WHERE email = $1', key);
    return (await this.database.common('DELETE FROM token WHERE email = $1', key)).written;
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
