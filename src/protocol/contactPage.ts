/**
 * What the contact panel's page and its host say to each other. The page has no authority: it names an action and
 * an id, never a command, a path or an address. Both sides check what arrives.
 */

export const sectionNames = ['conversations', 'comments', 'files', 'activities'] as const;
export type SectionName = (typeof sectionNames)[number];

export interface FieldView {
  name: string;
  label: string;
  value: string;
  /** The host opens the mail or phone program for it. */
  isLink: boolean;
}

export interface ContactView {
  id: string;
  name: string;
  /** Position and company. */
  subtitle: string;
  channel: string;
  channelIcon: string;
  lastSeen: string;
  email: string;
  phone: string;
  labels: string[];
  fields: FieldView[];
}

export interface ConversationView {
  id: string;
  channel: string;
  channelIcon: string;
  status: string;
  team: string;
  people: string;
  message: string;
  at: string;
}

export interface CommentView {
  id: string;
  channel: string;
  author: string;
  text: string;
  labels: string[];
  at: string;
}

export interface FileView {
  id: string;
  name: string;
  icon: string;
  size: string;
  author: string;
  at: string;
}

export interface ActivityView {
  id: string;
  channel: string;
  summary: string;
  author: string;
  sentiment: string;
  importance: string;
  at: string;
}

/** A field of the form, with what is wrong with it or what it will be taken for. */
export interface FormFieldView {
  name: string;
  label: string;
  value: string;
  /** Of more than one line. */
  isLong: boolean;
  fault: string;
  hint: string;
}

/** A field that was changed here and elsewhere. */
export interface ConflictView {
  name: string;
  label: string;
  mine: string;
  theirs: string;
}

export interface FormView {
  fields: FormFieldView[];
  isDirty: boolean;
  isSaving: boolean;
  /** What stands against saving, if anything. */
  message: string;
  conflicts: ConflictView[];
}

/** The box for a comment, or why there is none. */
export interface CommentBoxView {
  draft: string;
  isSending: boolean;
  fault: string;
  /** Why this server takes no comments; empty where it does. */
  refusal: string;
}

export interface SectionItems {
  conversations: ConversationView;
  comments: CommentView;
  files: FileView;
  activities: ActivityView;
}

export type Section<T> =
  | { status: 'loading' }
  | { status: 'failed'; message: string }
  | { status: 'ready'; items: T[]; total: number | undefined; hasMore: boolean };

export type SectionMessage = {
  [Name in SectionName]: { type: 'section'; name: Name; section: Section<SectionItems[Name]> };
}[SectionName];

/** The words of the page, translated by the host. */
export interface PageStrings {
  tabs: { details: string; timeline: string } & Record<SectionName, string>;
  timelineEmpty: string;
  allChannels: string;
  from: string;
  until: string;
  empty: Record<SectionName, string>;
  loading: string;
  retry: string;
  loadMore: string;
  copy: string;
  edit: string;
  discard: string;
  saveChanges: string;
  undo: string;
  mine: string;
  theirs: string;
  addComment: string;
  commentPlaceholder: string;
  deleteComment: string;
  copyVCard: string;
  copyJson: string;
  next: string;
  previous: string;
  picture: string;
  save: string;
  lastSeen: string;
}

export type ToPage =
  | { type: 'strings'; strings: PageStrings; locale: string }
  | { type: 'contact'; contact: ContactView }
  | { type: 'avatar'; picture: string }
  | { type: 'notice'; text: string; canRetry: boolean }
  /** The form, or none where the contact is only shown. `focus` names the field to go to when it opens. */
  | { type: 'form'; form: FormView | undefined; focus: string }
  /** What was done, and whether it can be undone. */
  | { type: 'done'; text: string; canUndo: boolean }
  | { type: 'commentBox'; box: CommentBoxView }
  | SectionMessage;

export type FromPage =
  | { type: 'ready' }
  | { type: 'retry'; section: SectionName | 'contact' }
  | { type: 'loadMoreComments' }
  | { type: 'copy'; field: string }
  | { type: 'openLink'; field: string }
  | { type: 'edit'; field: string }
  | { type: 'change'; field: string; value: string }
  | { type: 'save' }
  | { type: 'discard' }
  | { type: 'resolve'; choices: Record<string, 'mine' | 'theirs'> }
  | { type: 'undo' }
  | { type: 'changeComment'; text: string }
  | { type: 'addComment' }
  | { type: 'deleteComment'; commentId: string }
  | { type: 'copyAs'; format: 'vCard' | 'json' }
  | { type: 'openNeighbour'; direction: 'next' | 'previous' }
  | { type: 'uploadAvatar' }
  | { type: 'saveFile'; fileId: string };

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isShortText = (value: unknown): value is string => typeof value === 'string' && value.length <= 200;
/** As much as anybody types into one field. */
const isLongText = (value: unknown): value is string => typeof value === 'string' && value.length <= 100_000;
const isChoices = (value: unknown): boolean =>
  isRecord(value) && Object.values(value).every((choice) => choice === 'mine' || choice === 'theirs');
const isSectionName = (value: unknown): value is SectionName => sectionNames.some((name) => name === value);

/** Whether the host may look at a message further. */
export function isFromPage(message: unknown): message is FromPage {
  if (!isRecord(message)) return false;
  switch (message['type'] as FromPage['type']) {
    case 'ready':
    case 'loadMoreComments':
    case 'uploadAvatar':
    case 'save':
    case 'discard':
    case 'undo':
    case 'addComment':
      return true;
    case 'change':
      return isShortText(message['field']) && isLongText(message['value']);
    case 'changeComment':
      return isLongText(message['text']);
    case 'resolve':
      return isChoices(message['choices']);
    case 'deleteComment':
      return isShortText(message['commentId']);
    case 'copyAs':
      return message['format'] === 'vCard' || message['format'] === 'json';
    case 'openNeighbour':
      return message['direction'] === 'next' || message['direction'] === 'previous';
    case 'retry':
      return message['section'] === 'contact' || isSectionName(message['section']);
    case 'copy':
    case 'openLink':
    case 'edit':
      return isShortText(message['field']);
    case 'saveFile':
      return isShortText(message['fileId']);
    default:
      return false;
  }
}

const toPageTypes: ReadonlySet<unknown> = new Set<ToPage['type']>([
  'strings',
  'contact',
  'avatar',
  'notice',
  'form',
  'done',
  'commentBox',
  'section',
]);

/** Whether a message to the page is one of the host's: other scripts can post to a window too. */
export const isToPage = (message: unknown): message is ToPage => isRecord(message) && toPageTypes.has(message['type']);
