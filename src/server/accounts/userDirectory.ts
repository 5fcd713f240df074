import { timingSafeEqual, createHash } from 'node:crypto';
import type { User } from './usersFile.ts';

/** What a user may choose to sign in to. */
export interface NamedOrganization {
  id: string;
  displayName: string;
}

/** Somebody who may sign in. */
export interface KnownUser<T extends NamedOrganization = NamedOrganization> {
  email: string;
  /** Empty where none is known. */
  displayName: string;
  organizations: readonly T[];
  /** Another one after each time that what somebody is signed in to was ended, where that can be. */
  generation?: number;
}

/** Who may sign in, and to what. */
export interface UserDirectory<T extends NamedOrganization = NamedOrganization> {
  /** @param email in small letters. @returns `undefined` also for one who may no longer sign in. */
  find(email: string): Promise<KnownUser<T> | undefined>;
  /** Takes as long for somebody who is unknown. */
  isPassword(email: string, password: string): Promise<boolean>;
  /** Those who may sign in to an organization, by their names. */
  membersOf(organizationId: string): Promise<readonly Member[]>;
}

/** Somebody of an organization. */
export type Member = Pick<KnownUser, 'email' | 'displayName'>;

/** The users of a file, and the organizations that it names. */
export function fileDirectory<T extends NamedOrganization>(
  users: readonly User[],
  organizations: readonly T[],
): UserDirectory<T> {
  const known = new Map(users.map((user) => [user.email, user]));
  return {
    find: async (email) => {
      const user = known.get(email);
      return (
        user && {
          email: user.email,
          displayName: user.displayName,
          organizations: organizations.filter(({ displayName }) => user.organizations.includes(displayName)),
        }
      );
    },
    isPassword: async (email, password) => isSame(password, known.get(email)?.password),
    membersOf: async (organizationId) => {
      const organization = organizations.find(({ id }) => id === organizationId);
      return users
        .filter((user) => organization !== undefined && user.organizations.includes(organization.displayName))
        .map(({ email, displayName }) => ({ email, displayName }))
        .toSorted((one, other) => (one.displayName < other.displayName ? -1 : 1));
    },
  };
}

export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Takes equally long for what is not there, so that the timing reveals nothing. */
export function isSame(given: string, expected: string | undefined): boolean {
  const same = timingSafeEqual(Buffer.from(digestOf(given)), Buffer.from(digestOf(expected ?? '')));
  return expected !== undefined && same;
}
