import { isApiError, isUnreachable } from '../api/apiError.ts';
import type { ContactService } from '../api/contactService.ts';
import type { Activity, Comment, ContactFile, Conversation } from '../api/decode/history.ts';

const commentPageSize = 20;
/** Activity is asked for by conversation; older conversations than these are left out. */
const conversationsWithActivity = 20;

export interface Loaded<T> {
  items: readonly T[];
  total: number | undefined;
  hasMore: boolean;
}

export type ActivityOfChannel = Activity & { channel?: string | undefined };

/** What each part of a contact's history consists of. */
export interface HistoryParts {
  conversations: Conversation;
  comments: Comment;
  files: ContactFile;
  activities: ActivityOfChannel;
}

/** With the number of its form: another version may have kept another. */
const nameOf = (part: keyof HistoryParts): string => `${part} 1`;

/** What happened with one contact, each part loaded on its own, and kept where the contacts are kept on this machine. */
export class ContactHistory {
  private readonly service: ContactService;
  private readonly contactId: string;

  constructor(service: ContactService, contactId: string) {
    this.service = service;
    this.contactId = contactId;
  }

  async conversations(signal: AbortSignal): Promise<Loaded<Conversation>> {
    const page = await this.service.getConversations(this.contactId, { signal });
    return this.keep('conversations', { ...page, total: page.totalMatching ?? page.items.length });
  }

  /** The next comments after the `skip` newest. */
  async comments(skip: number, signal: AbortSignal): Promise<Loaded<Comment>> {
    const page = await this.service.getComments(this.contactId, { limit: commentPageSize, skip, signal });
    const loaded = { ...page, total: page.totalMatching };
    return skip === 0 ? this.keep('comments', loaded) : loaded;
  }

  async files(signal: AbortSignal): Promise<Loaded<ContactFile>> {
    const items = await this.service.getFiles(this.contactId, { signal });
    return this.keep('files', { items, total: items.length, hasMore: false });
  }

  /** Of all conversations together, newest first. */
  async activities(signal: AbortSignal): Promise<Loaded<ActivityOfChannel>> {
    const conversations = await this.service.getConversations(this.contactId, { signal });
    const answers = await Promise.allSettled(
      conversations.items.slice(0, conversationsWithActivity).map(async ({ id, channel_type: channel }) => {
        const activities = await this.service.getActivities(id, { signal });
        return activities.map((activity) => ({ ...activity, channel }));
      }),
    );
    const refused = answers.filter((answer) => answer.status === 'rejected').map(({ reason }) => reason as unknown);
    // One that the server knows nothing of, or keeps to itself, says nothing of the others.
    const fault = refused.find((reason) => !isOfOneAlone(reason));
    if (fault !== undefined || (refused.length > 0 && refused.length === answers.length)) throw fault ?? refused[0];
    const lists = answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    const items = lists.flat().sort((a, b) => (b.created_at ?? '').localeCompare(a.created_at ?? ''));
    return this.keep('activities', { items, total: items.length, hasMore: false });
  }

  private keep<T>(name: keyof HistoryParts, { items, total, hasMore }: Loaded<T>): Loaded<T> {
    const loaded = { items, total, hasMore };
    void this.service.mirror?.keep(this.contactId, nameOf(name), loaded);
    return loaded;
  }
}

const isOfOneAlone = (error: unknown): boolean =>
  isApiError(error) && ['notFound', 'invalid', 'forbidden'].includes(error.kind);

/** A part as the server has last given it, and when (ISO 8601); `undefined` where nothing is kept on this machine. */
export async function keptPart<Name extends keyof HistoryParts>(
  { mirror }: ContactService,
  contactId: string,
  name: Name,
): Promise<{ loaded: Loaded<HistoryParts[Name]>; keptAt: string } | undefined> {
  const kept = await mirror?.kept(contactId, nameOf(name));
  // It was put there by `ContactHistory`.
  return kept && { loaded: kept.value as Loaded<HistoryParts[Name]>, keptAt: kept.keptAt };
}

/** What `asked` gives of a part; where the server does not answer, what it gave last, with when that was. */
export async function partOrKept<Name extends keyof HistoryParts>(
  service: ContactService,
  contactId: string,
  name: Name,
  asked: Promise<readonly HistoryParts[Name][]>,
): Promise<{ items: readonly HistoryParts[Name][]; asOf?: string }> {
  try {
    return { items: await asked };
  } catch (error) {
    const kept = isUnreachable(error) ? await keptPart(service, contactId, name) : undefined;
    if (kept === undefined) throw error;
    return { items: kept.loaded.items, asOf: kept.keptAt };
  }
}
