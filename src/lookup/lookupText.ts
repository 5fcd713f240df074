import * as vscode from 'vscode';
import { UserError } from '../platform/errorReport.ts';
import { mentionsIn } from './mentions.ts';

const maxLength = 200;

/** What to look up: what the caller gave, the selection, what is under the cursor, or the clipboard. */
export async function textToLookUp(argument: unknown): Promise<string> {
  const text = (argument as { text?: unknown } | null | undefined)?.text;
  const found = typeof text === 'string' ? text : (textInEditor() ?? (await vscode.env.clipboard.readText()));
  const [line = ''] = found.trim().split('\n');
  if (line === '') throw new UserError(vscode.l10n.t('Select who to look up, or copy it first.'));
  return line.slice(0, maxLength).trim();
}

function textInEditor(): string | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return undefined;
  const { document, selection } = editor;
  if (!selection.isEmpty) return document.getText(selection);
  const { line, character } = selection.active;
  const mention = mentionsIn(document.lineAt(line).text).find(
    ({ start, end }) => character >= start && character <= end,
  );
  const word = document.getWordRangeAtPosition(selection.active);
  return mention?.text ?? (word === undefined ? undefined : document.getText(word));
}
