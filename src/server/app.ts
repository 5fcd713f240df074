import { Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { apiPrefixes, maxPictureBytes } from '../contract/vocabulary.ts';
import { ownAddressOnly, secretRequired } from './guard.ts';
import { HttpProblem, notFound } from './httpProblem.ts';
import { activityRoutes } from './routes/activities.ts';
import { contactRoutes } from './routes/contacts.ts';
import { mediaRoutes } from './routes/media.ts';
import { notificationRoutes } from './routes/notifications.ts';
import { isBusy, isFull } from './store/database.ts';
import type { Store } from './store/store.ts';

const maxJsonBytes = 1024 * 1024;
/** A picture and the multipart lines around it. */
const maxUploadBytes = maxPictureBytes + 64 * 1024;

export interface AppOptions {
  store: Store;
  /** What a client must show on every route but the health check. */
  secret: string;
  /** The exact `Host` of this server, `127.0.0.1:<port>`. */
  host: () => string;
  /** Told of every failure that is the server's own. */
  onError?: (error: unknown) => void;
}

/** The contact server as a function from Request to Response (`app.fetch`, `app.request`); no socket needed. */
export function createApp({ store, secret, host, onError }: AppOptions): Hono {
  const app = new Hono();
  const origin = (): string => `http://${host()}`;

  app.use(async (c, next) => {
    await next();
    c.header('x-content-type-options', 'nosniff');
    c.header('cross-origin-resource-policy', 'same-origin');
    c.header('x-frame-options', 'DENY');
  });
  app.use(ownAddressOnly(host));
  app.get('/', (c) => c.json({ status: 'ok', name: 'contact-lookup' }));
  app.use(secretRequired(secret));
  for (const prefix of apiPrefixes) {
    app.use(`${prefix}/*`, bodyCap);
    app.route(prefix, contactRoutes(store, origin));
    app.route(prefix, mediaRoutes(store, origin));
    app.route(prefix, activityRoutes(store));
    app.route(prefix, notificationRoutes(store));
  }
  refuseOtherMethods(app);
  app.notFound(() => {
    throw notFound();
  });
  app.onError((error, c) => {
    const problem = error instanceof HttpProblem ? error : problemOf(error);
    if (problem.status >= 500) onError?.(error);
    return c.json({ code: problem.code, message: problem.message }, problem.status, problem.headers);
  });
  return app;
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
const uploadCap = cappedBody(maxUploadBytes);
const bodyCap: MiddlewareHandler = (c, next) =>
  c.req.path.endsWith('/contacts/_fileupload') ? uploadCap(c, next) : jsonCap(c, next);

/** SQLite's own faults that a client can do something about. */
function problemOf(error: unknown): HttpProblem {
  if (isFull(error)) return new HttpProblem(507, 'The disk is full', { cause: error });
  if (isBusy(error))
    return new HttpProblem(503, 'The store is busy', { cause: error, headers: { 'retry-after': '1' } });
  return new HttpProblem(500, 'Internal error', { cause: error });
}
