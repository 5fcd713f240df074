import type * as vscode from 'vscode';
import type { Contact } from '../api/decode/contact.ts';
import { contactName, contactPhone } from '../contacts/contactName.ts';
import { partOrKept } from '../contacts/contactHistory.ts';
import { notificationsOrKept } from '../api/mirror/keptNotifications.ts';
import type { Session } from '../session/session.ts';
import { runTool, serviceFor, textInput } from './toolSupport.ts';

const defaultResults = 5;
const maxResults = 10;
const maxRecent = 5;
const maxNotifications = 20;
const maxTextLength = 500;

type Options = vscode.LanguageModelToolInvocationOptions<Record<string, unknown>>;
type Result = vscode.ProviderResult<vscode.LanguageModelToolResult>;

/** The least that tells one contact from another. */
const summaryOf = (contact: Contact): Record<string, unknown> => ({
  id: contact.id,
  name: contactName(contact),
  company: contact.company_name,
  email: contact.email,
  phone: contactPhone(contact),
});

const short = (text: string | undefined): string | undefined => text?.slice(0, maxTextLength);

export class SearchContacts implements vscode.LanguageModelTool<Record<string, unknown>> {
  private readonly session: Session;

  constructor(session: Session) {
    this.session = session;
  }

  invoke({ input }: Options, token: vscode.CancellationToken): Result {
    return runTool(token, async (signal) => {
      const q = textInput(input, 'query');
      const wanted = Number(input['limit'] ?? defaultResults);
      const limit = Number.isInteger(wanted) ? Math.min(Math.max(wanted, 1), maxResults) : defaultResults;
      const page = await serviceFor(this.session).search({ q, limit, signal });
      return { contacts: page.items.map(summaryOf), hasMore: page.hasMore };
    });
  }
}

export class GetContact implements vscode.LanguageModelTool<Record<string, unknown>> {
  private readonly session: Session;

  constructor(session: Session) {
    this.session = session;
  }

  invoke({ input }: Options, token: vscode.CancellationToken): Result {
    return runTool(token, async (signal) => {
      const contactId = textInput(input, 'contactId');
      const service = serviceFor(this.session);
      const listed = service.getConversations(contactId, { signal }).then(({ items }) => items.slice(0, maxRecent));
      const noted = service.getComments(contactId, { limit: maxRecent, signal }).then(({ items }) => items);
      const done = listed.then((some) => Promise.all(some.map(({ id }) => service.getActivities(id, { signal }))));
      const [contact, conversations, comments, activities] = await Promise.all([
        service.get(contactId, { signal, mayBeKept: true }),
        partOrKept(service, contactId, 'conversations', listed),
        partOrKept(service, contactId, 'comments', noted),
        partOrKept(
          service,
          contactId,
          'activities',
          done.then((lists) => lists.flat()),
        ),
      ]);
      const asOf = [conversations, comments, activities].map((part) => part.asOf ?? '').reduce(earlier);
      return {
        // Of what is kept on this machine: the server does not answer.
        ...(asOf === '' ? {} : { asOf }),
        ...summaryOf(contact),
        position: contact.position,
        channel: contact.channel_type,
        labels: contact.labels,
        remark: short(contact.remark),
        lastSeen: contact.last_seen,
        conversations: conversations.items
          .slice(0, maxRecent)
          .map(({ channel_type: channel, status, latest_message: message }) => ({
            channel,
            status,
            latestMessage: short(message?.text),
            at: message?.created_at,
          })),
        comments: comments.items.slice(0, maxRecent).map(({ text, from, created_at: at }) => ({
          text: short(text),
          by: from?.display_name,
          at,
        })),
        activity: activities.items.slice(0, maxRecent).map(({ summary, sentiment, importance, created_at: at }) => ({
          summary: short(summary),
          sentiment,
          importance,
          at,
        })),
      };
    });
  }
}

export class ListUnreadNotifications implements vscode.LanguageModelTool<Record<string, unknown>> {
  private readonly session: Session;

  constructor(session: Session) {
    this.session = session;
  }

  invoke(_options: Options, token: vscode.CancellationToken): Result {
    return runTool(token, async (signal) => {
      const service = serviceFor(this.session);
      const { items, hasMore, asOf } = await notificationsOrKept(service, { limit: 100, signal });
      const unread = items.filter(({ is_read: isRead }) => !isRead);
      return {
        ...(asOf === undefined ? {} : { asOf }),
        unread: unread.slice(0, maxNotifications).map(({ title, content, from, created_at: at }) => ({
          title: short(title),
          content: short(content),
          from: from?.display_name,
          at,
        })),
        hasMore: unread.length > maxNotifications || hasMore,
      };
    });
  }
}

/** The earlier of two moments, of those that there are. */
const earlier = (one: string, other: string): string => (one === '' || (other !== '' && other < one) ? other : one);
