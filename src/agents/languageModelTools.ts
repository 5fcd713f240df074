import * as vscode from 'vscode';
import { isCancelled } from '../api/apiError.ts';
import { contactName } from '../contacts/contactName.ts';
import { withSignal } from '../platform/cancellation.ts';
import { displayText } from '../platform/displayText.ts';
import {
  notice,
  withAdvice,
  type AgentTool,
  type ProposedChange,
  type ToolInput,
  type ToolParts,
} from './tools/agentTool.ts';
import { agentTools } from './tools/index.ts';
import { isToolName } from './tools/toolKinds.ts';
import { questionAbout } from './access/changeText.ts';

type Prepared = vscode.PreparedToolInvocation | undefined;

/** What VS Code asks the user before an agent of its own changes something. */
export async function prepare(
  parts: ToolParts,
  name: string,
  input: ToolInput,
  token: vscode.CancellationToken,
): Promise<Prepared> {
  const tool = toolOf(parts, name);
  if (tool.kind === 'reading') return undefined;
  const change = await forModel(() => withSignal(token, (signal) => tool.propose(input, signal)));
  const whom = change.contact && displayText(contactName(change.contact), 'label');
  return {
    invocationMessage: whom === undefined ? vscode.l10n.t('Creating a contact') : vscode.l10n.t('Updating {0}', whom),
    confirmationMessages: { title: questionAbout(change), message: comparison(change) },
  };
}

/** Does the work of a tool, and gives its result as JSON; a failure becomes a sentence that a model can act on. */
export async function invoke(
  parts: ToolParts,
  name: string,
  input: ToolInput,
  token: vscode.CancellationToken,
): Promise<vscode.LanguageModelToolResult> {
  const tool = toolOf(parts, name);
  const { value } = await forModel(() =>
    withSignal(token, async (signal) =>
      tool.kind === 'reading' ? tool.read(input, signal) : (await tool.propose(input, signal)).carryOut(signal),
    ),
  );
  return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(JSON.stringify({ notice, ...value }))]);
}

function toolOf(parts: ToolParts, name: string): AgentTool {
  if (!isToolName(name)) throw new Error(`There is no tool ${name}.`);
  return agentTools(parts)[name];
}

async function forModel<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await withAdvice(work);
  } catch (error) {
    throw isCancelled(error) ? new vscode.CancellationError() : error;
  }
}

const shown = (value: string): string => displayText(value, 'document') || vscode.l10n.t('(empty)');

/** Each field's old and new value. Strangers have written the old one and a model the new: both are plain text. */
function comparison({ rows }: ProposedChange): vscode.MarkdownString {
  const text = new vscode.MarkdownString('', false);
  for (const { label, before, after } of rows) {
    text.appendText(`${label}: ${shown(before)} → ${shown(after)}`);
    text.appendMarkdown('\n\n');
  }
  return text;
}
