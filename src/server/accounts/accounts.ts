import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { Database } from '../store/database.ts';
import { HttpProblem, unauthorized } from '../httpProblem.ts';
import type { Organization } from './organizations.ts';
import type { User } from './usersFile.ts';

/** One step a version; a released step is never edited. */
const migrations = [
  `CREATE TABLE token (
     digest TEXT PRIMARY KEY,
     kind TEXT NOT NULL,
     email TEXT NOT NULL,
     organization_id TEXT NOT NULL DEFAULT '',
     expires_at INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;`,
];

const minute = 60_000;
/** How long each is good for (contract, section 2). */
const loginTokenMs = 180 * minute;
const accessTokenMs = 30 * 24 * 60 * minute;
const codeMs = 10 * minute;
/** Wrong passwords or codes for one e-mail before it has to wait. */
const maxFailures = 5;
const failureWindowMs = 15 * minute;
const maxRememberedFailures = 10_000;

interface SentCode {
  digest: string;
  expiresAt: number;
}

export interface AccountsOptions {
  directory: string;
  users: readonly User[];
  organizations: readonly Organization[];
  /** Takes a one-time code to whom it belongs. */
  deliverCode: (email: string, code: string) => void;
}

/** Who may sign in, and the tokens that they got for it. Of a token only its digest is kept. */
export class Accounts {
  private readonly database: Database;
  private readonly users: ReadonlyMap<string, User>;
  private readonly organizations: ReadonlyMap<string, Organization>;
  private readonly deliverCode: AccountsOptions['deliverCode'];
  private readonly codes = new Map<string, SentCode>();
  private readonly failures = new Map<string, { count: number; until: number }>();

  constructor({ directory, users, organizations, deliverCode }: AccountsOptions) {
    this.database = Database.open(directory, { fileName: 'accounts.db', migrations });
    this.users = new Map(users.map((user) => [user.email, user]));
    this.organizations = new Map(organizations.map((organization) => [organization.id, organization]));
    this.deliverCode = deliverCode;
    this.database.write(() => this.database.run('DELETE FROM token WHERE expires_at < ?', Date.now()));
  }

  /** Sends a one-time code. Nothing tells whether there is such a user. */
  sendCode(email: string): void {
    const user = this.users.get(email.toLowerCase());
    if (user === undefined) return;
    const code = String(randomInt(1_000_000)).padStart(6, '0');
    this.codes.set(user.email, { digest: digest(code), expiresAt: Date.now() + codeMs });
    this.deliverCode(user.email, code);
  }

  /**
   * A login token for a user who shows a password or a code, with the organisations to choose from.
   * @throws {HttpProblem} 401 for what is wrong, 429 after too many of those.
   */
  authenticate(
    email: string,
    shown: { password: string } | { code: string },
  ): { token: string; user: User; organizations: Organization[] } {
    const key = email.toLowerCase();
    this.refuseGuessing(key);
    const user = this.users.get(key);
    const isRight = 'password' in shown ? isSame(shown.password, user?.password) : this.isSentCode(key, shown.code);
    if (user === undefined || !isRight) {
      this.countFailure(key);
      throw unauthorized();
    }
    this.failures.delete(key);
    this.codes.delete(key);
    const organizations = [...this.organizations.values()].filter(({ displayName }) =>
      user.organizations.includes(displayName),
    );
    return { token: this.issue('login', 'login_acc_', user.email, '', loginTokenMs), user, organizations };
  }

  /**
   * An access token for one organisation.
   * @throws {HttpProblem} 401 for a login token that is not valid, 403 for somebody else's organisation.
   */
  exchange(loginToken: string, organizationId: string): string {
    const row = this.find('login', loginToken);
    const user = row === undefined ? undefined : this.users.get(row.email);
    if (user === undefined) throw unauthorized();
    const organization = this.organizations.get(organizationId);
    if (organization === undefined || !user.organizations.includes(organization.displayName)) {
      throw new HttpProblem(403, 'Not a member of this organization');
    }
    return this.issue('access', 'acc_', user.email, organization.id, accessTokenMs);
  }

  /** The organisation that an access token opens; `undefined` when it opens none, or none any more. */
  organizationOf(accessToken: string): Organization | undefined {
    const row = this.find('access', accessToken);
    const organization = row === undefined ? undefined : this.organizations.get(row.organizationId);
    const user = row === undefined ? undefined : this.users.get(row.email);
    return organization !== undefined && user?.organizations.includes(organization.displayName) === true
      ? organization
      : undefined;
  }

  close(): void {
    this.database.close();
  }

  private issue(kind: string, prefix: string, email: string, organizationId: string, lifeMs: number): string {
    const token = prefix + randomBytes(32).toString('base64url');
    this.database.write(() =>
      this.database.run(
        'INSERT INTO token (digest, kind, email, organization_id, expires_at) VALUES (?, ?, ?, ?, ?)',
        digest(token),
        kind,
        email,
        organizationId,
        Date.now() + lifeMs,
      ),
    );
    return token;
  }

  private find(kind: string, token: string): { email: string; organizationId: string } | undefined {
    const row = this.database.get(
      'SELECT email, organization_id FROM token WHERE digest = ? AND kind = ? AND expires_at > ?',
      digest(token),
      kind,
      Date.now(),
    );
    return row === undefined
      ? undefined
      : { email: String(row['email']), organizationId: String(row['organization_id']) };
  }

  private isSentCode(email: string, code: string): boolean {
    const sent = this.codes.get(email);
    return sent !== undefined && sent.expiresAt > Date.now() && isSame(digest(code), sent.digest);
  }

  private refuseGuessing(email: string): void {
    const failure = this.failures.get(email);
    const waitMs = (failure?.until ?? 0) - Date.now();
    if (waitMs <= 0) this.failures.delete(email);
    if (failure === undefined || waitMs <= 0 || failure.count < maxFailures) return;
    throw new HttpProblem(429, 'Too many wrong attempts', {
      headers: { 'retry-after': String(Math.ceil(waitMs / 1000)) },
    });
  }

  /** One that makes nobody wait: who guesses must not be let in by guessing at others. */
  private forgetOldestFailure(): void {
    for (const [email, { count }] of this.failures) {
      if (count < maxFailures) {
        this.failures.delete(email);
        return;
      }
    }
  }

  private countFailure(email: string): void {
    if (this.failures.size >= maxRememberedFailures) this.forgetOldestFailure();
    const count = (this.failures.get(email)?.count ?? 0) + 1;
    this.failures.set(email, { count, until: Date.now() + failureWindowMs });
    // A code that has been guessed at for long enough is worth nothing.
    if (count >= maxFailures) this.codes.delete(email);
  }
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

function isSame(given: string, expected: string | undefined): boolean {
  // As long for a user that there is not.
  const same = timingSafeEqual(Buffer.from(digest(given)), Buffer.from(digest(expected ?? '')));
  return expected !== undefined && same;
}
