import * as vscode from 'vscode';
import { contactName } from '../contacts/contactName.ts';
import { displayText } from '../platform/displayText.ts';
import { logText } from '../platform/errorReport.ts';
import type { Log } from '../platform/log.ts';
import type { PersonFinder } from './personFinder.ts';
import { mentionsIn } from './recognise.ts';
import { isSwitchedOn } from './settings.ts';

/** Where names are shown beside what mentions people. */
export const inlayLanguages = ['log', 'csv', 'tsv', 'json', 'jsonc', 'jsonl', 'plaintext'];
const maxHints = 40;

/** The names of those whom the lines on the screen mention. Off until it is switched on: it asks for each of them. */
export class InlayNames implements vscode.InlayHintsProvider {
  private readonly finder: PersonFinder;
  private readonly log: Log;

  constructor(finder: PersonFinder, log: Log) {
    this.finder = finder;
    this.log = log;
  }

  async provideInlayHints(
    document: vscode.TextDocument,
    range: vscode.Range,
    token: vscode.CancellationToken,
  ): Promise<vscode.InlayHint[]> {
    if (!isSwitchedOn('inlayNames', document)) return [];
    const hints: vscode.InlayHint[] = [];
    let asked = 0;
    for (let line = range.start.line; line <= range.end.line; line++) {
      for (const mention of mentionsIn(document.lineAt(line).text)) {
        if (token.isCancellationRequested || asked++ >= maxHints) return hints;
        const person = await this.finder.find(mention).catch((error: unknown) => {
          this.log.warn(`inlay names: ${logText(error)}`);
          return undefined;
        });
        if (person === undefined) continue;
        const hint = new vscode.InlayHint(
          new vscode.Position(line, mention.end),
          displayText(contactName(person.contact), 'label'),
        );
        hint.paddingLeft = true;
        hints.push(hint);
      }
    }
    return hints;
  }
}
