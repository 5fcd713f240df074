import type { ContactService } from '../../api/contactService.ts';
import { pagesOf } from '../../api/pages.ts';

const messagesAtOnce = 100;

/**
 * Where the server keeps a file of a contact, or one that was sent in a conversation; `undefined` where there is none.
 * @throws ApiError
 */
export async function fileAddress(
  service: ContactService,
  { contactId, fileId, conversationId }: { contactId: string; fileId: string; conversationId: string | undefined },
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  if (conversationId === undefined) {
    const files = await service.getFiles(contactId, { signal });
    return files.find(({ id }) => id === fileId)?.url;
  }
  const conversations = await service.getConversations(contactId, { signal });
  const viewId = conversations.items.find(({ id }) => id === conversationId)?.public_id;
  const ids = { id: conversationId, viewId };
  for await (const { items } of pagesOf((page) => service.getMessages(ids, { ...page, signal }), messagesAtOnce)) {
    const found = items.find(({ file }) => file?.id === fileId);
    if (found !== undefined) return found.file?.url;
  }
  return undefined;
}
