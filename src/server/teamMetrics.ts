import { Hono, type MiddlewareHandler } from 'hono';
import { apiPrefixes, signInPrefix } from '../contract/vocabulary.ts';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Connections to the database: all, those that nobody uses, and who waits for one. */
export interface Connections {
  total: number;
  idle: number;
  waiting: number;
}

export interface TeamMetrics {
  /** Measures what passes through. */
  measure: MiddlewareHandler;
  /** Answers `GET /metrics`, for whoever watches over the server. */
  app: Hono;
}

const secondsBuckets = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** What Prometheus reads: how long answers take, by what was asked and how it ended, and the state of the process. */
export function teamMetrics(connections: () => Connections): TeamMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: 'contact_lookup_request_seconds',
    help: 'How long an answer took.',
    labelNames: ['method', 'route', 'status'],
    buckets: secondsBuckets,
    registers: [registry],
  });
  const connectionGauge = new Gauge({
    name: 'contact_lookup_database_connections',
    help: 'Connections to the database, and who waits for one.',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      for (const [state, count] of Object.entries(connections())) connectionGauge.set({ state }, count);
    },
  });
  return {
    measure: async (c, next) => {
      const end = durations.startTimer();
      await next();
      end({ method: c.req.method, route: routeOf(c.req.path), status: c.res.status });
    },
    app: new Hono().get('/metrics', async (c) =>
      c.body(await registry.metrics(), 200, { 'content-type': registry.contentType }),
    ),
  };
}

const id = '[^/]+';
/** Every route of the contract, without whom it is about. */
const routes = [
  '/',
  ...['login/_signin_email_request', 'login/authenticate', 'access/_exchange_access_token'].map(
    (path) => `${signInPrefix}/${path}`,
  ),
  ...apiPrefixes.flatMap((prefix) =>
    [
      'contacts',
      'contacts/_search',
      'contacts/_export_csv',
      'contacts/_fileupload',
      'contacts/:id',
      'contacts/:id/_merge',
      'contacts/:id/_unmerge',
      'contacts/:id/conversations',
      'contacts/:id/comments',
      'contacts/:id/comment/:id',
      'contacts/:id/files',
      'contact/:id/files',
      'conversations_activities/:id',
      'conversation_messages',
      'notifications',
      'notifications/read',
      'notifications/unread',
      'colleagues',
      'notifications/dismiss',
      'notifications/dismiss/all',
      'media/:id',
    ].map((path) => `${prefix}/${path}`),
  ),
].map((route) => ({ route, pattern: new RegExp(`^${route.replaceAll(':id', id)}$`) }));

/** Anybody may ask for any path: what is none of the contract's is one of many. */
export const routeOf = (path: string): string => routes.find(({ pattern }) => pattern.test(path))?.route ?? 'other';
