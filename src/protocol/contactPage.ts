/**
 * What the contact panel's page and its host say to each other. The page has no authority: it names an action and
 * an id, never a command, a path or an address.
 */
import * as v from 'valibot';
import type { Checks } from './calls.ts';

const text = v.string();
const texts = v.array(text);
const flag = v.boolean();
/** An id, or the name of a field. */
const name = v.pipe(text, v.maxLength(200));
/** As much as anybody types into one field. */
const typed = v.pipe(text, v.maxLength(100_000));
const direction = v.picklist(['next', 'previous']);
const copyFormat = v.picklist(['vCard', 'json']);
const choice = v.picklist(['mine', 'theirs']);

export const sectionNames = ['conversations', 'comments', 'files', 'activities'] as const;
export type SectionName = (typeof sectionNames)[number];
const sectionName = v.picklist(sectionNames);

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

const contactView = v.object({
  id: text,
  name: text,
  /** Position and company; of a visitor without a name, where they are from. */
  subtitle: text,
  /** Nobody has given them a name yet. */
  isAnonymous: flag,
  /** Whose contact it is: the organisation of the account. */
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

const commentView = v.object({ id: text, channel: text, author: text, text, labels: texts, at: text });
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

export interface SectionItems {
  conversations: ConversationView;
  comments: CommentView;
  files: FileView;
  activities: ActivityView;
}

/** What is shown of a time when there was a connection: since when, and why there is nothing newer. */
const staleness = v.object({ asOf: text, message: text });
export type Staleness = v.InferOutput<typeof staleness>;

const section = <Item extends v.GenericSchema>(item: Item) =>
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

/** A field of the form, with what is wrong with it or what it will be taken for. */
const formFieldView = v.object({
  name: text,
  label: text,
  value: text,
  /** Of more than one line. */
  isLong: flag,
  fault: text,
  hint: text,
});
export type FormFieldView = v.InferOutput<typeof formFieldView>;

/** A field that was changed here and elsewhere. */
const conflictView = v.object({ name: text, label: text, mine: text, theirs: text });
export type ConflictView = v.InferOutput<typeof conflictView>;

const formView = v.object({
  fields: v.array(formFieldView),
  isDirty: flag,
  isSaving: flag,
  /** What stands against saving, if anything. */
  message: text,
  conflicts: v.array(conflictView),
});
export type FormView = v.InferOutput<typeof formView>;

/** The box for a comment, or why there is none. */
const commentBoxView = v.object({
  draft: text,
  isSending: flag,
  fault: text,
  /** Why this server takes no comments; empty where it does. */
  refusal: text,
});
export type CommentBoxView = v.InferOutput<typeof commentBoxView>;

/** How far a new picture of the contact is on its way. */
const uploadView = v.object({
  isSending: flag,
  /** From 0 to 1. */
  share: v.number(),
  fault: text,
});
export type UploadView = v.InferOutput<typeof uploadView>;

/** The words of the page, translated by the host. */
const pageStrings = v.object({
  tabs: v.object({
    details: text,
    timeline: text,
    conversations: text,
    comments: text,
    files: text,
    activities: text,
  }),
  timelineEmpty: text,
  allChannels: text,
  from: text,
  until: text,
  empty: v.object({ conversations: text, comments: text, files: text, activities: text }),
  loading: text,
  retry: text,
  loadMore: text,
  copy: text,
  edit: text,
  addName: text,
  settings: text,
  discard: text,
  saveChanges: text,
  undo: text,
  mine: text,
  theirs: text,
  addComment: text,
  addCommentKeys: text,
  commentPlaceholder: text,
  deleteComment: text,
  copyVCard: text,
  copyJson: text,
  next: text,
  previous: text,
  picture: text,
  dropPicture: text,
  cropTitle: text,
  cropHelp: text,
  cropArea: text,
  zoom: text,
  preview: text,
  upload: text,
  cancel: text,
  pictureUnreadable: text,
  pictureTooLarge: text,
  open: text,
  save: text,
  saveSelected: text,
  selectAll: text,
  select: text,
  lastSeen: text,
  asOf: text,
});
export type PageStrings = v.InferOutput<typeof pageStrings>;

/** What the page may ask of its host. */
export interface ContactHost {
  ready(): void;
  retry(section: SectionName | 'contact'): void;
  loadMoreComments(): void;
  copy(field: string): void;
  openLink(field: string): void;
  edit(field: string): void;
  change(field: string, value: string): void;
  save(): void;
  discard(): void;
  resolve(choices: Record<string, 'mine' | 'theirs'>): void;
  undo(): void;
  changeComment(text: string): void;
  addComment(): void;
  deleteComment(commentId: string): void;
  copyAs(format: 'vCard' | 'json'): void;
  openNeighbour(direction: 'next' | 'previous'): void;
  choosePicture(): void;
  /** Says that a file was pasted or dropped, in base64; a picture comes back to be cut. */
  offerPicture(content: string): void;
  /** @param content a picture file's bytes, in base64. */
  uploadPicture(content: string): void;
  cancelUpload(): void;
  loadThumbnail(fileId: string): void;
  openFile(fileId: string): void;
  saveFiles(fileIds: string[]): void;
  /** Shows where it is decided whether pictures of other servers are loaded. */
  openPictureSetting(): void;
}

/** How long a picture's base64 may be; the host counts the bytes. */
export const maxPictureText = 7_000_000;
const pictureText = v.pipe(text, v.maxLength(maxPictureText));
const maxFilesAtOnce = 10_000;

export const contactHostChecks: Checks<ContactHost> = {
  ready: v.strictTuple([]),
  retry: v.strictTuple([v.union([sectionName, v.literal('contact')])]),
  loadMoreComments: v.strictTuple([]),
  copy: v.strictTuple([name]),
  openLink: v.strictTuple([name]),
  edit: v.strictTuple([name]),
  change: v.strictTuple([name, typed]),
  save: v.strictTuple([]),
  discard: v.strictTuple([]),
  resolve: v.strictTuple([v.record(name, choice)]),
  undo: v.strictTuple([]),
  changeComment: v.strictTuple([typed]),
  addComment: v.strictTuple([]),
  deleteComment: v.strictTuple([name]),
  copyAs: v.strictTuple([copyFormat]),
  openNeighbour: v.strictTuple([direction]),
  choosePicture: v.strictTuple([]),
  offerPicture: v.strictTuple([pictureText]),
  uploadPicture: v.strictTuple([pictureText]),
  cancelUpload: v.strictTuple([]),
  loadThumbnail: v.strictTuple([name]),
  openFile: v.strictTuple([name]),
  saveFiles: v.strictTuple([v.pipe(v.array(name), v.maxLength(maxFilesAtOnce))]),
  openPictureSetting: v.strictTuple([]),
};

/** What the host may ask of the page. Pictures are `data:` addresses, or empty where there is none. */
export interface ContactPage {
  useStrings(strings: PageStrings, locale: string): void;
  showContact(contact: ContactView): void;
  /** @param note why there is none though the contact has one; empty where that is not for the user to change. */
  showAvatar(picture: string, note: string): void;
  /** Goes to a tab. */
  showTab(tab: SectionName): void;
  /** @param asOf since when what is shown is as it is, or empty where that is now. */
  showNotice(text: string, canRetry: boolean, asOf: string): void;
  /** @param focus the field to go to, or empty. */
  showForm(form: FormView, focus: string): void;
  closeForm(): void;
  /** What was done, and whether it can be undone. */
  showDone(text: string, canUndo: boolean): void;
  showCommentBox(box: CommentBoxView): void;
  showConversations(section: Section<ConversationView>): void;
  showComments(section: Section<CommentView>): void;
  showFiles(section: Section<FileView>): void;
  showActivities(section: Section<ActivityView>): void;
  /** Offers to cut a square out of a picture. */
  cropPicture(picture: string): void;
  showUpload(upload: UploadView): void;
  /** The picture is the contact's now. */
  closeUpload(): void;
  showThumbnail(fileId: string, picture: string): void;
}

export const contactPageChecks: Checks<ContactPage> = {
  useStrings: v.strictTuple([pageStrings, text]),
  showContact: v.strictTuple([contactView]),
  showAvatar: v.strictTuple([text, text]),
  showTab: v.strictTuple([sectionName]),
  showNotice: v.strictTuple([text, flag, text]),
  showForm: v.strictTuple([formView, text]),
  closeForm: v.strictTuple([]),
  showDone: v.strictTuple([text, flag]),
  showCommentBox: v.strictTuple([commentBoxView]),
  showConversations: v.strictTuple([section(conversationView)]),
  showComments: v.strictTuple([section(commentView)]),
  showFiles: v.strictTuple([section(fileView)]),
  showActivities: v.strictTuple([section(activityView)]),
  cropPicture: v.strictTuple([text]),
  showUpload: v.strictTuple([uploadView]),
  closeUpload: v.strictTuple([]),
  showThumbnail: v.strictTuple([text, text]),
};
