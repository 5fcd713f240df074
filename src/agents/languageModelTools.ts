import { LRUCache } from 'lru-cache';
import * as vscode from 'vscode';
import { isCancelled } from '../api/apiError.ts';
import { contactName } from '../contacts/contactName.ts';
import { withSignal } from '../platform/cancellation.ts';
import { displayText } from '../platform/displayText.ts';
import { notice, type AgentTool, type ProposedChange, type ToolInput, type ToolParts } from './tools/agentTool.ts';
import { agentTools } from './tools/index.ts';
import { carryOut, propose, read, type Proposal } from './tools/runTool.ts';
import { toolNamed } from './tools/toolKinds.ts';
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
  const proposal = await forModel(() => withSignal(token, (signal) => propose(parts.session, tool, input, signal)));
  proposals.set(keyOf(name, input), proposal);
  const { change } = proposal;
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
    withSignal(token, async (signal) => {
      if (tool.kind === 'reading') return read(parts.session, tool, input, signal);
      const proposal = taken(name, input);
      if (proposal === undefined) throw new Error(nothingShown);
      return carryOut(parts.session, proposal, signal);
    }),
  );
  return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(JSON.stringify({ notice, ...value }))]);
}

/** What users are asked about, by tool and input: what is carried out is what was shown. Who declines tells nobody. */
const proposals = new LRUCache<string, Proposal>({ max: 100 });
const nothingShown = 'What the user was asked about is no longer known. Nothing was changed. Ask for it once more.';

const keyOf = (name: string, input: ToolInput): string => `${name} ${JSON.stringify(input)}`;

function taken(name: string, input: ToolInput): Proposal | undefined {
  const key = keyOf(name, input);
  const proposal = proposals.get(key);
  proposals.delete(key);
  return proposal;
}

function toolOf(parts: ToolParts, id: string): AgentTool {
  const name = toolNamed(id);
  if (name === undefined) throw new Error(`There is no tool ${id}.`);
  return agentTools(parts)[name];
}

async function forModel<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
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
