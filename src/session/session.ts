import * as vscode from 'vscode';
import type { Log } from '../platform/log.ts';
import type { ContactService } from '../api/contactService.ts';
import type { AttemptRecord } from '../api/transport.ts';
import { setContextKey } from '../platform/contextKeys.ts';
import { logText, UserError } from '../platform/errorReport.ts';
import type { LocalWorkspace } from './localWorkspace.ts';
import type { SessionSecret, StoredSession } from './sessionSecret.ts';

export type SessionState =
  | { kind: 'signedOut' }
  | { kind: 'starting' }
  | { kind: 'ready'; service: ContactService; isLocal: boolean }
  | { kind: 'failed'; error: unknown };

const restartDelaysMs = [0, 1_000, 3_000, 10_000, 30_000];
/** A server that has run this long is taken for sound again. */
const soundAfterMs = 60_000;

/** Which server this window talks to, and as whom. */
export class Session implements vscode.Disposable {
  private readonly secret: SessionSecret;
  private readonly localWorkspace: LocalWorkspace;
  private readonly log: Log;
  private readonly disposables: vscode.Disposable[] = [];
  private readonly didChange = new vscode.EventEmitter<SessionState>();
  readonly onDidChange = this.didChange.event;
  private current: SessionState = { kind: 'signedOut' };
  private opened: StoredSession | undefined;
  /** Counts the openings, so that one overtaken by the next changes nothing. */
  private opening = 0;
  private restarts = 0;
  private restartTimer: NodeJS.Timeout | undefined;
  private startedAt = 0;

  constructor(secret: SessionSecret, localWorkspace: LocalWorkspace, log: Log) {
    this.secret = secret;
    this.localWorkspace = localWorkspace;
    this.log = log;
    this.disposables.push(
      this.didChange,
      localWorkspace.onDidExit(() => this.restartSoon()),
      secret.onDidChange(() => void this.follow()),
    );
    setContextKey('contactLookup.session', 'signedOut');
  }

  get state(): SessionState {
    return this.current;
  }

  /** The service of a session that is ready. */
  get service(): ContactService | undefined {
    return this.current.kind === 'ready' ? this.current.service : undefined;
  }

  /** Opens what is remembered, at start and whenever another window changes it. */
  async follow(): Promise<void> {
    let stored: StoredSession | undefined;
    try {
      stored = await this.secret.read();
    } catch (error) {
      this.log.error(logText(error));
      return this.become({
        kind: 'failed',
        error: new UserError(vscode.l10n.t('VS Code’s secret storage cannot be read.')),
      });
    }
    if (JSON.stringify(stored) === JSON.stringify(this.opened) && this.current.kind !== 'failed') return;
    await this.open(stored);
  }

  /** Remembers `session` and opens it, here and in the other windows. */
  async use(session: StoredSession): Promise<void> {
    // Opened before it is stored, so that the change event finds nothing new here.
    const opened = this.open(session);
    await this.secret.write(session);
    await opened;
  }

  async signOut(): Promise<void> {
    const closed = this.open(undefined);
    await this.secret.forget();
    await closed;
  }

  /** Tries again what failed. */
  async retry(): Promise<void> {
    // What could not be read is not what there is not.
    if (this.opened === undefined) await this.follow();
    else await this.open(this.opened);
  }

  dispose(): void {
    this.opening++;
    clearTimeout(this.restartTimer);
    this.closeService();
    vscode.Disposable.from(...this.disposables).dispose();
  }

  /** A service that reports each request to the log. */
  async createService(origin: string, token: string): Promise<ContactService> {
    // Loaded when it is first needed, which keeps the start of VS Code short.
    const { ContactService } = await import('../api/contactService.ts');
    return new ContactService({
      origin,
      credential: { value: token },
      onAttempt: (record) => this.logAttempt(record),
      onDropped: (path, problem) => this.log.debug(`${path}: ${problem}`),
    });
  }

  private async open(session: StoredSession | undefined): Promise<void> {
    const opening = ++this.opening;
    clearTimeout(this.restartTimer);
    this.opened = session;
    if (session?.kind !== 'local') this.localWorkspace.stop();
    if (session === undefined) return this.become({ kind: 'signedOut' });
    this.become({ kind: 'starting' });
    try {
      const access =
        session.kind === 'local' ? await this.localWorkspace.start() : { url: session.origin, token: session.token };
      const service = await this.createService(access.url, access.token);
      if (opening !== this.opening) return service.dispose();
      this.startedAt = performance.now();
      this.become({ kind: 'ready', service, isLocal: session.kind === 'local' });
    } catch (error) {
      this.log.error(logText(error));
      if (opening === this.opening) this.become({ kind: 'failed', error });
    }
  }

  private become(state: SessionState): void {
    this.closeService();
    this.current = state;
    setContextKey('contactLookup.session', state.kind);
    this.didChange.fire(state);
  }

  private closeService(): void {
    if (this.current.kind === 'ready') this.current.service.dispose();
  }

  private restartSoon(): void {
    if (this.opened?.kind !== 'local') return;
    if (performance.now() - this.startedAt > soundAfterMs) this.restarts = 0;
    const delay = restartDelaysMs[this.restarts++];
    if (delay === undefined) {
      const error = new UserError(vscode.l10n.t('The local workspace keeps ending.'));
      this.log.error(logText(error));
      this.become({ kind: 'failed', error });
      return;
    }
    this.log.warn(`local workspace: starting again in ${delay} ms`);
    this.restartTimer = setTimeout(() => void this.open(this.opened), delay);
  }

  private logAttempt(record: AttemptRecord): void {
    const { method, pathTemplate, status, milliseconds, attempt, requestId, outcome } = record;
    const parts = [method, pathTemplate, status ?? outcome, `${Math.round(milliseconds)} ms`];
    if (attempt > 1) parts.push(`attempt ${attempt}`);
    if (requestId !== undefined) parts.push(`request ${requestId}`);
    this.log.info(parts.join(' '));
  }
}
