import * as vscode from 'vscode';
import type { ContactService } from '../../api/contactService.ts';
import type { Contact } from '../../api/decode/contact.ts';
import { withSignal } from '../../platform/cancellation.ts';
import { channelName } from '../../platform/channelText.ts';
import { displayLines, displayTerm, displayText } from '../../platform/displayText.ts';
import { fieldLabels } from '../../platform/fieldLabels.ts';
import { contactName, contactPhone, isAnonymous, placeOf } from '../contactName.ts';
import { lastMessageText } from '../contactSummary.ts';
import { lastMessageOf } from '../lastMessage.ts';

/** A tooltip waits no longer for what was said last. */
const lastSaidLimitMs = 1_500;

/** What a row of the list has no room for. Plain text: Markdown would load pictures that a contact's name asks for. */
export async function contactTooltip(
  contact: Contact,
  service: ContactService | undefined,
  token: vscode.CancellationToken,
): Promise<string> {
  const lastSaid = await lastSaidBy(contact, service, token);
  const labels = fieldLabels();
  const lines = [
    displayText(contactName(contact), 'label'),
    ...line(labels.company_name, [contact.company_name, contact.position].filter(Boolean).join(', ')),
    ...line(labels.email, contact.email),
    ...line(labels.phone_number, contactPhone(contact)),
    ...line(labels.channel_type, channelName(contact.channel_type), displayTerm),
    ...line(labels.location, placeOf(contact)),
    ...line(vscode.l10n.t('Labels'), contact.labels.join(', '), displayTerm),
    ...line(vscode.l10n.t('Last seen'), dateText(contact.last_seen), displayTerm),
    ...line(vscode.l10n.t('Created'), dateText(contact.created_at), displayTerm),
    ...line(vscode.l10n.t('Last message'), lastSaid),
  ];
  return displayLines(lines.join('\n'), 'tooltip', displayTerm);
}

/** What a visitor without a name has said last is what tells them from the next; others are known by their name. */
async function lastSaidBy(
  contact: Contact,
  service: ContactService | undefined,
  token: vscode.CancellationToken,
): Promise<string | undefined> {
  if (service === undefined || !isAnonymous(contact)) return undefined;
  try {
    const message = await withSignal(token, (cancelled) => {
      const signal = AbortSignal.any([cancelled, AbortSignal.timeout(lastSaidLimitMs)]);
      return lastMessageOf(service, contact.id, { signal, isBackground: true });
    });
    return message && lastMessageText(message);
  } catch {
    // The tooltip says the rest.
    return undefined;
  }
}

const line = (name: string, value: string | undefined, shown = displayText): string[] =>
  value ? [`${name}: ${shown(value, 'label')}`] : [];

function dateText(iso: string | undefined): string | undefined {
  const time = iso === undefined ? NaN : Date.parse(iso);
  return Number.isNaN(time) ? undefined : new Date(time).toLocaleString(vscode.env.language);
}
