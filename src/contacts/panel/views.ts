/** Contacts and their history as the page shows them: text only, with nothing left to decide. */
import * as vscode from 'vscode';
import { editableFields, ignoredFields, type EditableField } from '../../api/contactChanges.ts';
import type { Contact } from '../../api/decode/contact.ts';
import type { Activity, Author, Comment, ContactFile, Conversation } from '../../api/decode/history.ts';
import { displayLines, displayText } from '../../platform/displayText.ts';
import type {
  ActivityView,
  CommentView,
  ContactView,
  ConversationView,
  FieldView,
  FileView,
} from '../../protocol/contactViews.ts';
import type { PageStrings } from '../../protocol/pageStrings.ts';
import type { Account } from '../../session/account.ts';
import { organizationName } from '../../session/accountText.ts';
import { contactName, contactPhone, isAnonymous, placeOf } from '../contactName.ts';
import { keptNumber } from '../../contract/internationalNumber.ts';
import { channelIcon, channelName } from '../../platform/channelText.ts';
import { fieldLabels } from '../../platform/fieldLabels.ts';

const line = (text: string | undefined): string => displayText(text ?? '', 'label');
const paragraph = (text: string | undefined): string => displayLines(text ?? '', 'tooltip');
const authorName = (author: Author | undefined): string => line(author?.display_name);

/** @param ignored what was typed last into fields that the server did not take. */
export function contactView(
  contact: Contact,
  account: Account | undefined,
  ignored: Readonly<Record<string, string>> = {},
): ContactView {
  const labels = fieldLabels();
  // It may have come by another way since.
  const isStillIgnored = (name: EditableField): boolean =>
    Object.hasOwn(ignored, name) && ignoredFields({ [name]: ignored[name] ?? '' }, contact).length > 0;
  const fields: FieldView[] = editableFields
    .filter((name) => name !== 'avatar_url' && name !== 'channel_type')
    .map((name) => ({
      name,
      label: labels[name],
      value: paragraph(name === 'phone_number' ? keptNumber(contact[name] ?? '') : contact[name]),
      isLink: name === 'email' || name === 'phone_number',
      note: isStillIgnored(name) ? ignoredNote(ignored[name] ?? '') : '',
    }))
    .filter((field) => field.value !== '' || field.note !== '');
  fields.push({ name: 'id', label: vscode.l10n.t('Contact id'), value: line(contact.id), isLink: false, note: '' });
  return {
    id: contact.id,
    name: line(contactName(contact)),
    subtitle: line(isAnonymous(contact) ? visitorText(contact) : workOf(contact)),
    isAnonymous: isAnonymous(contact),
    organization: line(organizationName(account)),
    channel: line(channelName(contact.channel_type)),
    channelIcon: channelIcon(contact.channel_type),
    lastSeen: contact.last_seen ?? '',
    email: line(contact.email),
    phone: line(contactPhone(contact)),
    labels: contact.labels.map(line),
    fields,
  };
}

const workOf = (contact: Contact): string => [contact.position, contact.company_name].filter(Boolean).join(' · ');

const visitorText = (contact: Contact): string => {
  const place = placeOf(contact);
  return place === undefined
    ? vscode.l10n.t('Visitor without a name')
    : vscode.l10n.t('Visitor without a name, {0}', place);
};

const ignoredNote = (text: string): string =>
  text === ''
    ? vscode.l10n.t('The server did not remove this.')
    : vscode.l10n.t('The server did not take “{0}”.', displayText(text, 'description'));

export const conversationView = (conversation: Conversation): ConversationView => ({
  id: conversation.id,
  channel: line(channelName(conversation.channel_type)),
  channelIcon: channelIcon(conversation.channel_type),
  status: line(conversation.status),
  team: line(conversation.teams.join(', ')),
  people: line(
    conversation.users
      .map((user) => user.display_name)
      .filter(Boolean)
      .join(', '),
  ),
  message: paragraph(conversation.latest_message?.text),
  at: conversation.latest_message?.created_at ?? conversation.timestamp ?? '',
});

export const commentView = (comment: Comment): CommentView => ({
  id: comment.id,
  channel: line(channelName(comment.channel_type)),
  author: authorName(comment.from),
  text: paragraph(comment.text),
  labels: comment.labels.map((label) => line(label.name)),
  at: comment.created_at ?? '',
});

export const fileView = (file: ContactFile): FileView => ({
  id: file.id,
  name: line(file.name) || vscode.l10n.t('Unnamed file'),
  icon: fileIcon(file.extension),
  isPicture: pictureExtensions.has(file.extension ?? ''),
  size: file.size === undefined ? '' : kilobytes(file.size),
  author: authorName(file.from),
  at: file.created_at ?? '',
});

/** @param activity with the channel of the conversation that it was about. */
export const activityView = (activity: Activity & { channel?: string | undefined }): ActivityView => ({
  id: activity.id,
  channel: line(channelName(activity.channel)),
  summary: paragraph(activity.summary ?? activity.type),
  author: authorName(activity.user),
  sentiment: line(activity.sentiment),
  importance: line(activity.importance),
  at: activity.created_at ?? '',
});

const kilobytes = (bytes: number): string =>
  Math.ceil(bytes / 1000).toLocaleString(vscode.env.language, { style: 'unit', unit: 'kilobyte' });

const pictureExtensions: ReadonlySet<string> = new Set(['png', 'jpg', 'jpeg', 'gif', 'webp']);

const iconsByExtension: Record<string, string> = {
  png: 'file-media',
  jpg: 'file-media',
  jpeg: 'file-media',
  gif: 'file-media',
  webp: 'file-media',
  mp4: 'file-media',
  mpeg: 'file-media',
  mp3: 'file-media',
  wav: 'file-media',
  pdf: 'file-pdf',
  zip: 'file-zip',
  csv: 'table',
  xlsx: 'table',
  json: 'json',
  log: 'output',
  txt: 'file-text',
  plain: 'file-text',
  md: 'markdown',
};

const fileIcon = (extension: string | undefined): string =>
  extension !== undefined && Object.hasOwn(iconsByExtension, extension)
    ? (iconsByExtension[extension] ?? 'file')
    : 'file';

export const pageStrings = (): PageStrings => ({
  tabs: {
    details: vscode.l10n.t('Details'),
    timeline: vscode.l10n.t('Timeline'),
    conversations: vscode.l10n.t('Conversations'),
    comments: vscode.l10n.t('Comments'),
    files: vscode.l10n.t('Files'),
    activities: vscode.l10n.t('Activity'),
  },
  timelineEmpty: vscode.l10n.t('Nothing here with this filter.'),
  allChannels: vscode.l10n.t('All channels'),
  from: vscode.l10n.t('From'),
  until: vscode.l10n.t('Until'),
  empty: {
    conversations: vscode.l10n.t('No conversations yet.'),
    comments: vscode.l10n.t('Nobody has commented yet.'),
    files: vscode.l10n.t('No files yet.'),
    activities: vscode.l10n.t('No activity yet.'),
  },
  loading: vscode.l10n.t('Loading…'),
  retry: vscode.l10n.t('Retry'),
  loadMore: vscode.l10n.t('Load More'),
  copy: vscode.l10n.t('Copy'),
  edit: vscode.l10n.t('Edit'),
  addName: vscode.l10n.t('Add Name'),
  settings: vscode.l10n.t('Open Settings'),
  discard: vscode.l10n.t('Discard'),
  saveChanges: vscode.l10n.t('Save'),
  undo: vscode.l10n.t('Undo'),
  mine: vscode.l10n.t('Mine'),
  theirs: vscode.l10n.t('Theirs'),
  addComment: vscode.l10n.t('Add Comment'),
  addCommentKeys: vscode.l10n.t('Ctrl+Enter'),
  commentPlaceholder: vscode.l10n.t('Write a comment for your team'),
  deleteComment: vscode.l10n.t('Delete Comment'),
  copyVCard: vscode.l10n.t('Copy as vCard'),
  copyJson: vscode.l10n.t('Copy as JSON'),
  next: vscode.l10n.t('Next Contact'),
  previous: vscode.l10n.t('Previous Contact'),
  picture: vscode.l10n.t('Upload Picture'),
  dropPicture: vscode.l10n.t('Drop a picture here'),
  cropTitle: vscode.l10n.t('New Picture'),
  cropHelp: vscode.l10n.t('Drag the picture, or move it with the arrow keys and zoom with + and −.'),
  cropArea: vscode.l10n.t('Part of the picture that is taken'),
  zoom: vscode.l10n.t('Zoom'),
  preview: vscode.l10n.t('Preview'),
  upload: vscode.l10n.t('Upload'),
  cancel: vscode.l10n.t('Cancel'),
  pictureUnreadable: vscode.l10n.t('This picture cannot be shown. Is the file damaged?'),
  pictureTooLarge: vscode.l10n.t('The picture is larger than 5 MB.'),
  open: vscode.l10n.t('Open'),
  save: vscode.l10n.t('Save As…'),
  saveSelected: vscode.l10n.t('Save Selected…'),
  selectAll: vscode.l10n.t('Select all'),
  select: vscode.l10n.t('Select'),
  asOf: vscode.l10n.t('As of'),
  lastSeen: vscode.l10n.t('Last seen'),
});
