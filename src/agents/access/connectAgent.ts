import * as vscode from 'vscode';
import { choose } from '../../platform/steps.ts';
import { launcherPath } from '../../mcp/wire.ts';

const serverName = 'contacts';

/** How each kind of program is told of a server; none of it is a secret. */
const configurations = (path: string): { program: string; description: string; text: string }[] => [
  {
    program: 'JSON',
    description: vscode.l10n.t('for most programs: an entry of “mcpServers” in their settings'),
    text: JSON.stringify({ mcpServers: { [serverName]: { command: 'node', args: [path] } } }),
  },
  {
    program: 'Claude Code',
    description: vscode.l10n.t('a command for the terminal'),
    text: `claude mcp add ${serverName} -- node ${quoted(path)}`,
  },
  {
    program: 'Codex',
    description: vscode.l10n.t('a command for the terminal'),
    text: `codex mcp add ${serverName} -- node ${quoted(path)}`,
  },
];

/** The line that an agent's program needs, of the kind that the user picks. */
export async function chooseConfiguration(home: string): Promise<string | undefined> {
  const items = configurations(launcherPath(home)).map(({ program, description, text }) => ({
    label: program,
    description,
    detail: text,
    value: text,
  }));
  const picked = await choose({
    title: vscode.l10n.t('Connect an Agent'),
    placeholder: vscode.l10n.t('Choose how the agent is set up. The line is copied; there is no secret in it.'),
    items,
    first: items[0]?.value,
  });
  return typeof picked === 'string' ? picked : undefined;
}

export async function copyConfiguration(text: string): Promise<void> {
  await vscode.env.clipboard.writeText(text);
  void vscode.window.showInformationMessage(
    vscode.l10n.t('Copied. You are asked here when the agent first looks for a contact, and about each change.'),
  );
}

/** As a shell takes it for one word. */
const quoted = (path: string): string => (/^[\w./:\\-]+$/.test(path) ? path : `"${path}"`);
