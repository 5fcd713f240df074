import * as vscode from 'vscode';
import { runCommand } from '../../platform/commands.ts';
import { displayTerm } from '../../platform/displayText.ts';
import type { Log } from '../../platform/log.ts';
import { choose } from '../../platform/steps.ts';
import { accountLabel } from '../../session/accountText.ts';
import type { AccountStore } from '../../session/accountStore.ts';
import type { AgentClients } from './agentClients.ts';
import type { AgentConsents } from './agentConsents.ts';
import type { AgentQuestions } from './agentQuestions.ts';

export interface ManageParts {
  accounts: AccountStore;
  clients: AgentClients;
  questions: AgentQuestions;
  consents: AgentConsents;
  agentLog: Log;
}

type Item = vscode.QuickPickItem & { value: () => unknown };

/** Lists what agents ask and who was let in, and takes consents back. */
export async function manageAgents(parts: ManageParts): Promise<void> {
  const { clients, agentLog } = parts;
  const isOpen = await clients.isOpen();
  const items: Item[] = [
    ...questionItems(parts),
    ...(await clientItems(parts)),
    item('plug', vscode.l10n.t('Connect an Agent…'), () => runCommand('contactLookup.connectAgent')),
    ...(isOpen ? [item('circle-slash', vscode.l10n.t('Let No Agent In Any More'), () => clients.close())] : []),
    item('output', vscode.l10n.t('Show What Agents Did'), () => agentLog.show()),
  ];
  const picked = await choose({
    title: vscode.l10n.t('Agents'),
    placeholder: isOpen
      ? vscode.l10n.t('Agents may ask; each is let in by you, and each change is asked about')
      : vscode.l10n.t('No agent is let in'),
    items,
    first: items[0]?.value,
  });
  if (typeof picked === 'function') await picked();
}

const item = (icon: string, label: string, value: () => unknown, description = ''): Item => ({
  iconPath: new vscode.ThemeIcon(icon),
  label,
  description,
  value,
});

const questionItems = ({ questions }: ManageParts): Item[] =>
  questions.open.map(({ text, review }) => item('question', text(), review));

const labelOf = (name: string): string => displayTerm(name, 'label');

async function clientItems({ accounts, clients, consents }: ManageParts): Promise<Item[]> {
  const known = new Map((await accounts.read()).accounts.map((account) => [account.id, accountLabel(account)]));
  const whose = (accountId: string): string => displayTerm(known.get(accountId) ?? '', 'description');
  const allowed = (await clients.list()).map((client): Item => {
    const day = new Date(client.allowedAt).toLocaleDateString(vscode.env.language, { dateStyle: 'medium' });
    const description = vscode.l10n.t('reads {0}, since {1}', whose(client.accountId), day);
    return item(
      'pass',
      labelOf(client.name),
      () => askToRevoke(client.name, () => clients.revoke(client)),
      description,
    );
  });
  const here = consents.decidedHere.map((client): Item => {
    const forget = (): void => {
      consents.forget(client);
      const text = vscode.l10n.t('“{0}” is asked about when it comes back.', displayTerm(client.name, 'description'));
      void vscode.window.showInformationMessage(text);
    };
    return client.isAllowed
      ? item(
          'pass',
          labelOf(client.name),
          () => askToRevoke(client.name, () => consents.forget(client)),
          vscode.l10n.t('reads {0}, in this window', whose(client.accountId)),
        )
      : item(
          'circle-slash',
          labelOf(client.name),
          forget,
          vscode.l10n.t('refused in this window; pick it to be asked again'),
        );
  });
  return [...allowed, ...here];
}

async function askToRevoke(client: string, revoke: () => unknown): Promise<void> {
  const name = displayTerm(client, 'description');
  const yes = vscode.l10n.t('Keep It Out');
  const text = vscode.l10n.t('Keep “{0}” out? It is asked about again if it comes back.', name);
  if ((await vscode.window.showWarningMessage(text, { modal: true }, yes)) !== yes) return;
  await revoke();
  void vscode.window.showInformationMessage(vscode.l10n.t('“{0}” is kept out.', name));
}
