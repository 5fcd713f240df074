import * as v from 'valibot';
import {
  backupReport,
  importPreview,
  importProblems,
  importRun,
  importRuns,
  samplesReport,
  undoReport,
  type BackupReport,
  type ImportPreview,
  type ImportProblem,
  type ImportRun,
  type Mapping,
  type SamplesReport,
  type UndoReport,
} from '../contract/imports.ts';
import type { DuplicateRule } from '../contract/localData.ts';
import { localPrefix, maxPageSize } from '../contract/vocabulary.ts';
import { Transport, type TransportOptions } from './transport.ts';

/** Bytes. */
const maxJsonBytes = 20_000_000;

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
    return this.post('/imports/preview', '/imports/preview', { path, mapping }, importPreview);
  }

  /** Begins an import, which goes on by itself. */
  startImport(path: string, duplicates: DuplicateRule, mapping?: Mapping): Promise<ImportRun> {
    return this.post('/imports', '/imports', { path, duplicates, mapping }, importRun);
  }

  import(id: string): Promise<ImportRun> {
    return this.get('/imports/{id}', `/imports/${encodeURIComponent(id)}`, importRun);
  }

  /** The latest, newest first. */
  async imports(): Promise<ImportRun[]> {
    return (await this.get('/imports', '/imports', importRuns)).data;
  }

  /** The rows that an import has left out, all of them. */
  async problems(id: string): Promise<ImportProblem[]> {
    const all: ImportProblem[] = [];
    for (;;) {
      const path = `/imports/${encodeURIComponent(id)}/problems?limit=${maxPageSize}&skip=${all.length}`;
      const { data } = await this.get('/imports/{id}/problems', path, importProblems);
      all.push(...data);
      if (data.length < maxPageSize) return all;
    }
  }

  cancelImport(id: string): Promise<ImportRun> {
    return this.post('/imports/{id}/cancel', `/imports/${encodeURIComponent(id)}/cancel`, {}, importRun);
  }

  resumeImport(id: string): Promise<ImportRun> {
    return this.post('/imports/{id}/resume', `/imports/${encodeURIComponent(id)}/resume`, {}, importRun);
  }

  undoImport(id: string): Promise<UndoReport> {
    return this.post('/imports/{id}/undo', `/imports/${encodeURIComponent(id)}/undo`, {}, undoReport);
  }

  /** How many of the contacts that the workspace began with are left. */
  countSamples(): Promise<SamplesReport> {
    return this.get('/samples', '/samples', samplesReport);
  }

  /** Takes out those that nobody has changed or written about. */
  removeSamples(): Promise<SamplesReport> {
    return this.post('/samples/remove', '/samples/remove', {}, samplesReport);
  }

  backUp(path: string): Promise<BackupReport> {
    return this.post('/backup', '/backup', { path }, backupReport);
  }

  /** Puts a backup in the place of everything. */
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
