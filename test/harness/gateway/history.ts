/** What happened with the stand-in gateway's contacts; made of a contact's number when it is asked for. */
import { comments, messages, summaries } from '../../../src/server/seed/phrases.ts';
import { Random } from '../../../src/server/seed/random.ts';
import type { WireContact } from './people.ts';

const longConversation = 130;
const dayMs = 24 * 60 * 60_000;
const team = { _id: 'team_general', name: 'General', mode: 'public' };
const colleague = { _id: 'u_7a11c0de-0000-4000-8000-000000000000', display_name: 'Mai Phạm' };

export interface SampleFile {
  name: string;
  extension: string;
  url: string;
}

/** The n-th conversation of the contact with a number; its ids tell both. */
const conversationId = (prefix: 'conv' | 'tcu', contactIndex: number, n: number): string =>
  `${prefix}_${contactIndex.toString(16).padStart(8, '0')}-${n.toString(16).padStart(4, '0')}-4000-8000-000000000000`;

/** Which contact a conversation's id is of. */
export function contactIndexOf(id: string): number | undefined {
  const [, index] = /^(?:conv|tcu)_([0-9a-f]{8})-[0-9a-f]{4}-/.exec(id) ?? [];
  return index === undefined ? undefined : Number.parseInt(index, 16);
}

/** `TWN#NJ9585@14 Nov 2024`: what the platform calls a conversation, and the notification of it. */
export const conversationName = (contact: WireContact, at: string): string =>
  `${contact.display_name}@${new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })}`;

/** So long after a contact was made, and not after now. */
const momentAfter = (contact: WireContact, milliseconds: number): string =>
  new Date(Math.min(Date.now(), Date.parse(contact.created_at) + milliseconds)).toISOString();

const conversationCount = (contactIndex: number): number => 1 + ((contactIndex * 7) % 3);

type Conversation = Record<string, unknown> & { _id: string; timestamp: string };
export type TeamView = Record<string, unknown> & { conversation: Conversation };

export function conversationsOf(contact: WireContact, contactIndex: number): TeamView[] {
  return Array.from({ length: conversationCount(contactIndex) }, (_, n) => {
    const random = new Random(contactIndex * 31 + n);
    const at = momentAfter(contact, n * dayMs + random.between(1, 600) * 1000);
    const said = messages[String(contact['language']).slice(0, 2)] ?? messages['en'] ?? [];
    const conversation = {
      _id: conversationId('conv', contactIndex, n),
      organization_id: contact['organization_id'],
      business_unit_id: contact['business_unit_id'],
      channel_id: contact['channel_id'],
      channel_type: contact.channel_type,
      contact_id: contact.id,
      status: random.pick(['active', 'closed', 'rep needed', 'unassigned']),
      name: conversationName(contact, at),
      timestamp: at,
      users: random.chance(0.5) ? [{ ...colleague, avatar_url: '' }] : [],
    };
    const message = { type: 'text', content: { text: random.pick(said) }, created_at: at };
    return {
      _id: conversation._id,
      public_id: conversationId('tcu', contactIndex, n),
      conversation,
      contact,
      latest_message: message,
      contacts_latest_message: message,
      teams: [team],
    };
  });
}

export function commentsOf(contact: WireContact, contactIndex: number): Record<string, unknown>[] {
  const random = new Random(contactIndex * 17 + 5);
  return Array.from({ length: contactIndex % 4 }, (_, n) => ({
    _id: `cmt_${contactIndex}_${n}`,
    content: random.pick(comments),
    from: colleague,
    channel_type: contact.channel_type,
    created_at: momentAfter(contact, (n + 1) * dayMs),
    updated_at: null,
  }));
}

/** Messages that a file hangs on; `type` is `image` for everything (contract, section 6). */
export function filesOf(contact: WireContact, contactIndex: number, all: readonly SampleFile[]): unknown[] {
  return all
    .filter((_, n) => contact['first_name'] !== '' && (contactIndex + n) % 3 !== 0)
    .map(({ name, extension, url }, n) => ({
      _id: `msg_${contactIndex}_${n}`,
      type: 'image',
      from: contact.id,
      created_at: contact.created_at,
      updated_at: contact.created_at,
      content: { caption: name, url, extension },
    }));
}

export function activitiesOf(contact: WireContact, conversation: string): unknown[] {
  const random = new Random(Number.parseInt(conversation.slice(5, 13), 16) || 1);
  const { text, sentiment, importance } = random.pick(summaries);
  const at = contact.created_at;
  const names = { _id: `act_${conversation.slice(5)}`, conversation_id: conversation, user: colleague };
  return [{ ...names, summary: text, sentiment, importance, created_at: at, updated_at: at }];
}

/**
 * What was said in a conversation, newest first. Who said it is an id alone; a file comes as `image` and without an
 * extension. Whichever contact has the number 0 has said very much in its first.
 */
export function messagesOf(contact: WireContact, conversation: Conversation, all: readonly SampleFile[]): unknown[] {
  const { _id: id, timestamp } = conversation;
  const random = new Random(Number.parseInt(id.slice(5, 13), 16) * 13 + 1);
  const length = id === conversationId('conv', 0, 0) ? longConversation : random.between(1, 9);
  const said = messages[String(contact['language']).slice(0, 2)] ?? messages['en'] ?? [];
  return Array.from({ length }, (_, back) => {
    const created_at = new Date(Date.parse(timestamp) - back * 61_000).toISOString();
    const file = back % 7 === 3 ? all[back % all.length] : undefined;
    return {
      object_name: 'message',
      _id: `msg_${id.slice(5)}_${back}`,
      conversation_id: id,
      from: back % 3 === 1 ? colleague._id : contact.id,
      type: file === undefined ? 'text' : 'image',
      content:
        file === undefined
          ? { text: `${random.pick(said)} (${length - back})` }
          : { caption: file.name, url: file.url },
      created_at,
      updated_at: null,
    };
  });
}

/** Of the newest contacts, each with its first conversation. */
export function makeNotifications(contacts: readonly WireContact[], count: number, unread: number): WireNotification[] {
  return Array.from({ length: count }, (_, n) => {
    const contactIndex = n * 5;
    const contact = contacts[contactIndex];
    if (contact === undefined) throw new Error('Too few contacts for so many notifications');
    const at = new Date(Date.parse(contact.created_at) + 30_000).toISOString();
    return {
      object_name: 'notifications',
      id: `not_${String(n).padStart(4, '0')}`,
      title: conversationName(contact, at),
      content: '',
      from: { _id: team._id, name: team.name },
      type: n % 40 === 39 ? 204 : n % 40 === 19 ? 101 : 201,
      action_to:
        n % 40 === 19
          ? { board_id: 'brd_1', board_item_id: contact.id.replace(/^con_/, 'bi_') }
          : { team_conversation_user_id: conversationId('tcu', contactIndex, 0) },
      recipient: 'u_self',
      is_read: n >= unread,
      created_at: at,
      action_disable: false,
      channel_type: contact.channel_type,
    };
  });
}

export type WireNotification = Record<string, unknown> & { id: string; type: number; is_read: boolean };
