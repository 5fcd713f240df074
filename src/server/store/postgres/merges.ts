import { textColumns, withColumns } from '../jsonColumns.ts';
import type { StoredMerge } from '../records.ts';
import type { MergeWrites } from '../workspaceStore.ts';
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
    return row && withColumns<StoredMerge>(row, ['gone', 'before', 'after', 'moved']);
  }
}
