import { setTimeout as wait } from 'node:timers/promises';
import PQueue from 'p-queue';
import { emptyProgress, type MirrorProgress, type MirrorRequest, type MirrorState } from '../../contract/mirror.ts';
import { maxPageSize } from '../../contract/vocabulary.ts';
import { isApiError, isCancelled } from '../apiError.ts';
import type { Contact } from '../decode/contact.ts';
import type { Page } from '../decode/page.ts';
import { fillMirror } from './mirrorFill.ts';
import type { MirroredContactService } from './mirroredContactService.ts';
import { toMirror } from './mirrorRecords.ts';
import type { MirrorService } from './mirrorService.ts';
import { gentlePace, type SyncPace, type SyncState } from './syncState.ts';

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

const headSize = 100;
const minBackoffMs = 1_000;
const maxBackoffMs = 300_000;
/** So far out of order may the moments be that several processes of a server write. */
const slackMs = 10_000;
const maxUnseen = 100;

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
  private steppedAt = -Infinity;
  private stepDue = 0;
  /** When somebody wants to know what is new, whoever keeps step. */
  private lookDue = Infinity;
  private sweepDue: number;
  private calledForDue = 0;
  private heldUntil = 0;
  /** The server's count says that some are gone: the sweep does not wait. */
  private isCalledFor = false;
  private isGapToBeLearned = false;
  private stepping: Promise<void> | undefined;
  private readonly first = Promise.withResolvers<void>();
  private readonly ended: Promise<void>;

  constructor(options: MirrorSyncOptions) {
    this.options = options;
    this.pace = { ...gentlePace, ...options.pace };
    const { atOnce, perSecond, sweepMs } = this.pace;
    this.sweepDue = performance.now() + sweepMs;
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

  /** When the server was last looked at for what is new, by whichever window. */
  get asOf(): Date | undefined {
    return this.progress.asOf === '' ? undefined : new Date(this.progress.asOf);
  }

  private get progress(): MirrorProgress {
    return this.here?.progress ?? emptyProgress;
  }

  /** Looks at what is new: at once, or where the last time is less than `minAgeMs` ago, once it is. */
  async look(minAgeMs: number): Promise<void> {
    if (!this.isWhole) return;
    this.lookDue = Math.min(this.lookDue, this.steppedAt + minAgeMs);
    if (this.lookDue <= performance.now()) await this.step().catch((error: unknown) => this.failed(error));
  }

  /** Somebody else has had no answer; it is looked for again soon. */
  lost(): void {
    if (this.failures > 0 || !this.isWhole) return;
    this.failures = 1;
    this.lookDue = performance.now() + this.pace.retryMs;
    this.tell();
  }

  /** Somebody else has had an answer. */
  found(): void {
    if (this.failures > 0) void this.look(0);
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
        if (this.isWhole && this.lookDue <= performance.now()) await this.step();
        else if (await this.holdsLease()) await this.keepStep();
        else await this.pauseUntil(this.lookDue);
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
    else if (this.isCalledFor || this.sweepDue <= time) await this.sweep();
    else await this.pauseUntil(Math.min(this.stepDue, this.sweepDue, this.lookDue));
  }

  /** Each page is taken in together with how far it has come. */
  private async fill(): Promise<void> {
    if (this.progress.filled === 0) await this.noteHeads();
    await fillMirror({
      state: () => ({ contacts: this.here?.contacts ?? 0, ...this.progress }),
      mayGoOn: () => this.holdsLease(),
      page: (skip) => this.page('created_at', maxPageSize, skip),
      take: async (page, progress) => {
        await this.apply({ ...this.taken(page), isOlder: true, progress });
        this.succeeded();
      },
    });
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
    this.steppedAt = performance.now();
    this.stepDue = this.steppedAt + this.pace.stepMs;
    this.lookDue = Infinity;
    if (total !== undefined) await this.weighCount(total);
    this.succeeded();
  }

  /** Others are there than the server counts: some are gone, unless a sweep has found them all the same. */
  private async weighCount(total: number): Promise<void> {
    const knownGap = total - (this.here?.contacts ?? 0);
    if (this.isGapToBeLearned) await this.apply({ progress: { knownGap } });
    this.isGapToBeLearned = false;
    if (knownGap === this.progress.knownGap || performance.now() < this.calledForDue) return;
    this.isCalledFor = true;
    this.calledForDue = performance.now() + this.pace.calledForMs;
  }

  /** The newest by `field`, down to those that are known. */
  private async takeHead(field: DateField, knownUpTo: string): Promise<{ upTo: string; total: number | undefined }> {
    const floor = knownUpTo === '' ? -Infinity : Date.parse(knownUpTo) - slackMs;
    const first = await this.page(field, headSize, 0);
    for (let page = first, skip = 0; ; page = await this.page(field, maxPageSize, skip)) {
      await this.apply(this.taken(page));
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
    await this.apply({ ...this.taken(page), progress: { sweep: { ...sweep, position } } });
    this.sweepDue = performance.now() + this.pace.sweepMs;
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
        isListed: true,
        removed: ids.filter((_, index) => found[index] === undefined),
      });
    }
    await this.apply({ progress: { sweep: { ...this.progress.sweep, isUnderWay: false } } });
    this.isCalledFor = false;
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

  /** A page, which may have been read before a deletion, in whichever window. */
  private taken({ items }: Page<Contact>): Pick<MirrorRequest, 'contacts' | 'isListed'> {
    return { contacts: items.map(toMirror), isListed: true };
  }

  private queued<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { signal } = this.ending;
    return this.queue.add(
      async () => {
        // What takes many requests is to be gone on with by this window.
        if (this.heldUntil > 0) await this.holdsLease();
        return work(signal);
      },
      { signal },
    );
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
    const { isWhole, total } = this.progress;
    this.options.onState({
      kind: this.failures > 0 ? 'unreachable' : !isWhole ? 'filling' : this.hasAnswered ? 'inStep' : 'kept',
      isWhole,
      contacts: this.here?.contacts ?? 0,
      total: total ?? undefined,
      asOf: this.asOf,
    });
  }

  /** Until then, or until other windows may have done something. */
  private async pauseUntil(due: number): Promise<void> {
    await this.pause(Math.max(0, Math.min(due - performance.now(), this.pace.followMs)));
  }

  private async pause(milliseconds: number): Promise<void> {
    await wait(milliseconds, undefined, { signal: this.ending.signal }).catch(() => undefined);
  }
}

const isDescending = (contacts: readonly Contact[], field: DateField): boolean =>
  contacts.every((contact, index) => index === 0 || (contact[field] ?? '') <= (contacts[index - 1]?.[field] ?? ''));
