import { isAbsolute } from 'node:path';
import { Hono, type Context } from 'hono';
import { badRequest, HttpProblem, notFound } from '../httpProblem.ts';
import {
  duplicateRules,
  importFields,
  type ImportField,
  type BackupReport,
  type ImportRun,
  type Mapping,
} from '../../contract/localData.ts';
import { namesSomebody } from '../imports/columns.ts';
import { ImportRuns } from '../imports/importRuns.ts';
import { previewOf } from '../imports/preview.ts';
import { isObject, jsonObject, textIn, wholeNumber } from '../requests.ts';
import { NewerStoreError, StoreError } from '../store/faults.ts';
import type { WorkspaceStore } from '../store/workspaceStore.ts';

const listedRuns = 20;

/** Backs up a workspace that lies on this machine, to files of this machine. */
export interface Backups {
  backUp(path: string): Promise<BackupReport>;
  restore(path: string): Promise<BackupReport>;
}

/**
 * Files in and out of the workspace of this machine. They name paths on it, and are therefore for those alone who have
 * the server's secret: whoever started it.
 */
export function localDataRoutes(store: WorkspaceStore, backups: Backups | undefined): Hono {
  const routes = new Hono();
  const runs = new ImportRuns(store);
  const existing = async (c: Context): Promise<ImportRun> => {
    const run = await runs.find(c.req.param('id') ?? '');
    if (run === undefined) throw notFound();
    return run;
  };

  routes.post('/imports/preview', async (c) => {
    const body = await jsonObject(c);
    return c.json(await readable(() => previewOf(pathIn(body), mappingIn(body['mapping']))));
  });

  routes.get('/imports', async (c) => c.json({ data: await runs.latest(listedRuns) }));

  routes.post('/imports', async (c) => {
    const body = await jsonObject(c);
    const path = pathIn(body);
    const duplicates = duplicateRules.find((rule) => rule === body['duplicates']);
    if (duplicates === undefined) throw badRequest('duplicates must be skip, update or both');
    const { format, encoding, delimiter, mapping } = await readable(() => previewOf(path, mappingIn(body['mapping'])));
    if (format === 'csv' && !namesSomebody(mapping)) throw badRequest('mapping names nobody');
    const id = await runs.start(path, { format, encoding, delimiter, mapping, duplicates });
    return c.json(await runs.find(id), 201);
  });

  routes.get('/imports/:id', async (c) => c.json(await existing(c)));

  routes.get('/imports/:id/problems', async (c) => {
    const { id } = await existing(c);
    const limit = wholeNumber(c, 'limit', 1, 1_000) ?? 100;
    const skip = wholeNumber(c, 'skip', 0, 100_000_000) ?? 0;
    return c.json({ data: await runs.problems(id, { limit, skip }) });
  });

  routes.post('/imports/:id/cancel', async (c) => {
    const { id } = await existing(c);
    await runs.cancel(id);
    return c.json(await runs.find(id));
  });

  routes.post('/imports/:id/resume', async (c) => {
    const { id } = await existing(c);
    const outcome = await readable(() => runs.resume(id));
    if (outcome === 'ended') throw badRequest('The import has ended');
    if (outcome === 'fileChanged') throw new HttpProblem(409, 'The file has changed since');
    return c.json(await runs.find(id));
  });

  routes.post('/imports/:id/undo', async (c) => {
    const result = await runs.undo((await existing(c)).id);
    if (result === undefined) throw new HttpProblem(409, 'The import is still under way');
    return c.json(result);
  });

  if (backups === undefined) return routes;

  routes.post('/backup', async (c) => {
    const path = pathIn(await jsonObject(c));
    return c.json(await readable(() => backups.backUp(path)));
  });

  routes.post('/restore', async (c) => {
    const path = pathIn(await jsonObject(c));
    return c.json(await readable(() => backups.restore(path)));
  });

  return routes;
}

function pathIn(body: Record<string, unknown>): string {
  const path = textIn(body, 'path') ?? '';
  if (!isAbsolute(path) || path.includes('\0')) throw badRequest('path must be a whole path');
  return path;
}

function mappingIn(value: unknown): Mapping {
  if (value === undefined) return {};
  if (!isObject(value)) throw badRequest('mapping must be an object');
  const mapping: Mapping = {};
  for (const [field, columns] of Object.entries(value)) {
    const isKnown = (importFields as readonly string[]).includes(field);
    const isColumns = Array.isArray(columns) && columns.every((column) => typeof column === 'string');
    if (!isKnown || !isColumns) throw badRequest('mapping must name columns for fields');
    if (columns.length > 0) mapping[field as ImportField] = columns;
  }
  return mapping;
}

/** What goes wrong with a file of the user's is for the user to know. */
async function readable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof NewerStoreError) throw new HttpProblem(409, error.message);
    if (error instanceof StoreError) throw badRequest(error.message);
    const { code } = error as NodeJS.ErrnoException;
    if (typeof code !== 'string' || !/^(?:ENOENT|EACCES|EPERM|EISDIR|ENOTDIR|EROFS|EBUSY)$/.test(code)) throw error;
    throw new HttpProblem(code === 'ENOENT' ? 404 : 403, `The file cannot be used (${code})`);
  }
}
