import type { ContactService } from '../api/contactService.ts';
import type { Contact } from '../api/decode/contact.ts';
import type { LastMessage } from '../contacts/lastMessage.ts';
import type { Mention } from './mentions.ts';

/** Somebody who was mentioned, with what was said last. */
export interface Person {
  contact: Contact;
  lastMessage: LastMessage | undefined;
}

const keptMs = 5 * 60_000;
const maxKept = 1_000;
/** No more questions than this in a minute, whatever moves over the text. */
const maxPerMinute = 300;
const minuteMs = 60_000;

interface Kept<T> {
  answer: Promise<T>;
  until: number;
}

/** Finds who a mention is, and remembers it for a while. Only what is asked for is sent, and nothing while signed out. */
export class PersonFinder {
  private readonly service: () => ContactService | undefined;
  private readonly now: () => number;
  private readonly contacts = new Map<string, Kept<Contact | undefined>>();
  /** By the contact's id. */
  private readonly messages = new Map<string, Kept<LastMessage | undefined>>();
  private asked: number[] = [];

  /** @param service the one in use; none while signed out. */
  constructor(service: () => ContactService | undefined, now: () => number = Date.now) {
    this.service = service;
    this.now = now;
  }

  /** @returns `undefined` for nobody, while signed out, and when too much was asked already. @throws ApiError */
  find(mention: Mention): Promise<Contact | undefined> {
    return this.remembered(this.contacts, keyOf(mention), async (service) => {
      const { contactsOf } = await import('./personSearch.ts');
      // Not an explicit user action: the pointer merely hovers, or inlay hints are being computed.
      const [contact] = await contactsOf(service, mention, { isBackground: true });
      return contact;
    });
  }

  /** With what was said last, unless the server does not say. @throws ApiError */
  async findWithMessage(mention: Mention): Promise<Person | undefined> {
    const contact = await this.find(mention);
    if (contact === undefined) return undefined;
    const { lastMessageOf } = await import('../contacts/lastMessage.ts');
    const lastMessage = await this.remembered(this.messages, contact.id, (service) =>
      lastMessageOf(service, contact.id, { isBackground: true }),
    ).catch(() => undefined);
    return { contact, lastMessage };
  }

  /** What was answered lately, or what `ask` gives, if anything may be asked. */
  private async remembered<T>(
    kept: Map<string, Kept<T | undefined>>,
    key: string,
    ask: (service: ContactService) => Promise<T | undefined>,
  ): Promise<T | undefined> {
    const service = this.service();
    if (service === undefined) return undefined;
    const known = kept.get(key);
    if (known !== undefined && known.until > this.now()) return known.answer;
    if (!this.mayAsk()) return undefined;
    const answer = ask(service);
    if (kept.size >= maxKept) kept.clear();
    kept.set(key, { answer, until: this.now() + keptMs });
    try {
      return await answer;
    } catch (error) {
      kept.delete(key);
      throw error;
    }
  }

  /** Whether nobody was found when `find` asked last; it may have had no leave to ask. */
  async isNobody(mention: Mention): Promise<boolean> {
    const known = this.contacts.get(keyOf(mention));
    return known !== undefined && (await known.answer) === undefined;
  }

  /** Forgets who it has found: another account has contacts of its own, and a change makes them old. */
  forget(): void {
    this.contacts.clear();
    this.messages.clear();
  }

  private mayAsk(): boolean {
    const since = this.now() - minuteMs;
    this.asked = this.asked.filter((time) => time > since);
    if (this.asked.length >= maxPerMinute) return false;
    this.asked.push(this.now());
    return true;
  }
}

const keyOf = ({ kind, text }: Mention): string => `${kind} ${text.toLowerCase()}`;
