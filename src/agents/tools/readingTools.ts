import type { Contact } from '../../api/decode/contact.ts';
import { notificationsOrKept } from '../../api/mirror/keptNotifications.ts';
import { partOrKept } from '../../contacts/contactHistory.ts';
import { contactPhone } from '../../contacts/contactName.ts';
import type { Session } from '../../session/session.ts';
import {
  countInput,
  nameForAgent,
  nameToTell,
  serviceFor,
  textInput,
  textsInput,
  textToTell,
  type ToolAnswer,
  type ToolInput,
} from './agentTool.ts';

const defaultResults = 5;
const maxResults = 10;
const maxRecent = 5;
const maxNotifications = 20;
const defaultMessages = 20;
const maxMessages = 50;
const maxTextLength = 500;

/** What is told of a contact only where it is asked for by name: the least that a task needs. */
const onDemand: Readonly<Record<string, (contact: Contact) => string | undefined>> = {
  email: ({ email }) => email,
  phone_number: contactPhone,
  location: ({ location }) => location,
  gender: ({ gender }) => gender,
  language: ({ language }) => language,
  birthday: ({ birthday }) => birthday,
  remark: ({ remark }) => short(remark),
};

export const fieldsOnDemand: readonly string[] = Object.keys(onDemand);

/** The fields that the input asks for. @throws {Error} that names those there are. */
function wantedFields(input: ToolInput): string[] {
  const wanted = textsInput(input, 'fields');
  const unknown = wanted.find((field) => !Object.hasOwn(onDemand, field));
  if (unknown === undefined) return wanted;
  throw new Error(`There is no field "${unknown}". The fields are ${fieldsOnDemand.join(', ')}.`);
}

/** The least that tells one contact from another, and what else was asked for. */
const summaryOf = (contact: Contact, fields: readonly string[]): Record<string, unknown> => ({
  id: contact.id,
  name: nameForAgent(contact),
  company: contact.company_name,
  ...Object.fromEntries(fields.map((field) => [field, onDemand[field]?.(contact)])),
});

const short = (text: string | undefined): string | undefined => text?.slice(0, maxTextLength);

export async function searchContacts(session: Session, input: ToolInput, signal: AbortSignal): Promise<ToolAnswer> {
  const q = textInput(input, 'query');
  const fields = wantedFields(input);
  const limit = countInput(input, 'limit', defaultResults, maxResults);
  const page = await serviceFor(session).search({ q, limit, signal });
  const contacts = page.items.slice(0, limit).map((contact) => summaryOf(contact, fields));
  return { value: { contacts, hasMore: page.hasMore }, people: contacts.length };
}

export async function getContact(session: Session, input: ToolInput, signal: AbortSignal): Promise<ToolAnswer> {
  const contactId = textInput(input, 'contactId');
  const fields = wantedFields(input);
  const service = serviceFor(session);
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
  const value = {
    // Of what is kept on this machine: the server does not answer.
    ...(asOf === '' ? {} : { asOf }),
    ...summaryOf(contact, fields),
    position: contact.position,
    channel: contact.channel_type,
    labels: contact.labels,
    lastSeen: contact.last_seen,
    conversations: conversations.items
      .slice(0, maxRecent)
      .map(({ id, channel_type: channel, status, latest_message: message }) => ({
        id,
        channel,
        status,
        latestMessage: short(message?.text),
        at: message?.created_at,
      })),
    comments: comments.items.slice(0, maxRecent).map(({ text, from, created_at: at }) => ({
      text: short(text),
      by: nameToTell(from?.display_name),
      at,
    })),
    activity: activities.items.slice(0, maxRecent).map(({ summary, sentiment, importance, created_at: at }) => ({
      summary: short(summary),
      sentiment,
      importance,
      at,
    })),
  };
  return { value, people: 1 };
}

/** What was said in one conversation of a contact, oldest first. */
export async function getMessages(session: Session, input: ToolInput, signal: AbortSignal): Promise<ToolAnswer> {
  const contactId = textInput(input, 'contactId');
  const conversationId = textInput(input, 'conversationId');
  const limit = countInput(input, 'limit', defaultMessages, maxMessages);
  const skip = countInput(input, 'skip', 0, 10_000, 0);
  const service = serviceFor(session);
  const { items } = await service.getConversations(contactId, { signal });
  const conversation = items.find(({ id, public_id: viewId }) => id === conversationId || viewId === conversationId);
  // Never the conversation of somebody else, whom nobody has asked about.
  if (conversation === undefined) throw new Error('This contact has no such conversation. getContact names them.');
  const ids = { id: conversation.id, viewId: conversation.public_id };
  const page = await service.getMessages(ids, { limit, skip, signal });
  const messages = page.items
    .map(({ from, text, file, created_at: at }) => ({
      from: nameToTell(from?.display_name),
      text: short(text),
      file: file?.name,
      at,
    }))
    .sort((one, other) => (one.at ?? '').localeCompare(other.at ?? ''));
  return { value: { messages, hasOlder: page.hasMore }, people: 1 };
}

export async function listUnread(session: Session, signal: AbortSignal): Promise<ToolAnswer> {
  const service = serviceFor(session);
  const { items, hasMore, asOf } = await notificationsOrKept(service, { limit: 100, signal });
  const unread = items.filter(({ is_read: isRead }) => !isRead);
  const told = unread.slice(0, maxNotifications).map(({ title, content, from, created_at: at }) => ({
    title: short(textToTell(title ?? '')),
    content: short(content),
    from: nameToTell(from?.display_name),
    at,
  }));
  const value = {
    ...(asOf === undefined ? {} : { asOf }),
    unread: told,
    hasMore: unread.length > maxNotifications || hasMore,
  };
  return { value, people: told.length };
}

/** The earlier of two moments, of those that there are. */
const earlier = (one: string, other: string): string => (one === '' || (other !== '' && other < one) ? other : one);
