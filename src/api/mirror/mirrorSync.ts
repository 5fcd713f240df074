import { setTimeout as wait } from 'node:timers/promises';
import PQueue from 'p-queue';
import { emptyProgress, type MirrorProgress, type MirrorRequest, type MirrorState } from '../../contract/mirror.ts';
import { maxPageSize } from '../../contract/vocabulary.ts';
import { isApiError, isCancelled } from '../apiError.ts';
import type { Contact } from '../decode/contact.ts';
import type { Page } from '../decode/page.ts';
import type { MirroredContactService } from './mirroredContactService.ts';
import { toMirror } from './mirrorRecords.ts';
import type { MirrorService } from './mirrorService.ts';

export interface SyncPace {
  /** Requests under way at once, and begun in a second. */
  atOnce: number;
  perSecond: number;
  /** Between two looks at what is new, and between two pages of a sweep. */
  stepMs: number;
  sweepMs: number;
  /** Between two looks at what other windows have done. */
  followMs: number;
  /** Until a server is looked for again that did not answer somebody. */
  retryMs: number;
  /** How long a window that keeps step may be silent before another goes on in its place. */
  leaseMs: number;
}

/** An hour of it, with nothing new, is at most 60 requests. */
export const gentlePace: SyncPace = {
  atOnce: 2,
  perSecond: 4,
  stepMs: 300_000,
  sweepMs: 120_000,
  followMs: 3_000,
  retryMs: 5_000,
  leaseMs: 20_000,
};

/** How many are here, of how many, and as of when. */
export interface SyncState {
  /** `kept` until the server is known to answer. */
  kind: 'filling' | 'kept' | 'inStep' | 'unreachable';
  isWhole: boolean;
  contacts: number;
  /** How many there are in all, where the server says so. */
  total: number | undefined;
  /** When the server was last looked at for what is new. */
  asOf: Date | undefined;
}

export interface MirrorSyncOptions {
  source: Pick<MirroredContactService, 'listAtServer' | 'get'>;
  mirror: MirrorService;
  /** This window. */
  holder: string;
  pace?: Partial<SyncPace>;
  onState: (state: SyncState) => void;
  /** What a list would show is not as it was, whichever window has changed it. */
  onChange: () => void;
  onFault: (error: unknown) => void;
}

type DateField = 'created_at' | 'updated_at';

/** Pages that are asked for before those in front of them have been taken in. */
const maxAhead = 4;
const headSize = 100;
const minBackoffMs = 1_000;
const maxBackoffMs = 300_000;
/** So far out of order may the moments be that several processes of a server write. */
const slackMs = 10_000;
const maxUnseen = 100;
/** After so many pages without anybody new, the server repeats itself. */
const maxStalePages = 5;

/**
 * Fills a mirror, newest first, and keeps it in step: what is new and changed from the heads of two lists, who is gone
 * by going through everybody again and again, slowly. Of several windows the one that has the lease does it.
 */
export class MirrorSync {
  private readonly options: MirrorSyncOptions;
  private readonly pace: SyncPace;
  private readonly queue: PQueue;
  private readonly ending = new AbortController();
  /** How the mirror was when it was last looked at. */
  private here: MirrorState | undefined;
  private failures = 0;
  /** The server has answered this window, or the one that keeps step, since it was opened. */
  private hasAnswered = false;
  /** All by `performance.now()`. */
  private stepDue = 0;
  private sweepDue = 0;
  private heldUntil = 0;
  /** By how many the server's count differs from what a whole sweep has found; it may count others. */
  private knownGap = 0;
  private isGapToBeLearned = false;
  private stepping: Promise<void> | undefined;
  private readonly first = Promise.withResolvers<void>();
  private readonly ended: Promise<void>;

  constructor(options: MirrorSyncOptions) {
    this.options = options;
    this.pace = { ...gentlePace, ...options.pace };
    const { atOnce, perSecond } = this.pace;
    this.queue = new PQueue({ concurrency: atOnce, interval: 1000, intervalCap: perSecond, strict: true });
    this.first.promise.catch(() => undefined);
    this.ended = this.run();
  }

  /** Settles once it is known how far it has come; fails where its server does not say. */
  get known(): Promise<void> {
    return this.first.promise;
  }

  /** Everybody is here. */
  get isWhole(): boolean {
    return this.progress.isWhole;
  }

  private get progress(): MirrorProgress {
    return this.here?.progress ?? emptyProgress;
  }

  /** Looks at once at what is new, unless the last time is less than `minAgeMs` ago. */
  async look(minAgeMs: number): Promise<void> {
    const age = performance.now() - (this.stepDue - this.pace.stepMs);
    if (!this.isWhole || age < minAgeMs) return;
    await this.step().catch((error: unknown) => this.failed(error));
  }

  /** Somebody else has had no answer; it is looked for again soon. */
  lost(): void {
    if (this.failures > 0 || !this.isWhole) return;
    this.failures = 1;
    this.stepDue = performance.now() + this.pace.retryMs;
    this.tell();
  }

  /** Takes in what the server has said of single contacts. Never fails: what is missed is met by the next sweep. */
  async accept({
    contacts = [],
    removed = [],
  }: {
    contacts?: readonly Contact[];
    removed?: readonly string[];
  }): Promise<void> {
    try {
      await this.apply({ contacts: contacts.map(toMirror), removed: [...removed] });
    } catch (error) {
      if (!isCancelled(error)) this.options.onFault(error);
    }
  }

  /** When this settles, nothing is asked or written any more, and another window may go on. */
  async dispose(): Promise<void> {
    this.ending.abort();
    await this.ended;
    const { mirror, holder } = this.options;
    if (this.heldUntil > 0) await mirror.lease(holder, 0).catch(() => undefined);
  }

  private async run(): Promise<void> {
    const { signal } = this.ending;
    while (!signal.aborted) {
      try {
        await this.read();
        this.first.resolve();
        if (await this.holdsLease()) await this.keepStep();
        else await this.pause(this.pace.followMs);
      } catch (error) {
        this.first.reject(error);
        if (!signal.aborted) await this.pause(this.failed(error));
      }
    }
  }

  /** What is due, or a wait for it. */
  private async keepStep(): Promise<void> {
    if (!this.isWhole) return this.fill();
    const time = performance.now();
    if (this.stepDue <= time) await this.step();
    else if (this.sweepDue <= time) await this.sweep();
    else await this.pause(Math.min(this.stepDue, this.sweepDue, time + this.pace.followMs) - time);
  }

  /** Everybody, newest first, from where it was left. Each page is taken in together with how far it has come. */
  private async fill(): Promise<void> {
    if (this.progress.filled === 0) await this.noteHeads();
    const pages = new Map<number, Promise<Page<Contact>>>();
    let stalePages = 0;
    for (let size = 0; !this.isWhole && (await this.holdsLease());) {
      const { filled, total } = this.progress;
      const skips = Array.from({ length: size === 0 ? 1 : maxAhead }, (_, ahead) => filled + ahead * size);
      for (const skip of skips.filter((each) => !pages.has(each) && (each === filled || each < (total ?? Infinity)))) {
        const asked = this.page('created_at', maxPageSize, skip);
        // Those behind one that failed are not waited for.
        asked.catch(() => undefined);
        pages.set(skip, asked);
      }
      const page = await pages.get(filled);
      if (page === undefined) break;
      pages.delete(filled);
      // The server decides how long its pages are. Where one is not as was counted on, those behind it are asked anew.
      if (page.received !== size) pages.clear();
      size = page.received;
      // A server that begins again at the end of its list would never come to one.
      const isWhole = !page.hasMore || page.received === 0 || stalePages >= maxStalePages;
      const before = this.here?.revision;
      await this.apply({
        contacts: page.items.map(toMirror),
        isOlder: true,
        progress: { filled: filled + page.received, isWhole, total: page.totalMatching ?? null },
      });
      stalePages = this.here?.revision === before ? stalePages + 1 : 0;
      this.succeeded();
    }
    this.stepDue = 0;
  }

  /** Notes down what is newest before all is read, so that what happens meanwhile is looked for afterwards. */
  private async noteHeads(): Promise<void> {
    const [created, updated] = await Promise.all([this.page('created_at', 1, 0), this.page('updated_at', 1, 0)]);
    const createdUpTo = created.items[0]?.created_at ?? '';
    const updatedUpTo = updated.items[0]?.updated_at ?? '';
    await this.apply({ progress: { createdUpTo, updatedUpTo, total: created.totalMatching ?? null } });
  }

  /** What is new and what has changed since the last time; who asks meanwhile waits for the same. */
  private step(): Promise<void> {
    this.stepping ??= this.takeHeads().finally(() => (this.stepping = undefined));
    return this.stepping;
  }

  private async takeHeads(): Promise<void> {
    const [created, updated] = await Promise.all([
      this.takeHead('created_at', this.progress.createdUpTo),
      this.takeHead('updated_at', this.progress.updatedUpTo),
    ]);
    const { total } = created;
    const asOf = new Date().toISOString();
    await this.apply({
      progress: { createdUpTo: created.upTo, updatedUpTo: updated.upTo, total: total ?? null, asOf },
    });
    this.stepDue = performance.now() + this.pace.stepMs;
    this.weighCount(total);
    this.succeeded();
  }

  /** Others are there than the server counts, so some are gone: the sweep does not wait. */
  private weighCount(total: number | undefined): void {
    if (total === undefined) return;
    const gap = total - (this.here?.contacts ?? 0);
    if (this.isGapToBeLearned) this.knownGap = gap;
    this.isGapToBeLearned = false;
    if (gap !== this.knownGap) this.sweepDue = 0;
  }

  /** The newest by `field`, down to those that are known. */
  private async takeHead(field: DateField, knownUpTo: string): Promise<{ upTo: string; total: number | undefined }> {
    const floor = knownUpTo === '' ? -Infinity : Date.parse(knownUpTo) - slackMs;
    const first = await this.page(field, headSize, 0);
    for (let page = first, skip = 0; ; page = await this.page(field, maxPageSize, skip)) {
      await this.apply({ contacts: page.items.map(toMirror) });
      skip += page.received;
      const isKnown = !(Date.parse(page.items.at(-1)?.[field] ?? '') >= floor);
      // Of a server that cannot put them in this order, the sweep looks at all.
      if (isKnown || !page.hasMore || page.received === 0 || !isDescending(page.items, field)) break;
    }
    const newest = first.items[0]?.[field] ?? '';
    return { upTo: newest > knownUpTo ? newest : knownUpTo, total: first.totalMatching };
  }

  /** The next page of a look at everybody, and at its end those who were not met. */
  private async sweep(): Promise<void> {
    const { sweep: last } = this.progress;
    const sweep = last.isUnderWay ? last : { number: last.number + 1, position: 0, isUnderWay: true };
    const page = await this.page('created_at', maxPageSize, sweep.position);
    const position = sweep.position + page.received;
    await this.apply({ contacts: page.items.map(toMirror), progress: { sweep: { ...sweep, position } } });
    // One that was called for by the count goes on at once.
    if (this.sweepDue > 0) this.sweepDue = performance.now() + this.pace.sweepMs;
    const isLast = !page.hasMore || page.received === 0 || position > 2 * ((this.here?.contacts ?? 0) + maxPageSize);
    if (isLast) await this.removeUnseen();
    this.succeeded();
  }

  /** Rows may have moved up while the pages went by: nobody is taken for gone of whom the server says otherwise. */
  private async removeUnseen(): Promise<void> {
    for (let before = ''; ;) {
      const ids = await this.options.mirror.unseen(maxUnseen);
      if (ids.length === 0 || ids[0] === before) break;
      before = ids[0] ?? '';
      const found = await Promise.all(ids.map((id) => this.lookFor(id)));
      await this.apply({
        contacts: found.filter((contact) => contact !== undefined).map(toMirror),
        removed: ids.filter((_, index) => found[index] === undefined),
      });
    }
    await this.apply({ progress: { sweep: { ...this.progress.sweep, isUnderWay: false } } });
    this.sweepDue = performance.now() + this.pace.sweepMs;
    this.isGapToBeLearned = true;
    this.stepDue = 0;
  }

  /** @returns `undefined` for one who is gone. */
  private lookFor(id: string): Promise<Contact | undefined> {
    return this.queued(async (signal) => {
      try {
        return await this.options.source.get(id, { isFresh: true, isBackground: true, signal });
      } catch (error) {
        if (isApiError(error) && error.kind === 'notFound') return undefined;
        throw error;
      }
    });
  }

  /** Newest first. */
  private page(field: DateField, limit: number, skip: number): Promise<Page<Contact>> {
    const request = { sort: `-${field}`, limit, skip, isBackground: true };
    return this.queued((signal) => this.options.source.listAtServer({ ...request, signal }));
  }

  private queued<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { signal } = this.ending;
    return this.queue.add(() => work(signal), { signal });
  }

  private async apply(change: MirrorRequest): Promise<void> {
    await this.options.mirror.apply(change);
    await this.read();
  }

  /** How the mirror is now; other windows write to it too. */
  private async read(): Promise<void> {
    const before = this.here;
    this.here = await this.options.mirror.state();
    // Another window has had an answer meanwhile.
    if (before !== undefined && before.progress.asOf !== this.here.progress.asOf) {
      this.hasAnswered = true;
      this.failures = 0;
    }
    this.tell();
    const isChanged = before?.progress.isWhole !== this.isWhole || before.revision !== this.here.revision;
    // While it fills, lists are the server's.
    if (before !== undefined && this.isWhole && isChanged) this.options.onChange();
  }

  private async holdsLease(): Promise<boolean> {
    const time = performance.now();
    const { leaseMs } = this.pace;
    if (time < this.heldUntil - leaseMs / 2) return true;
    const { mirror, holder } = this.options;
    const isHeld = await mirror.lease(holder, leaseMs / 1000);
    this.heldUntil = isHeld ? time + leaseMs : 0;
    return isHeld;
  }

  private succeeded(): void {
    this.failures = 0;
    this.hasAnswered = true;
    this.tell();
  }

  /** @returns for how long nothing is to be asked, in milliseconds. */
  private failed(error: unknown): number {
    if (isCancelled(error)) return 0;
    this.failures++;
    this.options.onFault(error);
    this.tell();
    const asked = isApiError(error) ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
    return Math.max(asked, Math.min(minBackoffMs * 2 ** (this.failures - 1), maxBackoffMs));
  }

  private tell(): void {
    const { isWhole, total, asOf } = this.progress;
    this.options.onState({
      kind: this.failures > 0 ? 'unreachable' : !isWhole ? 'filling' : this.hasAnswered ? 'inStep' : 'kept',
      isWhole,
      contacts: this.here?.contacts ?? 0,
      total: total ?? undefined,
      asOf: asOf === '' ? undefined : new Date(asOf),
    });
  }

  private async pause(milliseconds: number): Promise<void> {
    await wait(milliseconds, undefined, { signal: this.ending.signal }).catch(() => undefined);
  }
}

const isDescending = (contacts: readonly Contact[], field: DateField): boolean =>
  contacts.every((contact, index) => index === 0 || (contact[field] ?? '') <= (contacts[index - 1]?.[field] ?? ''));
