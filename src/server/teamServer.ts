/** The server of a team's contacts, in a PostgreSQL database; any number of them may run over the same one. */
import { setTimeout } from 'node:timers/promises';
import { Accounts } from './accounts/accounts.ts';
import { createApp, type Organization } from './app.ts';
import { listen } from './listen.ts';
import type { TeamOptions } from './options.ts';
import { announce, faultText, importAndReport, onEnd, report, tellCode, sayWaiting } from './reports.ts';
import { seedWorkspace } from './seed/seedWorkspace.ts';
import { StoreBusyError } from './store/errors.ts';
import { PostgresAccounts } from './store/postgres/accounts.ts';
import { PostgresDatabase } from './store/postgres/database.ts';
import { PostgresOrganizations, type OrganizationName } from './store/postgres/organizations.ts';
import { searchLayoutClaim } from './store/postgres/postgresStore.ts';
import { PostgresUsers } from './store/postgres/users.ts';
import { Workspaces } from './store/postgres/workspaces.ts';
import { clientAddress, teamApp } from './teamApp.ts';
import { teamMetrics } from './teamMetrics.ts';

const maxConnections = 2_000;
/** What the answers that are under way may take when the server is to end. */
const graceMs = 7_000;
/** How long a proxy may take to notice, and what all of the end takes at most. */
const drainMs = 1_500;
const deadlineMs = 9_500;

/** The name of the first organization of a database, where `--token` is to open it and there is none. */
const firstName = 'Contacts';

export async function runTeamServer(options: TeamOptions): Promise<void> {
  const database = await PostgresDatabase.open(options.database, sayWaiting);
  for (const warning of database.warnings) report(warning);
  const workspaces = new Workspaces(database);
  const own = await ownWorkspace(database, workspaces, options);
  const users = new PostgresUsers(database);
  const accounts = new Accounts<Organization>({
    store: new PostgresAccounts(database),
    users: {
      isPassword: (email, password) => users.isPassword(email, password),
      membersOf: (organizationId) => users.membersOf(organizationId),
      find: async (email) => {
        const user = await users.find(email);
        return user && { ...user, organizations: user.organizations.map((each) => workspaces.of(each)) };
      },
    },
    deliverCode: tellCode,
  });
  const { publicUrl } = options;
  let isEnding = false;
  const metrics = options.metrics && teamMetrics(() => database.connections);
  const watched =
    metrics && (await listen(() => metrics.app, { ...options.metrics, port: options.metrics?.port ?? 0 }));
  if (watched !== undefined) report(`metrics: http://${watched.host}/metrics`);
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
        isReady: async () => !isEnding && (await database.isUp()),
        isEnding: () => isEnding,
        measure: metrics?.measure,
      }),
    { port: options.port, address: options.address, maxConnections },
  );
  onEnd(async () => {
    isEnding = true;
    // A proxy looks elsewhere before connections are closed that it is about to use.
    if (publicUrl !== undefined) await setTimeout(drainMs);
    await listening.close(graceMs);
    await watched?.close();
    await database.close();
  }, deadlineMs);
  ensureSearches(database, workspaces, options).catch((error: unknown) => report(faultText(error)));
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
  if (seed > 0 || file !== undefined) {
    await whileFilling(options, async (filled) => {
      for (const [index, each] of (seed > 0 ? [first, ...others] : []).entries())
        await whenFree(() => seedWorkspace(filled.of(each).store, seed, new Date(), index));
      if (file === undefined) return;
      const { store } = filled.of(first);
      // Who is at that holds the workspace for longer than an import waits.
      await whenFree(() => store.ensureSearch());
      await importAndReport(store, file);
    });
  }
  return token === undefined ? undefined : { store: workspaces.of(first).store, secret: token };
}

/** Runs `work` with connections that are made for very many rows. */
async function whileFilling(
  { database: url }: Pick<TeamOptions, 'database'>,
  work: (workspaces: Workspaces) => Promise<void>,
): Promise<void> {
  const database = await PostgresDatabase.open(url, sayWaiting, 'filling');
  try {
    await work(new Workspaces(database));
  } finally {
    await database.close();
  }
}

/** After a change of version, the organizations are searched as before until their index is built anew, one by one. */
async function ensureSearches(database: PostgresDatabase, workspaces: Workspaces, options: TeamOptions): Promise<void> {
  const old: OrganizationName[] = [];
  for (const each of await new PostgresOrganizations(database).all()) {
    // Where that cannot be said now, it is asked again.
    const isNew = await workspaces
      .of(each)
      .store.isClaimed(searchLayoutClaim)
      .catch(() => false);
    if (!isNew) old.push(each);
  }
  if (old.length === 0) return;
  await whileFilling(options, async (filled) => {
    for (const each of old) {
      // Of one that cannot be done now, such as one that was removed meanwhile, the others know nothing.
      await whenFree(() => filled.of(each).store.ensureSearch()).catch((error: unknown) => report(faultText(error)));
    }
  });
}

/** Another server may be at the same, for minutes. */
async function whenFree(work: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StoreBusyError)) throw error;
    }
  }
}
