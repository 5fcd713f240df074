import { hash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { isCancelled } from '../../api/apiError.ts';
import type { Contact } from '../../api/decode/contact.ts';
import { DuplicateFinder, keysOf, type Duplicates } from './duplicates.ts';

/** As many as are held in memory to be compared. */
const maxHeld = 100_000;

export interface FoundDuplicates {
  groups: Duplicates[];
  /** Among how many; the newest, where that is not all. */
  lookedAt: number;
  isWhole: boolean;
}

/**
 * Compares all contacts. More than can be held are looked through twice: first for what any two of them share, and then
 * for who shares it, as long as these can be held.
 * @param pages all of them from the newest, each time anew; who stops it is told of those up to there, or of the first.
 * @param onProgress told of how many were looked at; the second time, with how many there are.
 */
export async function lookForDuplicates(
  pages: () => AsyncIterable<{ items: readonly Contact[] }>,
  onProgress: (lookedAt: number, of?: number) => void,
  most = maxHeld,
): Promise<FoundDuplicates> {
  const first = new DuplicateFinder();
  const shared = new SharedKeys();
  let lookedAt = 0;
  const isHeld = (): boolean => first.lookedAt === lookedAt;
  try {
    for await (const { items } of pages()) {
      if (isHeld() && first.comparable < most) first.add(items);
      shared.add(items);
      lookedAt += items.length;
      onProgress(lookedAt);
    }
    if (isHeld()) return { groups: first.groups(), lookedAt, isWhole: true };
    const keys = await shared.found();
    if (keys.size === 0) return { groups: [], lookedAt, isWhole: true };
    const all = new DuplicateFinder((key) => keys.has(hashOf(key)));
    let isWhole = true;
    for await (const { items } of pages()) {
      all.add(items);
      onProgress(all.lookedAt, lookedAt);
      isWhole = all.comparable < most;
      if (!isWhole) break;
    }
    return { groups: all.groups(), lookedAt: all.lookedAt, isWhole };
  } catch (error) {
    if (!isCancelled(error)) throw error;
    return { groups: first.groups(), lookedAt: first.lookedAt, isWhole: false };
  }
}

const bucketCount = 64;
const hashBytes = 6;

/** 48 bits of a key: two keys that have them in common by chance are told apart when they are looked at again. */
const hashOf = (key: string): number => hash('sha1', key, 'buffer').readUIntBE(0, hashBytes);

/** What more contacts share tells of nobody: an address of a firm, a number that was made up. */
const maxSharing = 200;

/** Which keys came more than once, of any number of them: eight bytes for each. */
class SharedKeys {
  private readonly buckets = Array.from({ length: bucketCount }, (): number[] => []);

  add(contacts: readonly Contact[]): void {
    for (const contact of contacts) {
      for (const key of keysOf(contact)) {
        const value = hashOf(key);
        this.buckets[value % bucketCount]?.push(value);
      }
    }
  }

  async found(): Promise<ReadonlySet<number>> {
    const found = new Set<number>();
    for (const bucket of this.buckets) {
      const sorted = Float64Array.from(bucket).sort();
      for (let start = 0, end = 0; start < sorted.length; start = end) {
        const value = sorted[start] ?? 0;
        while (sorted[end] === value) end++;
        if (end - start > 1 && end - start <= maxSharing) found.add(value);
      }
      // A million take long enough for somebody to notice.
      await setImmediate();
    }
    return found;
  }
}
