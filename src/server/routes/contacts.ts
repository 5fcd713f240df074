import { randomUUID } from 'node:crypto';
import { Hono, type Context } from 'hono';
import { isExportColumn, type ExportColumn } from '../../contract/exportColumns.ts';
import {
  contactRequest,
  mergeRequest,
  undoMergeRequest,
  writableFields,
  type ContactRequest,
} from '../../contract/contact.ts';
import { commentRequest, type Author } from '../../contract/history.ts';
import type { KnownUser } from '../accounts/userDirectory.ts';
import { csvColumns, maxQueryLength } from '../../contract/vocabulary.ts';
import { badRequest, HttpProblem, notFound } from '../httpProblem.ts';
import { mergeContacts, undoMerge } from '../merging.ts';
import { bodyOf, channelTypesOf, pageQuery, queryOf, sortQuery } from '../requests.ts';
import { storedMediaUrl } from '../mediaReference.ts';
import type { StoredChanges, Sort, StoredComment, StoredContact } from '../store/records.ts';
import type { WorkspaceStore } from '../store/workspaceStore.ts';
import { commentToWire, contactToWire, conversationToWire, fileToWire, listEnvelope } from '../wire.ts';

const newestFirst: Sort = { column: 'created_at', descending: true };
const localUser: Author = { _id: 'u_local', display_name: 'You' };

/** What is known of whoever asks; nothing of who has the server's own secret. */
export interface WorkspaceBindings {
  user?: Pick<KnownUser, 'email' | 'displayName'> | undefined;
}

/**
 * @param origin where this server is reached, for the addresses of pictures.
 * @param onError told of what breaks off an answer that has begun.
 */
export function contactRoutes(
  store: WorkspaceStore,
  origin: () => string,
  onError: (error: unknown) => void,
): Hono<{ Bindings: WorkspaceBindings | undefined }> {
  const { contacts, history, facets } = store;
  const routes = new Hono<{ Bindings: WorkspaceBindings | undefined }>();

  const existing = async (c: Context): Promise<StoredContact> => {
    const contact = await contacts.get(c.req.param('id') ?? '');
    if (contact === undefined) throw notFound();
    return contact;
  };

  routes.get('/contacts', async (c) => {
    const request = queryOf(c, pageQuery);
    const sort = queryOf(c, sortQuery).sort ?? newestFirst;
    const filter = { channels: channelTypesOf(c), labels: (c.req.queries('label') ?? []).filter(Boolean) };
    const isFiltered = facets !== undefined && filter.channels.length + filter.labels.length > 0;
    const page = await (isFiltered ? facets.list(filter, sort, request) : contacts.list(sort, request));
    const envelope = listEnvelope(page, request, (contact) => contactToWire(contact, origin()));
    return c.json({
      ...envelope,
      ...(isFiltered ? { is_filtered: true } : {}),
      ...(facets !== undefined && c.req.query('in_use') === 'labels' ? { labels_in_use: await facets.labels() } : {}),
    });
  });

  routes.get('/contacts/_search', async (c) => {
    const request = queryOf(c, pageQuery);
    const { q: typed = '', near, counted } = c.req.query();
    const q = typed.slice(0, maxQueryLength).toWellFormed();
    const page = await contacts.search(q, queryOf(c, sortQuery).sort, { ...request, isCounted: counted !== '0' });
    if (near === '1' && page.matching === 0) {
      const items = request.skip === 0 ? await contacts.nearest(q, request.limit) : [];
      const found = { items, matching: items.length };
      const wire = listEnvelope(found, request, (contact) => contactToWire(contact, origin()));
      return c.json({ ...wire, count_is_exact: true, is_near: true });
    }
    const envelope = listEnvelope(page, request, (contact) => contactToWire(contact, origin()));
    if (page.isExact) return c.json({ ...envelope, count_is_exact: true });
    return c.json({ ...envelope, has_more: page.items.length === request.limit, count_is_exact: false });
  });

  routes.get('/contacts/_export_csv', async (c) => {
    const sort = queryOf(c, sortQuery).sort ?? newestFirst;
    const columns = columnsOf(c);
    const headers = {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="contacts.csv"',
    };
    // Nobody would read it, and it would keep its connection to the database.
    if (c.req.raw.method === 'HEAD') return c.body(null, 200, headers);
    const csv = contacts.exportCsv({ sort, columns, isExact: c.req.query('exact') === '1' });
    return c.body(ReadableStream.from(await begun(csv, onError)), 200, headers);
  });

  routes.post('/contacts', async (c) => {
    const draft = changesIn(await bodyOf(c, contactRequest), origin());
    const contact = await store.transaction(async (tx) => {
      const id = await tx.contacts.insert({ ...draft, organization_id: store.organizationId });
      return tx.contacts.get(id);
    });
    if (contact === undefined) throw new Error('A contact was written and is not there.');
    return c.json(contactToWire(contact, origin()), 201);
  });

  routes.get('/contacts/:id', async (c) => {
    const contact = await existing(c);
    const etag = etagOf(contact);
    c.header('etag', etag);
    if (c.req.header('if-none-match') === etag) return c.body(null, 304);
    return c.json(contactToWire(contact, origin()));
  });

  routes.put('/contacts/:id', async (c) => {
    const changes = { ...changesIn(await bodyOf(c, contactRequest), origin()), updated_by: editorOf(c.env) };
    const version = versionIn(c.req.header('if-match'));
    const contact = await store.transaction((tx) => tx.contacts.update(c.req.param('id'), changes, version));
    if (contact === 'notFound') throw notFound();
    if (contact === 'changedMeanwhile') throw new HttpProblem(412, 'The contact has changed meanwhile');
    c.header('etag', etagOf(contact));
    return c.json({ ...contactToWire(contact, origin()), action: 'update' });
  });

  routes.delete('/contacts/:id', async (c) => {
    if (!(await store.transaction((tx) => tx.contacts.delete(c.req.param('id'))))) throw notFound();
    return c.json({ success: true });
  });

  routes.post('/contacts/:id/_merge', async (c) => {
    const { contact_id, changes } = await bodyOf(c, mergeRequest);
    const { id } = c.req.param();
    if (contact_id === id) throw badRequest('contact_id must be another contact');
    const wanted = { ...changesIn(changes, origin()), updated_by: editorOf(c.env) };
    const merged = await store.transaction((tx) => mergeContacts(tx, id, contact_id, wanted));
    if (merged === 'notFound') throw notFound();
    return c.json({ ...contactToWire(merged.contact, origin()), merge_id: merged.mergeId });
  });

  routes.post('/contacts/:id/_unmerge', async (c) => {
    const { merge_id } = await bodyOf(c, undoMergeRequest);
    const both = await store.transaction(async (tx) => {
      const undone = await undoMerge(tx, c.req.param('id'), merge_id);
      // Nothing is written then, so that what is known of the merge stays.
      if (undone === undefined) throw notFound();
      return undone;
    });
    return c.json({ data: both.map((contact) => contactToWire(contact, origin())) });
  });

  routes.get('/contacts/:id/conversations', async (c) => {
    const contact = await existing(c);
    const conversations = await history.conversations(contact.id, channelTypesOf(c));
    const data = conversations.map((conversation) =>
      conversationToWire(conversation, contact, store.organizationId, origin()),
    );
    return c.json({ data });
  });

  routes.get('/contacts/:id/comments', async (c) => {
    const request = queryOf(c, pageQuery);
    const page = await history.comments((await existing(c)).id, channelTypesOf(c), request);
    return c.json(listEnvelope(page, request, (comment) => commentToWire(comment, authorOf(c.env))));
  });

  routes.post('/contacts/:id/comments', async (c) => {
    const { content } = await bodyOf(c, commentRequest);
    const comment = newComment(c.req.param('id'), content, authorOf(c.env));
    await store.transaction(async (tx) => {
      if ((await tx.contacts.get(comment.contact_id)) === undefined) throw notFound();
      await tx.history.insertComment(comment);
    });
    return c.json(commentToWire(comment, authorOf(c.env)), 201);
  });

  routes.get('/contacts/:id/comment/:commentId', async (c) => {
    const comment = await history.comment(c.req.param('id'), c.req.param('commentId'));
    if (comment === undefined) throw notFound();
    return c.json(commentToWire(comment, authorOf(c.env)));
  });

  routes.put('/contacts/:id/comment/:commentId', async (c) => {
    const { id, commentId } = c.req.param();
    const { content } = await bodyOf(c, commentRequest);
    const asker = authorOf(c.env);
    const edited = await store.transaction(async (tx) => {
      const comment = await tx.history.comment(id, commentId);
      if (comment === undefined) throw notFound();
      if (comment.author?._id !== asker._id) throw new HttpProblem(403, 'Not your comment');
      const changes = { text: content, updated_at: new Date().toISOString() };
      await tx.history.updateComment(id, commentId, changes);
      return { ...comment, ...changes };
    });
    return c.json(commentToWire(edited, asker));
  });

  routes.delete('/contacts/:id/comment/:commentId', async (c) => {
    const { id, commentId } = c.req.param();
    if (!(await store.transaction((tx) => tx.history.deleteComment(id, commentId)))) throw notFound();
    return c.json({ success: true });
  });

  for (const path of ['/contact/:id/files', '/contacts/:id/files']) {
    routes.get(path, async (c) => {
      const files = await history.files((await existing(c)).id);
      return c.json(files.map((file) => fileToWire(file, origin())));
    });
  }

  return routes;
}

/** A server reads at once what it is to send. */
const readWithinMs = 10_000;

/** A stream that has its first piece, so that what cannot begin is answered as any other failure. */
async function begun(
  stream: AsyncIterable<Uint8Array>,
  onError: (error: unknown) => void,
): Promise<AsyncIterable<Uint8Array>> {
  const pieces = stream[Symbol.asyncIterator]();
  const end = async (): Promise<void> => void (await pieces.return?.());
  let first: IteratorResult<Uint8Array> | undefined = await pieces.next();
  let isLeft = false;
  const limit = setTimeout(() => {
    isLeft = true;
    end().catch(onError);
  }, readWithinMs).unref();
  const next = async (): Promise<IteratorResult<Uint8Array>> => {
    clearTimeout(limit);
    if (isLeft) throw new Error('Nobody read what was streamed.');
    const piece = first ?? (await pieces.next());
    first = undefined;
    return piece;
  };
  return {
    [Symbol.asyncIterator]: () => ({
      next: () =>
        next().catch((error: unknown) => {
          onError(error);
          // The error may quote contacts, and this is printed.
          throw new Error('What was streamed broke off.');
        }),
      return: async () => {
        clearTimeout(limit);
        await end();
        return { done: true, value: undefined };
      },
    }),
  };
}

/** Who changes a contact, by name; of one's own workspace nobody needs to be told. */
const editorOf = ({ user }: WorkspaceBindings = {}): string => (user === undefined ? '' : nameOf(user));

/** Of several people of an organization, each is named. */
const authorOf = ({ user }: WorkspaceBindings = {}): Author =>
  user === undefined ? localUser : { _id: user.email, display_name: nameOf(user) };

const nameOf = ({ displayName, email }: NonNullable<WorkspaceBindings['user']>): string => displayName || email;

function newComment(contactId: string, text: string, author: Author): StoredComment {
  const now = new Date().toISOString();
  return {
    id: `cmt_${randomUUID()}`,
    contact_id: contactId,
    text,
    author,
    channel_type: '',
    labels: [],
    created_at: now,
    updated_at: now,
  };
}

/** The fields that a request sets, by their own names; null means not set. */
function changesIn(
  { name, phone, labels, additional_params, ...texts }: ContactRequest,
  origin: string,
): StoredChanges {
  const merged = { ...texts, display_name: texts.display_name ?? name, phone_number: texts.phone_number ?? phone };
  const changes: StoredChanges = {};
  for (const field of writableFields) {
    const value = merged[field];
    if (value !== undefined)
      changes[field] = field === 'avatar_url' ? storedMediaUrl(value ?? '', origin) : (value ?? '');
  }
  if (labels !== undefined) changes.labels = labels ?? [];
  if (additional_params !== undefined) changes.additional_params = additional_params;
  return changes;
}

const etagOf = (contact: StoredContact): string => `"${contact.id}.${contact.version}"`;

/** The version that `If-Match` names; a tag that is none of ours matches no version. */
function versionIn(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined || ifMatch === '*') return undefined;
  const version = /\.(\d+)"$/.exec(ifMatch)?.[1];
  return version === undefined ? -1 : Number(version);
}

/** The columns that an export is to have; those of the contract where none are named. */
function columnsOf(c: Context): readonly ExportColumn[] {
  const names = c.req.query('columns')?.split(',');
  if (names === undefined) return csvColumns;
  if (!names.every(isExportColumn)) throw badRequest('columns must name fields of a contact');
  return names;
}
