import * as vscode from 'vscode';
import type { Contact } from '../api/decode/contact.ts';
import { channelName } from '../platform/channelText.ts';
import { displayText } from '../platform/displayText.ts';
import { contactPhone, isAnonymous, placeOf } from './contactName.ts';
import type { LastMessage } from './lastMessage.ts';

/** What stands beside a contact's name: how to reach them; of a visitor without a name, what tells them from the next. */
export const contactSummary = (contact: Contact): (string | undefined)[] =>
  isAnonymous(contact)
    ? [placeOf(contact), lastSeenText(contact.last_seen), channelName(contact.channel_type)]
    : [contactPhone(contact) ?? contact.email ?? contact.company_name];

/** All ways to reach a contact; of a visitor without a name, what tells them from the next. */
export const contactMethods = (contact: Contact): (string | undefined)[] =>
  isAnonymous(contact) ? contactSummary(contact) : [contact.email, contactPhone(contact)];

/** When it was said, and what. */
export function lastMessageText({ text, at }: LastMessage): string {
  const when = at === undefined ? '' : `${new Date(at).toLocaleString(vscode.env.language)}: `;
  return `${when}${displayText(text, 'description')}`;
}

const units = [
  ['day', 24 * 60 * 60],
  ['hour', 60 * 60],
  ['minute', 60],
] as const;
const monthSeconds = 30 * 24 * 60 * 60;

/** How long ago, in words; the day where that is long. @param iso a moment as the server writes it. */
export function lastSeenText(iso: string | undefined, now = Date.now()): string | undefined {
  const time = Date.parse(iso ?? '');
  if (Number.isNaN(time)) return undefined;
  const seconds = Math.max(0, (now - time) / 1000);
  if (seconds >= monthSeconds) return new Date(time).toLocaleDateString(vscode.env.language, { dateStyle: 'medium' });
  const [unit, length] = units.find(([, unitSeconds]) => seconds >= unitSeconds) ?? [undefined, 1];
  return unit === undefined ? vscode.l10n.t('just now') : relative().format(-Math.floor(seconds / length), unit);
}

let format: Intl.RelativeTimeFormat | undefined;
/** Made once: it is wanted for each row. */
const relative = (): Intl.RelativeTimeFormat =>
  (format ??= new Intl.RelativeTimeFormat(vscode.env.language, { style: 'short', numeric: 'auto' }));
