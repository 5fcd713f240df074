import type { Author, ConversationMessage } from '../../api/decode/history.ts';
import { displayLines, displayText } from '../../platform/displayText.ts';
import type { MessageView } from '../../protocol/contactViews.ts';
import { fileView } from './views.ts';

/** Who may have written a message. */
export interface Participants {
  contactId: string;
  users: readonly Author[];
}

/** A message as the page shows it; the author is empty where nobody says who it was. */
export function messageView(message: ConversationMessage, { contactId, users }: Participants): MessageView {
  const { from } = message;
  const name = from?.display_name ?? users.find(({ id }) => id !== undefined && id === from?.id)?.display_name;
  return {
    id: message.id,
    // Of a contact that was merged into this one, the messages still name that one.
    isFromContact: from === undefined || from.id === contactId || from.id?.startsWith('con_') === true,
    author: displayText(name ?? '', 'label'),
    text: displayLines(message.text ?? '', 'document'),
    ...(message.file === undefined ? {} : { file: fileView(message.file) }),
    at: message.created_at ?? '',
  };
}
