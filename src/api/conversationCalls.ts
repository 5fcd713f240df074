import { isObject } from '../contract/json.ts';
import { ApiError } from './apiError.ts';
import { decodeContact, type Contact } from './decode/contact.ts';
import {
  decodeConversationMessage,
  decodeConversationOwner,
  type ConversationMessage,
  type ConversationOwner,
} from './decode/history.ts';
import { rowsOf, unwrapped, type Page, type PageRequest } from './decode/page.ts';
import type { OnDropped } from './decode/primitives.ts';
import type { CallOptions, JsonCalls } from './jsonCalls.ts';
import { segment } from './paths.ts';
import type { ServerQuirks } from './serverQuirks.ts';

/** A conversation by its own id, or by that of a team's view of it; both where they are known. */
export interface ConversationIds {
  id: string;
  viewId?: string | undefined;
}

const isViewId = (id: string): boolean => id.startsWith('tcu_');

/** What the gateway knows of conversations beside a contact's own routes (contract, section 7). */
export class ConversationCalls {
  private readonly calls: JsonCalls;
  private readonly quirks: ServerQuirks;
  private readonly origin: string;
  private readonly onDropped: OnDropped;

  constructor(calls: JsonCalls, quirks: ServerQuirks, origin: string, onDropped: OnDropped) {
    this.calls = calls;
    this.quirks = quirks;
    this.origin = origin;
    this.onDropped = onDropped;
  }

  owner(conversationId: string, call: CallOptions): Promise<ConversationOwner | undefined> {
    const base = '/team_conversations';
    const [pathTemplate, path, query] = conversationId.startsWith('conv_')
      ? [base, base, { type: 'conversation_id', q: conversationId }]
      : [`${base}/{id}`, `${base}/${segment(conversationId)}`, {}];
    return unlessUnknown(
      this.calls.read(pathTemplate, path, query, call, (body) =>
        decodeConversationOwner(firstOf(body), 'conversation', this.onDropped),
      ),
    );
  }

  ofBoardItem(boardItemId: string, call: CallOptions): Promise<Contact | undefined> {
    const base = '/contacts/by-board-item';
    return unlessUnknown(
      this.calls.read(`${base}/{id}`, `${base}/${segment(boardItemId)}`, {}, call, (body) =>
        decodeContact(firstOf(body), 'contact', this.onDropped),
      ),
    );
  }

  /**
   * Asks in the form of the web client where the team's view is known, and of a server that refuses that in the form of
   * the specification: whether every server looks at the id in that form is not known.
   */
  async messages(
    { id, viewId = isViewId(id) ? id : undefined }: ConversationIds,
    { signal, isBackground, ...page }: PageRequest & CallOptions,
  ): Promise<Page<ConversationMessage>> {
    const path = '/conversation_messages';
    const ask = (
      query: Record<string, string>,
      decode = decodeConversationMessage,
    ): Promise<Page<ConversationMessage>> =>
      this.calls.page(path, path, { ...query, ...page }, { signal, isBackground }, decode);
    const byConversation = () => ask({ conversation_id: id }, messageOf(id));
    if (viewId === undefined) return byConversation();
    if (id !== viewId && this.quirks.messagesAreByConversation(this.origin)) return byConversation();
    try {
      return await ask({ type: 'team_conversation_id', q: viewId });
    } catch (error) {
      if (id === viewId || !isRefusal(error, 'notFound', 'invalid')) throw error;
      const messages = await byConversation();
      this.quirks.setMessagesAreByConversation(this.origin);
      return messages;
    }
  }
}

/** Decodes the messages of one conversation; those that say they are of another are somebody else's. */
const messageOf =
  (conversationId: string): typeof decodeConversationMessage =>
  (value, path, onDropped) => {
    const said = isObject(value) ? value['conversation_id'] : undefined;
    const isOthers = typeof said === 'string' && said !== '' && said !== conversationId;
    return isOthers ? undefined : decodeConversationMessage(value, path, onDropped);
  };

const isRefusal = (error: unknown, ...kinds: ApiError['kind'][]): boolean =>
  error instanceof ApiError && kinds.includes(error.kind);

/** What is read, or `undefined` where the server knows nothing of it, which it may say in any of these ways. */
async function unlessUnknown<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isRefusal(error, 'notFound', 'badReply', 'invalid', 'forbidden')) return undefined;
    throw error;
  }
}

/** A record may come alone, as `{"data": record}`, or as the first of a list. */
const firstOf = (body: unknown): unknown => rowsOf(body)?.[0] ?? unwrapped(body);
