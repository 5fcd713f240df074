import type { ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import * as vscode from 'vscode';
import type { DamageReport } from '../contract/damage.ts';
import type { Log } from '../platform/log.ts';
import { damageSentence, offerRecovery } from './damagedWorkspace.ts';
import { forkServer, type ServerAccess } from './serverProcess.ts';

const sampleContactCount = 250;

/**
 * Starts the local workspace's server, with sample contacts where there are no others.
 * @param extra parameters beside the usual ones.
 * @param useAtNextStart takes those that the user has decided on about a damaged store.
 */
export function startLocalServer(
  { extensionUri, globalStorageUri, log }: { extensionUri: vscode.Uri; globalStorageUri: vscode.Uri; log: Log },
  extra: readonly string[],
  useAtNextStart: (extra: string[]) => void,
): { server: ChildProcess; ready: Promise<ServerAccess> } {
  const serverModule = vscode.Uri.joinPath(extensionUri, 'dist', 'server.js');
  const data = vscode.Uri.joinPath(globalStorageUri, 'local-workspace');
  mkdirSync(data.fsPath, { recursive: true });
  const onLine = (line: string): void => log.debug(`local workspace: ${line}`);
  let damage: DamageReport | undefined;
  return forkServer(serverModule.fsPath, ['--data', data.fsPath, '--seed', String(sampleContactCount), ...extra], {
    onLine,
    onMessage: (message) => {
      damage = message as DamageReport;
      offerRecovery(damage, data.fsPath, useAtNextStart).catch(() => onLine('nothing could be offered'));
    },
    sentence: (lastWords) =>
      damage === undefined
        ? vscode.l10n.t('The local workspace did not start. {0}', lastWords)
        : damageSentence(damage),
  });
}
