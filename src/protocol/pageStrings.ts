import * as v from 'valibot';
import { sectionNames, tabNames } from './contactViews.ts';

const text = v.string();

/** A sentence about one, and one about as many as stand for `{0}`. */
const counted = v.object({ one: text, many: text });
export type CountedSentence = v.InferOutput<typeof counted>;

/** The words of the page, translated by the host. */
export const pageStrings = v.object({
  tabs: v.object(v.entriesFromList(tabNames, text)),
  timelineEmpty: text,
  timelineFiltered: text,
  channel: text,
  allChannels: text,
  from: text,
  until: text,
  empty: v.object(v.entriesFromList(sectionNames, text)),
  loading: text,
  stillLoading: text,
  /** How much is there, in whole sentences. */
  shown: v.object(v.entriesFromList(['timeline', ...sectionNames, 'messages'], counted)),
  retry: text,
  loadMore: text,
  allConversations: text,
  olderMessages: text,
  messages: text,
  noMessages: text,
  openInBrowser: text,
  copy: text,
  edit: text,
  addName: text,
  settings: text,
  discard: text,
  saveChanges: text,
  undo: text,
  notSet: text,
  addLabel: text,
  removeLabel: text,
  mine: text,
  theirs: text,
  addComment: text,
  addCommentKeys: text,
  commentPlaceholder: text,
  deleteComment: text,
  editComment: text,
  saveComment: text,
  colleagues: text,
  openLink: text,
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
