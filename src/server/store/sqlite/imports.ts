import type { ImportProblem } from '../../../contract/imports.ts';
import type { ImportState } from '../../../contract/localData.ts';
import type { ContactChanges, ImportedContact, ImportStep, PageRequest, StoredImport } from '../records.ts';
import type { ImportReads, ImportWrites } from '../workspaceStore.ts';
import { parseColumn, withColumns } from './columns.ts';
import type { Reader, Row, Writer } from './database.ts';

const columns = `id, file, options, started_at, state, fault, added, updated, skipped, position, bytes,
  bytes_read AS bytesRead, (SELECT count(*) FROM import_problem WHERE run_id = id) AS rejected`;

/** Imports, as they are noted beside the contacts that they bring. */
export class SqliteImports implements ImportReads {
  private readonly tables: Reader;

  constructor(tables: Reader) {
    this.tables = tables;
  }

  async find(id: string): Promise<StoredImport | undefined> {
    const row = this.tables.get(`SELECT ${columns} FROM import_run WHERE id = ?`, id);
    return row && importFrom(row);
  }

  async latest(limit: number): Promise<StoredImport[]> {
    return this.tables.all(`SELECT ${columns} FROM import_run ORDER BY started_at DESC LIMIT ?`, limit).map(importFrom);
  }

  async problems(id: string, { limit, skip }: PageRequest): Promise<ImportProblem[]> {
    return this.tables
      .all('SELECT line, reason FROM import_problem WHERE run_id = ? ORDER BY line LIMIT ? OFFSET ?', id, limit, skip)
      .map(({ line, reason }) => ({ line: Number(line), reason: String(reason) }));
  }
}

/** Writes an import's state and progress in one transaction. */
export class SqliteImportWrites extends SqliteImports implements ImportWrites {
  private readonly writer: Writer;

  constructor(writer: Writer) {
    super(writer);
    this.writer = writer;
  }

  async insert(run: Pick<StoredImport, 'id' | 'file' | 'options' | 'started_at' | 'bytes'>): Promise<void> {
    this.writer.run(
      "INSERT INTO import_run (id, file, options, started_at, bytes, state) VALUES (?, ?, ?, ?, ?, 'running')",
      run.id,
      run.file,
      run.options,
      run.started_at,
      run.bytes,
    );
  }

  async setState(id: string, state: ImportState, fault = ''): Promise<void> {
    this.writer.run('UPDATE import_run SET state = ?, fault = ? WHERE id = ?', state, fault, id);
  }

  async isAt(id: string, position: number): Promise<boolean> {
    const sql = "SELECT 1 FROM import_run WHERE id = ? AND position = ? AND state = 'running'";
    return this.writer.get(sql, id, position) !== undefined;
  }

  async advance(id: string, step: ImportStep): Promise<void> {
    this.writer.run(
      `UPDATE import_run SET position = ?, added = added + ?, updated = updated + ?, skipped = skipped + ?,
         bytes_read = ? WHERE id = ?`,
      step.position + step.contacts,
      step.added,
      step.updated,
      step.skipped,
      step.bytesRead,
      id,
    );
    for (const { line, reason } of step.problems) {
      this.writer.run('INSERT OR IGNORE INTO import_problem (run_id, line, reason) VALUES (?, ?, ?)', id, line, reason);
    }
    for (const { contactId, version, before } of step.changes) {
      this.writer.run(
        `INSERT INTO import_contact (run_id, contact_id, before, version) VALUES (?, ?, ?, ?)
         ON CONFLICT (run_id, contact_id) DO UPDATE SET version = excluded.version,
           before = CASE WHEN before IS NULL THEN NULL ELSE json_patch(excluded.before, before) END`,
        id,
        contactId,
        before === undefined ? null : JSON.stringify(before),
        version,
      );
    }
  }

  async takeChanges(id: string, limit: number): Promise<ImportedContact[]> {
    const rows = this.writer.all(
      'SELECT contact_id, version, before FROM import_contact WHERE run_id = ? LIMIT ?',
      id,
      limit,
    );
    for (const row of rows) {
      this.writer.run('DELETE FROM import_contact WHERE run_id = ? AND contact_id = ?', id, String(row['contact_id']));
    }
    return rows.map((row) => ({
      contactId: String(row['contact_id']),
      version: Number(row['version']),
      before: row['before'] === null ? undefined : (parseColumn(row['before']) as ContactChanges),
    }));
  }
}

const importFrom = (row: Row): StoredImport => withColumns<StoredImport>(row, []);
