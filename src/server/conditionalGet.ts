import { createHash, randomBytes } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import type { WorkspaceBindings } from './routes/contacts.ts';
import type { WorkspaceStore } from './store/workspaceStore.ts';

/** Answers may hold what is of this process only, such as its port. */
const processTag = randomBytes(6).toString('base64url');

/** Two organizations may have the same version, and an answer says what whoever asks may do. */
const askerTag = (organizationId: string, user = ''): string =>
  createHash('sha256').update(`${processTag}\n${organizationId}\n${user}`).digest('base64url').slice(0, 12);

/**
 * Uses the store's version as the `ETag` of GET responses that have none, and answers 304, without looking anything up,
 * to clients that already have that version.
 */
export const conditionalGet =
  (store: WorkspaceStore): MiddlewareHandler<{ Bindings: WorkspaceBindings | undefined }> =>
  async (c, next) => {
    if (c.req.method !== 'GET') return next();
    // Taken first: a change while the answer is made must not go under the version after it.
    const tag = `W/"${askerTag(store.organizationId, c.env?.user?.email)}.${await store.version()}"`;
    const known = c.req
      .header('if-none-match')
      ?.split(',')
      .map((text) => text.trim());
    if (known?.includes(tag) === true) return c.body(null, 304, { etag: tag });
    await next();
    // A contact has a version of its own.
    if (c.res.status === 200 && !c.res.headers.has('etag')) c.res.headers.set('etag', tag);
    return undefined;
  };
