/** The stand-in gateway's routes, in the gateway's dialect (docs/contract.md) and not in that of our own server. */
import { Hono, type Context } from 'hono';
import { Random } from '../../../src/server/seed/random.ts';
import { apiPrefix, signInPrefix } from '../../../src/contract/vocabulary.ts';
import { organizationId, type GatewayWorld } from './gatewayWorld.ts';
import type { MediaOrigin } from './mediaOrigin.ts';
import { latencyMs, type GatewayBehavior } from './gatewayBehavior.ts';

export interface GatewayRequest {
  method: string;
  path: string;
  /** When it came and was answered, by the clock of the machine. */
  at: number;
  answeredAt: number;
  status: number;
}

export interface GatewayParts {
  world: GatewayWorld;
  media: MediaOrigin;
  behavior: GatewayBehavior;
  requests: GatewayRequest[];
}

const loginToken = 'login_acc_of_the_stand_in';
export const standInKey = 'api_of_the_stand_in_gateway';
const searchIsSlowerBy = 6;
const badGatewayPage = '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>';

export function gatewayApp({ world, media, behavior, requests }: GatewayParts): Hono {
  const random = new Random(502);
  const app = new Hono();
  const isChosen = (percent: number): boolean => percent > 0 && random.next() * 100 < percent;
  const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const json = (c: Context, body: unknown, status: 200 | 400 | 401 | 404 | 405 = 200): Response =>
    c.body(`${behavior.hasByteOrderMark ? '\ufeff' : ''}${JSON.stringify(body)}`, status, {
      'content-type': 'application/json; charset=utf-8',
    });
  const unknown = (c: Context): Response => json(c, { code: 40000, message: 'Not Found' }, 400);

  app.use(async (c, next) => {
    const { method, path } = c.req;
    const at = Date.now();
    await wait(latencyMs(random, behavior) * (path.endsWith('/_search') ? searchIsSlowerBy : 1));
    if (path !== '/' && isChosen(behavior.tooManyPercent)) {
      const header: Record<string, string> = random.chance(0.5)
        ? { 'retry-after': String(behavior.retryAfterSeconds) }
        : {};
      c.res = c.body('{"message":"Too Many Requests"}', 429, { 'content-type': 'application/json', ...header });
    } else if (path !== '/' && isChosen(behavior.badGatewayPercent)) {
      if (random.chance(0.5)) await next();
      c.res = undefined;
      c.res = c.html(badGatewayPage, 502);
    } else {
      await next();
    }
    const whole = c.req.url.slice(new URL(c.req.url).origin.length);
    requests.push({ method, path: whole, at, answeredAt: Date.now(), status: c.res.status });
  });
  app.get('/', (c) => json(c, { status: 'ok', service: 'gateway' }));
  app.route(signInPrefix, signInRoutes(json));

  app.use(`${apiPrefix}/*`, async (c, next) => {
    const key = c.req.header('x-api-key');
    const token = c.req.header('x-access-token');
    const isKnown = key === standInKey || token === 'acc_of_the_stand_in_gateway';
    if (isKnown && !behavior.tokensAreExpired) return next();
    return json(c, { code: 40001, message: 'Unauthorized' }, 401);
  });
  const page = <T>(c: Context, all: readonly T[]): { items: T[]; envelope: Record<string, unknown> } => {
    const limit = Math.min(Number(c.req.query('limit') ?? 10), 200);
    const skip = behavior.ignoresSkip ? 0 : Number(c.req.query('skip') ?? 0);
    const items = all.slice(skip, skip + limit);
    const hasMore = skip + items.length < all.length;
    const envelope = { object_name: 'list', data: items, nested: {}, has_more: hasMore };
    return { items, envelope: { ...envelope, count: all.length, total: items.length } };
  };
  const idOf = (c: Context): string => c.req.param('id') ?? '';
  const body = async (c: Context): Promise<unknown> => {
    try {
      return (await c.req.json()) as unknown;
    } catch {
      return undefined;
    }
  };
  const api = new Hono();
  api.get('/contacts', (c) => json(c, page(c, world.list(c.req.query('sort') ?? '-created_at')).envelope));
  api.get('/contacts/_search', (c) => json(c, page(c, world.search(c.req.query('q') ?? '')).envelope));
  api.get('/contacts/_export_csv', (c) =>
    c.body(ReadableStream.from(inPieces(world.csv())), 200, { 'content-type': 'text/csv; charset=utf-8' }),
  );
  api.post('/contacts/_fileupload', async (c) => {
    const { file } = await c.req.parseBody();
    if (!(file instanceof File)) return json(c, { code: 40000, message: 'file is required' }, 400);
    const extension = /\.(\w{1,8})$/.exec(file.name)?.[1] ?? 'png';
    return json(c, { url: media.keep('contact', extension, new Uint8Array(await file.arrayBuffer())) });
  });
  api.post('/contacts', async (c) => {
    const fields = await body(c);
    if (typeof fields !== 'object' || fields === null) return json(c, { code: 40000, message: 'Bad Request' }, 400);
    return json(c, world.create(fields as Record<string, unknown>));
  });
  api.get('/contacts/by-board-item/:id', (c) => {
    const contact = world.contactOfBoardItem(idOf(c));
    return contact === undefined ? json(c, { message: 'Not Found' }, 404) : json(c, contact);
  });
  api.get('/contacts/:id', (c) => {
    const contact = world.contact(idOf(c));
    return contact === undefined ? unknown(c) : json(c, contact);
  });
  api.put('/contacts/:id', async (c) => {
    const changes = await body(c);
    if (typeof changes !== 'object' || changes === null) return json(c, { code: 40000, message: 'Bad Request' }, 400);
    const contact = world.update(idOf(c), changes as Record<string, unknown>);
    return contact === undefined ? unknown(c) : json(c, { ...contact, action: 'bu.contact_updated' });
  });
  api.delete('/contacts/:id', (c) => (world.delete(idOf(c)) ? json(c, { success: true }) : unknown(c)));
  api.get('/contacts/:id/conversations', (c) => {
    const found = world.conversations(idOf(c));
    return found === undefined ? unknown(c) : json(c, { data: found });
  });
  api.get('/contacts/:id/comments', (c) => {
    const found = world.comments(idOf(c));
    return found === undefined ? unknown(c) : json(c, page(c, found).envelope);
  });
  api.post('/contacts/:id/comments', async (c) => {
    const given = (await body(c)) as { content?: unknown } | undefined;
    if (typeof given?.content !== 'string') return json(c, { code: 40000, message: 'content is required' }, 400);
    return world.contact(idOf(c)) === undefined ? unknown(c) : json(c, world.addComment(idOf(c), given.content));
  });
  api.get('/contacts/:id/comment/:commentId', (c) => {
    const found = world.comment(idOf(c), c.req.param('commentId'));
    return found === undefined ? unknown(c) : json(c, found);
  });
  api.delete('/contacts/:id/comment/:commentId', (c) =>
    world.deleteComment(idOf(c), c.req.param('commentId')) ? json(c, { success: true }) : unknown(c),
  );
  api.get('/contact/:id/files', (c) => {
    const found = world.filesOf(idOf(c));
    return found === undefined ? unknown(c) : json(c, found);
  });
  api.get('/conversations_activities/:id', (c) => json(c, { items: world.activities(idOf(c)) }));
  api.get('/team_conversations', (c) => {
    const found =
      c.req.query('type') === 'conversation_id' ? world.teamConversation(c.req.query('q') ?? '') : undefined;
    return json(c, { object_name: 'list', data: found === undefined ? [] : [found], has_more: false });
  });
  api.get('/team_conversations/:id', (c) => {
    const found = world.teamConversation(idOf(c));
    return found === undefined ? json(c, { message: 'Not Found' }, 404) : json(c, found);
  });
  // As the web client asks; the form of the specification is not known here, unless that is wanted.
  api.get('/conversation_messages', (c) => {
    const { messagesAre } = behavior;
    const { type, q, conversation_id } = c.req.query();
    const asked = { byView: q, byConversation: conversation_id, ofAnybody: q ?? world.anyConversation };
    const isByView = type === 'team_conversation_id';
    const isTaken = messagesAre === 'ofAnybody' || isByView === (messagesAre === 'byView');
    if (!isTaken) return json(c, { message: 'Bad Request' }, 400);
    return json(c, page(c, world.messages(asked[messagesAre] ?? '')).envelope);
  });
  api.get('/notifications', (c) => {
    const { envelope } = page(c, world.notificationsOf(c.req.query('type')));
    return json(c, { ...envelope, unread_count: world.unread });
  });
  const change = async (c: Context, apply: (ids: readonly string[]) => void): Promise<Response> => {
    const ids = idsIn(await body(c), behavior);
    if (ids === undefined) return json(c, { code: 40000, message: 'Validation failed' }, 400);
    apply(ids);
    return json(c, { success: true });
  };
  api.put('/notifications/read', (c) => change(c, (ids) => world.markRead(ids)));
  const dismiss = (c: Context): Promise<Response> => change(c, (ids) => world.dismiss(ids));
  api.post('/notifications/dismiss', dismiss);
  api.delete('/notifications/dismiss', (c) =>
    behavior.takesIdsOnly ? json(c, { message: 'Method Not Allowed' }, 405) : dismiss(c),
  );
  api.delete('/notifications/dismiss/all', (c) => {
    const type = c.req.query('type');
    const isUnknown = behavior.dismissesAllForNumbers && /^\d+$/.test(type ?? '');
    world.dismissAll(isUnknown ? undefined : type);
    return json(c, { success: true });
  });
  app.route(apiPrefix, api);
  app.notFound((c) => json(c, { message: 'Not Found' }, 404));
  return app;
}

/** `{"notification_id": …}`, a bare array, or `{"ids": […]}` (contract, section 3). */
function idsIn(given: unknown, { takesBareArraysOnly, takesIdsOnly }: GatewayBehavior): string[] | undefined {
  const object = (given ?? {}) as { notification_id?: unknown; ids?: unknown };
  const named = typeof object.notification_id === 'string' ? [object.notification_id] : object.notification_id;
  const anyForm = Array.isArray(given) ? (given as unknown[]) : (named ?? object.ids);
  const ids = takesBareArraysOnly ? given : takesIdsOnly ? object.ids : anyForm;
  const all: unknown[] = Array.isArray(ids) ? ids : [];
  return all.length > 0 && all.every((id) => typeof id === 'string') ? all : undefined;
}

/** Sign-in for anybody, with `password` or the code `000000`. */
function signInRoutes(json: (c: Context, body: unknown, status?: 401) => Response): Hono {
  const routes = new Hono();
  routes.post('/login/_signin_email_request', (c) => json(c, { success: true }));
  routes.post('/login/authenticate', async (c) => {
    const { otp, password } = await c.req.json<{ otp?: unknown; password?: unknown }>();
    if (otp !== '000000' && password !== 'password') return json(c, { code: 40001, message: 'Unauthorized' }, 401);
    const organization = { organization_id: organizationId, display_name: 'Stand-in Gateway', role: 'admin' };
    return json(c, { token: loginToken, user_id: 'u_self', organizations: [organization] });
  });
  routes.post('/access/_exchange_access_token', async (c) => {
    const { organization_id: wanted } = await c.req.json<{ organization_id?: unknown }>();
    const isIts = wanted === organizationId && c.req.header('x-organization-id') === organizationId;
    if (c.req.header('x-access-token') !== loginToken || !isIts) return json(c, { code: 40001 }, 401);
    return json(c, { token: 'acc_of_the_stand_in_gateway', refresh_token: 'ref_of_the_stand_in' });
  });
  return routes;
}

function* inPieces(lines: Iterable<string>): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  let piece = '';
  for (const line of lines) {
    piece += line;
    if (piece.length < 64_000) continue;
    yield encoder.encode(piece);
    piece = '';
  }
  yield encoder.encode(piece);
}
