/** What happened with a contact, as the contact server sends it (docs/contract.md, sections 4.3 to 4.6). */
import * as v from 'valibot';
import { contactRecord } from './contact.ts';
import { requestBody } from './request.ts';
import { maxTextLength, messageTypes } from './vocabulary.ts';

/** A person or team as history names it. */
export const author = v.object({ _id: v.string(), display_name: v.string() });
export type Author = v.InferOutput<typeof author>;

const times = { created_at: v.string(), updated_at: v.string() };

export const message = v.object({
  type: v.string(),
  content: v.object({ text: v.string() }),
  created_at: v.string(),
});
export type Message = v.InferOutput<typeof message>;

const conversation = v.object({
  _id: v.string(),
  organization_id: v.string(),
  business_unit_id: v.string(),
  channel_id: v.string(),
  channel_type: v.string(),
  contact_id: v.string(),
  status: v.string(),
  name: v.string(),
  timestamp: v.string(),
  users: v.array(v.object({ id: v.string(), display_name: v.string(), avatar_url: v.string() })),
});

/** A team's view of a conversation, in which the conversation itself is. */
export const conversationRecord = v.object({
  _id: v.string(),
  public_id: v.string(),
  conversation,
  contact: contactRecord,
  latest_message: v.nullable(message),
  contacts_latest_message: v.nullable(message),
  teams: v.array(v.object({ _id: v.string(), name: v.string(), mode: v.string() })),
});
export type ConversationRecord = v.InferOutput<typeof conversationRecord>;

export const commentRecord = v.object({
  _id: v.string(),
  text: v.string(),
  from: v.nullable(author),
  channel_type: v.string(),
  labels: v.array(v.object({ name: v.string(), color: v.string() })),
  ...times,
  /** Our own server says whether whoever asks has written it, and may change it. */
  can_edit: v.boolean(),
});
export type CommentRecord = v.InferOutput<typeof commentRecord>;

const commentText = v.pipe(
  v.string('must be text'),
  v.maxLength(maxTextLength, `is longer than ${maxTextLength} characters`),
);
/** A comment to be added; two names are in use for its text. */
export const commentRequest = v.pipe(
  requestBody({ content: v.nullish(commentText), text: v.nullish(commentText) }),
  v.transform(({ content, text }) => ({ content: content ?? text ?? '' })),
  v.check(({ content }) => content.trim() !== '', 'content must not be empty'),
);

/** A file is a message whose caption is its name; `type` says `image` of everything, as the gateway's does. */
export const fileRecord = v.object({
  _id: v.string(),
  type: v.literal('image'),
  from: v.nullable(author),
  ...times,
  content: v.object({ caption: v.string(), url: v.string(), extension: v.string() }),
});
export type FileRecord = v.InferOutput<typeof fileRecord>;

/** Something that was said or sent in a conversation (section 7). */
export const messageRecord = v.object({
  object_name: v.literal('message'),
  _id: v.string(),
  conversation_id: v.string(),
  from: v.nullable(author),
  type: v.picklist(messageTypes),
  content: v.object({
    text: v.optional(v.string()),
    url: v.optional(v.string()),
    caption: v.optional(v.string()),
    extension: v.optional(v.string()),
  }),
  ...times,
});
export type MessageRecord = v.InferOutput<typeof messageRecord>;

export const activityRecord = v.object({
  _id: v.string(),
  conversation_id: v.string(),
  user: v.nullable(author),
  type: v.string(),
  summary: v.string(),
  sentiment: v.string(),
  importance: v.string(),
  ...times,
});
export type ActivityRecord = v.InferOutput<typeof activityRecord>;
