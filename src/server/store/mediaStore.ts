import { randomBytes } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReadStream } from 'node:fs';
import type { Database } from './database.ts';

const keyPattern = /^[0-9a-f]{64}$/;

export interface Media {
  key: string;
  content_type: string;
  file_name: string;
  bytes: number;
}

/**
 * Pictures and files, each in a file of its own under `media/`.
 * The name on disk is only ever the random key; the name that somebody gave it is a column.
 */
export class MediaStore {
  private readonly database: Database;
  private readonly directory: string;

  constructor(database: Database, dataDirectory: string) {
    this.database = database;
    this.directory = join(dataDirectory, 'media');
    mkdirSync(this.directory, { recursive: true, mode: 0o700 });
  }

  /** Keeps `content` under a new unguessable key; it is on disk when this returns. */
  add(content: Uint8Array, contentType: string, fileName: string): string {
    const key = randomBytes(32).toString('hex');
    this.writeFile(key, content);
    this.database.write(() => this.insert(key, content.length, contentType, fileName));
    return key;
  }

  /** Keeps sample content under a key that the caller made. Only inside `Database.write`. */
  addSample(key: string, content: Uint8Array, contentType: string, fileName: string): void {
    this.writeFile(key, content);
    this.insert(key, content.length, contentType, fileName);
  }

  find(key: string): Media | undefined {
    if (!keyPattern.test(key)) return undefined;
    return this.database.get('SELECT * FROM media WHERE key = ?', key) as Media | undefined;
  }

  read(media: Media): ReadStream {
    return createReadStream(join(this.directory, media.key));
  }

  /** The bytes of one; `undefined` where they are gone. */
  content(key: string): Uint8Array | undefined {
    try {
      return readFileSync(join(this.directory, key));
    } catch {
      return undefined;
    }
  }

  /** Puts bytes in place that a back-up has for a key. @throws for a key that is none. */
  restore(key: string, content: Uint8Array): void {
    if (!keyPattern.test(key)) throw new Error('Not a key of media.');
    if (!existsSync(join(this.directory, key))) this.writeFile(key, content);
  }

  private writeFile(key: string, content: Uint8Array): void {
    const path = join(this.directory, key);
    const temporary = `${path}.part`;
    try {
      writeFileSync(temporary, content, { mode: 0o600, flush: true });
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  }

  private insert(key: string, bytes: number, contentType: string, fileName: string): void {
    this.database.run(
      'INSERT OR REPLACE INTO media (key, content_type, file_name, bytes, created_at) VALUES (?, ?, ?, ?, ?)',
      key,
      contentType,
      fileName,
      bytes,
      new Date().toISOString(),
    );
  }
}

const referencePattern = /^media:([0-9a-f]{64})$/;

/** What a column holds for the media of `key`. */
export const mediaReference = (key: string): string => `media:${key}`;

/** A stored reference as the address the client can fetch; any other text unchanged. */
export function mediaUrl(stored: string, origin: string, prefix: string): string {
  const key = referencePattern.exec(stored)?.[1];
  return key === undefined ? stored : `${origin}${prefix}/media/${key}`;
}

/** The reverse of `mediaUrl`: our own address, of this run or an earlier one, as a reference. */
export function storedMediaUrl(url: string): string {
  const key = /^http:\/\/127\.0\.0\.1:\d+\/(?:channel-service\/v1|v1\/backend)\/media\/([0-9a-f]{64})$/.exec(url)?.[1];
  return key === undefined ? url : mediaReference(key);
}
