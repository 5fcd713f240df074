import type { Author } from '../../contract/history.ts';
import { mediaReference } from '../mediaReference.ts';
import type { StoredConversation, StoredMessage } from '../store/records.ts';
import type { SampleFile } from './documents.ts';
import { messages, replies } from './phrases.ts';
import type { Random } from './random.ts';

const minuteMs = 60_000;

export interface Dialogue {
  conversation: Pick<StoredConversation, 'id' | 'timestamp' | 'latest_message'>;
  contact: Author;
  colleague: Author;
  /** That of the contact. */
  language: string;
  /** How many messages, the latest included. */
  length: number;
  /** What either may send. */
  files: readonly SampleFile[];
}

/** What was said in a conversation, by turns, up to its latest message. The newest is first. */
export function makeDialogue(random: Random, dialogue: Dialogue): StoredMessage[] {
  const { conversation, contact, colleague, language, length, files } = dialogue;
  const asked = messages[language] ?? messages['en'] ?? [];
  const answered = replies[language] ?? replies['en'] ?? [];
  let time = Date.parse(conversation.timestamp);
  return Array.from({ length }, (_, back): StoredMessage => {
    // The contact had the last word.
    const isContact = back === 0 || random.chance(0.5);
    if (back > 0) time -= random.between(1, 90) * minuteMs;
    const created_at = new Date(time).toISOString();
    const isFile = back > 0 && files.length > 0 && random.chance(0.12);
    const said = conversation.latest_message?.content.text;
    return {
      id: `msg_${random.uuid()}`,
      conversation_id: conversation.id,
      author: isContact ? contact : colleague,
      ...(isFile
        ? sent(random.pick(files))
        : {
            type: 'text',
            content: { text: back === 0 && said !== undefined ? said : random.pick(isContact ? asked : answered) },
          }),
      created_at,
      updated_at: created_at,
    };
  });
}

const sent = ({ key, name, extension, contentType }: SampleFile): Pick<StoredMessage, 'type' | 'content'> => ({
  type: contentType.startsWith('image/') ? 'image' : 'file',
  content: { caption: name, url: mediaReference(key), extension },
});
