import type * as contract from '../../contract/history.ts';
import type { ActivityRecord, CommentRecord, ConversationRecord, FileRecord } from '../../contract/history.ts';
import { isObject } from '../../contract/json.ts';
import { ObjectReader, type OnDropped, type Sent } from './primitives.ts';

type Inner = ConversationRecord['conversation'];

/** A person as history names them. */
export type Author = Sent<Pick<contract.Author, 'display_name'>> & { readonly id?: string | undefined };

export interface Conversation extends Sent<
  Pick<Inner, 'channel_type' | 'status' | 'name' | 'timestamp'> & Pick<ConversationRecord, 'public_id'>
> {
  readonly id: string;
  readonly users: readonly Author[];
  readonly teams: readonly string[];
  readonly latest_message?: Message | undefined;
}

/** Whose a conversation is. */
export interface ConversationOwner {
  readonly contactId: string;
  readonly conversationId: string | undefined;
}

export interface Message extends Sent<Pick<contract.Message, 'type' | 'created_at'>> {
  /** What was said, or the caption or address of what was sent. */
  readonly text?: string | undefined;
}

/** Something said or sent in a conversation. */
export interface ConversationMessage extends Sent<Pick<contract.MessageRecord, 'created_at'>> {
  readonly id: string;
  readonly from?: Author | undefined;
  readonly text?: string | undefined;
  readonly file?: ContactFile | undefined;
}

export interface Comment extends Sent<Pick<CommentRecord, 'channel_type' | 'created_at' | 'updated_at'>> {
  readonly id: string;
  readonly text: string;
  readonly from?: Author | undefined;
  readonly labels: readonly { name: string; color?: string | undefined }[];
  /** Whether the server says that it is one's own, and takes another text. */
  readonly canEdit: boolean;
}

export interface ContactFile extends Sent<Pick<FileRecord, 'created_at'> & Pick<FileRecord['content'], 'url'>> {
  readonly id: string;
  readonly name: string;
  /** Without the dot, in lower case; from the server or from the name. */
  readonly extension?: string | undefined;
  /** Bytes, where the server says. */
  readonly size?: number | undefined;
  /** Where it was sent, of one that is a message. */
  readonly conversationId?: string | undefined;
  readonly from?: Author | undefined;
}

export interface Activity extends Sent<
  Pick<ActivityRecord, 'type' | 'summary' | 'sentiment' | 'importance' | 'created_at'>
> {
  readonly id: string;
  readonly user?: Author | undefined;
}

/** Section 4.3: the SDK's flat form, or the gateway's with the conversation inside. */
export function decodeConversation(value: unknown, path: string, onDropped: OnDropped): Conversation | undefined {
  if (!isObject(value)) return undefined;
  const outer = new ObjectReader(value, path, onDropped);
  const inner = outer.object('conversation') ?? outer;
  const id = inner.text('id', '_id') ?? outer.text('id', '_id', 'public_id');
  if (id === undefined) return undefined;
  const message = outer.object('latest_message') ?? outer.object('contacts_latest_message');
  return {
    id,
    public_id: outer.text('public_id'),
    channel_type: inner.text('channel_type'),
    status: inner.text('status'),
    name: inner.text('name'),
    timestamp: inner.text('timestamp', 'updated_at', 'created_at'),
    users: inner.list('users', (user, at) => decodeAuthor(user, at, onDropped)),
    teams: outer.list('teams', (team, at) =>
      isObject(team) ? new ObjectReader(team, at, onDropped).text('name') : undefined,
    ),
    latest_message: message && decodeMessage(message),
  };
}

/** Section 7: one team's view of a conversation, with whose it is. */
export function decodeConversationOwner(
  value: unknown,
  path: string,
  onDropped: OnDropped,
): ConversationOwner | undefined {
  if (!isObject(value)) return undefined;
  const outer = new ObjectReader(value, path, onDropped);
  const inner = outer.object('conversation') ?? outer;
  const contactId =
    outer.object('contact')?.text('id', '_id', 'public_id') ?? inner.text('contact_id') ?? outer.text('contact_id');
  return contactId === undefined ? undefined : { contactId, conversationId: inner.text('id', '_id') };
}

function decodeMessage(message: ObjectReader): Message {
  const content = message.object('content');
  return {
    text: content?.text('text', 'caption', 'url'),
    type: message.text('type'),
    created_at: message.text('created_at'),
  };
}

/** Section 7: something said or sent in a conversation. */
export function decodeConversationMessage(
  value: unknown,
  path: string,
  onDropped: OnDropped,
): ConversationMessage | undefined {
  const record = readRecord(value, path, onDropped);
  if (record === undefined) return undefined;
  const { id, reader } = record;
  const content = reader.object('content');
  const url = content?.text('url');
  const message = {
    id,
    from: decodeAuthor(reader.value['from'], `${path}.from`, onDropped),
    created_at: reader.text('created_at'),
  };
  return {
    ...message,
    // Content is text alone on some routes.
    text: content?.text('text', 'title') ?? (isObject(reader.value['content']) ? undefined : reader.text('content')),
    file:
      url === undefined
        ? undefined
        : { ...message, ...sentFile(content, url), conversationId: reader.text('conversation_id') },
  };
}

/** Section 4.4. */
export function decodeComment(value: unknown, path: string, onDropped: OnDropped): Comment | undefined {
  const record = readRecord(value, path, onDropped);
  if (record === undefined) return undefined;
  const { id, reader } = record;
  return {
    id,
    text: reader.text('text', 'content') ?? '',
    from: decodeAuthor(reader.value['from'], `${path}.from`, onDropped),
    channel_type: reader.text('channel_type'),
    labels: reader.list('labels', (label, at) => {
      if (!isObject(label)) return undefined;
      const labelReader = new ObjectReader(label, at, onDropped);
      const name = labelReader.text('name');
      return name === undefined ? undefined : { name, color: labelReader.text('color') };
    }),
    created_at: reader.text('created_at'),
    updated_at: reader.text('updated_at'),
    canEdit: reader.boolean('can_edit') ?? false,
  };
}

/** Section 4.5: the SDK's record, or the gateway's message, whose caption is the name. */
export function decodeFile(value: unknown, path: string, onDropped: OnDropped): ContactFile | undefined {
  const record = readRecord(value, path, onDropped);
  if (record === undefined) return undefined;
  const { id, reader } = record;
  const content = reader.object('content');
  const url = content?.text('url') ?? reader.text('url');
  return {
    id,
    ...sentFile(content, url ?? '', reader.text('name')),
    url,
    size: reader.number('size'),
    from: decodeAuthor(reader.value['from'], `${path}.from`, onDropped),
    created_at: reader.text('created_at'),
  };
}

/** A file that was sent: called by its caption or name, or else by the end of its address. */
function sentFile(
  content: ObjectReader | undefined,
  url: string,
  named?: string,
): Pick<ContactFile, 'name' | 'extension' | 'url'> {
  const ending = decodedName(/([^/?#]+)(?:[?#].*)?$/.exec(url)?.[1] ?? '');
  const caption = content?.text('caption') ?? named ?? ending;
  const { name, extension } = namedFile(caption, content?.text('extension'));
  return { name, extension: extension ?? namedFile(ending, undefined).extension, url };
}

/** @param name from an address, which may be encoded in a wrong way. */
function decodedName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** A file by its name, whose ending says what it is where the server does not. */
function namedFile(name: string, sent: string | undefined): Pick<ContactFile, 'name' | 'extension'> {
  const extension = sent ?? /\.([^.\\/]{1,10})$/.exec(name)?.[1];
  return { name, extension: extension?.replace(/^\./, '').toLowerCase() };
}

/** Section 4.6. */
export function decodeActivity(value: unknown, path: string, onDropped: OnDropped): Activity | undefined {
  const record = readRecord(value, path, onDropped);
  if (record === undefined) return undefined;
  const { id, reader } = record;
  return {
    id,
    type: reader.text('type'),
    user: decodeAuthor(reader.value['user'], `${path}.user`, onDropped),
    summary: reader.text('summary'),
    sentiment: reader.text('sentiment'),
    importance: reader.text('importance'),
    created_at: reader.text('created_at'),
  };
}

const bareId = /^[a-z]{1,12}_[0-9a-f-]{8,}$/;

/** A record with its id; `undefined` for what has none. */
function readRecord(
  value: unknown,
  path: string,
  onDropped: OnDropped,
): { id: string; reader: ObjectReader } | undefined {
  if (!isObject(value)) return undefined;
  const reader = new ObjectReader(value, path, onDropped);
  const id = reader.text('_id', 'id', 'public_id');
  return id === undefined ? undefined : { id, reader };
}

/** A person as `{_id, display_name}`, as the bare name, or as the bare id, which is no name to show. */
export function decodeAuthor(value: unknown, path: string, onDropped: OnDropped): Author | undefined {
  if (typeof value === 'string' && value !== '') return bareId.test(value) ? { id: value } : { display_name: value };
  if (!isObject(value)) return undefined;
  const reader = new ObjectReader(value, path, onDropped);
  return { id: reader.text('id', '_id', 'public_id'), display_name: reader.text('display_name', 'name') };
}
