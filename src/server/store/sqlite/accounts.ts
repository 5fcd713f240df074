import { tokenFrom, type AccountStore, type Failures, type StoredToken } from '../../accounts/accountStore.ts';
import { Database } from './database.ts';

/** One step a version; a released step is never edited. */
const migrations = [
  `CREATE TABLE token (
     digest TEXT PRIMARY KEY,
     kind TEXT NOT NULL,
     email TEXT NOT NULL,
     organization_id TEXT NOT NULL DEFAULT '',
     expires_at INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;`,
  `CREATE TABLE sign_in_code (
     email TEXT PRIMARY KEY,
     digest TEXT NOT NULL,
     expires_at INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE sign_in_failure (
     email TEXT PRIMARY KEY,
     count INTEGER NOT NULL,
     until INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX sign_in_failure_by_until ON sign_in_failure (until);`,
];

/** Somebody who tries many addresses must not fill the disk. */
const maxFailures = 10_000;

/** The sign-in tokens, codes and failed attempts in accounts.db. */
export class SqliteAccounts implements AccountStore {
  private readonly database: Database;

  /** Opens the accounts in `directory`, and creates them where there are none. @throws {StoreError} */
  constructor(directory: string) {
    this.database = Database.open(directory, { fileName: 'accounts.db', migrations });
    this.database.write((tables) => {
      for (const table of ['token', 'sign_in_code'])
        tables.run(`DELETE FROM ${table} WHERE expires_at < ?`, Date.now());
    });
  }

  async addToken(digest: string, { kind, email, organizationId, expiresAt }: StoredToken): Promise<boolean> {
    this.database.write((tables) =>
      tables.run(
        'INSERT INTO token (digest, kind, email, organization_id, expires_at) VALUES (?, ?, ?, ?, ?)',
        digest,
        kind,
        email,
        organizationId,
        expiresAt,
      ),
    );
    // Its users are those of a file, which is read at the start.
    return true;
  }

  async findToken(digest: string, kind: StoredToken['kind'], now: number): Promise<StoredToken | undefined> {
    const row = this.database.get(
      'SELECT email, organization_id, expires_at FROM token WHERE digest = ? AND kind = ? AND expires_at > ?',
      digest,
      kind,
      now,
    );
    return row && tokenFrom(row, kind);
  }

  async putCode(email: string, digest: string, expiresAt: number): Promise<void> {
    this.database.write((tables) => {
      tables.run('DELETE FROM sign_in_code WHERE expires_at < ?', Date.now());
      tables.run(
        'INSERT OR REPLACE INTO sign_in_code (email, digest, expires_at) VALUES (?, ?, ?)',
        email,
        digest,
        expiresAt,
      );
    });
  }

  async findCode(email: string, now: number): Promise<string | undefined> {
    const row = this.database.get('SELECT digest FROM sign_in_code WHERE email = ? AND expires_at > ?', email, now);
    return row && String(row['digest']);
  }

  async deleteCode(email: string): Promise<void> {
    this.database.write((tables) => tables.run('DELETE FROM sign_in_code WHERE email = ?', email));
  }

  async countAttempt(email: string, limit: number, now: number, until: number): Promise<Failures> {
    return this.database.write((tables) => {
      const known = tables.get('SELECT count, until FROM sign_in_failure WHERE email = ? AND until > ?', email, now);
      const failures = { count: Number(known?.['count'] ?? 0), until: Number(known?.['until'] ?? 0) };
      if (failures.count >= limit) return failures;
      tables.run('DELETE FROM sign_in_failure WHERE until <= ?', now);
      const others = Number(tables.get('SELECT count(*) AS n FROM sign_in_failure')?.['n']);
      if (known === undefined && others >= maxFailures) {
        // Evicts an entry below the limit, so that an attacker cannot unblock an account by guessing at others.
        tables.run(
          `DELETE FROM sign_in_failure WHERE email =
             (SELECT email FROM sign_in_failure WHERE count < ? ORDER BY until LIMIT 1)`,
          limit,
        );
      }
      tables.run(
        'INSERT OR REPLACE INTO sign_in_failure (email, count, until) VALUES (?, ?, ?)',
        email,
        failures.count + 1,
        until,
      );
      return failures;
    });
  }

  async deleteFailures(email: string): Promise<void> {
    this.database.write((tables) => tables.run('DELETE FROM sign_in_failure WHERE email = ?', email));
  }

  async close(): Promise<void> {
    this.database.close();
  }
}
