/** A workspace that is a mirror: its contacts are another server's, and their ids and dates with them. */
import type { KeptAnswer, MirrorAnswer, MirrorProgress, MirrorState } from '../../contract/mirror.ts';
import type { ContactDraft } from './records.ts';

/** What is taken in at once. */
export interface MirrorChange {
  contacts: readonly ContactDraft[];
  /** Those who are new are older than all that are here. */
  isOlder: boolean;
  /** Who was removed lately stays so. */
  isListed: boolean;
  removed: readonly string[];
  /** What of it is another now; rows that were counted once stay counted. */
  progress?: Partial<MirrorProgress> | undefined;
}

export interface MirrorStore {
  state(): Promise<MirrorState>;
  /** All of it or nothing. A contact that is newer here than what is given stays as it is. */
  apply(change: MirrorChange): Promise<MirrorAnswer>;
  /** Those who were not given since the sweep under way began. */
  unseen(limit: number): Promise<string[]>;
  /** Keeps an answer of the other server, about a contact or about none (`''`): of the contacts asked about last, some. */
  keep(answer: KeptAnswer): Promise<void>;
  kept(contactId: string, name: string): Promise<KeptAnswer | undefined>;
  /** Gives the lease to `holder` for a while, or says that another has it. */
  lease(holder: string, seconds: number): Promise<boolean>;
}
