import { readFileSync } from 'node:fs';
import { isObject } from '../../contract/json.ts';

/** Who may sign in with a password or a code, and to what. */
export interface User {
  email: string;
  password: string;
  displayName: string;
  /** Names of organizations of the file. */
  organizations: readonly string[];
}

export interface UsersFile {
  /** Each has contacts of its own; those of the first are the ones that the server's own token opens. */
  organizations: readonly string[];
  users: readonly User[];
}

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

/** Validates and parses the users file; @throws UsersFileError */
export function parseUsersFile(text: string): UsersFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UsersFileError('The users file is not JSON.');
  }
  const organizations = isObject(value) ? textList(value['organizations']) : undefined;
  if (!isObject(value) || organizations === undefined || organizations.length === 0) {
    throw new UsersFileError('The users file needs a list of organizations, each a name.');
  }
  if (new Set(organizations).size < organizations.length) {
    throw new UsersFileError('The users file has an organization twice.');
  }
  if (!Array.isArray(value['users'])) throw new UsersFileError('The users file needs a list of users.');
  const users = value['users'].map((user, index) => userIn(user, `users[${index}]`, organizations));
  const emails = new Set(users.map((user) => user.email));
  if (emails.size < users.length) throw new UsersFileError('The users file has an e-mail twice.');
  return { organizations, users };
}

function userIn(value: unknown, place: string, known: readonly string[]): User {
  if (!isObject(value)) throw new UsersFileError(`${place} is no object.`);
  const { email, password, display_name: displayName = '', organizations = [] } = value;
  if (typeof email !== 'string' || !email.includes('@')) throw new UsersFileError(`${place}.email is no e-mail.`);
  if (typeof password !== 'string' || password === '') throw new UsersFileError(`${place}.password is missing.`);
  if (typeof displayName !== 'string') throw new UsersFileError(`${place}.display_name is no text.`);
  const names = textList(organizations);
  if (names === undefined) throw new UsersFileError(`${place}.organizations is no list of names.`);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new UsersFileError(`${place} is in "${unknown}", which is not in the list.`);
  return { email: email.toLowerCase(), password, displayName, organizations: names };
}

const textList = (value: unknown): string[] | undefined =>
  Array.isArray(value) && value.every((item) => typeof item === 'string' && item !== '') ? value : undefined;
