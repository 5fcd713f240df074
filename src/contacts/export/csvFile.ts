import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

/** Where half-written files are noted, for when nobody is left to remove them. */
export interface UnfinishedFiles {
  add(path: string): void;
  done(path: string): void;
}

/**
 * Writes a temporary file beside the target and renames it over the target when it is complete; until then, an existing
 * file is untouched. A write that fails or is aborted leaves nothing behind; one that is killed leaves its entry in
 * `unfinished`.
 * @throws what `content` throws, and the file system's errors.
 */
export async function writeAtomically(
  path: string,
  content: AsyncIterable<Uint8Array>,
  unfinished: UnfinishedFiles,
  signal?: AbortSignal,
): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString('hex')}.part`;
  unfinished.add(temporary);
  try {
    await pipeline(content, createWriteStream(temporary, { mode: 0o600, flush: true }), { signal });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    unfinished.done(temporary);
  }
}
