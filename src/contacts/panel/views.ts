/** Contacts and their history as the page shows them: text only, with nothing left to decide. */
import * as vscode from 'vscode';
import { editableFields, ignoredFields, type EditableField } from '../../api/contactChanges.ts';
import type { Contact } from '../../api/decode/contact.ts';
import type { Activity, Author, Comment, ContactFile, Conversation } from '../../api/decode/history.ts';
import { displayLines, displayTerm, displayText, isPersonalDataHidden } from '../../platform/displayText.ts';
import type {
  ActivityView,
  CommentView,
  ContactView,
  ConversationView,
  FieldView,
  FileView,
} from '../../protocol/contactViews.ts';
import type { Account } from '../../session/account.ts';
import { organizationName } from '../../session/accountText.ts';
import { contactName, contactPhone, isAnonymous, placeOf } from '../contactName.ts';
import { richText } from './richText.ts';
import { valueInWords } from '../fieldChoices.ts';
import { normalizePhone } from '../../contract/internationalNumber.ts';
import { channelIcon, channelName } from '../../platform/channelText.ts';
import { fieldLabels } from '../../platform/fieldLabels.ts';

const line = (text: string | undefined): string => displayText(text ?? '', 'label');
const term = (text: string | undefined): string => displayTerm(text ?? '', 'label');
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
      value: paragraph(fieldInWords(name, contact[name] ?? '')),
      isLink: name === 'email' || name === 'phone_number',
      note: isStillIgnored(name) ? ignoredNote(ignored[name] ?? '') : '',
    }))
    .filter((field) => field.value !== '' || field.note !== '');
  const by = line(contact.updated_by);
  if (by !== '')
    fields.push({ name: 'updated_by', label: vscode.l10n.t('Changed by'), value: by, isLink: false, note: '' });
  fields.push({ name: 'id', label: vscode.l10n.t('Contact id'), value: line(contact.id), isLink: false, note: '' });
  return {
    id: contact.id,
    name: line(contactName(contact)),
    subtitle: isAnonymous(contact) ? term(visitorText(contact)) : line(workOf(contact)),
    isAnonymous: isAnonymous(contact),
    organization: term(organizationName(account)),
    channel: term(channelName(contact.channel_type)),
    channelIcon: channelIcon(contact.channel_type),
    lastSeen: contact.last_seen ?? '',
    email: line(contact.email),
    phone: line(contactPhone(contact)),
    labels: contact.labels.map(term),
    fields,
  };
}

const fieldInWords = (name: EditableField, value: string): string =>
  name === 'phone_number' ? normalizePhone(value) : valueInWords(name, value);

const workOf = (contact: Contact): string => [contact.position, contact.company_name].filter(Boolean).join(' · ');

const visitorText = (contact: Contact): string => {
  const place = placeOf(contact);
  return place === undefined
    ? vscode.l10n.t('Visitor without a name')
    : vscode.l10n.t('Visitor without a name, {0}', line(place));
};

const ignoredNote = (text: string): string =>
  text === ''
    ? vscode.l10n.t('The server did not remove this.')
    : vscode.l10n.t('The server did not take “{0}”.', displayText(text, 'description'));

export const conversationView = (conversation: Conversation): ConversationView => ({
  id: conversation.id,
  channel: term(channelName(conversation.channel_type)),
  channelIcon: channelIcon(conversation.channel_type),
  status: term(conversation.status),
  team: term(conversation.teams.join(', ')),
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
  channel: term(channelName(comment.channel_type)),
  author: authorName(comment.from),
  text: richText(comment.text),
  labels: comment.labels.map((label) => term(label.name)),
  at: comment.created_at ?? '',
  canEdit: comment.canEdit,
});

export const fileView = (file: ContactFile): FileView => ({
  id: file.id,
  name: line(file.name) || vscode.l10n.t('Unnamed file'),
  icon: fileIcon(file.extension),
  isPicture: pictureExtensions.has(file.extension ?? '') && !isPersonalDataHidden(),
  size: file.size === undefined ? '' : kilobytes(file.size),
  author: authorName(file.from),
  at: file.created_at ?? '',
});

/** @param activity with the channel of the conversation that it was about. */
export const activityView = (activity: Activity & { channel?: string | undefined }): ActivityView => ({
  id: activity.id,
  channel: term(channelName(activity.channel)),
  summary: paragraph(activity.summary ?? activity.type),
  author: authorName(activity.user),
  sentiment: judged(activity.sentiment, (word) => vscode.l10n.t('Sentiment: {0}', word)),
  importance: judged(activity.importance, (word) => vscode.l10n.t('Importance: {0}', word)),
  at: activity.created_at ?? '',
});

/** What the platform judges by, in words; free text elsewhere (contract, section 4.6). */
const judgements = (): Readonly<Record<string, string>> => ({
  positive: vscode.l10n.t('positive'),
  neutral: vscode.l10n.t('neutral'),
  negative: vscode.l10n.t('negative'),
  low: vscode.l10n.t('low'),
  medium: vscode.l10n.t('medium'),
  high: vscode.l10n.t('high'),
});

function judged(value: string | undefined, inWords: (word: string) => string): string {
  const words = judgements();
  const word = value !== undefined && Object.hasOwn(words, value) ? words[value] : term(value);
  return word ? inWords(word) : '';
}

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
