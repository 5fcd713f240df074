/** What the page of a contact shows: text only, with nothing left to decide. Times are ISO 8601, or empty. */
import * as v from 'valibot';

const text = v.string();
const texts = v.array(text);
const flag = v.boolean();

const fieldView = v.object({
  name: text,
  label: text,
  value: text,
  /** The host opens the mail or phone program for it. */
  isLink: flag,
  /** What the server did not take of the last change, in words; empty where it took all. */
  note: text,
});
export type FieldView = v.InferOutput<typeof fieldView>;

export const contactView = v.object({
  id: text,
  name: text,
  /** Position and company; of a visitor without a name, where they are from. */
  subtitle: text,
  /** Nobody has given them a name yet. */
  isAnonymous: flag,
  /** Whose contact it is: the organization of the account. */
  organization: text,
  channel: text,
  channelIcon: text,
  lastSeen: text,
  email: text,
  /** In international form, where that can be told. */
  phone: text,
  labels: texts,
  fields: v.array(fieldView),
});
export type ContactView = v.InferOutput<typeof contactView>;

const conversationView = v.object({
  id: text,
  channel: text,
  channelIcon: text,
  status: text,
  team: text,
  people: text,
  message: text,
  at: text,
});
export type ConversationView = v.InferOutput<typeof conversationView>;

/** A stretch of text that looks the same throughout. */
const textRun = v.object({
  text,
  isStrong: flag,
  isEmphasized: flag,
  isStruck: flag,
  isCode: flag,
  /** A whole address of http, https or mailto; empty where it leads nowhere. */
  link: text,
});
export type TextRun = v.InferOutput<typeof textRun>;

/** A paragraph, or what stands in place of one. */
const textBlock = v.object({
  kind: v.picklist(['paragraph', 'heading', 'code', 'item', 'rule']),
  /** How many quotations and lists it is in. */
  depth: v.number(),
  isQuoted: flag,
  /** What stands before the first block of an item: a bullet or a number; of code, which it is. */
  marker: text,
  runs: v.array(textRun),
});
export type TextBlock = v.InferOutput<typeof textBlock>;

const commentView = v.object({
  id: text,
  channel: text,
  author: text,
  text: v.array(textBlock),
  labels: texts,
  at: text,
  /** It is the user's own, and the server takes another text. */
  canEdit: flag,
});
export type CommentView = v.InferOutput<typeof commentView>;

const fileView = v.object({
  id: text,
  name: text,
  icon: text,
  /** Whether a small picture of it can be asked for. */
  isPicture: flag,
  size: text,
  author: text,
  at: text,
});
export type FileView = v.InferOutput<typeof fileView>;

const activityView = v.object({
  id: text,
  channel: text,
  summary: text,
  author: text,
  sentiment: text,
  importance: text,
  at: text,
});
export type ActivityView = v.InferOutput<typeof activityView>;

/** What is shown of a time when there was a connection: since when, and why there is nothing newer. */
const staleness = v.object({ asOf: text, message: text });
export type Staleness = v.InferOutput<typeof staleness>;

const sectionOf = <Item extends v.GenericSchema>(item: Item) =>
  v.variant('status', [
    v.object({ status: v.literal('loading') }),
    v.object({ status: v.literal('failed'), message: text }),
    v.object({
      status: v.literal('ready'),
      items: v.array(item),
      total: v.optional(v.number()),
      hasMore: flag,
      stale: v.optional(staleness),
    }),
  ]);
export type Section<Item> =
  | { status: 'loading' }
  | { status: 'failed'; message: string }
  | {
      status: 'ready';
      items: Item[];
      total?: number | undefined;
      hasMore: boolean;
      stale?: Staleness | undefined;
    };

const sectionList = v.object({
  conversations: sectionOf(conversationView),
  comments: sectionOf(commentView),
  files: sectionOf(fileView),
  activities: sectionOf(activityView),
});
export type SectionName = keyof Sections;
export const sectionNames = Object.keys(sectionList.entries) as SectionName[];
export const sectionName = v.picklist(sectionNames);

/** The tabs of the page, in their order. */
export const tabNames = ['details', 'timeline', ...sectionNames] as const;
export type TabName = (typeof tabNames)[number];
export const tabName = v.picklist(tabNames);
/** What happened with a contact, each part as far as it has loaded. */
export type Sections = v.InferOutput<typeof sectionList>;
export const someSections = v.partial(sectionList);

/** Something said or sent in a conversation. */
const messageView = v.object({
  id: text,
  isFromContact: flag,
  /** Empty where nobody says who it was. */
  author: text,
  text,
  file: v.optional(fileView),
  at: text,
});
export type MessageView = v.InferOutput<typeof messageView>;

/** Messages, oldest first; with `hasMore` there are older ones. */
export const messagesView = sectionOf(messageView);
export type MessagesView = Section<MessageView>;

/** A conversation that is read, with what became of it. `head` is not there before it has loaded. */
export const openedConversation = v.object({
  id: text,
  head: v.optional(conversationView),
  messages: messagesView,
  activities: v.array(activityView),
});
export type OpenedConversation = v.InferOutput<typeof openedConversation>;
export const activityViews = v.array(activityView);

/** A field of the form, with what is wrong with it or what it will be taken for. */
const formFieldView = v.object({
  name: text,
  label: text,
  value: text,
  /** One line, several, one of `options`, or labels, of which `options` are others in use. */
  kind: v.picklist(['line', 'lines', 'choice', 'labels']),
  options: v.array(v.object({ value: text, label: text })),
  fault: text,
  hint: text,
});
export type FormFieldView = v.InferOutput<typeof formFieldView>;

/** A field that was changed here and elsewhere. */
const conflictView = v.object({ name: text, label: text, mine: text, theirs: text });
export type ConflictView = v.InferOutput<typeof conflictView>;

export const formView = v.object({
  fields: v.array(formFieldView),
  isDirty: flag,
  isSaving: flag,
  /** What stands against saving, if anything. */
  message: text,
  conflicts: v.array(conflictView),
});
export type FormView = v.InferOutput<typeof formView>;

/** The box for a comment, or why there is none. */
export const commentBoxView = v.object({
  draft: text,
  /** The id of the comment that is being changed; empty for a new one. */
  editing: text,
  isSending: flag,
  fault: text,
  /** Why this server takes no comments; empty where it does. */
  refusal: text,
});
export type CommentBoxView = v.InferOutput<typeof commentBoxView>;

/** How far a new picture of the contact is on its way. */
export const uploadView = v.object({
  isSending: flag,
  /** From 0 to 1. */
  share: v.number(),
  fault: text,
});
export type UploadView = v.InferOutput<typeof uploadView>;
