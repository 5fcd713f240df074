import type { ContactPage } from '../protocol/contactPage.ts';
import {
  sectionNames,
  type ActivityView,
  type CommentBoxView,
  type ContactView,
  type ConversationView,
  type FormView,
  type MessagesView,
  type MessageView,
  type OpenedConversation,
  type SectionName,
  type Sections,
  type Staleness,
  type TabName,
  type UploadView,
} from '../protocol/contactViews.ts';
import type { PageStrings } from '../protocol/pageStrings.ts';

export type Whose = 'mine' | 'theirs';

/** What of the timeline is to be shown. */
export interface TimelineFilter {
  hidden: readonly SectionName[];
  /** Empty for all. */
  channel: string;
  /** Days, `YYYY-MM-DD`, or empty. */
  from: string;
  until: string;
}

/** A conversation that is read, with its messages in the portions in which they came, oldest first. */
export interface ReadConversation {
  id: string;
  head?: ConversationView | undefined;
  status: 'loading' | 'failed' | 'ready';
  /** Why there are no messages. */
  message: string;
  pages: readonly (readonly MessageView[])[];
  hasOlder: boolean;
  /** Why older ones did not come. */
  olderFault: string;
  /** Why there is nothing newer, and since when. */
  stale?: Staleness | undefined;
  activities: readonly ActivityView[];
}

/** All that the page shows; it is drawn from nothing else. */
export interface PageState {
  words?: { strings: PageStrings; locale: string };
  contact?: ContactView;
  /** A `data:` address, or empty; `note` says why there is none though the contact has one. */
  picture: { data: string; note: string };
  notice?: { text: string; canRetry: boolean; asOf: string } | undefined;
  /** What was done last; with a number, since the same may be done twice. */
  done?: { text: string; canUndo: boolean; count: number } | undefined;
  form?: FormView | undefined;
  /** The field to focus; a new object each time, so that the effect runs again. */
  formFocus?: { field: string };
  /** Whose value is to stay, for each field that was changed twice. */
  choices: Readonly<Record<string, Whose>>;
  commentBox?: CommentBoxView;
  /** Who may be meant by the beginning of a name in a comment. */
  colleagues?: { typed: string; names: readonly string[] };
  sections: Sections;
  /** Shown in place of the list of conversations. */
  conversation?: ReadConversation | undefined;
  /** The one that was closed last, whose row the focus goes back to. */
  closedConversation?: string | undefined;
  /** For what there is an address in the platform's web client. */
  browser: { contact: boolean; conversation: boolean };
  timeline: TimelineFilter;
  selectedFiles: ReadonlySet<string>;
  /** `data:` addresses by the file's id. */
  thumbnails: ReadonlyMap<string, string>;
  /** The picture that a new one is being cut out of. */
  crop?: { source: string; upload: UploadView } | undefined;
  tab: TabName;
  /** What a screen reader is told; with a number, since the same may be said twice. */
  said: { text: string; count: number };
  /** Whether a draft that is there again is gone to: not in a page that only comes back into sight. */
  showsDraft: boolean;
  /** Who the contact is stands beside what happened, and is no tab. */
  isWide: boolean;
}

export const isSection = (tab: TabName): tab is SectionName => sectionNames.some((name) => name === tab);

/** Who the contact is has no tab where it stands beside what happened. */
export const shownTab = ({ tab, isWide }: Pick<PageState, 'tab' | 'isWide'>): TabName =>
  isWide && tab === 'details' ? 'timeline' : tab;

export const initialState = (tab: TabName, isWide: boolean, showsDraft: boolean): PageState => ({
  picture: { data: '', note: '' },
  choices: {},
  sections: Object.fromEntries(sectionNames.map((name) => [name, { status: 'loading' }])) as Sections,
  browser: { contact: false, conversation: false },
  timeline: { hidden: [], channel: '', from: '', until: '' },
  selectedFiles: new Set(),
  thumbnails: new Map(),
  said: { text: '', count: 0 },
  tab,
  showsDraft,
  isWide,
});

type Change = (change: (state: PageState) => Partial<PageState>) => void;

/** What the host calls, each as a change of the state. */
export function contactPage(change: Change): ContactPage {
  return {
    useStrings: (strings, locale) => change(({ words }) => ({ words: words ?? { strings, locale } })),
    showContact: (contact) => change(() => ({ contact, notice: undefined })),
    showAvatar: (data, note) => change(() => ({ picture: { data, note } })),
    showTab: (tab) => change(() => ({ tab })),
    showNotice: (text, canRetry, asOf) => change(() => ({ notice: { text, canRetry, asOf } })),
    showForm: (form, field) => change((state) => withForm(state, form, field)),
    closeForm: () => change(() => ({ form: undefined, choices: {} })),
    showDone: (text, canUndo) => change((state) => withDone(state, text, canUndo)),
    say: (text) => change((state) => withSaid(state, text)),
    showCommentBox: (commentBox) => change(() => ({ commentBox })),
    offerColleagues: (typed, names) => change(() => ({ colleagues: { typed, names } })),
    showSections: (shown) => change((state) => withSections(state, { ...state.sections, ...shown })),
    showConversation: (opened) =>
      change(() => ({ conversation: readConversation(opened), closedConversation: undefined })),
    addOlderMessages: (id, messages) =>
      change(({ conversation }) =>
        conversation?.id === id ? { conversation: withOlderMessages(conversation, messages) } : {},
      ),
    showConversationActivities: (id, activities) =>
      change(({ conversation }) => (conversation?.id === id ? { conversation: { ...conversation, activities } } : {})),
    offerBrowser: (contact, conversation) => change(() => ({ browser: { contact, conversation } })),
    cropPicture: (source) => change(() => ({ crop: { source, upload: { isSending: false, share: 0, fault: '' } } })),
    showUpload: (upload) => change(({ crop }) => ({ crop: crop && { ...crop, upload } })),
    closeUpload: () => change(() => ({ crop: undefined })),
    showThumbnail: (fileId, data) =>
      change(({ thumbnails }) => (data === '' ? {} : { thumbnails: new Map(thumbnails).set(fileId, data) })),
  };
}

/** With what a screen reader is told next. */
export const withSaid = (state: PageState, text: string): PageState => ({
  ...state,
  said: { text, count: state.said.count + 1 },
});

export const withDone = ({ done }: PageState, text: string, canUndo: boolean): Partial<PageState> => ({
  done: { text, canUndo, count: (done?.count ?? 0) + 1 },
});

function withForm(state: PageState, form: FormView, field: string): Partial<PageState> {
  const hasNewConflicts = JSON.stringify(form.conflicts) !== JSON.stringify(state.form?.conflicts ?? []);
  return {
    form,
    done: undefined,
    ...(hasNewConflicts ? { choices: Object.fromEntries(form.conflicts.map(({ name }) => [name, 'mine'])) } : {}),
    ...(field === '' ? {} : { formFocus: { field } }),
    // Also for a draft that is there again, which must not be out of sight.
    ...(!state.isWide && (field !== '' || (state.form === undefined && state.showsDraft)) ? { tab: 'details' } : {}),
  };
}

const readConversation = ({ messages, ...opened }: OpenedConversation): ReadConversation => ({
  ...opened,
  status: messages.status,
  message: messages.status === 'failed' ? messages.message : '',
  pages: messages.status === 'ready' ? [messages.items] : [],
  hasOlder: messages.status === 'ready' && messages.hasMore,
  olderFault: '',
  stale: messages.status === 'ready' ? messages.stale : undefined,
});

function withOlderMessages(conversation: ReadConversation, messages: MessagesView): ReadConversation {
  if (messages.status === 'loading') return conversation;
  if (messages.status === 'failed') return { ...conversation, olderFault: messages.message };
  const pages = [messages.items, ...conversation.pages].filter(({ length }) => length > 0);
  return { ...conversation, pages, hasOlder: messages.hasMore, olderFault: '' };
}

/** The files that stay keep their place in the selection. */
function withSections({ selectedFiles }: PageState, sections: Sections): Partial<PageState> {
  const { files } = sections;
  const ids = files.status === 'ready' ? new Set(files.items.map(({ id }) => id)) : selectedFiles;
  return { sections, selectedFiles: new Set([...selectedFiles].filter((id) => ids.has(id))) };
}
