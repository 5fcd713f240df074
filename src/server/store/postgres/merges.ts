import { textColumns, withColumns } from '../jsonColumns.ts';
import type { StoredMerge } from '../records.ts';
import type { MergeWrites } from '../workspaceStore.ts';
import type { Row } from './database.ts';
import { tableColumns } from './rows.ts';
import type { WorkspaceWriter } from './workspaceWriter.ts';

const columns = Object.keys(tableColumns.merge).join(', ');

export class PostgresMergeWrites implements MergeWrites {
  private readonly writer: WorkspaceWriter;

  constructor(writer: WorkspaceWriter) {
    this.writer = writer;
  }

  insert(merge: StoredMerge): Promise<void> {
    return this.writer.add('merge', textColumns(merge));
  }

  async take(id: string): Promise<StoredMerge | undefined> {
    const row = await this.writer.get(`SELECT ${columns} FROM merge WHERE organization_id = $1 AND id = $2`, id);
    await this.writer.run('DELETE FROM merge WHERE organization_id = $1 AND id = $2', id);
    return row && mergeFrom(row);
  }

  async takeAllOf(contactId: string): Promise<StoredMerge[]> {
    const rows = await this.writer.all(
      `SELECT ${columns} FROM merge WHERE organization_id = $1 AND contact_id = $2 ORDER BY id`,
      contactId,
    );
    await this.writer.run('DELETE FROM merge WHERE organization_id = $1 AND contact_id = $2', contactId);
    return rows.map(mergeFrom);
  }
}

const mergeFrom = (row: Row): StoredMerge => withColumns(row, ['gone', 'before', 'after', 'moved', 'earlier']);
