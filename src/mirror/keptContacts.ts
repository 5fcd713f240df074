import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ContactService } from '../api/contactService.ts';
import { LocalMirror } from '../api/mirror/localMirror.ts';
import { MirroredContactService } from '../api/mirror/mirroredContactService.ts';
import { removalMark } from '../contract/mirror.ts';
import { logText, UserError } from '../platform/errorReport.ts';
import type { ServerAccount } from '../session/account.ts';
import { forkServer } from '../session/serverProcess.ts';
import { askToKeep, askToRemove } from './consent.ts';
import type { MirrorServices } from './index.ts';
import { MirrorStatus } from './mirrorStatus.ts';

/** Until a mirror is there the account's server answers; nobody waits longer for it than this. */
const openLimitMs = 5_000;
/** Lists follow changes that come together once. */
const settleMs = 300;
const restartDelaysMs = [1_000, 5_000, 30_000];
/** A server that has run this long is taken for sound again. */
const soundAfterMs = 60_000;

type StartedServer = ReturnType<typeof forkServer>;

/** The mirror of the account in use, and what is decided about those of the others. */
export class KeptContacts implements vscode.Disposable {
  private readonly services: MirrorServices;
  private readonly status: MirrorStatus;
  /** Of each account, settles when the server of its mirror that was started last has ended. */
  private readonly ended = new Map<string, Promise<unknown>>();
  /** Of each account, what is being started or removed. */
  private readonly turns = new Map<string, Promise<unknown>>();
  private settling: NodeJS.Timeout | undefined;
  private readonly offered = new Set<string>();
  private restarts = 0;

  constructor(services: MirrorServices) {
    this.services = services;
    this.status = new MirrorStatus(services.session);
  }

  /** Lets `service` answer from what is kept of its account's contacts: at once, or from when that is there. */
  async open(account: ServerAccount, service: ContactService): Promise<void> {
    if (isForbidden()) return this.forget(account.id);
    if (!isAllowed() || !(service instanceof MirroredContactService)) return;
    const { session, log } = this.services;
    let isLate = false;
    const isWanted = (): boolean => !isLate || session.service === service;
    const opening = this.inTurn(account.id, () => this.startServer(account.id, isWanted)).then(async (started) => {
      const opened = started && (await this.mirrorOf(account, service, started));
      if (opened === undefined) return;
      if (!isWanted()) return opened.end();
      service.useMirror(opened.mirror);
      opened.use();
      // What was asked before was answered by the server, if at all.
      if (isLate) session.contactsChanged();
    });
    let limit: NodeJS.Timeout | undefined;
    const tooLong = new Promise<void>((resolve) => (limit = setTimeout(resolve, openLimitMs)));
    await Promise.race([opening, tooLong]).finally(() => clearTimeout(limit));
    isLate = true;
    // Before the limit it is thrown to whoever waits.
    opening.catch((error: unknown) => log.warn(`kept contacts: ${logText(error)}`));
  }

  /** A mirror over the server that has it, once it is known how far it has come. */
  private async mirrorOf(
    account: ServerAccount,
    service: MirroredContactService,
    { server, ready }: StartedServer,
  ): Promise<{ mirror: LocalMirror; use: () => void; end: () => Promise<void> }> {
    const { session, log } = this.services;
    let isInUse = false;
    try {
      const mirror = new LocalMirror({
        source: service,
        access: await ready,
        holder: `${process.pid}.${server.pid}`,
        onState: (state) => {
          if (isInUse && session.account?.id === account.id) session.showKept(state);
        },
        onChange: () => this.settle(),
        onFault: (error) => log.warn(`kept contacts: ${logText(error)}`),
        onDispose: () => {
          isInUse = false;
          stop(server);
        },
      });
      const end = (): Promise<void> => {
        stop(server);
        return mirror.dispose();
      };
      await mirror.known.catch(async (error: unknown) => {
        await end();
        throw error;
      });
      const use = (): void => {
        isInUse = true;
        this.watch(server, service, mirror);
      };
      return { mirror, use, end };
    } catch (error) {
      stop(server);
      throw error;
    }
  }

  /**
   * Starts the server of a mirror, unless it is not wanted any more.
   * @param isWanted whether it is of any use still.
   */
  private async startServer(accountId: string, isWanted: () => boolean): Promise<StartedServer | undefined> {
    const { log, extensionUri, globalState } = this.services;
    await this.ended.get(accountId);
    if (globalState.get(keyOf(accountId)) !== true || !isWanted()) return undefined;
    const folder = this.folderOf(accountId);
    await vscode.workspace.fs.createDirectory(folder);
    await rm(join(folder.fsPath, removalMark), { force: true });
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
    const { session, globalState } = this.services;
    const { service } = session;
    if (!isAllowed() || !vscode.window.state.focused || service === undefined || this.offered.has(account.id)) return;
    this.offered.add(account.id);
    const { totalMatching } = await service.list({ limit: 1, isBackground: true });
    const isWanted = await askToKeep(account, totalMatching, this.folderOf(account.id));
    // It may have been answered in another window, and by the command.
    if (session.account?.id !== account.id || globalState.get(keyOf(account.id)) !== undefined) return;
    if (isWanted) await this.decide(account.id, true);
    else await globalState.update(keyOf(account.id), false);
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

  /** Removes all that is kept of an account, and then what was decided: a folder of nobody is found at the next start. */
  async forget(accountId: string): Promise<void> {
    this.offered.delete(accountId);
    await this.remove(accountId, undefined);
  }

  /** Removes what is kept of accounts that are gone or whose users do not want it, however that came about. */
  async prune(accountIds: readonly string[]): Promise<void> {
    const { globalState, globalStorageUri } = this.services;
    const folders = await readdir(vscode.Uri.joinPath(globalStorageUri, 'kept').fsPath);
    for (const id of folders) {
      const decided = accountIds.includes(id) && !isForbidden() ? globalState.get(keyOf(id)) : undefined;
      if (decided !== true) await this.remove(id, decided === false ? false : undefined);
    }
  }

  dispose(): void {
    clearTimeout(this.settling);
    this.status.dispose();
  }

  private async decide(accountId: string, isWanted: boolean): Promise<void> {
    const { session, globalState } = this.services;
    await globalState.update(keyOf(accountId), isWanted);
    await session.reopen();
    if (!isWanted) await this.remove(accountId, false);
  }

  /** @param decision what is decided about the account from then on. */
  private remove(accountId: string, decision: false | undefined): Promise<void> {
    return this.inTurn(accountId, async () => {
      await this.ended.get(accountId);
      const { fsPath } = this.folderOf(accountId);
      if (existsSync(fsPath)) await writeFile(join(fsPath, removalMark), '');
      // Those of other windows leave it now. Windows keeps files of a process that has just ended for a moment.
      await rm(fsPath, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
      await this.services.globalState.update(keyOf(accountId), decision);
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
      // The account's server answers until there is a mirror again.
      if (service.mirror === mirror) service.useMirror(undefined);
      if (session.service === service) session.showKept(undefined);
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
