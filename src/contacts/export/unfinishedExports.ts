import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { UnfinishedFiles } from './csvFile.ts';

/** Notes in a folder, one for each file that is being written, by which process. */
export class UnfinishedExports implements UnfinishedFiles {
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  add(path: string): void {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    writeFileSync(this.noteOf(path), JSON.stringify({ path, process: process.pid }), { mode: 0o600 });
  }

  done(path: string): void {
    rmSync(this.noteOf(path), { force: true });
  }

  /** Removes the files left behind by processes that are no longer running. */
  sweep(): void {
    for (const name of this.notes()) {
      const note = join(this.folder, name);
      try {
        const { path, process: owner } = JSON.parse(readFileSync(note, 'utf8')) as { path: string; process: number };
        if (isAlive(owner)) continue;
        // A note is not taken on faith: only what an export writes is removed.
        if (/\.[0-9a-f]{8}\.part$/.test(path)) rmSync(path, { force: true });
      } catch {
        // Another window was faster, or the note is no note.
      }
      this.drop(note);
    }
  }

  /** A note that cannot be removed is looked at again the next time. */
  private drop(note: string): void {
    try {
      rmSync(note, { force: true });
    } catch {
      // Nothing that the user could do about it now.
    }
  }

  private notes(): string[] {
    try {
      return readdirSync(this.folder);
    } catch {
      return [];
    }
  }

  private noteOf(path: string): string {
    return join(this.folder, `${createHash('sha256').update(path).digest('hex').slice(0, 32)}.json`);
  }
}

function isAlive(process_: number): boolean {
  try {
    process.kill(process_, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
