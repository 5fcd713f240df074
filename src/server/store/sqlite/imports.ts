import type { ImportProblem } from '../../../contract/imports.ts';
import type { ImportState } from '../../../contract/localData.ts';
import type { StoredChanges, ImportedContact, ImportStep, PageRequest, StoredImport } from '../records.ts';
import type { ImportReads, ImportWrites } from '../workspaceStore.ts';
import { checkedColumns, checksumOf, insertChecked, insertIfAbsent } from './checksums.ts';
import { parseColumn, withColumns } from '../jsonColumns.ts';
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
    const { id, file, options, started_at, bytes } = run;
    const none = { position: 0, added: 0, updated: 0, skipped: 0, bytes_read: 0, fault: '' };
    insertChecked(this.writer, 'import_run', { ...none, id, file, options, started_at, bytes, state: 'running' });
  }

  async setState(id: string, state: ImportState, fault = ''): Promise<void> {
    this.change(id, () => ({ state, fault }));
  }

  async isAt(id: string, position: number): Promise<boolean> {
    const sql = "SELECT 1 FROM import_run WHERE id = ? AND position = ? AND state = 'running'";
    return this.writer.get(sql, id, position) !== undefined;
  }

  async advance(id: string, step: ImportStep): Promise<void> {
    this.change(id, ({ added, updated, skipped }) => ({
      position: step.position + step.contacts,
      added: Number(added) + step.added,
      updated: Number(updated) + step.updated,
      skipped: Number(skipped) + step.skipped,
      bytes_read: step.bytesRead,
    }));
    for (const { line, reason } of step.problems) {
      insertIfAbsent(this.writer, 'import_problem', { run_id: id, line, reason });
    }
    for (const { contactId, version, before } of step.changes) {
      const text = before === undefined ? null : JSON.stringify(before);
      const row = { run_id: id, contact_id: contactId, before: text, version };
      if (!insertIfAbsent(this.writer, 'import_contact', row)) this.changeAgain(row);
    }
  }

  /** Of a contact that the import has added, or changed before, what counts is how it was before that. */
  private changeAgain(row: { run_id: string; contact_id: string; before: string | null; version: number }): void {
    const key = 'WHERE run_id = ? AND contact_id = ?';
    const first = this.writer.get(`SELECT before FROM import_contact ${key}`, row.run_id, row.contact_id)?.['before'];
    const before =
      typeof first === 'string' ? JSON.stringify({ ...JSON.parse(row.before ?? '{}'), ...JSON.parse(first) }) : null;
    this.writer.run(
      `UPDATE import_contact SET before = ?, version = ?, checksum = ? ${key}`,
      before,
      row.version,
      checksumOf('import_contact', { ...row, before }),
      row.run_id,
      row.contact_id,
    );
  }

  private change(id: string, change: (row: Row) => Readonly<Record<string, string | number>>): void {
    const row = this.writer.get(`SELECT ${checkedColumns.import_run.join(', ')} FROM import_run WHERE id = ?`, id);
    if (row === undefined) return;
    const changed = change(row);
    this.writer.run(
      `UPDATE import_run SET ${Object.keys(changed)
        .map((name) => `${name} = ?`)
        .join(', ')}, checksum = ? WHERE id = ?`,
      ...Object.values(changed),
      checksumOf('import_run', { ...row, ...changed }),
      id,
    );
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
      before: row['before'] === null ? undefined : (parseColumn(row['before']) as StoredChanges),
    }));
  }
}

const importFrom = (row: Row): StoredImport => withColumns<StoredImport>(row, []);
