import * as v from 'valibot';
import {
  importFields,
  importStates,
  type BackupReport,
  type DuplicateRule,
  type ImportProblem,
  type ImportRun,
  type Mapping,
  type UndoReport,
} from '../contract/localData.ts';
import { localPrefix, maxPageSize } from '../contract/vocabulary.ts';
import { Transport, type TransportOptions } from './transport.ts';

/** Bytes. */
const maxJsonBytes = 20_000_000;

const text = v.fallback(v.string(), '');
const count = v.fallback(v.number(), 0);
const texts = v.fallback(v.array(v.string()), []);

const run = v.object({
  id: v.string(),
  file: text,
  started_at: text,
  state: v.picklist(importStates),
  fault: text,
  added: count,
  updated: count,
  skipped: count,
  rejected: count,
  bytesRead: v.optional(v.number()),
  bytes: v.optional(v.number()),
});
const preview = v.object({
  format: v.picklist(['csv', 'vcard']),
  encoding: text,
  delimiter: text,
  columns: texts,
  mapping: v.record(v.picklist(importFields), texts),
  contacts: v.fallback(
    v.array(v.object({ display_name: text, email: text, phone_number: text, company_name: text })),
    [],
  ),
  bytes: count,
});
const problems = v.object({ data: v.array(v.object({ line: v.number(), reason: v.string() })) });
const runs = v.object({ data: v.array(run) });
const undoReport = v.object({ removed: count, restored: count, kept: count });
const backupReport = v.object({ contacts: count, bytes: count });

export type ImportPreview = v.InferOutput<typeof preview>;

/**
 * Files in and out of the local workspace, which our own server reads and writes itself: it is on the machine that
 * they are on. Every method throws `ApiError` and nothing else.
 */
export class LocalDataService {
  private readonly transport: Transport;

  constructor(options: TransportOptions) {
    this.transport = new Transport(options);
  }

  dispose(): void {
    this.transport.dispose();
  }

  /** What a file is and who the first in it are, by the columns' names or by `mapping`. */
  preview(path: string, mapping?: Mapping): Promise<ImportPreview> {
    return this.post('/imports/preview', '/imports/preview', { path, mapping }, preview);
  }

  /** Begins an import, which goes on by itself. */
  startImport(path: string, duplicates: DuplicateRule, mapping?: Mapping): Promise<ImportRun> {
    return this.post('/imports', '/imports', { path, duplicates, mapping }, run);
  }

  import(id: string): Promise<ImportRun> {
    return this.get('/imports/{id}', `/imports/${encodeURIComponent(id)}`, run);
  }

  /** The latest, newest first. */
  async imports(): Promise<ImportRun[]> {
    return (await this.get('/imports', '/imports', runs)).data;
  }

  /** The rows that an import has left out, all of them. */
  async problems(id: string): Promise<ImportProblem[]> {
    const all: ImportProblem[] = [];
    for (;;) {
      const path = `/imports/${encodeURIComponent(id)}/problems?limit=${maxPageSize}&skip=${all.length}`;
      const { data } = await this.get('/imports/{id}/problems', path, problems);
      all.push(...data);
      if (data.length < maxPageSize) return all;
    }
  }

  cancelImport(id: string): Promise<ImportRun> {
    return this.post('/imports/{id}/cancel', `/imports/${encodeURIComponent(id)}/cancel`, {}, run);
  }

  resumeImport(id: string): Promise<ImportRun> {
    return this.post('/imports/{id}/resume', `/imports/${encodeURIComponent(id)}/resume`, {}, run);
  }

  undoImport(id: string): Promise<UndoReport> {
    return this.post('/imports/{id}/undo', `/imports/${encodeURIComponent(id)}/undo`, {}, undoReport);
  }

  backUp(path: string): Promise<BackupReport> {
    return this.post('/backup', '/backup', { path }, backupReport);
  }

  /** Puts a back-up in the place of everything. */
  restore(path: string): Promise<BackupReport> {
    return this.post('/restore', '/restore', { path }, backupReport);
  }

  private get<T>(pathTemplate: string, path: string, schema: v.GenericSchema<unknown, T>): Promise<T> {
    return this.send({ method: 'GET', pathTemplate, path: `${localPrefix}${path}` }, schema);
  }

  /** @param body what takes long is asked for with it, so the answer is waited for as one to an upload. */
  private post<T>(pathTemplate: string, path: string, body: object, schema: v.GenericSchema<unknown, T>): Promise<T> {
    const headers = { 'content-type': 'application/json' };
    const whole = { method: 'POST', pathTemplate, path: `${localPrefix}${path}`, headers, isUpload: true } as const;
    return this.send({ ...whole, body: () => JSON.stringify(body) }, schema);
  }

  private send<T>(request: Parameters<Transport['send']>[0], schema: v.GenericSchema<unknown, T>): Promise<T> {
    return this.transport.send(request, async (answer) => {
      const decoded = v.safeParse(schema, await answer.json(maxJsonBytes));
      if (!decoded.success) throw answer.failure('settled', 'badReply', { reason: 'shape' });
      return decoded.output;
    });
  }
}
