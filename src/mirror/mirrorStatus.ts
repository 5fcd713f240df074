import * as vscode from 'vscode';
import type { CommandId } from '../platform/commands.ts';
import { keptText } from '../session/keptText.ts';
import type { Session } from '../session/session.ts';

/** In the status bar while the contacts are on their way to this machine, and while their server does not answer. */
export class MirrorStatus implements vscode.Disposable {
  private readonly session: Session;
  private readonly item: vscode.StatusBarItem;
  private readonly listeners: vscode.Disposable;

  constructor(session: Session) {
    this.session = session;
    this.item = vscode.window.createStatusBarItem('contactLookup.kept', vscode.StatusBarAlignment.Right, 49);
    this.item.name = vscode.l10n.t('Contacts on This Machine');
    this.listeners = vscode.Disposable.from(
      session.onDidChangeKept(() => this.show()),
      session.onDidChange(() => this.show()),
    );
    this.show();
  }

  dispose(): void {
    this.listeners.dispose();
    this.item.dispose();
  }

  private show(): void {
    const { kept, state } = this.session;
    const text = state.kind === 'ready' ? keptText(kept) : undefined;
    if (kept === undefined || text === undefined) return this.item.hide();
    const isOffline = kept.kind === 'unreachable';
    this.item.text = `${isOffline ? '$(debug-disconnect)' : '$(sync~spin)'} ${text}`;
    this.item.tooltip = isOffline
      ? vscode.l10n.t('The server does not answer. Click to try again.')
      : vscode.l10n.t('The contacts are on their way to this machine, newest first.');
    this.item.command = isOffline ? ('contactLookup.refresh' satisfies CommandId) : undefined;
    this.item.accessibilityInformation = { label: text };
    this.item.show();
  }
}
