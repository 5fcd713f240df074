import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { HttpProblem, unauthorized } from '../httpProblem.ts';
import type { AccountStore, StoredToken } from './accountStore.ts';
import type { User } from './usersFile.ts';

const minute = 60_000;
/** How long each is good for (contract, section 2). */
const tokenKinds = {
  login: { prefix: 'login_acc_', lifeMs: 180 * minute },
  access: { prefix: 'acc_', lifeMs: 30 * 24 * 60 * minute },
} as const;
const codeMs = 10 * minute;
/** Wrong passwords or codes for one e-mail before it has to wait. */
const maxFailures = 5;
const failureWindowMs = 15 * minute;

/** What a user may choose to sign in to. */
export interface NamedOrganization {
  id: string;
  displayName: string;
}

export interface AccountsOptions<T extends NamedOrganization> {
  store: AccountStore;
  users: readonly User[];
  organizations: readonly T[];
  /** Takes a one-time code to whom it belongs. */
  deliverCode: (email: string, code: string) => void;
}

/** Who may sign in, and the tokens that they got for it. Of a token only its digest is kept. */
export class Accounts<T extends NamedOrganization = NamedOrganization> {
  private readonly store: AccountStore;
  private readonly users: ReadonlyMap<string, User>;
  private readonly organizations: ReadonlyMap<string, T>;
  private readonly deliverCode: AccountsOptions<T>['deliverCode'];

  constructor({ store, users, organizations, deliverCode }: AccountsOptions<T>) {
    this.store = store;
    this.users = new Map(users.map((user) => [user.email, user]));
    this.organizations = new Map(organizations.map((organization) => [organization.id, organization]));
    this.deliverCode = deliverCode;
  }

  /** Sends a one-time code. Nothing tells whether there is such a user. */
  async sendCode(email: string): Promise<void> {
    const user = this.users.get(email.toLowerCase());
    if (user === undefined) return;
    const code = String(randomInt(1_000_000)).padStart(6, '0');
    await this.store.putCode(user.email, digest(code), Date.now() + codeMs);
    this.deliverCode(user.email, code);
  }

  /**
   * A login token for a user who shows a password or a code, with the organizations to choose from.
   * @throws {HttpProblem} 401 for what is wrong, 429 after too many of those.
   */
  async authenticate(
    email: string,
    shown: { password: string } | { code: string },
  ): Promise<{ token: string; user: User; organizations: T[] }> {
    const key = email.toLowerCase();
    const failures = await this.countAttempt(key);
    const user = this.users.get(key);
    const isRight =
      'password' in shown ? isSame(shown.password, user?.password) : await this.isSentCode(key, shown.code);
    if (user === undefined || !isRight) {
      // A code that has been guessed at for long enough is worth nothing.
      if (failures + 1 >= maxFailures) await this.store.deleteCode(key);
      throw unauthorized();
    }
    await this.store.deleteFailures(key);
    await this.store.deleteCode(key);
    const organizations = [...this.organizations.values()].filter(({ displayName }) =>
      user.organizations.includes(displayName),
    );
    return { token: await this.issue('login', user.email, ''), user, organizations };
  }

  /**
   * An access token for one organization.
   * @throws {HttpProblem} 401 for a login token that is not valid, 403 for somebody else's organization.
   */
  async exchange(loginToken: string, organizationId: string): Promise<string> {
    const token = await this.find('login', loginToken);
    const user = token === undefined ? undefined : this.users.get(token.email);
    if (user === undefined) throw unauthorized();
    const organization = this.organizations.get(organizationId);
    if (organization === undefined || !user.organizations.includes(organization.displayName)) {
      throw new HttpProblem(403, 'Not a member of this organization');
    }
    return this.issue('access', user.email, organization.id);
  }

  /** The organization that an access token opens; `undefined` when it opens none, or none any more. */
  async organizationOf(accessToken: string): Promise<T | undefined> {
    const token = await this.find('access', accessToken);
    if (token === undefined) return undefined;
    const organization = this.organizations.get(token.organizationId);
    const isMember = this.users.get(token.email)?.organizations.includes(organization?.displayName ?? '') === true;
    return isMember ? organization : undefined;
  }

  private async issue(kind: StoredToken['kind'], email: string, organizationId: string): Promise<string> {
    const { prefix, lifeMs } = tokenKinds[kind];
    const token = prefix + randomBytes(32).toString('base64url');
    await this.store.addToken(digest(token), { kind, email, organizationId, expiresAt: Date.now() + lifeMs });
    return token;
  }

  private find(kind: StoredToken['kind'], token: string): Promise<StoredToken | undefined> {
    return this.store.findToken(digest(token), kind, Date.now());
  }

  private async isSentCode(email: string, code: string): Promise<boolean> {
    const sent = await this.store.findCode(email, Date.now());
    return sent !== undefined && isSame(digest(code), sent);
  }

  /** How many attempts have failed before this one. @throws {HttpProblem} 429 when it is not to be made. */
  private async countAttempt(email: string): Promise<number> {
    const now = Date.now();
    const { count, until } = await this.store.countAttempt(email, maxFailures, now, now + failureWindowMs);
    if (count < maxFailures) return count;
    throw new HttpProblem(429, 'Too many wrong attempts', {
      headers: { 'retry-after': String(Math.ceil((until - now) / 1000)) },
    });
  }
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

function isSame(given: string, expected: string | undefined): boolean {
  // Takes equally long for unknown users, so that the timing reveals nothing.
  const same = timingSafeEqual(Buffer.from(digest(given)), Buffer.from(digest(expected ?? '')));
  return expected !== undefined && same;
}
