import { Hono, type Context, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { except } from 'hono/combine';
import { apiPrefixes, localPrefix, maxPictureBytes, signInPrefix } from '../contract/vocabulary.ts';
import type { Accounts } from './accounts/accounts.ts';
import type { NamedOrganization } from './accounts/userDirectory.ts';
import { ownAddressOnly, secretCheck, presentedCredentials } from './guard.ts';
import { HttpProblem, notFound, unauthorized } from './httpProblem.ts';
import { contactRoutes, type WorkspaceBindings } from './routes/contacts.ts';
import { colleagueRoutes } from './routes/colleagues.ts';
import { conversationRoutes } from './routes/conversations.ts';
import { localDataRoutes, type LocalFiles } from './routes/localData.ts';
import { mediaRoutes } from './routes/media.ts';
import { mirrorRoutes } from './routes/mirror.ts';
import { notificationRoutes } from './routes/notifications.ts';
import { signInRoutes } from './routes/signIn.ts';
import {
  CommitUncertainError,
  MediaDamagedError,
  StoreBusyError,
  StoreDamagedError,
  StoreFullError,
  StoreUnavailableError,
} from './store/errors.ts';
import type { MirrorStore } from './store/mirrorStore.ts';
import type { WorkspaceStore } from './store/workspaceStore.ts';
import { conditionalGet } from './conditionalGet.ts';

/** What JSON in a request may have. */
export const maxJsonBytes = 1024 * 1024;
/** A page of another server's contacts, whatever is in them. */
const maxMirroredBytes = 64 * 1024 * 1024;
/** A picture and the multipart lines around it. */
const maxUploadBytes = maxPictureBytes + 64 * 1024;

/** An organization and its contacts, in a store that nobody else's are in. */
export interface Organization extends NamedOrganization {
  store: WorkspaceStore;
}

/** The workspace of whoever started the server. */
export interface OwnWorkspace {
  store: WorkspaceStore;
  /** What opens it, without a sign-in. */
  secret: string;
  /** The routes for files of this machine, in and out, where the workspace lies on it. */
  files?: LocalFiles | undefined;
  /** Where the workspace is a mirror of another server's contacts. */
  mirror?: MirrorStore | undefined;
}

export interface AppOptions {
  own?: OwnWorkspace | undefined;
  /** Those who may sign in, where there are any. */
  accounts?: Accounts<Organization> | undefined;
  /** The exact `Host` that this server is asked by: `127.0.0.1:<port>`, or what it is called in public. */
  host: () => string;
  /** Where this server is reached, for addresses that it gives out: `http://` and the host where nothing is said. */
  origin?: string | undefined;
  /** From where somebody asks, where not all do from this machine. */
  addressOf?: ((c: Context) => string | undefined) | undefined;
  /** Told of every failure that is the server's own. */
  onError?: ((error: unknown) => void) | undefined;
}

/** The contact server as a function from Request to Response (`app.fetch`, `app.request`); no socket needed. */
export function createApp(options: AppOptions): Hono {
  const { own, accounts, host, addressOf = () => undefined } = options;
  const app = new Hono();
  const isSecret = own === undefined ? () => false : secretCheck(own.secret);
  const workspaces = new WeakMap<WorkspaceStore, Hono>();
  const workspaceOf = (of: WorkspaceStore): Hono => {
    const known = workspaces.get(of) ?? createWorkspaceApp(of, options);
    workspaces.set(of, known);
    return known;
  };
  const localData = own && createLocalDataApp(own, options);

  handleErrors(app, options);
  app.use(async (c, next) => {
    await next();
    // A 304 has no body to protect, and the cached response has these headers already.
    if (c.res.status === 304) return;
    // With `c.header` the answer would be made anew for each of them.
    c.res.headers.set('x-content-type-options', 'nosniff');
    c.res.headers.set('cross-origin-resource-policy', 'same-origin');
    c.res.headers.set('x-frame-options', 'DENY');
    // Whoever keeps an answer for others does not know the header that says whose it is.
    if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', 'private, no-cache');
  });
  app.use(ownAddressOnly(host));
  app.get('/', (c) => c.json({ status: 'ok', name: 'contact-lookup' }));
  app.use(`${signInPrefix}/*`, jsonCap);
  if (accounts !== undefined) app.route(signInPrefix, signInRoutes(accounts, addressOf));
  app.all(`${signInPrefix}/*`, () => {
    throw notFound();
  });
  app.all('*', async (c) => {
    const shown = presentedCredentials(c);
    if (own !== undefined && shown.some(isSecret)) {
      const isLocal = localData !== undefined && c.req.path.startsWith(`${localPrefix}/`);
      return (isLocal ? localData : workspaceOf(own.store)).fetch(c.req.raw);
    }
    const admitted = accounts && (await Promise.all(shown.map((text) => accounts.whoShows(text))));
    const visitor = admitted?.find((each) => each !== undefined);
    if (visitor === undefined) throw unauthorized();
    const { user, organization } = visitor;
    const wanted = c.req.header('x-organization-id');
    if (wanted !== undefined && wanted !== organization.id) throw new HttpProblem(403, 'Not your organization');
    return workspaceOf(organization.store).fetch(c.req.raw, { user } satisfies WorkspaceBindings);
  });
  return app;
}

/** Media never change, a contact has a version of its own, and who belongs to an organization is not in its store. */
const hasOwnVersion = (c: Context): boolean => /\/(?:contacts\/(?!_)[^/]+|media\/[^/]+|colleagues)$/.test(c.req.path);

/** The routes of one workspace, for whoever has been let in. */
function createWorkspaceApp(store: WorkspaceStore, options: AppOptions): Hono {
  const app = new Hono();
  const origin = (): string => options.origin ?? `http://${options.host()}`;
  handleErrors(app, options);
  for (const prefix of apiPrefixes) {
    app.use(`${prefix}/*`, bodyCap, except(hasOwnVersion, conditionalGet(store)));
    app.route(prefix, mediaRoutes(store, origin));
    app.route(prefix, conversationRoutes(store, origin));
    app.route(prefix, notificationRoutes(store));
    if (options.accounts !== undefined) app.route(prefix, colleagueRoutes(options.accounts, store.organizationId));
    // Last: `/contacts/:id` takes what no other route has.
    app.route(prefix, contactRoutes(store, origin, options.onError ?? (() => undefined)));
  }
  refuseOtherMethods(app);
  app.notFound(() => {
    throw notFound();
  });
  return app;
}

/** The routes for whoever started this server. */
function createLocalDataApp({ store, files, mirror }: OwnWorkspace, options: AppOptions): Hono {
  const app = new Hono();
  handleErrors(app, options);
  app.use(mirror === undefined ? jsonCap : mirrorCap);
  if (files !== undefined) app.route(localPrefix, localDataRoutes(store, files));
  if (mirror !== undefined) app.route(localPrefix, mirrorRoutes(mirror));
  refuseOtherMethods(app);
  app.notFound(() => {
    throw notFound();
  });
  return app;
}

function handleErrors(app: Hono, { onError }: AppOptions): void {
  app.onError((error, c) => {
    const problem = error instanceof HttpProblem ? error : problemOf(error);
    if (problem.status >= 500) onError?.(error);
    return c.json({ code: problem.code, message: problem.message }, problem.status, problem.headers);
  });
}

/** Answers 405 with what is allowed, on every path that has a route. */
function refuseOtherMethods(app: Hono): void {
  const routes = app.routes.filter((route) => route.method !== 'ALL');
  const byPath = Map.groupBy(routes, (route) => route.path);
  for (const [path, group] of byPath) {
    const allow = group.map((route) => route.method).join(', ');
    app.all(path, () => {
      throw new HttpProblem(405, 'Method Not Allowed', { headers: { allow } });
    });
  }
}

const cappedBody = (maxSize: number): MiddlewareHandler =>
  bodyLimit({
    maxSize,
    onError: () => {
      // The rest of the body is not read, so the connection cannot be used again.
      throw new HttpProblem(413, `The body is larger than ${maxSize} bytes`, { headers: { connection: 'close' } });
    },
  });

const jsonCap = cappedBody(maxJsonBytes);
const mirrorCap = cappedBody(maxMirroredBytes);
const uploadCap = cappedBody(maxUploadBytes);
const bodyCap: MiddlewareHandler = (c, next) => {
  // Nobody reads a body of these, and to look whether there is one costs more than to read a contact.
  if (c.req.method === 'GET') return next();
  return c.req.path.endsWith('/contacts/_fileupload') ? uploadCap(c, next) : jsonCap(c, next);
};

/** Faults of the store that a client can do something about. */
function problemOf(error: unknown): HttpProblem {
  if (error instanceof StoreFullError) return new HttpProblem(507, 'The disk is full', { cause: error });
  if (error instanceof StoreBusyError)
    return new HttpProblem(503, 'The store is busy', { cause: error, headers: { 'retry-after': '1' } });
  // Without a time to come back: whoever asks again might do it twice.
  if (error instanceof CommitUncertainError)
    return new HttpProblem(503, 'Whether it was written is not known', { cause: error });
  if (error instanceof StoreUnavailableError)
    return new HttpProblem(503, 'The database does not answer', { cause: error, headers: { 'retry-after': '2' } });
  if (error instanceof StoreDamagedError) return new HttpProblem(500, 'The store is damaged', { cause: error });
  if (error instanceof MediaDamagedError) return new HttpProblem(500, 'The file is damaged', { cause: error });
  return new HttpProblem(500, 'Internal error', { cause: error });
}
