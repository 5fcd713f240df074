import type { Log } from '../platform/log.ts';
import type { ContactService } from '../api/contactService.ts';
import type { Credential } from '../api/credential.ts';
import type { LocalDataService } from '../api/localDataService.ts';
import type { SignInService } from '../api/signInService.ts';
import type { AttemptRecord, TransportOptions } from '../api/transport.ts';
import { isLoopback } from '../api/serverAddress.ts';
import { ServerQuirks } from '../api/serverQuirks.ts';
import { loadsOtherOrigins, timings } from './settings.ts';

/** Makes the services that talk to a server, each with the user's time limits and a line in the log per request. */
export class Services {
  private readonly log: Log;
  private readonly habits = new ServerQuirks();

  constructor(log: Log) {
    this.log = log;
  }

  /**
   * @param onRefused told when the server does not take the credential (any more), with what was asked for.
   * @param isOwn the server is this extension's own, whose addresses of media may come from anybody's file.
   */
  async contacts(
    origin: string,
    credential: Credential,
    { onRefused, isOwn = false }: { onRefused?: (asked: AttemptRecord) => void; isOwn?: boolean } = {},
  ): Promise<ContactService> {
    // Loaded when it is first needed, which keeps the start of VS Code short.
    const { ContactService, MirroredContactService } = await import('../api/services.ts');
    const mayBeLoopback = !isOwn && isLoopback(origin);
    return new (isOwn ? ContactService : MirroredContactService)({
      ...this.options(origin, onRefused),
      credential,
      quirks: this.habits,
      foreignMedia: () => (!loadsOtherOrigins() ? 'off' : mayBeLoopback ? 'loopbackToo' : 'public'),
    });
  }

  /** Sees that a credential opens the contacts. @throws ApiError of kind `auth` where it does not */
  async verify(origin: string, credential: Credential, signal?: AbortSignal): Promise<void> {
    const service = await this.contacts(origin, credential);
    try {
      await service.list({ limit: 1, signal });
    } finally {
      service.dispose();
    }
  }

  async localData(origin: string, credential: Credential): Promise<LocalDataService> {
    const { LocalDataService } = await import('../api/services.ts');
    return new LocalDataService({ ...this.options(origin), credential });
  }

  async signIn(origin: string): Promise<SignInService> {
    const { SignInService } = await import('../api/services.ts');
    return new SignInService(this.options(origin));
  }

  private options(
    origin: string,
    onRefused?: (asked: AttemptRecord) => void,
  ): TransportOptions & { onDropped: (path: string, problem: string) => void } {
    return {
      origin,
      timings: timings(),
      onAttempt: (record) => {
        this.log.info(lineOf(record));
        if (record.outcome === 'auth') onRefused?.(record);
      },
      onDropped: (path, problem) => this.log.debug(`${path}: ${problem}`),
    };
  }
}

function lineOf({ method, pathTemplate, status, milliseconds, attempt, requestId, outcome }: AttemptRecord): string {
  const parts = [method, pathTemplate, status ?? outcome, `${Math.round(milliseconds)} ms`];
  if (attempt > 1) parts.push(`attempt ${attempt}`);
  if (requestId !== undefined) parts.push(`request ${requestId}`);
  return parts.join(' ');
}
