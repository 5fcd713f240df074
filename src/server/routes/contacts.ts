import { Hono, type Context } from 'hono';
import { stringify } from 'csv-stringify/sync';
import { isExportColumn, type ExportColumn } from '../../contract/exportColumns.ts';
import { contactTextFields, csvColumns, type ContactTextField } from '../../contract/vocabulary.ts';
import { csvCell } from '../../contract/csvCell.ts';
import { badRequest, HttpProblem, notFound } from '../httpProblem.ts';
import { channelTypesOf, isObject, jsonObject, labelsIn, pageRequest, sortOf, textIn } from '../requests.ts';
import type { ContactChanges, ExportedContact, Sort, StoredContact } from '../store/contactStore.ts';
import { storedMediaUrl } from '../store/mediaStore.ts';
import type { Store } from '../store/store.ts';
import { commentToWire, contactToWire, conversationToWire, fileToWire, listEnvelope } from '../wire.ts';

/** Fields that the server sets itself. */
const ownFields: ReadonlySet<ContactTextField> = new Set(['organization_id', 'created_at', 'updated_at']);
/** The other spelling that `update` takes (contract, section 4.2). */
const otherSpelling: Partial<Record<ContactTextField, string>> = {
  display_name: 'name',
  phone_number: 'phone',
};
const newestFirst: Sort = { column: 'created_at', descending: true };
const localUser = { _id: 'u_local', display_name: 'You' };

/** @param origin where this server is reached, for the addresses of pictures. */
export function contactRoutes(store: Store, origin: () => string): Hono {
  const { contacts, history } = store;
  const routes = new Hono();

  const existing = (c: Context): StoredContact => {
    const contact = contacts.get(c.req.param('id') ?? '');
    if (contact === undefined) throw notFound();
    return contact;
  };

  routes.get('/contacts', (c) => {
    const request = pageRequest(c);
    const page = contacts.list(sortOf(c) ?? newestFirst, request);
    return c.json(listEnvelope(page, request, (contact) => contactToWire(contact, origin())));
  });

  routes.get('/contacts/_search', (c) => {
    const request = pageRequest(c);
    const page = contacts.search(c.req.query('q') ?? '', sortOf(c), request);
    const envelope = listEnvelope(page, request, (contact) => contactToWire(contact, origin()));
    if (page.isExact) return c.json({ ...envelope, count_is_exact: true });
    return c.json({ ...envelope, has_more: page.items.length === request.limit, count_is_exact: false });
  });

  routes.get('/contacts/_export_csv', (c) => {
    const columns = columnsOf(c);
    const batches = contacts.export(sortOf(c) ?? newestFirst, columns);
    return c.body(csvStream(batches, columns, c.req.query('exact') === '1'), 200, {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="contacts.csv"',
    });
  });

  routes.post('/contacts', async (c) => {
    const draft = changesIn(await jsonObject(c));
    const contact = contacts.create({ ...draft, organization_id: store.organizationId });
    return c.json(contactToWire(contact, origin()), 201);
  });

  routes.get('/contacts/:id', (c) => {
    const contact = existing(c);
    const etag = etagOf(contact);
    c.header('etag', etag);
    if (c.req.header('if-none-match') === etag) return c.body(null, 304);
    return c.json(contactToWire(contact, origin()));
  });

  routes.put('/contacts/:id', async (c) => {
    const changes = changesIn(await jsonObject(c));
    const contact = contacts.update(c.req.param('id'), changes, versionIn(c.req.header('if-match')));
    if (contact === 'notFound') throw notFound();
    if (contact === 'changedMeanwhile') throw new HttpProblem(412, 'The contact has changed meanwhile');
    c.header('etag', etagOf(contact));
    return c.json({ ...contactToWire(contact, origin()), action: 'update' });
  });

  routes.delete('/contacts/:id', (c) => {
    if (!contacts.delete(c.req.param('id'))) throw notFound();
    return c.json({ success: true });
  });

  routes.get('/contacts/:id/conversations', (c) => {
    const contact = existing(c);
    const conversations = history.conversations(contact.id, channelTypesOf(c));
    const data = conversations.map((conversation) =>
      conversationToWire(conversation, contact, store.organizationId, origin()),
    );
    return c.json({ data });
  });

  routes.get('/contacts/:id/comments', (c) => {
    const request = pageRequest(c);
    const page = history.comments(existing(c).id, channelTypesOf(c), request);
    return c.json(listEnvelope(page, request, commentToWire));
  });

  routes.post('/contacts/:id/comments', async (c) => {
    const contact = existing(c);
    const text = textIn(await jsonObject(c), 'content', 'text') ?? '';
    if (text.trim() === '') throw badRequest('content must not be empty');
    return c.json(commentToWire(history.addComment(contact.id, text, localUser)), 201);
  });

  routes.get('/contacts/:id/comment/:commentId', (c) => {
    const comment = history.comment(c.req.param('id'), c.req.param('commentId'));
    if (comment === undefined) throw notFound();
    return c.json(commentToWire(comment));
  });

  routes.delete('/contacts/:id/comment/:commentId', (c) => {
    if (!history.deleteComment(c.req.param('id'), c.req.param('commentId'))) throw notFound();
    return c.json({ success: true });
  });

  for (const path of ['/contact/:id/files', '/contacts/:id/files']) {
    routes.get(path, (c) => c.json(history.files(existing(c).id).map((file) => fileToWire(file, origin()))));
  }

  return routes;
}

function changesIn(body: Record<string, unknown>): ContactChanges {
  const changes: ContactChanges = {};
  for (const field of contactTextFields) {
    if (ownFields.has(field)) continue;
    const other = otherSpelling[field];
    const value = textIn(body, field, ...(other === undefined ? [] : [other]));
    if (value !== undefined) Object.assign(changes, { [field]: value });
  }
  if (changes.avatar_url !== undefined) changes.avatar_url = storedMediaUrl(changes.avatar_url);
  const labels = labelsIn(body);
  if (labels !== undefined) changes.labels = labels;
  const parameters = body['additional_params'];
  if (parameters !== undefined) {
    if (!isObject(parameters)) throw badRequest('additional_params must be an object');
    changes.additional_params = parameters;
  }
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

function csvStream(
  batches: Iterator<ExportedContact[]>,
  columns: readonly ExportColumn[],
  isExact: boolean,
): ReadableStream<Uint8Array> {
  const cell = isExact ? (text: string): string => text : csvCell;
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      controller.enqueue(encoder.encode(stringify([[...columns]])));
    },
    pull(controller) {
      const batch = batches.next();
      if (batch.done === true) return controller.close();
      const rows = batch.value.map((contact) =>
        columns.map((column) =>
          cell(column === 'labels' ? (contact.labels ?? []).join('; ') : (contact[column] ?? '')),
        ),
      );
      controller.enqueue(encoder.encode(stringify(rows)));
    },
  });
}
