import type * as v from 'valibot';
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
import { maxPageSize } from '../contract/vocabulary.ts';
import { LocalCalls } from './localCalls.ts';
import type { TransportOptions } from './transport.ts';

/**
 * Files in and out of the local workspace, which our own server reads and writes itself: it is on the machine that
 * they are on. Every method throws `ApiError` and nothing else.
 */
export class LocalDataService {
  private readonly calls: LocalCalls;

  constructor(options: TransportOptions) {
    this.calls = new LocalCalls(options);
  }

  dispose(): void {
    this.calls.dispose();
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
    return this.calls.get('/imports/{id}', `/imports/${encodeURIComponent(id)}`, importRun);
  }

  /** The latest, newest first. */
  async imports(): Promise<ImportRun[]> {
    return (await this.calls.get('/imports', '/imports', importRuns)).data;
  }

  /** The rows that an import has left out, all of them. */
  async problems(id: string): Promise<ImportProblem[]> {
    const all: ImportProblem[] = [];
    for (;;) {
      const path = `/imports/${encodeURIComponent(id)}/problems?limit=${maxPageSize}&skip=${all.length}`;
      const { data } = await this.calls.get('/imports/{id}/problems', path, importProblems);
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
    return this.calls.get('/samples', '/samples', samplesReport);
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

  private post<T>(pathTemplate: string, path: string, body: object, schema: v.GenericSchema<unknown, T>): Promise<T> {
    return this.calls.send('POST', { pathTemplate, path }, body, schema);
  }
}
