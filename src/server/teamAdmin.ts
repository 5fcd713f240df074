/**
 * Who is in a team, for whoever runs its server.
 *
 *     node dist/server.js admin create-organization NAME
 *     node dist/server.js admin list-organizations
 *     node dist/server.js admin add-user EMAIL [--organization NAME]… [--name NAME]     the password is read from stdin
 *     node dist/server.js admin disable-user | enable-user | revoke-tokens EMAIL
 *     node dist/server.js admin list-users
 *
 * each with `--database postgres://…`. Prints one line of JSON for each thing that it lists or has done.
 */
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { databaseIn, UsageError } from './options.ts';
import { sayWaiting } from './reports.ts';
import { PostgresDatabase } from './store/postgres/database.ts';
import { PostgresOrganizations } from './store/postgres/organizations.ts';
import { PostgresUsers } from './store/postgres/users.ts';

const minPasswordLength = 12;

interface Admin {
  organizations: PostgresOrganizations;
  users: PostgresUsers;
}

interface Arguments {
  /** What the command is about. */
  subject: string;
  organizations: readonly string[];
  name: string;
}

const commands: Record<string, (admin: Admin, given: Arguments) => Promise<readonly object[]>> = {
  'create-organization': async ({ organizations }, { subject }) => [
    await organizations.findOrCreate(needed(subject, 'a name')),
  ],
  'list-organizations': ({ organizations }) => organizations.all(),
  'add-user': async ({ users }, { subject, organizations, name }) => {
    const email = emailIn(subject);
    await users.put(email, { name, password: await passwordFromInput(), organizations });
    return [{ email, organizations }];
  },
  'disable-user': async ({ users }, { subject }) => {
    await users.setDisabled(emailIn(subject), true);
    return [{ email: subject, isDisabled: true }];
  },
  'enable-user': async ({ users }, { subject }) => {
    await users.setDisabled(emailIn(subject), false);
    return [{ email: subject, isDisabled: false }];
  },
  'revoke-tokens': async ({ users }, { subject }) => [
    { email: subject, revoked: await users.revokeTokens(emailIn(subject)) },
  ],
  'list-users': ({ users }) => users.all(),
};

/** @throws {UsageError} {StoreError} */
export async function runAdmin(parameters: readonly string[]): Promise<void> {
  const { values, positionals } = parse(parameters);
  const [name = '', subject = '', ...more] = positionals;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) throw new UsageError(`admin needs one of: ${Object.keys(commands).join(', ')}`);
  if (more.length > 0) throw new UsageError(`admin ${name} takes no more than one name`);
  const opened = await PostgresDatabase.open(databaseIn(values.database ?? ''), sayWaiting);
  try {
    const admin = { organizations: new PostgresOrganizations(opened), users: new PostgresUsers(opened) };
    const given = { subject, organizations: values.organization ?? [], name: values.name ?? '' };
    for (const line of await command(admin, given)) process.stdout.write(`${JSON.stringify(line)}\n`);
  } finally {
    await opened.close();
  }
}

function parse(parameters: readonly string[]) {
  try {
    return parseArgs({
      args: [...parameters],
      allowPositionals: true,
      options: {
        database: { type: 'string' },
        organization: { type: 'string', multiple: true },
        name: { type: 'string' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function needed(text: string, what: string): string {
  if (text.trim() === '') throw new UsageError(`admin needs ${what}`);
  return text;
}

function emailIn(text: string): string {
  if (!/^[^\s@]+@[^\s@]+$/.test(text)) throw new UsageError('admin needs an e-mail address');
  return text.toLowerCase();
}

/** The first line of standard input: on the command line, others of the machine could read it. */
async function passwordFromInput(): Promise<string> {
  const input = createInterface({ input: process.stdin });
  if (process.stdin.isTTY) process.stderr.write('Password: ');
  const { value: line = '' } = await input[Symbol.asyncIterator]().next();
  input.close();
  if (line.length < minPasswordLength) {
    throw new UsageError(`A password has at least ${minPasswordLength} characters; it is read from standard input`);
  }
  return line;
}
