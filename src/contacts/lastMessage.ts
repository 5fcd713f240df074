import type { CallOptions, ContactService } from '../api/contactService.ts';
import { partOrKept } from './contactHistory.ts';

/** What was said last in all of a contact's conversations. */
export interface LastMessage {
  text: string;
  at: string | undefined;
}

/** @throws ApiError */
export async function lastMessageOf(
  service: ContactService,
  contactId: string,
  call: CallOptions = {},
): Promise<LastMessage | undefined> {
  const listed = service.getConversations(contactId, call).then((page) => page.items);
  const { items } = await partOrKept(service, contactId, 'conversations', listed);
  const [newest] = items
    .flatMap(({ latest_message: message }) => (message?.text === undefined ? [] : [message]))
    .sort((one, other) => (other.created_at ?? '').localeCompare(one.created_at ?? ''));
  return newest?.text === undefined ? undefined : { text: newest.text, at: newest.created_at };
}
