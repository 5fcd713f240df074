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
  summary: string;
  author: string;
  sentiment: string;
  importance: string;
  at: string;
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
  tabs: { details: string } & Record<SectionName, string>;
  empty: Record<SectionName, string>;
  loading: string;
  retry: string;
  loadMore: string;
  copy: string;
  edit: string;
  picture: string;
  save: string;
  lastSeen: string;
}

export type ToPage =
  | { type: 'strings'; strings: PageStrings; locale: string }
  | { type: 'contact'; contact: ContactView }
  | { type: 'avatar'; picture: string }
  | { type: 'notice'; text: string; canRetry: boolean }
  | SectionMessage;

export type FromPage =
  | { type: 'ready' }
  | { type: 'retry'; section: SectionName | 'contact' }
  | { type: 'loadMoreComments' }
  | { type: 'copy'; field: string }
  | { type: 'openLink'; field: string }
  | { type: 'edit'; field: string }
  | { type: 'uploadAvatar' }
  | { type: 'saveFile'; fileId: string };

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isShortText = (value: unknown): value is string => typeof value === 'string' && value.length <= 200;
const isSectionName = (value: unknown): value is SectionName => sectionNames.some((name) => name === value);

/** Whether the host may look at a message further. */
export function isFromPage(message: unknown): message is FromPage {
  if (!isRecord(message)) return false;
  switch (message['type'] as FromPage['type']) {
    case 'ready':
    case 'loadMoreComments':
    case 'uploadAvatar':
      return true;
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
  'section',
]);

/** Whether a message to the page is one of the host's: other scripts can post to a window too. */
export const isToPage = (message: unknown): message is ToPage => isRecord(message) && toPageTypes.has(message['type']);
