import * as v from 'valibot';
import {
  keptAnswer,
  leaseAnswer,
  mirrorAnswer,
  mirrorState,
  unseenAnswer,
  type MirrorAnswer,
  type MirrorRequest,
  type MirrorState,
} from '../../contract/mirror.ts';
import { LocalCalls } from '../localCalls.ts';
import { queryOf } from '../paths.ts';
import type { TransportOptions } from '../transport.ts';

/** What fills a mirror and keeps it in step: the routes of the server that has it (docs/contract.md, section 9). */
export class MirrorService {
  private readonly calls: LocalCalls;

  constructor(options: TransportOptions) {
    this.calls = new LocalCalls(options);
  }

  dispose(): void {
    this.calls.dispose();
  }

  state(): Promise<MirrorState> {
    return this.calls.get('/mirror', '/mirror', mirrorState);
  }

  /** All of it or nothing. */
  apply(change: MirrorRequest): Promise<MirrorAnswer> {
    return this.calls.send('PUT', { pathTemplate: '/mirror' }, change, mirrorAnswer);
  }

  async unseen(limit: number): Promise<readonly string[]> {
    return (await this.calls.get('/mirror/unseen', `/mirror/unseen?limit=${limit}`, unseenAnswer)).ids;
  }

  /** Whether `holder` is the one that keeps step, for so many seconds from now. */
  async lease(holder: string, seconds: number): Promise<boolean> {
    return (await this.calls.send('POST', { pathTemplate: '/mirror/lease' }, { holder, seconds }, leaseAnswer)).isHeld;
  }

  /** Keeps what the other server has answered about a contact, or about none (`''`). */
  async keep(contactId: string, name: string, value: unknown): Promise<void> {
    await this.calls.send(
      'PUT',
      { pathTemplate: '/mirror/answers' },
      { contact_id: contactId, name, value },
      v.object({ success: v.boolean() }),
    );
  }

  async kept(contactId: string, name: string): Promise<{ value: unknown; keptAt: string } | undefined> {
    const query = queryOf({ contact_id: contactId, name });
    const { kept } = await this.calls.get('/mirror/answers', `/mirror/answers${query}`, keptAnswer);
    return kept === null ? undefined : { value: kept.value, keptAt: kept.kept_at };
  }
}
