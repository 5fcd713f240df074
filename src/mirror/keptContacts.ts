import type { ChildProcess } from 'node:child_process';
import { rm } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { ContactService } from '../api/contactService.ts';
import { LocalMirror } from '../api/mirror/localMirror.ts';
import { MirroredContactService } from '../api/mirror/mirroredContactService.ts';
import { logText, UserError } from '../platform/errorReport.ts';
import type { ServerAccount } from '../session/account.ts';
import { forkServer, type ServerAccess } from '../session/serverProcess.ts';
import { askToKeep, askToRemove } from './consent.ts';
import type { MirrorServices } from './index.ts';
import { MirrorStatus } from './mirrorStatus.ts';

/** A mirror that is not there by then is done without. */
const openLimitMs = 5_000;
/** Lists follow changes that come together once. */
const settleMs = 300;
const restartDelaysMs = [1_000, 5_000, 30_000];
/** A server that has run this long is taken for sound again. */
const soundAfterMs = 60_000;

/** The mirror of the account in use, and what is decided about those of the others. */
export class KeptContacts implements vscode.Disposable {
  private readonly services: MirrorServices;
  private readonly status: MirrorStatus;
  /** Of each account, settles when the server of its mirror that was started last has ended. */
  private readonly ended = new Map<string, Promise<unknown>>();
  /** Of each account, what is being started or removed. */
  private readonly turns = new Map<string, Promise<unknown>>();
  /** The one in use. */
  private current: LocalMirror | undefined;
  private settling: NodeJS.Timeout | undefined;
  private readonly offered = new Set<string>();
  private restarts = 0;

  constructor(services: MirrorServices) {
    this.services = services;
    this.status = new MirrorStatus(services.session);
  }

  /** Lets `service` answer from what is kept of its account's contacts, as soon as that can be. */
  async open(account: ServerAccount, service: ContactService): Promise<void> {
    if (isForbidden()) return this.forget(account.id);
    if (!isAllowed() || !(service instanceof MirroredContactService)) return;
    const started = await this.inTurn(account.id, () => this.startServer(account.id));
    if (started === undefined) return;
    const { server, ready } = started;
    const limit = new Promise<never>((_, reject) => {
      setTimeout(() => reject(new UserError('The kept contacts did not come in time.')), openLimitMs).unref();
    });
    limit.catch(() => undefined);
    let mirror: LocalMirror | undefined;
    try {
      mirror = this.mirrorOf(service, await Promise.race([ready, limit]), server);
      this.current = mirror;
      await Promise.race([mirror.known, limit]);
    } catch (error) {
      await mirror?.dispose();
      stop(server);
      throw error;
    }
    service.useMirror(mirror);
    this.watch(server, service, mirror);
  }

  private mirrorOf(source: MirroredContactService, access: ServerAccess, server: ChildProcess): LocalMirror {
    const { session, log } = this.services;
    const mirror: LocalMirror = new LocalMirror({
      source,
      access,
      holder: `${process.pid}.${server.pid}`,
      onState: (state) => {
        if (this.current === mirror) session.showKept(state);
      },
      onChange: () => this.settle(),
      onFault: (error) => log.warn(`kept contacts: ${logText(error)}`),
      onDispose: () => stop(server),
    });
    return mirror;
  }

  /** Starts the server of a mirror, unless it is not wanted any more. */
  private async startServer(
    accountId: string,
  ): Promise<{ server: ChildProcess; ready: Promise<ServerAccess> } | undefined> {
    const { log, extensionUri, globalState } = this.services;
    await this.ended.get(accountId);
    if (globalState.get(keyOf(accountId)) !== true) return undefined;
    const folder = this.folderOf(accountId);
    await vscode.workspace.fs.createDirectory(folder);
    const started = forkServer(
      vscode.Uri.joinPath(extensionUri, 'dist', 'server.js').fsPath,
      ['--data', folder.fsPath, '--mirror'],
      {
        onLine: (line) => log.debug(`kept contacts: ${line}`),
        sentence: (lastWords) => vscode.l10n.t('The contacts on this machine cannot be used. {0}', lastWords),
      },
    );
    // Told to whoever waits for it, if anybody still does.
    started.ready.catch(() => undefined);
    this.ended.set(accountId, new Promise((resolve) => started.server.once('exit', resolve)));
    return started;
  }

  /** Nothing else is started or removed of the account meanwhile. */
  private inTurn<T>(accountId: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.turns.get(accountId) ?? Promise.resolve()).then(work);
    this.turns.set(
      accountId,
      turn.catch(() => undefined),
    );
    return turn;
  }

  /** Asks, where it may be and was not yet, whether the account's contacts are to be kept. */
  async offer(account: ServerAccount): Promise<void> {
    const { session } = this.services;
    const { service } = session;
    if (!isAllowed() || !vscode.window.state.focused || service === undefined || this.offered.has(account.id)) return;
    this.offered.add(account.id);
    const { totalMatching } = await service.list({ limit: 1, isBackground: true });
    const isWanted = await askToKeep(account, totalMatching, this.folderOf(account.id));
    if (session.account?.id === account.id) await this.decide(account.id, isWanted);
  }

  /** What was decided, the other way round. */
  async choose(): Promise<void> {
    const { session, globalState } = this.services;
    const { account, service } = session;
    if (account?.kind !== 'server' || service === undefined) {
      throw new UserError(vscode.l10n.t('This is for the contacts of a server. Sign in to one first.'));
    }
    if (isForbidden())
      throw new UserError(vscode.l10n.t('The settings say that no contacts are kept on this machine.'));
    if (!vscode.workspace.isTrusted) {
      throw new UserError(vscode.l10n.t('Contacts are kept on this machine only while the workspace is trusted.'));
    }
    const folder = this.folderOf(account.id);
    if (globalState.get(keyOf(account.id)) === true) {
      if (await askToRemove(account, folder)) await this.decide(account.id, false);
    } else if (await askToKeep(account, (await service.list({ limit: 1 })).totalMatching, folder)) {
      await this.decide(account.id, true);
    }
  }

  /** Removes all that is kept of an account, and what was decided. */
  async forget(accountId: string): Promise<void> {
    await this.services.globalState.update(keyOf(accountId), undefined);
    this.offered.delete(accountId);
    await this.remove(accountId);
  }

  dispose(): void {
    clearTimeout(this.settling);
    this.status.dispose();
  }

  private async decide(accountId: string, isWanted: boolean): Promise<void> {
    const { session, globalState } = this.services;
    await globalState.update(keyOf(accountId), isWanted);
    await session.reopen();
    if (!isWanted) await this.remove(accountId);
  }

  private remove(accountId: string): Promise<void> {
    return this.inTurn(accountId, async () => {
      await this.ended.get(accountId);
      // Windows keeps files of a process that has just ended for a moment.
      await rm(this.folderOf(accountId).fsPath, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    });
  }

  private folderOf(accountId: string): vscode.Uri {
    return vscode.Uri.joinPath(this.services.globalStorageUri, 'kept', accountId);
  }

  private settle(): void {
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.services.session.contactsChanged(), settleMs);
  }

  /** Its server may end because the account is closed, or must be started again. */
  private watch(server: ChildProcess, service: MirroredContactService, mirror: LocalMirror): void {
    const startedAt = performance.now();
    const again = async (): Promise<void> => {
      const { session, log } = this.services;
      if (this.current === mirror) this.current = undefined;
      await mirror.dispose();
      if (performance.now() - startedAt > soundAfterMs) this.restarts = 0;
      const delay = restartDelaysMs[this.restarts];
      if (session.service !== service || delay === undefined) return;
      this.restarts++;
      log.warn(`kept contacts: starting again in ${delay} ms`);
      setTimeout(() => {
        if (session.service === service) void session.reopen();
      }, delay);
    };
    if (server.exitCode !== null || server.signalCode !== null) void again();
    else server.once('exit', () => void again());
  }
}

const keyOf = (accountId: string): string => `kept.${accountId}`;

/** For organizations that want none of it. */
const isForbidden = (): boolean =>
  vscode.workspace.getConfiguration('contactLookup').inspect('keepContacts')?.globalValue === 'never';

const isAllowed = (): boolean => vscode.workspace.isTrusted && !isForbidden();

/** It stops by itself when the channel closes; the signal is for one that hangs. */
function stop(server: ChildProcess): void {
  if (server.connected) server.disconnect();
  server.kill();
}
