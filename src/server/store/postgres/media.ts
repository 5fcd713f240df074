import { randomBytes } from 'node:crypto';
import { withColumns } from '../jsonColumns.ts';
import type { Media } from '../records.ts';
import type { MediaReads, MediaWrites } from '../workspaceStore.ts';
import type { Tables } from './database.ts';
import type { WorkspaceWriter } from './workspaceWriter.ts';

const keyPattern = /^[0-9a-f]{64}$/;

/** Pictures and files, their bytes in a table of their own that nothing else reads. */
export class PostgresMedia implements MediaReads {
  private readonly tables: Tables;

  constructor(tables: Tables) {
    this.tables = tables;
  }

  async find(key: string): Promise<Media | undefined> {
    if (!keyPattern.test(key)) return undefined;
    const row = await this.tables.get(
      'SELECT key, content_type, file_name, bytes FROM media WHERE organization_id = $1 AND key = $2',
      key,
    );
    return row && withColumns<Media>(row, []);
  }

  async content(key: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    if (!keyPattern.test(key)) return undefined;
    const row = await this.tables.get('SELECT content FROM media_content WHERE organization_id = $1 AND key = $2', key);
    const content = row?.['content'];
    return content instanceof Uint8Array ? new Uint8Array(content) : undefined;
  }

  async keep(content: Uint8Array, key = randomBytes(32).toString('hex')): Promise<string> {
    if (!keyPattern.test(key)) throw new Error('Not a key of media.');
    await this.tables.all(
      `INSERT INTO media_content (organization_id, key, content) VALUES ($1, $2, $3)
       ON CONFLICT (organization_id, key) DO NOTHING`,
      key,
      content,
    );
    return key;
  }
}

export class PostgresMediaWrites implements MediaWrites {
  private readonly writer: WorkspaceWriter;

  constructor(writer: WorkspaceWriter) {
    this.writer = writer;
  }

  async add({ key, content_type, file_name, bytes }: Media): Promise<void> {
    await this.writer.add('media', { key, content_type, file_name, bytes });
  }
}
