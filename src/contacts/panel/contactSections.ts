import type * as vscode from 'vscode';
import { isCancelled, isUnreachable } from '../../api/apiError.ts';
import type { Comment, ContactFile } from '../../api/decode/history.ts';
import { LatestOnly } from '../../platform/cancellation.ts';
import { logText, sentenceFor } from '../../platform/errorReport.ts';
import type { Log } from '../../platform/log.ts';
import type { ContactPage } from '../../protocol/contactPage.ts';
import { sectionNames, type SectionName, type Sections } from '../../protocol/contactViews.ts';
import type { Session } from '../../session/session.ts';
import { ContactHistory, type Loaded } from './contactHistory.ts';
import type { SeenContacts } from './seenContacts.ts';
import { activityView, commentView, conversationView, fileView } from './views.ts';

interface SectionServices {
  session: Session;
  seen: SeenContacts;
  log: Log;
}

type Loader<Name extends SectionName> = (history: ContactHistory, signal: AbortSignal) => Promise<Sections[Name]>;

/** What happened with one contact. Each section loads by itself, fails by itself, and then shows what was seen last. */
export class ContactSections implements vscode.Disposable {
  private readonly contactId: string;
  private readonly services: SectionServices;
  private readonly page: ContactPage;
  private readonly loads = new Map<SectionName, LatestOnly>();
  private loadedFiles: readonly ContactFile[] = [];
  private comments: Loaded<Comment> | undefined;

  constructor(contactId: string, services: SectionServices, page: ContactPage) {
    this.contactId = contactId;
    this.services = services;
    this.page = page;
  }

  private readonly loaders: { [Name in SectionName]: Loader<Name> } = {
    conversations: async (history, signal) => ready(mapped(await history.conversations(signal), conversationView)),
    comments: async (history, signal) => {
      this.comments = await history.comments(0, signal);
      return ready(mapped(this.comments, commentView));
    },
    files: async (history, signal) => {
      const loaded = await history.files(signal);
      this.loadedFiles = loaded.items;
      return ready(mapped(loaded, fileView));
    },
    activities: async (history, signal) => ready(mapped(await history.activities(signal), activityView)),
  };

  get files(): readonly ContactFile[] {
    return this.loadedFiles;
  }

  /** A comment as it was written, where it is shown. */
  commentText(id: string): string | undefined {
    return this.comments?.items.find((comment) => comment.id === id)?.text;
  }

  async loadAll(): Promise<void> {
    await Promise.all(sectionNames.map((name) => this.load(name)));
  }

  async load(name: SectionName): Promise<void> {
    const { session, seen, log } = this.services;
    if (session.service === undefined) return;
    const signal = this.nextLoad(name);
    try {
      const section = await this.loaders[name](new ContactHistory(session.service, this.contactId), signal);
      if (section.status === 'ready') seen.keepSection(this.contactId, name, section);
      this.show(name, section);
    } catch (error) {
      if (isCancelled(error)) return;
      log.error(`contact panel: ${logText(error)}`);
      const message = sentenceFor(error);
      const last = isUnreachable(error) ? seen.section(this.contactId, name, message) : undefined;
      this.show(name, last ?? { status: 'failed', message });
    }
  }

  /** Loads a section anew, and says so. */
  async reload(name: SectionName): Promise<void> {
    this.show(name, { status: 'loading' });
    await this.load(name);
  }

  /** Adds the comments that follow those shown, which stay where that fails. @throws ApiError */
  async loadMoreComments(): Promise<void> {
    const { service } = this.services.session;
    if (service === undefined || this.comments === undefined) return;
    const shown = this.comments.items;
    const history = new ContactHistory(service, this.contactId);
    const next = await history.comments(shown.length, this.nextLoad('comments'));
    const known = new Set(shown.map((comment) => comment.id));
    this.comments = { ...next, items: [...shown, ...next.items.filter((comment) => !known.has(comment.id))] };
    this.show('comments', ready(mapped(this.comments, commentView)));
  }

  /** Stops what is under way: it is not to be shown as of another session. */
  stop(): void {
    for (const load of this.loads.values()) load.dispose();
  }

  dispose(): void {
    this.stop();
  }

  private show<Name extends SectionName>(name: Name, section: Sections[Name]): void {
    this.page.showSections({ [name]: section });
  }

  private nextLoad(name: SectionName): AbortSignal {
    const load = this.loads.get(name) ?? new LatestOnly();
    this.loads.set(name, load);
    return load.next();
  }
}

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
