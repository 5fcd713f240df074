import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { setImmediate, setTimeout as wait } from 'node:timers/promises';
import type { ImportProblem, ImportRun, UndoReport } from '../../contract/imports.ts';
import { resumableStates, type DuplicateRule, type ImportState } from '../../contract/localData.ts';
import { StoreBusyError, StoreFullError, StoreUnavailableError } from '../store/errors.ts';
import type { PageRequest, StoredImport } from '../store/records.ts';
import type { WorkspaceStore } from '../store/workspaceStore.ts';
import { UnreadableRemainderError } from './csvSource.ts';
import { importRows, withPictures } from './importBatch.ts';
import { sourceOf, type SourceOptions } from './importSource.ts';

export interface ImportOptions extends SourceOptions {
  duplicates: DuplicateRule;
  /**
   * The file's size in bytes and modification time in milliseconds when the import began: positions in a changed file
   * are not valid.
   */
  size: number;
  changedAt: number;
}

const undoneAtOnce = 500;

/**
 * Runs file imports. Each batch of rows is committed in one transaction together with the import's progress, so an
 * interrupted import resumes where it stopped, with the same result as an uninterrupted one. All state is in the store:
 * a process that finds it changed there, or another process further ahead, stops.
 */
export class ImportRuns {
  private readonly store: WorkspaceStore;
  /** Those under way in this process, to wait for. */
  private readonly running = new Map<string, Promise<void>>();

  constructor(store: WorkspaceStore) {
    this.store = store;
  }

  /** Begins an import, which goes on by itself. @returns its id. */
  async start(file: string, source: Omit<ImportOptions, 'size' | 'changedAt'>): Promise<string> {
    const { size, mtimeMs: changedAt } = await stat(file);
    const options = JSON.stringify({ ...source, size, changedAt } satisfies ImportOptions);
    const id = `imp_${randomUUID()}`;
    const started_at = new Date().toISOString();
    await this.store.transaction((tx) => tx.imports.insert({ id, file, options, started_at, bytes: size }));
    this.begin(id);
    return id;
  }

  /** Goes on with an import that was cancelled, has failed, or whose process has ended. */
  async resume(id: string): Promise<'resumed' | 'ended' | 'fileChanged'> {
    const run = await this.store.imports.find(id);
    if (run === undefined || !resumableStates.includes(run.state)) return 'ended';
    const { size, mtimeMs } = await stat(run.file);
    const options = optionsOf(run);
    if (size !== options.size || mtimeMs !== options.changedAt) return 'fileChanged';
    if (!(await this.changeState(id, 'running', resumableStates))) return 'ended';
    this.begin(id);
    return 'resumed';
  }

  /** The process that runs the import notices this before its next batch. */
  async cancel(id: string): Promise<void> {
    await this.store.transaction(async (tx) => {
      const run = await tx.imports.find(id);
      if (run?.state === 'running') await tx.imports.setState(id, 'cancelled');
    });
  }

  /** Settles when an import is under way in this process no more. */
  async ended(id: string): Promise<ImportRun | undefined> {
    await this.running.get(id);
    return this.find(id);
  }

  async find(id: string): Promise<ImportRun | undefined> {
    const run = await this.store.imports.find(id);
    return run && shown(run);
  }

  /** The latest, newest first. */
  async latest(limit: number): Promise<ImportRun[]> {
    return (await this.store.imports.latest(limit)).map(shown);
  }

  problems(id: string, request: PageRequest): Promise<ImportProblem[]> {
    return this.store.imports.problems(id, request);
  }

  /** Takes an import back, or goes on with that. What was changed or commented on since stays, and is counted. */
  async undo(id: string): Promise<UndoReport | undefined> {
    if ((await this.find(id)) === undefined || this.running.has(id)) return undefined;
    // Another process that is at it finds that it is to stop; and what is partly gone is not gone on with.
    await this.changeState(id, 'undoing', [...resumableStates, 'done']);
    const report = { removed: 0, restored: 0, kept: 0 };
    while (await this.undoBatch(id, report)) await setImmediate();
    await this.changeState(id, 'undone', ['undoing']);
    return report;
  }

  /** Returns whether there may be more. */
  private undoBatch(id: string, report: UndoReport): Promise<boolean> {
    return this.store.transaction(async ({ contacts, history, imports }) => {
      const changes = await imports.takeChanges(id, undoneAtOnce);
      for (const { contactId, version, before } of changes) {
        const contact = await contacts.get(contactId);
        if (contact === undefined || contact.version !== version) {
          report.kept += contact === undefined ? 0 : 1;
        } else if (before === undefined) {
          // Those who have written about somebody know nothing of the import.
          const { matching } = await history.comments(contactId, [], { limit: 1, skip: 0 });
          if (matching === 0) await contacts.delete(contactId);
          report[matching === 0 ? 'removed' : 'kept']++;
        } else {
          await contacts.update(contactId, before);
          report.restored++;
        }
      }
      return changes.length > 0;
    });
  }

  private begin(id: string): void {
    if (this.running.has(id)) return;
    const ended = this.read(id)
      .then(async (end) => void (end === 'done' && (await this.changeState(id, 'done', ['running']))))
      .catch(async (error: unknown) => void (await this.changeState(id, 'failed', ['running'], faultText(error))))
      // A store that takes no note of it, being full or busy: the import goes on when it is resumed.
      .catch(() => undefined)
      .finally(() => this.running.delete(id));
    this.running.set(id, ended);
  }

  /** @returns `leftOff` where the import was cancelled, or another process has gone on with it meanwhile. */
  private async read(id: string): Promise<'done' | 'leftOff'> {
    const { store } = this;
    const run = await store.imports.find(id);
    if (run === undefined) return 'leftOff';
    const options = optionsOf(run);
    let { position } = run;
    let toSkip = position;
    let bytesRead = 0;
    for await (const { problems, incoming } of sourceOf(run.file, options, (bytes) => (bytesRead += bytes))) {
      const fresh = incoming.slice(Math.min(toSkip, incoming.length));
      toSkip -= incoming.length - fresh.length;
      const rows = await withPictures(store, fresh, options.duplicates);
      const isOurs = await store.transaction(async (tx) => {
        if (!(await tx.imports.isAt(id, position))) return false;
        const result = await importRows(tx, rows, {
          duplicates: options.duplicates,
          organizationId: store.organizationId,
          // Each a moment before the last, so that 'newest first' keeps the order of the file.
          createdAt: (index) => new Date(Date.parse(run.started_at) - position - index).toISOString(),
        });
        await tx.imports.advance(id, {
          ...result,
          position,
          contacts: fresh.length,
          bytesRead,
          problems: [...problems, ...result.problems],
        });
        return true;
      });
      if (!isOurs) {
        // Whoever resumes it from now on begins anew.
        this.running.delete(id);
        return 'leftOff';
      }
      position += fresh.length;
      // Rows that are read already would follow without a turn for anybody else, who waits for the store by a timer.
      await wait(1);
    }
    return 'done';
  }

  /** Of two windows that do something else with it, one does. @returns whether it was in one of the states `from`. */
  private changeState(id: string, to: ImportState, from: readonly ImportState[], fault = ''): Promise<boolean> {
    return this.store.transaction(async ({ imports }) => {
      const run = await imports.find(id);
      if (run === undefined || !from.includes(run.state)) return false;
      await imports.setState(id, to, fault);
      return true;
    });
  }
}

const optionsOf = ({ options }: StoredImport): ImportOptions => JSON.parse(options) as ImportOptions;

const shown = ({ options: _options, position: _position, ...run }: StoredImport): ImportRun => run;

function faultText(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (error instanceof StoreFullError) return 'the disk is full';
  if (error instanceof StoreBusyError || error instanceof StoreUnavailableError) return 'the store is busy';
  if (error instanceof UnreadableRemainderError) return 'the file could not be understood';
  return typeof code === 'string' && /^E[A-Z]+$/.test(code)
    ? 'the file could not be read'
    : 'the file could not be understood';
}
