/** People who may sign in to a contact server: with no, one and three organizations. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export const organizationNames = ['Northwind', 'Harbour Post', 'Công ty Sao Mai'] as const;

export const people = {
  none: { email: 'none@example.test', password: 'a password for none' },
  one: { email: 'one@example.test', password: 'a password for one' },
  three: { email: 'three@example.test', password: 'a password for three' },
} as const;

/** Writes the file for `--users`, and returns its path. */
export function writeUsersFile(directory: string, change: (users: object[]) => object[] = (users) => users): string {
  const users = change([
    { ...people.none, organizations: [] },
    { ...people.one, display_name: 'One', organizations: [organizationNames[1]] },
    { ...people.three, display_name: 'Three', organizations: organizationNames },
  ]);
  const file = join(directory, 'users.json');
  writeFileSync(file, JSON.stringify({ organizations: organizationNames, users }));
  return file;
}

/** Ends the life of every token that the server in `data` has issued. */
export function expireTokens(data: string): void {
  const sqlite = new DatabaseSync(join(data, 'accounts.db'), { timeout: 5000 });
  sqlite.exec('UPDATE token SET expires_at = 1');
  sqlite.close();
}

/** The last one-time code in a server's log. */
export function sentCode(log: readonly string[], email: string): string | undefined {
  const line = log.findLast((each) => each.startsWith(`sign-in code for ${email}: `));
  return line === undefined ? undefined : /\d{6}$/.exec(line)?.[0];
}
