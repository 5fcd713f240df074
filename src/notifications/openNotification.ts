import * as vscode from 'vscode';
import type { ContactService } from '../api/contactService.ts';
import type { Notification } from '../api/decode/notification.ts';
import { runCommand } from '../platform/commands.ts';
import { displayText } from '../platform/displayText.ts';
import { notificationKind } from './notificationKind.ts';

/** Goes to the contact that a notification is about, where its data says which; else shows what it says. */
export async function openNotification(service: ContactService, notification: Notification): Promise<void> {
  const contactId = await contactOf(service, notification);
  if (contactId !== undefined) {
    await runCommand('contactLookup.openContact', { contactId });
    return;
  }
  const title = notification.title ?? notificationKind(notification.type).name;
  const text = [title, notification.content].filter((part) => part !== undefined).join(' — ');
  // Not awaited: it is shown, whatever becomes of the message.
  void vscode.window.showInformationMessage(displayText(text, 'message'));
}

/** What a notification leads to is named by an id: of a contact, or of a conversation, which is searched for. */
async function contactOf(service: ContactService, { targets, from }: Notification): Promise<string | undefined> {
  const ids = [...targets, from?.id ?? ''];
  const contact = ids.find((id) => /^con_[\w-]{1,100}$/.test(id));
  if (contact !== undefined) return contact;
  const conversation = ids.find((id) => /^(?:conv|tcu|toc)_[\w-]{1,100}$/.test(id));
  if (conversation === undefined) return undefined;
  const { items } = await service.search({ q: conversation, limit: 2 });
  return items.length === 1 ? items[0]?.id : undefined;
}
