import { isAbsolute } from 'node:path';
import { Hono, type Context } from 'hono';
import * as v from 'valibot';
import {
  importRequest,
  pathRequest,
  previewRequest,
  type BackupReport,
  type ImportRun,
  type SamplesReport,
} from '../../contract/imports.ts';
import { badRequest, HttpProblem, notFound } from '../httpProblem.ts';
import { identifiesContacts } from '../imports/columns.ts';
import { ImportRuns } from '../imports/importRuns.ts';
import { previewOf } from '../imports/preview.ts';
import { bodyOf, queryOf, wholeNumber } from '../requests.ts';
import { NewerStoreError, StoreError } from '../store/errors.ts';
import type { WorkspaceStore } from '../store/workspaceStore.ts';

const listedRuns = 20;
const problemsQuery = v.object({
  limit: v.optional(wholeNumber(1, 1_000), '100'),
  skip: v.optional(wholeNumber(0, 100_000_000), '0'),
});

/** Backs up a workspace that lies on this machine, to files of this machine. */
export interface Backups {
  backUp(path: string): Promise<BackupReport>;
  restore(path: string): Promise<BackupReport>;
}

/** The contacts that a new workspace begins with. */
export interface Samples {
  count(): Promise<SamplesReport>;
  /** Takes out those that are untouched, and the notifications that came with them. */
  remove(): Promise<SamplesReport>;
}

/** What a workspace has that lies on this machine. */
export interface LocalFiles {
  backups?: Backups | undefined;
  samples?: Samples | undefined;
}

/**
 * Files in and out of the workspace of this machine. They name paths on it, and are therefore for those alone who have
 * the server's secret: whoever started it.
 */
export function localDataRoutes(store: WorkspaceStore, { backups, samples }: LocalFiles): Hono {
  const routes = new Hono();
  const runs = new ImportRuns(store);
  const existing = async (c: Context): Promise<ImportRun> => {
    const run = await runs.find(c.req.param('id') ?? '');
    if (run === undefined) throw notFound();
    return run;
  };

  routes.post('/imports/preview', async (c) => {
    const { path, mapping } = await bodyOf(c, previewRequest);
    return c.json(await readable(() => previewOf(absolutePath(path), mapping)));
  });

  routes.get('/imports', async (c) => c.json({ data: await runs.latest(listedRuns) }));

  routes.post('/imports', async (c) => {
    const { path, duplicates, mapping: wanted } = await bodyOf(c, importRequest);
    const { format, encoding, delimiter, mapping } = await readable(() => previewOf(absolutePath(path), wanted));
    if (format === 'csv' && !identifiesContacts(mapping)) throw badRequest('mapping names nobody');
    const id = await runs.start(path, { format, encoding, delimiter, mapping, duplicates });
    return c.json(await runs.find(id), 201);
  });

  routes.get('/imports/:id', async (c) => c.json(await existing(c)));

  routes.get('/imports/:id/problems', async (c) => {
    const { id } = await existing(c);
    return c.json({ data: await runs.problems(id, queryOf(c, problemsQuery)) });
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

  if (samples !== undefined) {
    routes.get('/samples', async (c) => c.json(await samples.count()));
    routes.post('/samples/remove', async (c) => c.json(await samples.remove()));
  }

  if (backups === undefined) return routes;

  routes.post('/backup', async (c) => {
    const path = absolutePath((await bodyOf(c, pathRequest)).path);
    return c.json(await readable(() => backups.backUp(path)));
  });

  routes.post('/restore', async (c) => {
    const path = absolutePath((await bodyOf(c, pathRequest)).path);
    return c.json(await readable(() => backups.restore(path)));
  });

  return routes;
}

/** @throws {HttpProblem} 400 for a path that depends on where the server runs. */
function absolutePath(path: string): string {
  if (!isAbsolute(path) || path.includes('\0')) throw badRequest('path must be a whole path');
  return path;
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
