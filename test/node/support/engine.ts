/** Which engine keeps the contacts of this test run. `npm test` runs what is the same on all of them with each. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { parseUsersFile } from '../../../src/server/accounts/usersFile.ts';
import { engineVariable } from '../../harness/engineVariable.ts';
import { serverModule } from '../../harness/paths.ts';
import { teamDatabase, type TeamDatabase } from './teamDatabase.ts';

export const isOnPostgres = process.env[engineVariable] === 'postgres';

/** A test of what only a workspace on this machine has. */
export const itLocally = (title: string, check: Mocha.AsyncFunc | Mocha.Func): Mocha.Test =>
  isOnPostgres ? it.skip(title, check) : it(title, check);

/** The database that stands in for a folder of data. */
const databases = new Map<string, Promise<TeamDatabase>>();

/** After each file, for where many run on one PostgreSQL. */
export const mochaHooks = {
  async afterAll(): Promise<void> {
    const all = [...databases.values()];
    databases.clear();
    for (const database of all) await (await database).drop();
  },
};

export function databaseFor(folder: string): Promise<TeamDatabase> {
  const database = databases.get(folder) ?? teamDatabase();
  databases.set(folder, database);
  return database;
}

/** What a server is started with for the same that `parameters` say of a folder of data. */
export async function teamParameters(folder: string, parameters: readonly string[]): Promise<string[]> {
  const { url } = await databaseFor(folder);
  const rest = [...parameters];
  const users = rest.indexOf('--users');
  if (users >= 0) {
    const [, file = ''] = rest.splice(users, 2);
    await addUsers(url, file);
  }
  const token = rest.includes('--token') ? [] : ['--token', randomBytes(16).toString('hex')];
  return ['--database', url, '--port', '0', ...token, ...rest];
}

/** Makes the organizations and people of a file, as whoever runs a server does. */
async function addUsers(url: string, file: string): Promise<void> {
  const { organizations, users } = parseUsersFile(readFileSync(file, 'utf8'));
  for (const name of organizations) await admin(url, ['create-organization', name]);
  for (const { email, password, displayName, organizations: names } of users) {
    const memberships = names.flatMap((name) => ['--organization', name]);
    await admin(url, ['add-user', email, '--name', displayName, ...memberships], password);
  }
}

/** Runs an `admin` command. @returns the lines that it printed, read. */
export async function admin(url: string, parameters: readonly string[], password = ''): Promise<object[]> {
  const run = promisify(execFile)(process.execPath, [serverModule, 'admin', ...parameters, '--database', url]);
  run.child.stdin?.end(`${password}\n`);
  const { stdout } = await run;
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as object]));
}
