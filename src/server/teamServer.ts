/** The server of a team's contacts, in a PostgreSQL database; any number of them may run over the same one. */
import { Accounts } from './accounts/accounts.ts';
import { createApp, type Organization } from './app.ts';
import { listen } from './listen.ts';
import type { TeamOptions } from './options.ts';
import { announce, faultText, importAndReport, onEnd, report, tellCode } from './reports.ts';
import { seedWorkspace } from './seed/seedWorkspace.ts';
import { PostgresAccounts } from './store/postgres/accounts.ts';
import { PostgresDatabase } from './store/postgres/database.ts';
import { PostgresOrganizations } from './store/postgres/organizations.ts';
import { PostgresUsers } from './store/postgres/users.ts';
import { Workspaces } from './store/postgres/workspaces.ts';
import { clientAddress, teamApp } from './teamApp.ts';

const maxConnections = 2_000;
/** What the answers that are under way may take when the server is to end. */
const graceMs = 8_000;

/** The name of the first organization of a database, where `--token` is to open it and there is none. */
const firstName = 'Contacts';

export async function runTeamServer(options: TeamOptions): Promise<void> {
  const database = await PostgresDatabase.open(options.database);
  const workspaces = new Workspaces(database);
  const own = await ownWorkspace(database, workspaces, options);
  const users = new PostgresUsers(database);
  const accounts = new Accounts<Organization>({
    store: new PostgresAccounts(database),
    users: {
      isPassword: (email, password) => users.isPassword(email, password),
      find: async (email) => {
        const user = await users.find(email);
        return user && { ...user, organizations: user.organizations.map((each) => workspaces.of(each)) };
      },
    },
    deliverCode: tellCode,
  });
  const { publicUrl } = options;
  const listening = await listen(
    (host) =>
      teamApp({
        app: createApp({
          own,
          accounts,
          host: () => publicUrl?.host ?? host(),
          origin: publicUrl?.origin,
          addressOf: clientAddress(options.trustedProxies),
          onError: (error) => report(faultText(error)),
        }),
        isReady: () => database.isUp(),
      }),
    { port: options.port, address: options.address, maxConnections },
  );
  onEnd(async () => {
    await listening.close(graceMs);
    await database.close();
  });
  announce(publicUrl?.origin ?? `http://${listening.host}`, options.token);
}

/** What `--token` opens: the first organization, which it creates where there is none. */
async function ownWorkspace(
  database: PostgresDatabase,
  workspaces: Workspaces,
  options: TeamOptions,
): Promise<{ store: Organization['store']; secret: string } | undefined> {
  const organizations = new PostgresOrganizations(database);
  const { token, seed, import: file } = options;
  if (token === undefined && seed === 0 && file === undefined) return undefined;
  const [first = await organizations.findOrCreate(firstName), ...others] = await organizations.all();
  const { store } = workspaces.of(first);
  if (seed > 0) {
    for (const [index, each] of [first, ...others].entries())
      await seedWorkspace(workspaces.of(each).store, seed, new Date(), index);
  }
  if (file !== undefined) await importAndReport(store, file);
  return token === undefined ? undefined : { store, secret: token };
}
