/**
 * What the contact panel's page and its host say to each other. The page has no authority: it names an action and
 * an id, never a command, a path or an address.
 */
import * as v from 'valibot';
import type { Checks } from './calls.ts';
import {
  activityViews,
  commentBoxView,
  contactView,
  formView,
  messagesView,
  openedConversation,
  sectionName,
  someSections,
  tabName,
  uploadView,
  type ActivityView,
  type CommentBoxView,
  type ContactView,
  type FormView,
  type MessagesView,
  type OpenedConversation,
  type SectionName,
  type Sections,
  type TabName,
  type UploadView,
} from './contactViews.ts';
import { pageStrings, type PageStrings } from './pageStrings.ts';

const text = v.string();
const flag = v.boolean();
/** An id, or the name of a field. */
const name = v.pipe(text, v.maxLength(200));
/** As much as anybody types into one field. */
const typed = v.pipe(text, v.maxLength(100_000));
const direction = v.picklist(['next', 'previous']);
const copyFormat = v.picklist(['vCard', 'json']);
const choice = v.picklist(['mine', 'theirs']);

/** What the page may ask of its host. */
export interface ContactHost {
  ready(): void;
  /** The user has gone to a tab: the next contact opens on it too. */
  keepTab(tab: TabName): void;
  retry(section: SectionName | 'contact'): void;
  loadMoreComments(): void;
  openConversation(conversationId: string): void;
  /** As `openConversation`, of a page that is there again, unless the host has opened another meanwhile. */
  restoreConversation(conversationId: string): void;
  closeConversation(): void;
  loadOlderMessages(): void;
  copy(field: string): void;
  openLink(field: string): void;
  /** The contact, or the conversation that is open, where the platform's web client has it. */
  openInBrowser(what: 'contact' | 'conversation'): void;
  edit(field: string): void;
  change(field: string, value: string): void;
  save(): void;
  discard(): void;
  resolve(choices: Record<string, 'mine' | 'theirs'>): void;
  undo(): void;
  changeComment(text: string): void;
  addComment(): void;
  deleteComment(commentId: string): void;
  /** Puts a comment into the box, to be changed. */
  editComment(commentId: string): void;
  /** Leaves the comment in the box as it is on the server. */
  stopEditingComment(): void;
  /** Asks which colleagues may be meant by the beginning of a name. */
  findColleagues(typed: string): void;
  copyAs(format: 'vCard' | 'json'): void;
  openNeighbor(direction: 'next' | 'previous'): void;
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
  keepTab: v.strictTuple([tabName]),
  retry: v.strictTuple([v.union([sectionName, v.literal('contact')])]),
  loadMoreComments: v.strictTuple([]),
  openConversation: v.strictTuple([name]),
  restoreConversation: v.strictTuple([name]),
  closeConversation: v.strictTuple([]),
  loadOlderMessages: v.strictTuple([]),
  copy: v.strictTuple([name]),
  openLink: v.strictTuple([name]),
  openInBrowser: v.strictTuple([v.picklist(['contact', 'conversation'])]),
  edit: v.strictTuple([name]),
  change: v.strictTuple([name, typed]),
  save: v.strictTuple([]),
  discard: v.strictTuple([]),
  resolve: v.strictTuple([v.record(name, choice)]),
  undo: v.strictTuple([]),
  changeComment: v.strictTuple([typed]),
  addComment: v.strictTuple([]),
  deleteComment: v.strictTuple([name]),
  editComment: v.strictTuple([name]),
  stopEditingComment: v.strictTuple([]),
  findColleagues: v.strictTuple([name]),
  copyAs: v.strictTuple([copyFormat]),
  openNeighbor: v.strictTuple([direction]),
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
  /** @param asOf the time of the data shown; empty if it is current. */
  showNotice(text: string, canRetry: boolean, asOf: string): void;
  /** @param focus the field to go to, or empty. */
  showForm(form: FormView, focus: string): void;
  closeForm(): void;
  /** What was done, and whether it can be undone. */
  showDone(text: string, canUndo: boolean): void;
  /** Tells who uses a screen reader what was done, where others see it. */
  say(text: string): void;
  showCommentBox(box: CommentBoxView): void;
  /** Says who may be meant by what was typed. */
  offerColleagues(typed: string, names: string[]): void;
  /** Shows what is in `sections`; the others stay as they are. */
  showSections(sections: Partial<Sections>): void;
  /** Shows a conversation in place of the list of them. */
  showConversation(conversation: OpenedConversation): void;
  /** Adds what was said before the rest, unless another conversation is open by now. */
  addOlderMessages(conversationId: string, messages: MessagesView): void;
  showConversationActivities(conversationId: string, activities: ActivityView[]): void;
  /** Says for what there is an address in the platform's web client. */
  offerBrowser(contact: boolean, conversation: boolean): void;
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
  say: v.strictTuple([text]),
  showCommentBox: v.strictTuple([commentBoxView]),
  offerColleagues: v.strictTuple([text, v.array(text)]),
  showSections: v.strictTuple([someSections]),
  showConversation: v.strictTuple([openedConversation]),
  addOlderMessages: v.strictTuple([text, messagesView]),
  showConversationActivities: v.strictTuple([text, activityViews]),
  offerBrowser: v.strictTuple([flag, flag]),
  cropPicture: v.strictTuple([text]),
  showUpload: v.strictTuple([uploadView]),
  closeUpload: v.strictTuple([]),
  showThumbnail: v.strictTuple([text, text]),
};
