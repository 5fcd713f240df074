import { isCancelled } from '../apiError.ts';
import { ContactService, type CallOptions } from '../contactService.ts';
import type { Contact } from '../decode/contact.ts';
import type { Page } from '../decode/page.ts';
import type { Timings } from '../limits.ts';
import type { Mirror } from './mirror.ts';
import { fromMirror } from './mirrorRecords.ts';
import { MirrorService } from './mirrorService.ts';
import { MirrorSync, type MirrorSyncOptions } from './mirrorSync.ts';

export interface LocalMirrorOptions extends Omit<MirrorSyncOptions, 'mirror'> {
  /** Where the mirror's server is reached, and with what. */
  access: { url: string; token: string };
  timings?: Partial<Timings>;
  /** Told when nothing is asked of its server any more. */
  onDispose?: () => void;
}

/** An account's contacts on this machine: the server that has them, and what keeps them in step. */
export class LocalMirror implements Mirror {
  private readonly contacts: ContactService;
  private readonly calls: MirrorService;
  private readonly sync: MirrorSync;
  private readonly onDispose: () => void;
  private readonly onFault: (error: unknown) => void;
  private disposal: Promise<void> | undefined;

  constructor({ access, timings = {}, onDispose = () => undefined, ...options }: LocalMirrorOptions) {
    const server = { origin: access.url, credential: { value: access.token }, timings };
    this.contacts = new ContactService(server);
    this.calls = new MirrorService(server);
    this.sync = new MirrorSync({ ...options, mirror: this.calls });
    this.onDispose = onDispose;
    this.onFault = options.onFault;
  }

  get isWhole(): boolean {
    return this.sync.isWhole;
  }

  get asOf(): Date | undefined {
    return this.sync.asOf;
  }

  /** Settles once it is known whether everybody is here; fails where its server does not say. */
  get known(): Promise<void> {
    return this.sync.known;
  }

  async list(options: Parameters<Mirror['list']>[0]): Promise<Page<Contact>> {
    return withItems(await this.contacts.list(options));
  }

  async search(options: Parameters<Mirror['search']>[0]): Promise<Page<Contact>> {
    return withItems(await this.contacts.search(options));
  }

  async get(contactId: string, call: CallOptions): Promise<Contact> {
    return fromMirror(await this.contacts.get(contactId, call));
  }

  accept(change: Parameters<Mirror['accept']>[0]): Promise<void> {
    return this.sync.accept(change);
  }

  async keep(contactId: string, name: string, value: unknown): Promise<void> {
    await this.calls.keep(contactId, name, value).catch((error: unknown) => this.fault(error));
  }

  kept(contactId: string, name: string): Promise<{ value: unknown; keptAt: string } | undefined> {
    return this.calls.kept(contactId, name).catch((error: unknown) => this.fault(error));
  }

  lost(): void {
    this.sync.lost();
  }

  found(): void {
    this.sync.found();
  }

  look(minAgeMs: number): Promise<void> {
    return this.sync.look(minAgeMs);
  }

  dispose(): Promise<void> {
    this.disposal ??= this.end();
    return this.disposal;
  }

  private fault(error: unknown): undefined {
    if (!isCancelled(error)) this.onFault(error);
  }

  private async end(): Promise<void> {
    await this.sync.dispose();
    this.contacts.dispose();
    this.calls.dispose();
    this.onDispose();
  }
}

const withItems = (page: Page<Contact>): Page<Contact> => ({ ...page, items: page.items.map(fromMirror) });
