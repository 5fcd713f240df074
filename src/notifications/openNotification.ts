import * as vscode from 'vscode';
import type { ContactService } from '../api/contactService.ts';
import type { Notification } from '../api/decode/notification.ts';
import { runCommand } from '../platform/commands.ts';
import { displayTerm, displayText } from '../platform/displayText.ts';
import { notificationKind } from './notificationKind.ts';

/** Goes to the contact that a notification is about, where its data says which; else shows what it says. */
export async function openNotification(service: ContactService, notification: Notification): Promise<void> {
  const found = await contactOf(service, notification);
  if (found !== undefined) {
    await runCommand('contactLookup.openContact', found);
    return;
  }
  const { title, content, type } = notification;
  const kind = title === undefined ? notificationKind(type).name : displayText(title, 'message');
  const text = [kind, content && displayText(content, 'message')].filter(Boolean).join(' — ');
  // Not awaited: it is shown, whatever becomes of the message.
  void vscode.window.showInformationMessage(displayTerm(text, 'message'));
}

interface Found {
  contactId: string;
  /** What in the contact's panel it is about. */
  conversationId?: string | undefined;
}

/**
 * What a notification leads to is named by an id: of a contact, of a card, or of a conversation. Whose that is the
 * gateway says (contract, section 7); another server may find it.
 */
async function contactOf(service: ContactService, notification: Notification): Promise<Found | undefined> {
  const { targets, from, boardItemId } = notification;
  const ids = [...targets, from?.id ?? ''];
  const contact = [notification.contact?.id ?? '', ...ids].find((id) => /^con_[\w-]{1,100}$/.test(id));
  const conversation = ids.find((id) => /^(?:conv|tcu|toc)_[\w-]{1,100}$/.test(id));
  if (contact !== undefined) return { contactId: contact, conversationId: conversation };
  if (boardItemId !== undefined) {
    const about = await service.contactOfBoardItem(boardItemId);
    return about === undefined ? undefined : { contactId: about.id };
  }
  if (conversation === undefined) return undefined;
  const owner = await service.conversationOwner(conversation);
  if (owner !== undefined) return { contactId: owner.contactId, conversationId: owner.conversationId ?? conversation };
  const { items } = await service.search({ q: conversation, limit: 2 });
  const [only] = items;
  return items.length === 1 && only !== undefined ? { contactId: only.id, conversationId: conversation } : undefined;
}
