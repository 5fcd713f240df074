import { homedir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { logText } from '../../platform/errorReport.ts';
import { createLog, type Log } from '../../platform/log.ts';
import type { AccountStore } from '../../session/accountStore.ts';
import { accountLabel } from '../../session/accountText.ts';
import { windowVariable } from '../../mcp/wire.ts';
import type { ToolParts } from '../tools/agentTool.ts';
import { agentTools } from '../tools/index.ts';
import { AgentCalls } from './agentCalls.ts';
import { AgentClients } from './agentClients.ts';
import { AgentConsents } from './agentConsents.ts';
import { AgentGate } from './agentGate.ts';
import { AgentQuestions } from './agentQuestions.ts';
import { writeLauncher } from './launcher.ts';
import { chooseConfiguration, copyConfiguration } from './connectAgent.ts';
import { manageAgents } from './manageAgents.ts';

export interface AgentAccessParts extends ToolParts {
  accounts: AccountStore;
  extension: vscode.Extension<unknown>;
  secrets: vscode.SecretStorage;
  log: Log;
}

/** Lets agents ask this window, where the user wants that: who has not run a command for it has nothing that listens. */
export class AgentAccess implements vscode.Disposable {
  private readonly parts: AgentAccessParts;
  private readonly questions: AgentQuestions;
  private readonly agentLog = createLog('Contact Lookup: Agents');
  private readonly clients: AgentClients;
  private readonly consents: AgentConsents;
  private readonly calls: AgentCalls;
  private readonly disposables: vscode.Disposable[];
  private gate: Promise<AgentGate> | undefined;
  private isDisposed = false;

  constructor(parts: AgentAccessParts) {
    this.parts = parts;
    const { session, accounts, secrets } = parts;
    this.questions = new AgentQuestions(this.failed);
    this.clients = new AgentClients(secrets);
    const { questions, clients, agentLog: log } = this;
    this.consents = new AgentConsents({
      clients,
      questions,
      account: () => session.account,
      accountName: accountLabel,
    });
    this.calls = new AgentCalls({ session, consents: this.consents, questions, tools: agentTools(parts), log });
    this.disposables = [
      questions,
      log,
      vscode.window.onDidChangeWindowState(({ focused }) => {
        if (focused) this.gate?.then((gate) => gate.touch()).catch(() => undefined);
      }),
      // In every window: one of them has signed out.
      accounts.onDidChange(() => void this.forgetSignedOut().catch(this.failed)),
    ];
  }

  /** Opens or closes this window's gate, as the user has decided in this window or in another. */
  async follow(): Promise<void> {
    const isOpen = await this.clients.isOpen();
    if (!isOpen) this.consents.keepOnly(new Set());
    if (isForbidden() || !isOpen) return this.close();
    await this.open();
  }

  /** Lets agents ask, in every window, and copies what tells an agent's program how. */
  async connectAgent(): Promise<void> {
    if (isForbidden()) return void vscode.window.showWarningMessage(forbiddenText());
    const text = await chooseConfiguration(homedir());
    if (text === undefined) return;
    await this.clients.open();
    await this.open();
    await copyConfiguration(text);
  }

  async manageAgents(): Promise<void> {
    const { clients, questions, consents, agentLog } = this;
    await manageAgents({ accounts: this.parts.accounts, clients, questions, consents, agentLog });
  }

  showAgentLog(): void {
    this.agentLog.show();
  }

  /** What VS Code may start for its own agents, once the user has connected any: it asks this window before others. */
  async definitions(): Promise<vscode.McpStdioServerDefinition[]> {
    if (isForbidden() || !(await this.clients.isOpen())) return [];
    const { entry } = await this.open();
    const program = join(this.parts.extension.extensionPath, 'dist', 'mcp.js');
    const env = { ELECTRON_RUN_AS_NODE: '1', [windowVariable]: entry };
    return [new vscode.McpStdioServerDefinition('Contact Lookup', process.execPath, [program], env)];
  }

  dispose(): void {
    this.isDisposed = true;
    this.close();
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private readonly failed = (error: unknown): void => this.parts.log.error(logText(error));

  private async forgetSignedOut(): Promise<void> {
    const known = new Set((await this.parts.accounts.read()).accounts.map(({ id }) => id));
    this.consents.keepOnly(known);
    await this.clients.keepOnly(known);
  }

  private open(): Promise<AgentGate> {
    if (this.gate !== undefined) return this.gate;
    const opening = this.openGate();
    this.gate = opening;
    opening.catch((error: unknown) => {
      if (this.gate === opening) this.gate = undefined;
      this.failed(error);
    });
    return opening;
  }

  private async openGate(): Promise<AgentGate> {
    const gate = await AgentGate.open(homedir(), (call, signal) => this.calls.answer(call, signal), this.failed);
    try {
      writeLauncher(homedir(), this.parts.extension.extensionPath);
    } catch (error) {
      gate.dispose();
      throw error;
    }
    if (this.isDisposed) gate.dispose();
    return gate;
  }

  private close(): void {
    this.gate?.then((gate) => gate.dispose()).catch(() => undefined);
    this.gate = undefined;
  }
}

/** An organization's own decision, in its settings. */
const isForbidden = (): boolean =>
  vscode.workspace.getConfiguration('contactLookup').get<string>('agentAccess') === 'never';

const forbiddenText = (): string => vscode.l10n.t('The settings say that no agent is let in.');
