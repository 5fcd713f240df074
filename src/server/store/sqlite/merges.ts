import { textColumns, withColumns } from '../jsonColumns.ts';
import type { StoredMerge } from '../records.ts';
import type { MergeWrites } from '../workspaceStore.ts';
import { checkedColumns, insertChecked } from './checksums.ts';
import type { Row, Writer } from './database.ts';

export class SqliteMergeWrites implements MergeWrites {
  private readonly writer: Writer;

  constructor(writer: Writer) {
    this.writer = writer;
  }

  async insert(merge: StoredMerge): Promise<void> {
    insertChecked(this.writer, 'merge', textColumns(merge));
  }

  async take(id: string): Promise<StoredMerge | undefined> {
    const row = this.writer.get(`SELECT ${checkedColumns.merge.join(', ')} FROM merge WHERE id = ?`, id);
    this.writer.run('DELETE FROM merge WHERE id = ?', id);
    return row && mergeFrom(row);
  }

  async takeAllOf(contactId: string): Promise<StoredMerge[]> {
    const rows = this.writer.all(
      `SELECT ${checkedColumns.merge.join(', ')} FROM merge WHERE contact_id = ? ORDER BY id`,
      contactId,
    );
    this.writer.run('DELETE FROM merge WHERE contact_id = ?', contactId);
    return rows.map(mergeFrom);
  }
}

const mergeFrom = (row: Row): StoredMerge => withColumns(row, ['gone', 'before', 'after', 'moved', 'earlier']);
