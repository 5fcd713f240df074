/** The gateway's own shapes, made of what the store holds. See docs/contract.md, section 4. */
import type { ContactRecord } from '../contract/contact.ts';
import type {
  Author,
  ActivityRecord,
  CommentRecord,
  ConversationRecord,
  FileRecord,
  MessageRecord,
} from '../contract/history.ts';
import type { ListAnswer } from '../contract/list.ts';
import type { NotificationRecord } from '../contract/notification.ts';
import { apiPrefix, contactTextFields, type ContactTextField } from '../contract/vocabulary.ts';
import { mediaUrl } from './mediaReference.ts';
import {
  hasMore,
  type StoredPage,
  type PageRequest,
  type StoredActivity,
  type StoredComment,
  type NamedContact,
  type StoredContact,
  type StoredConversation,
  type StoredFile,
  type StoredMessage,
  type StoredNotification,
} from './store/records.ts';

/** Here `count` is how many match and `total` how many are on this page. */
export const listEnvelope = <T, Item>(
  page: StoredPage<T>,
  request: PageRequest,
  toWire: (item: T) => Item,
): ListAnswer<Item> => ({
  object_name: 'list',
  data: page.items.map(toWire),
  nested: {},
  has_more: hasMore(page, request),
  count: page.matching,
  total: page.items.length,
});

const fieldsNullWhenUnset: ReadonlySet<string> = new Set(['updated_at', 'last_seen', 'birthday']);

/** @param origin where this server is reached, for the addresses of pictures. */
export function contactToWire(contact: StoredContact, origin: string): ContactRecord {
  const { id, labels, additional_params } = contact;
  const texts = contactTextFields.map((field) => {
    const value = contact[field];
    return [field, value === '' && fieldsNullWhenUnset.has(field) ? null : value] as const;
  });
  return {
    object_name: 'contact',
    id,
    ...(Object.fromEntries(texts) as Pick<ContactRecord, ContactTextField>),
    avatar_url: mediaUrl(contact.avatar_url, origin, apiPrefix),
    labels,
    additional_params,
  };
}

export function conversationToWire(
  conversation: StoredConversation,
  contact: StoredContact,
  organizationId: string,
  origin: string,
): ConversationRecord {
  const { id, public_id, latest_message, teams, users, contact_id, channel_type, status, name, timestamp } =
    conversation;
  return {
    _id: id,
    public_id,
    conversation: {
      _id: id,
      organization_id: organizationId,
      business_unit_id: '',
      channel_id: '',
      channel_type,
      contact_id,
      status,
      name,
      timestamp,
      users,
    },
    contact: contactToWire(contact, origin),
    latest_message,
    contacts_latest_message: latest_message,
    teams,
  };
}

/** @param asker whoever asks; what they have written themselves they may change. */
export const commentToWire = (comment: StoredComment, asker: Author): CommentRecord => ({
  _id: comment.id,
  text: comment.text,
  from: comment.author,
  channel_type: comment.channel_type,
  labels: comment.labels,
  created_at: comment.created_at,
  updated_at: comment.updated_at,
  can_edit: comment.author?._id === asker._id,
});

/** A file is a message whose caption is its name; `type` says `image` of everything, as the gateway's does. */
export const fileToWire = (file: StoredFile, origin: string): FileRecord => ({
  _id: file.id,
  type: 'image',
  from: file.author,
  created_at: file.created_at,
  updated_at: file.updated_at,
  content: { caption: file.caption, url: mediaUrl(file.url, origin, apiPrefix), extension: file.extension },
});

export const messageToWire = (message: StoredMessage, origin: string): MessageRecord => {
  const { id, conversation_id, author, type, content, created_at, updated_at } = message;
  const { url } = content;
  const sent = url === undefined ? content : { ...content, url: mediaUrl(url, origin, apiPrefix) };
  return {
    object_name: 'message',
    _id: id,
    conversation_id,
    from: author,
    type,
    content: sent,
    created_at,
    updated_at,
  };
};

export const activityToWire = (activity: StoredActivity): ActivityRecord => {
  const { id, conversation_id, user, type, summary, sentiment, importance, created_at, updated_at } = activity;
  return { _id: id, conversation_id, user, type, summary, sentiment, importance, created_at, updated_at };
};

/** @param contact whose conversation it is about, where there is one. */
export const notificationToWire = (
  notification: StoredNotification,
  contact: NamedContact | undefined,
): NotificationRecord => {
  const { id, title, content, sender, type, action_to, recipient } = notification;
  const { is_read, created_at, action_disable, channel_type } = notification;
  return {
    object_name: 'notifications',
    id,
    title,
    content,
    from: sender,
    type,
    action_to,
    recipient,
    is_read,
    created_at,
    action_disable,
    channel_type,
    contact: contact === undefined ? null : { _id: contact.id, display_name: nameOf(contact) },
  };
};

/** What to call a contact that may have no name. */
const nameOf = ({
  display_name: name,
  first_name: first,
  last_name: last,
  email,
  phone_number: phone,
}: NamedContact): string => name || [first, last].filter(Boolean).join(' ') || email || phone;
