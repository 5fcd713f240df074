import type { ImportProblem } from '../../../contract/imports.ts';
import type { ImportState } from '../../../contract/localData.ts';
import { parseColumn, withColumns } from '../jsonColumns.ts';
import type { ImportedContact, ImportStep, PageRequest, StoredChanges, StoredImport } from '../records.ts';
import type { ImportReads, ImportWrites } from '../workspaceStore.ts';
import type { Row, Tables } from './database.ts';
import { toRecordset } from './rows.ts';
import type { WorkspaceWriter } from './workspaceWriter.ts';

const columns = `id, file, options, started_at, state, fault, added, updated, skipped, position, bytes,
  bytes_read AS "bytesRead", (SELECT count(*) FROM import_problem
    WHERE import_problem.organization_id = $1 AND run_id = import_run.id) AS rejected`;

/** Imports, as they are noted beside the contacts that they bring. */
export class PostgresImports implements ImportReads {
  private readonly tables: Tables;

  constructor(tables: Tables) {
    this.tables = tables;
  }

  async find(id: string): Promise<StoredImport | undefined> {
    const row = await this.tables.get(`SELECT ${columns} FROM import_run WHERE organization_id = $1 AND id = $2`, id);
    return row && importFrom(row);
  }

  async latest(limit: number): Promise<StoredImport[]> {
    const sql = `SELECT ${columns} FROM import_run WHERE organization_id = $1 ORDER BY started_at DESC LIMIT $2`;
    return (await this.tables.all(sql, limit)).map(importFrom);
  }

  async problems(id: string, { limit, skip }: PageRequest): Promise<ImportProblem[]> {
    const rows = await this.tables.all(
      `SELECT line, reason FROM import_problem WHERE organization_id = $1 AND run_id = $2
       ORDER BY line LIMIT $3 OFFSET $4`,
      id,
      limit,
      skip,
    );
    return rows.map(({ line, reason }) => ({ line: Number(line), reason: String(reason) }));
  }
}

/** Writes an import's state and progress in one transaction. */
export class PostgresImportWrites extends PostgresImports implements ImportWrites {
  private readonly writer: WorkspaceWriter;

  constructor(writer: WorkspaceWriter) {
    super(writer);
    this.writer = writer;
  }

  async insert({
    id,
    file,
    options,
    started_at,
    bytes,
  }: Pick<StoredImport, 'id' | 'file' | 'options' | 'started_at' | 'bytes'>): Promise<void> {
    await this.writer.add('import_run', { id, file, options, started_at, bytes, state: 'running' });
  }

  async setState(id: string, state: ImportState, fault = ''): Promise<void> {
    await this.writer.run(
      'UPDATE import_run SET state = $3, fault = $4 WHERE organization_id = $1 AND id = $2',
      id,
      state,
      fault,
    );
  }

  async isAt(id: string, position: number): Promise<boolean> {
    const sql = `SELECT 1 FROM import_run
      WHERE organization_id = $1 AND id = $2 AND position = $3 AND state = 'running'`;
    return (await this.writer.get(sql, id, position)) !== undefined;
  }

  async advance(id: string, step: ImportStep): Promise<void> {
    await this.writer.run(
      `UPDATE import_run SET position = $3, added = added + $4, updated = updated + $5, skipped = skipped + $6,
         bytes_read = $7 WHERE organization_id = $1 AND id = $2`,
      id,
      step.position + step.contacts,
      step.added,
      step.updated,
      step.skipped,
      step.bytesRead,
    );
    if (step.problems.length > 0) {
      await this.writer.run(
        `INSERT INTO import_problem (organization_id, run_id, line, reason)
         SELECT $1, $2, line, reason FROM json_to_recordset($3::json) AS found (line bigint, reason text)
         ON CONFLICT (organization_id, run_id, line) DO NOTHING`,
        id,
        toRecordset(step.problems.map(({ line, reason }) => ({ line, reason }))),
      );
    }
    if (step.changes.length > 0) await this.noteChanges(id, step.changes);
  }

  async takeChanges(id: string, limit: number): Promise<ImportedContact[]> {
    const rows = await this.writer.all(
      `DELETE FROM import_contact WHERE organization_id = $1 AND run_id = $2 AND contact_id IN (
         SELECT contact_id FROM import_contact WHERE organization_id = $1 AND run_id = $2 LIMIT $3)
       RETURNING contact_id, version, before`,
      id,
      limit,
    );
    return rows.map((row) => ({
      contactId: String(row['contact_id']),
      version: Number(row['version']),
      before: row['before'] === null ? undefined : (parseColumn(row['before']) as StoredChanges),
    }));
  }

  /** Of a contact that the import has added, or changed before, what counts is how it was before that. */
  private async noteChanges(id: string, changes: readonly ImportedContact[]): Promise<void> {
    const ids = [...new Set(changes.map(({ contactId }) => contactId))];
    const known = await this.writer.all(
      'SELECT contact_id, before FROM import_contact WHERE organization_id = $1 AND run_id = $2 AND contact_id = ANY ($3)',
      id,
      ids,
    );
    const noted = new Map(
      known.map((row) => [
        String(row['contact_id']),
        { before: row['before'] === null ? undefined : (parseColumn(row['before']) as StoredChanges), version: 0 },
      ]),
    );
    for (const { contactId, version, before } of changes) {
      const first = noted.get(contactId);
      if (first === undefined) noted.set(contactId, { before, version });
      else noted.set(contactId, { before: first.before && { ...before, ...first.before }, version });
    }
    const rows = [...noted].map(([contact_id, { before, version }]) => ({
      contact_id,
      before: before === undefined ? null : JSON.stringify(before),
      version,
    }));
    await this.writer.run(
      `INSERT INTO import_contact (organization_id, run_id, contact_id, before, version)
       SELECT $1, $2, contact_id, before, version
       FROM json_to_recordset($3::json) AS noted (contact_id text, before text, version integer)
       ON CONFLICT (organization_id, run_id, contact_id)
       DO UPDATE SET before = excluded.before, version = excluded.version`,
      id,
      toRecordset(rows),
    );
  }
}

const importFrom = (row: Row): StoredImport => withColumns<StoredImport>(row, []);
