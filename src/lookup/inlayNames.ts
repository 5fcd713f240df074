import * as vscode from 'vscode';
import { contactName } from '../contacts/contactName.ts';
import { displayText, onDidHidePersonalData } from '../platform/displayText.ts';
import { logText } from '../platform/errorReport.ts';
import type { Log } from '../platform/log.ts';
import type { PersonFinder } from './personFinder.ts';
import { mentionsIn } from './mentions.ts';
import { isSwitchedOn } from './settings.ts';

const maxHints = 80;
const settledMs = 150;

/** The names of those whom the lines on the screen mention. Off until it is switched on: it asks for each of them. */
export class InlayNames implements vscode.Disposable {
  private readonly finder: PersonFinder;
  private readonly log: Log;
  private readonly changed: vscode.Disposable;
  private settling: NodeJS.Timeout | undefined;

  /** @param onChange told when others are to be shown. */
  constructor(finder: PersonFinder, log: Log, onChange: () => void) {
    this.finder = finder;
    this.log = log;
    // VS Code may ask before it tells what is on the screen.
    this.changed = vscode.Disposable.from(
      onDidHidePersonalData(onChange),
      vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => {
        if (!isSwitchedOn('inlayNames', textEditor.document)) return;
        clearTimeout(this.settling);
        this.settling = setTimeout(onChange, settledMs);
      }),
    );
  }

  dispose(): void {
    clearTimeout(this.settling);
    this.changed.dispose();
  }

  async provideInlayHints(
    document: vscode.TextDocument,
    range: vscode.Range,
    token: vscode.CancellationToken,
  ): Promise<vscode.InlayHint[]> {
    const hints: vscode.InlayHint[] = [];
    let asked = 0;
    // VS Code asks for what is above and below the screen as well.
    for (const line of linesOnScreen(document, range)) {
      for (const mention of mentionsIn(document.lineAt(line).text)) {
        if (token.isCancellationRequested || asked++ >= maxHints) return hints;
        const contact = await this.finder.find(mention).catch((error: unknown) => {
          this.log.warn(`inlay names: ${logText(error)}`);
          return undefined;
        });
        if (contact === undefined) continue;
        const hint = new vscode.InlayHint(
          new vscode.Position(line, mention.end),
          displayText(contactName(contact), 'label'),
        );
        hint.paddingLeft = true;
        hints.push(hint);
      }
    }
    return hints;
  }
}

function linesOnScreen(document: vscode.TextDocument, range: vscode.Range): number[] {
  const editors = vscode.window.visibleTextEditors.filter((editor) => editor.document === document);
  const parts = editors.flatMap(({ visibleRanges }) => visibleRanges).map((part) => part.intersection(range));
  const lines = new Set<number>();
  for (const part of parts) {
    if (part === undefined) continue;
    for (let line = part.start.line; line <= part.end.line; line++) lines.add(line);
  }
  return [...lines];
}
