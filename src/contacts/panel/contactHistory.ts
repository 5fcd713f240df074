import type { ContactService } from '../../api/contactService.ts';
import type { Activity, Comment, ContactFile, Conversation } from '../../api/decode/history.ts';

const commentPageSize = 20;
/** Activity is asked for by conversation; older conversations than these are left out. */
const conversationsWithActivity = 20;

export interface Loaded<T> {
  items: readonly T[];
  total: number | undefined;
  hasMore: boolean;
}

/** What happened with one contact, each part loaded on its own. */
export class ContactHistory {
  private readonly service: ContactService;
  private readonly contactId: string;

  constructor(service: ContactService, contactId: string) {
    this.service = service;
    this.contactId = contactId;
  }

  async conversations(signal: AbortSignal): Promise<Loaded<Conversation>> {
    const page = await this.service.getConversations(this.contactId, { signal });
    return { ...page, total: page.totalMatching ?? page.items.length };
  }

  /** The next comments after the `skip` newest. */
  async comments(skip: number, signal: AbortSignal): Promise<Loaded<Comment>> {
    const page = await this.service.getComments(this.contactId, { limit: commentPageSize, skip, signal });
    return { ...page, total: page.totalMatching };
  }

  async files(signal: AbortSignal): Promise<Loaded<ContactFile>> {
    const items = await this.service.getFiles(this.contactId, { signal });
    return { items, total: items.length, hasMore: false };
  }

  /** Of all conversations together, newest first. */
  async activities(signal: AbortSignal): Promise<Loaded<Activity & { channel?: string | undefined }>> {
    const conversations = await this.service.getConversations(this.contactId, { signal });
    const lists = await Promise.all(
      conversations.items.slice(0, conversationsWithActivity).map(async ({ id, channel_type: channel }) => {
        const activities = await this.service.getActivities(id, { signal });
        return activities.map((activity) => ({ ...activity, channel }));
      }),
    );
    const items = lists.flat().sort((a, b) => (b.created_at ?? '').localeCompare(a.created_at ?? ''));
    return { items, total: items.length, hasMore: false };
  }
}
