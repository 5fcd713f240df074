import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Media } from '../records.ts';
import type { MediaReads, MediaWrites } from '../workspaceStore.ts';
import { MediaDamagedError } from '../errors.ts';
import { insertChecked } from './checksums.ts';
import { withColumns } from '../jsonColumns.ts';
import { toStoreError, type Reader, type Writer } from './database.ts';

const keyPattern = /^[0-9a-f]{64}$/;

/**
 * Pictures and files, each in a file of its own under `media/`.
 * The name on disk is only ever the random key; the name that somebody gave it is a column.
 */
export class SqliteMedia implements MediaReads {
  private readonly tables: Reader;
  private readonly directory: string;

  constructor(tables: Reader, dataDirectory: string) {
    this.tables = tables;
    this.directory = join(dataDirectory, 'media');
    mkdirSync(this.directory, { recursive: true, mode: 0o700 });
  }

  async find(key: string): Promise<Media | undefined> {
    if (!keyPattern.test(key)) return undefined;
    const row = this.tables.get('SELECT key, content_type, file_name, bytes FROM media WHERE key = ?', key);
    return row && withColumns<Media>(row, []);
  }

  async content(key: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    if (!keyPattern.test(key)) return undefined;
    const known = this.tables.get('SELECT content_checksum FROM media WHERE key = ?', key)?.['content_checksum'];
    try {
      const content = new Uint8Array(await readFile(join(this.directory, key)));
      if (typeof known === 'number' && known !== crc32(content)) throw new MediaDamagedError('The file is damaged.');
      return content;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** It is on disk when this settles. */
  async keep(content: Uint8Array, key = randomBytes(32).toString('hex')): Promise<string> {
    if (!keyPattern.test(key)) throw new Error('Not a key of media.');
    const path = join(this.directory, key);
    // Another process may be keeping the same at this moment, as all do with the samples.
    const temporary = `${path}.${randomBytes(4).toString('hex')}.part`;
    try {
      writeFileSync(temporary, content, { mode: 0o600, flush: true });
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw toStoreError(error, path);
    }
    return key;
  }

  /** Puts bytes in place that a backup has for a key. @throws for a key that is none. */
  async restore(key: string, content: Uint8Array): Promise<void> {
    if (!keyPattern.test(key)) throw new Error('Not a key of media.');
    if (!existsSync(join(this.directory, key))) await this.keep(content, key);
  }
}

export class SqliteMediaWrites implements MediaWrites {
  private readonly writer: Writer;
  private readonly directory: string;

  constructor(writer: Writer, dataDirectory: string) {
    this.writer = writer;
    this.directory = join(dataDirectory, 'media');
  }

  async add({ key, content_type, file_name, bytes }: Media): Promise<void> {
    const content_checksum = crc32(await readFile(join(this.directory, key)));
    const created_at = new Date().toISOString();
    insertChecked(this.writer, 'media', { key, content_type, file_name, bytes, content_checksum, created_at });
  }
}
