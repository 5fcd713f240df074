import * as vscode from 'vscode';
import type { ContactsModel } from '../contacts/contactsModel.ts';
import { registerCommand } from '../platform/commands.ts';
import { logText } from '../platform/errorReport.ts';
import type { Log } from '../platform/log.ts';
import type { AccountStore } from '../session/accountStore.ts';
import type { Session } from '../session/session.ts';
import { agentsKey } from './agentsKey.ts';
import type { AgentAccess } from './access/agentAccess.ts';

const languageModelTools = () => import('./languageModelTools.ts');

export interface AgentServices {
  session: Session;
  accounts: AccountStore;
  model: ContactsModel;
  extension: vscode.Extension<unknown>;
  secrets: vscode.SecretStorage;
  log: Log;
}

/** What agents may do with contacts: VS Code's own by its tools, all others by the Model Context Protocol. */
export function register(services: AgentServices): vscode.Disposable {
  const { extension, secrets, log } = services;
  const { contributes } = extension.packageJSON as { contributes: { languageModelTools: readonly { name: string }[] } };
  const tools = contributes.languageModelTools.map(({ name }) =>
    vscode.lm.registerTool<Record<string, unknown>>(name, {
      prepareInvocation: async ({ input }, token) => (await languageModelTools()).prepare(services, name, input, token),
      invoke: async ({ input }, token) => (await languageModelTools()).invoke(services, name, input, token),
    }),
  );

  let loaded: Promise<AgentAccess> | undefined;
  const access = (): Promise<AgentAccess> =>
    (loaded ??= import('./access/agentAccess.ts').then(({ AgentAccess }) => new AgentAccess(services)));
  const didChange = new vscode.EventEmitter<void>();
  /** Who has never connected an agent loads nothing for it. */
  const isUsed = async (): Promise<boolean> => loaded !== undefined || (await secrets.get(agentsKey)) !== undefined;
  const follow = async (): Promise<void> => {
    if (await isUsed()) await (await access()).follow();
    didChange.fire();
  };
  const failed = (error: unknown): void => log.error(logText(error));
  const followNow = (): void => void follow().catch(failed);
  followNow();
  const command = (name: 'connectAgent' | 'manageAgents' | 'showAgentLog'): vscode.Disposable =>
    registerCommand(`contactLookup.${name}`, log, async () => (await access())[name]());
  return vscode.Disposable.from(
    ...tools,
    didChange,
    secrets.onDidChange(({ key }) => {
      if (key === agentsKey) followNow();
    }),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('contactLookup.agentAccess')) followNow();
    }),
    vscode.lm.registerMcpServerDefinitionProvider(agentsKey, {
      onDidChangeMcpServerDefinitions: didChange.event,
      provideMcpServerDefinitions: async () => ((await isUsed()) ? (await access()).definitions() : []),
    }),
    command('connectAgent'),
    command('manageAgents'),
    command('showAgentLog'),
    new vscode.Disposable(() => void loaded?.then((open) => open.dispose(), failed)),
  );
}
