import { randomBytes, randomInt } from 'node:crypto';
import { HttpProblem, unauthorized } from '../httpProblem.ts';
import type { AccountStore, StoredToken } from './accountStore.ts';
import {
  digestOf,
  isSame,
  type KnownUser,
  type Member,
  type NamedOrganization,
  type UserDirectory,
} from './userDirectory.ts';

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
/** Attempts from one address, for whichever account; an office may have one address for all. */
const maxAttemptsOfAddress = 200;

export interface AccountsOptions<T extends NamedOrganization> {
  store: AccountStore;
  users: UserDirectory<T>;
  /** Takes a one-time code to whom it belongs. */
  deliverCode: (email: string, code: string) => void;
}

/** Who may sign in, and the tokens that they got for it. Of a token only its digest is kept. */
export class Accounts<T extends NamedOrganization = NamedOrganization> {
  private readonly store: AccountStore;
  private readonly users: UserDirectory<T>;
  private readonly deliverCode: AccountsOptions<T>['deliverCode'];

  constructor({ store, users, deliverCode }: AccountsOptions<T>) {
    this.store = store;
    this.users = users;
    this.deliverCode = deliverCode;
  }

  /**
   * Sends a one-time code. Neither the answer nor its time tells whether there is such a user: for nobody a code is
   * kept too, which lets in nobody.
   * @throws {HttpProblem} 429 after too many from one address.
   */
  async sendCode(email: string, address?: string): Promise<void> {
    if (address !== undefined) await this.countOfAddress(address);
    const key = email.toLowerCase();
    const user = await this.users.find(key);
    const code = String(randomInt(1_000_000)).padStart(6, '0');
    await this.store.putCode(key, digestOf(code), Date.now() + codeMs);
    if (user !== undefined) this.deliverCode(user.email, code);
  }

  /** Those who may sign in to an organization. */
  membersOf(organizationId: string): Promise<readonly Member[]> {
    return this.users.membersOf(organizationId);
  }

  /**
   * A login token for a user who shows a password or a code, with the organizations to choose from.
   * @param address from where, if that is known.
   * @throws {HttpProblem} 401 for what is wrong, 429 after too many of those.
   */
  async authenticate(
    email: string,
    shown: { password: string } | { code: string },
    address?: string,
  ): Promise<{ token: string; user: KnownUser<T> }> {
    const key = email.toLowerCase();
    // First: who guesses at many accounts must not lock them all.
    if (address !== undefined) await this.countOfAddress(address);
    const failures = await this.countAttempt(`account:${key}`, maxFailures, Date.now() + failureWindowMs);
    const user = await this.users.find(key);
    const isRight =
      'password' in shown ? await this.users.isPassword(key, shown.password) : await this.isSentCode(key, shown.code);
    if (user === undefined || !isRight) {
      // A code that has been guessed at for long enough is worth nothing.
      if (failures + 1 >= maxFailures) await this.store.deleteCode(key);
      throw unauthorized();
    }
    await this.store.deleteFailures(`account:${key}`);
    await this.store.deleteCode(key);
    return { token: await this.issue('login', user, ''), user };
  }

  /**
   * An access token for one organization.
   * @throws {HttpProblem} 401 for a login token that is not valid, 403 for somebody else's organization.
   */
  async exchange(loginToken: string, organizationId: string): Promise<string> {
    const token = await this.find('login', loginToken);
    const user = token && (await this.users.find(token.email));
    // Once more: it may have been ended before the user was looked up.
    if (user === undefined || (await this.find('login', loginToken)) === undefined) throw unauthorized();
    const organization = user.organizations.find(({ id }) => id === organizationId);
    if (organization === undefined) throw new HttpProblem(403, 'Not a member of this organization');
    return this.issue('access', user, organization.id);
  }

  /** Whom an access token lets in, and where; `undefined` when it lets in nobody, or nobody any more. */
  async whoShows(accessToken: string): Promise<{ user: KnownUser<T>; organization: T } | undefined> {
    const token = await this.find('access', accessToken);
    const user = token && (await this.users.find(token.email));
    const organization = user?.organizations.find(({ id }) => id === token?.organizationId);
    return user && organization && { user, organization };
  }

  /** @throws {HttpProblem} 401 where all that the user was signed in to has been ended since. */
  private async issue(
    kind: StoredToken['kind'],
    { email, generation }: KnownUser<T>,
    organizationId: string,
  ): Promise<string> {
    const { prefix, lifeMs } = tokenKinds[kind];
    const token = prefix + randomBytes(32).toString('base64url');
    const stored = { kind, email, organizationId, expiresAt: Date.now() + lifeMs };
    if (!(await this.store.addToken(digestOf(token), stored, generation))) throw unauthorized();
    return token;
  }

  private find(kind: StoredToken['kind'], token: string): Promise<StoredToken | undefined> {
    return this.store.findToken(digestOf(token), kind, Date.now());
  }

  private async isSentCode(email: string, code: string): Promise<boolean> {
    const sent = await this.store.findCode(email, Date.now());
    return sent !== undefined && isSame(digestOf(code), sent);
  }

  /** In windows that begin and end for all at the same time: those who sign in all day have as many in each. */
  private async countOfAddress(address: string): Promise<void> {
    const end = Math.ceil(Date.now() / failureWindowMs) * failureWindowMs;
    await this.countAttempt(`address:${address}`, maxAttemptsOfAddress, end);
  }

  /** How many attempts have failed before this one. @throws {HttpProblem} 429 when it is not to be made. */
  private async countAttempt(key: string, limit: number, end: number): Promise<number> {
    const now = Date.now();
    const { count, until } = await this.store.countAttempt(key, limit, now, end);
    if (count < limit) return count;
    throw new HttpProblem(429, 'Too many wrong attempts', {
      headers: { 'retry-after': String(Math.ceil((until - now) / 1000)) },
    });
  }
}
