import { readFileSync } from 'node:fs';
import * as v from 'valibot';

const name = (fault: string) => v.pipe(v.string(fault), v.nonEmpty(fault));
const names = (fault: string) => v.array(name(fault), fault);
const isUnique = (values: string[]): boolean => new Set(values).size === values.length;

const userEntry = v.pipe(
  v.object(
    {
      email: v.optional(v.pipe(v.string('is no e-mail'), v.includes('@', 'is no e-mail'), v.toLowerCase()), ''),
      password: v.optional(name('is missing'), ''),
      display_name: v.optional(v.string('is no text'), ''),
      organizations: v.optional(names('is no list of names'), []),
    },
    'is no object',
  ),
  v.transform(({ display_name: displayName, ...user }) => ({ ...user, displayName })),
);

const userList = 'needs a list of users';
const organizationList = 'needs a list of organizations, each a name';
const usersFile = v.pipe(
  v.object(
    {
      organizations: v.pipe(
        names(organizationList),
        v.nonEmpty(organizationList),
        v.check(isUnique, 'has an organization twice'),
      ),
      users: v.array(userEntry, userList),
    },
    // Also asked for what is said of a list that is missing.
    ({ path }) => (path?.[0]?.key === 'users' ? userList : organizationList),
  ),
  v.check(({ users }) => isUnique(users.map(({ email }) => email)), 'has an e-mail twice'),
);

/** Each organization has contacts of its own; the server's own token opens those of the first. */
export type UsersFile = v.InferOutput<typeof usersFile>;
/** Who may sign in with a password or a code, and to which organizations of the file, by their names. */
export type User = v.InferOutput<typeof userEntry>;

export class UsersFileError extends Error {}

/**
 * Reads `{"organizations": ["…"], "users": [{"email", "password", "display_name"?, "organizations": ["…"]}]}`.
 * @throws {UsersFileError} whose message names the place and no password.
 */
export function readUsersFile(path: string): UsersFile {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new UsersFileError(`${path} cannot be read.`);
  }
  return parseUsersFile(text);
}

/** Validates and parses the users file. @throws {UsersFileError} */
export function parseUsersFile(text: string): UsersFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UsersFileError('The users file is not JSON.');
  }
  const { success, output, issues } = v.safeParse(usersFile, value, { abortEarly: true });
  if (!success) throw new UsersFileError(`${placeOf(issues[0])} ${issues[0].message}.`);
  for (const [index, { organizations }] of output.users.entries()) {
    const unknown = organizations.find((each) => !output.organizations.includes(each));
    if (unknown !== undefined) {
      throw new UsersFileError(`users[${index}] is in "${unknown}", which is not in the list.`);
    }
  }
  return output;
}

/** Where in the file, or the file where it is about the whole or its lists. */
function placeOf({ path }: v.BaseIssue<unknown>): string {
  const [list, index, field] = (path ?? []).map(({ key }) => String(key));
  if (list !== 'users' || index === undefined) return 'The users file';
  return field === undefined ? `users[${index}]` : `users[${index}].${field}`;
}
