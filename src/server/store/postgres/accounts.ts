import { tokenFrom, type AccountStore, type Failures, type StoredToken } from '../../accounts/accountStore.ts';
import type { PostgresDatabase } from './database.ts';

/** The sign-in tokens, codes and failed attempts, for all servers of a database. */
export class PostgresAccounts implements AccountStore {
  private readonly database: PostgresDatabase;

  constructor(database: PostgresDatabase) {
    this.database = database;
  }

  async addToken(
    digest: string,
    { kind, email, organizationId, expiresAt }: StoredToken,
    generation = 0,
  ): Promise<boolean> {
    // Also tidies up, so that nothing has to run for that alone.
    await this.database.common('DELETE FROM token WHERE email = $1 AND expires_at < $2', email, Date.now());
    // With the person's row held: who ends their sign-ins at the same moment waits, and finds this one.
    const { written } = await this.database.common(
      `INSERT INTO token (digest, kind, email, organization_id, expires_at)
       SELECT $1, $2, $3, $4, $5::bigint FROM person
       WHERE email = $3 AND generation = $6 AND NOT is_disabled FOR SHARE`,
      digest,
      kind,
      email,
      organizationId,
      expiresAt,
      generation,
    );
    return written > 0;
  }

  async findToken(digest: string, kind: StoredToken['kind'], now: number): Promise<StoredToken | undefined> {
    const { rows } = await this.database.common(
      'SELECT email, organization_id, expires_at FROM token WHERE digest = $1 AND kind = $2 AND expires_at > $3',
      digest,
      kind,
      now,
    );
    const [row] = rows;
    return row && tokenFrom(row, kind);
  }

  async putCode(email: string, digest: string, expiresAt: number): Promise<void> {
    await this.database.common('DELETE FROM sign_in_code WHERE expires_at < $1', Date.now());
    await this.database.common(
      `INSERT INTO sign_in_code (email, digest, expires_at) VALUES ($1, $2, $3)
       ON CONFLICT (email) DO UPDATE SET digest = excluded.digest, expires_at = excluded.expires_at`,
      email,
      digest,
      expiresAt,
    );
  }

  async findCode(email: string, now: number): Promise<string | undefined> {
    const sql = 'SELECT digest FROM sign_in_code WHERE email = $1 AND expires_at > $2';
    const [row] = (await this.database.common(sql, email, now)).rows;
    return row && String(row['digest']);
  }

  async deleteCode(email: string): Promise<void> {
    await this.database.common('DELETE FROM sign_in_code WHERE email = $1', email);
  }

  async countAttempt(email: string, limit: number, now: number, until: number): Promise<Failures> {
    await this.database.common('DELETE FROM sign_in_failure WHERE until <= $1', now);
    // In one statement, so that attempts at the same time are counted one after another. One more than the limit says
    // that there was no room for this one.
    const { rows } = await this.database.common(
      `INSERT INTO sign_in_failure AS known (email, count, until) VALUES ($1, 1, $3)
       ON CONFLICT (email) DO UPDATE SET count = greatest(known.count, least(known.count + 1, $2 + 1)),
         until = CASE WHEN known.count >= $2 THEN known.until ELSE excluded.until END
       RETURNING count - 1 AS before, until`,
      email,
      limit,
      until,
    );
    return { count: Number(rows[0]?.['before']), until: Number(rows[0]?.['until']) };
  }

  async deleteFailures(email: string): Promise<void> {
    await this.database.common('DELETE FROM sign_in_failure WHERE email = $1', email);
  }

  /** The database is closed by whoever opened it. */
  async close(): Promise<void> {}
}
