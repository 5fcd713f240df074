import type { ListOptions, SearchOptions } from '../contactService.ts';
import type { CallOptions } from '../jsonCalls.ts';
import type { Contact } from '../decode/contact.ts';
import type { Page } from '../decode/page.ts';

/** What is kept on this machine of the contacts of another server. */
export interface Mirror {
  /** Everybody is there, so that it can answer in the server's place. */
  readonly isWhole: boolean;
  /** When the server was last looked at for what is new. */
  readonly asOf: Date | undefined;
  list(options: ListOptions): Promise<Page<Contact>>;
  search(options: SearchOptions): Promise<Page<Contact>>;
  get(contactId: string, call: CallOptions): Promise<Contact>;
  /** Takes in what the server has just said of single contacts. Never fails: what is missed is met by the next sweep. */
  accept(change: { contacts?: readonly Contact[]; removed?: readonly string[] }): Promise<void>;
  /** Keeps what the server has answered about a contact, or about none (`''`), under a name. Never fails. */
  keep(contactId: string, name: string, value: unknown): Promise<void>;
  /** What was kept last under a name, as JSON, and when. Never fails. */
  kept(contactId: string, name: string): Promise<{ value: unknown; keptAt: string } | undefined>;
  /** The server has not answered: it is looked for again soon, and until then what is here is as of the last time. */
  lost(): void;
  /** The server has answered. */
  found(): void;
  /** Looks at what is new at the server: at once, or once the last time is `minAgeMs` ago. Never fails. */
  look(minAgeMs: number): Promise<void>;
  /** When this settles, nothing is asked or written any more. */
  dispose(): Promise<void>;
}
