import * as vscode from 'vscode';
import { isCancelled, isUnreachable } from '../../api/apiError.ts';
import type { ContactService } from '../../api/contactService.ts';
import type { ContactFile } from '../../api/decode/history.ts';
import { LatestOnly } from '../../platform/cancellation.ts';
import { logText, sentenceFor } from '../../platform/errorReport.ts';
import type { Log } from '../../platform/log.ts';
import type { ContactPage } from '../../protocol/contactPage.ts';
import { sectionNames, type SectionName, type Sections } from '../../protocol/contactViews.ts';
import type { Session } from '../../session/session.ts';
import { ContactHistory, keptPart, type HistoryParts, type Loaded } from '../contactHistory.ts';
import type { SeenContacts } from './seenContacts.ts';
import { activityView, commentView, conversationView, fileView } from './views.ts';

/** A section that is there. */
type Ready<Name extends SectionName> = Extract<Sections[Name], { status: 'ready' }>;

interface SectionServices {
  session: Session;
  seen: SeenContacts;
  log: Log;
}

/** What happened with one contact. Each section loads by itself, fails by itself, and then shows what was seen last. */
export class ContactSections implements vscode.Disposable {
  private readonly contactId: string;
  private readonly services: SectionServices;
  private readonly page: ContactPage;
  private readonly loads = new Map<SectionName, LatestOnly>();
  /** What is shown. */
  private readonly loaded: { [Name in SectionName]?: Loaded<HistoryParts[Name]> } = {};

  constructor(contactId: string, services: SectionServices, page: ContactPage) {
    this.contactId = contactId;
    this.services = services;
    this.page = page;
  }

  private readonly loaders: {
    [Name in SectionName]: (history: ContactHistory, signal: AbortSignal) => Promise<Loaded<HistoryParts[Name]>>;
  } = {
    conversations: (history, signal) => history.conversations(signal),
    comments: (history, signal) => history.comments(0, signal),
    files: (history, signal) => history.files(signal),
    activities: (history, signal) => history.activities(signal),
  };

  private readonly views: { [Name in SectionName]: (loaded: Loaded<HistoryParts[Name]>) => Ready<Name> } = {
    conversations: (loaded) => ready(mapped(loaded, conversationView)),
    comments: (loaded) => ready(mapped(loaded, commentView)),
    files: (loaded) => ready(mapped(loaded, fileView)),
    activities: (loaded) => ready(mapped(loaded, activityView)),
  };

  get files(): readonly ContactFile[] {
    return this.loaded.files?.items ?? [];
  }

  /** Whether each section has been answered. */
  get isLoaded(): boolean {
    return sectionNames.every((name) => this.loaded[name] !== undefined);
  }

  /** A comment as it was written, where it is shown. */
  commentText(id: string): string | undefined {
    return this.loaded.comments?.items.find((comment) => comment.id === id)?.text;
  }

  async loadAll(): Promise<void> {
    await Promise.all(sectionNames.map((name) => this.load(name)));
  }

  async load(name: SectionName): Promise<void> {
    const { session, seen, log } = this.services;
    const { service } = session;
    if (service === undefined) return;
    const signal = this.nextLoad(name);
    let isAnswered = false;
    // What is on this machine is better than nothing while the server thinks.
    if (this.loaded[name] === undefined) {
      void this.kept(service, name, '').then((section) => {
        if (section !== undefined && !isAnswered && !signal.aborted) this.page.showSections({ [name]: section });
      });
    }
    try {
      const loaded = await this.loaders[name](new ContactHistory(service, this.contactId), signal);
      isAnswered = true;
      seen.keepSection(this.contactId, name, loaded);
      this.show(name, loaded);
    } catch (error) {
      isAnswered = true;
      if (isCancelled(error)) return;
      log.error(`contact panel: ${logText(error)}`);
      const message = sentenceFor(error);
      const last = isUnreachable(error) ? await this.last(service, name, message) : undefined;
      if (!signal.aborted) this.page.showSections({ [name]: last ?? { status: 'failed', message } });
    }
  }

  /** As it was last, marked with its age and with why there is nothing newer. */
  private async last<Name extends SectionName>(
    service: ContactService,
    name: Name,
    message: string,
  ): Promise<Sections[Name] | undefined> {
    const seen = this.services.seen.section(this.contactId, name);
    if (seen === undefined) return this.kept(service, name, message);
    return { ...this.views[name](seen.loaded), stale: { asOf: seen.at, message } };
  }

  /** As this machine has it, marked so. What was written since is not there, so nothing can be added behind it. */
  private async kept<Name extends SectionName>(
    service: ContactService,
    name: Name,
    message: string,
  ): Promise<Sections[Name] | undefined> {
    try {
      const kept = await keptPart(service, this.contactId, name);
      if (kept === undefined) return undefined;
      const section = { ...this.views[name](kept.loaded), hasMore: false };
      return { ...section, stale: { asOf: kept.keptAt, message } };
    } catch (error) {
      this.services.log.warn(`contact panel: ${logText(error)}`);
      return undefined;
    }
  }

  /** What is loaded, as it is to be seen now. */
  showAgain(): void {
    for (const name of sectionNames) {
      const { [name]: loaded } = this.loaded;
      if (loaded !== undefined) this.page.showSections({ [name]: this.views[name](loaded as Loaded<never>) });
      else if (this.services.session.service !== undefined) this.page.showSections({ [name]: { status: 'loading' } });
      else this.page.showSections({ [name]: { status: 'failed', message: noConnection() } });
    }
  }

  /** Loads a section anew, and says so. */
  async reload(name: SectionName): Promise<void> {
    this.page.showSections({ [name]: { status: 'loading' } });
    await this.load(name);
  }

  /** Adds the comments that follow those shown, which stay where that fails. @throws ApiError */
  async loadMoreComments(): Promise<void> {
    const { service } = this.services.session;
    const { comments } = this.loaded;
    if (service === undefined || comments === undefined) return;
    const shown = comments.items;
    const history = new ContactHistory(service, this.contactId);
    const next = await history.comments(shown.length, this.nextLoad('comments'));
    const known = new Set(shown.map((comment) => comment.id));
    this.show('comments', { ...next, items: [...shown, ...next.items.filter((comment) => !known.has(comment.id))] });
  }

  /** Stops what is under way: it is not to be shown as of another session. */
  stop(): void {
    for (const load of this.loads.values()) load.dispose();
  }

  dispose(): void {
    this.stop();
  }

  private show<Name extends SectionName>(name: Name, loaded: Loaded<HistoryParts[Name]>): void {
    Object.assign(this.loaded, { [name]: loaded });
    this.page.showSections({ [name]: this.views[name](loaded) });
  }

  private nextLoad(name: SectionName): AbortSignal {
    const load = this.loads.get(name) ?? new LatestOnly();
    this.loads.set(name, load);
    return load.next();
  }
}

const noConnection = (): string => vscode.l10n.t('There is no connection to a contact server now.');

const ready = <Item>({ items, total, hasMore }: Loaded<Item>) => ({
  status: 'ready' as const,
  items: [...items],
  hasMore,
  ...(total === undefined ? {} : { total }),
});

const mapped = <T, U>(loaded: Loaded<T>, toView: (item: T) => U): Loaded<U> => ({
  ...loaded,
  items: loaded.items.map(toView),
});
