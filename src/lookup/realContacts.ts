import * as vscode from 'vscode';
import { contactName } from '../contacts/contactName.ts';
import { LatestOnly } from '../platform/cancellation.ts';
import { displayText, onDidHidePersonalData } from '../platform/displayText.ts';
import { logText } from '../platform/errorReport.ts';
import type { Log } from '../platform/log.ts';
import { mentionsIn, type Mention } from './mentions.ts';
import type { PersonFinder } from './personFinder.ts';
import { safeExample } from './safeExamples.ts';

/** More than these in one file are data rather than examples, and are not all asked for. */
const maxAsked = 200;

type PersonalMention = Mention & { kind: 'email' | 'phone' };

/**
 * Marks real contacts' e-mail addresses and phone numbers in what is saved, such as test data and logs, and offers
 * examples that are nobody's in their place.
 */
export class RealContacts implements vscode.Disposable, vscode.CodeActionProvider {
  private readonly finder: PersonFinder;
  private readonly log: Log;
  private readonly found = vscode.languages.createDiagnosticCollection('contactLookup');
  private readonly looks = new Map<string, LatestOnly>();
  private readonly disposables: vscode.Disposable;

  constructor(finder: PersonFinder, log: Log) {
    this.finder = finder;
    this.log = log;
    this.disposables = vscode.Disposable.from(
      this.found,
      // Its names would stay readable.
      onDidHidePersonalData(() => this.clear()),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.forget(uri)),
      vscode.languages.registerCodeActionsProvider({ scheme: '*' }, this, {
        providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
      }),
    );
  }

  /** Looks at a document as it was saved; at its latest text, where it is saved again meanwhile. */
  async look(document: vscode.TextDocument): Promise<void> {
    const key = document.uri.toString();
    const latest = this.looks.get(key) ?? new LatestOnly();
    this.looks.set(key, latest);
    const signal = latest.next();
    try {
      const diagnostics = await this.diagnosticsOf(document, signal);
      if (!signal.aborted && !document.isClosed) this.found.set(document.uri, diagnostics);
    } catch (error) {
      this.log.warn(`real contacts: ${logText(error)}`);
    }
  }

  provideCodeActions(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
    const known = this.found.get(document.uri) ?? [];
    const here = known.filter((diagnostic) => diagnostic.range.intersection(range) !== undefined);
    if (here.length === 0) return [];
    const all = actionFor(document, known, vscode.l10n.t('Replace all real contacts’ data in this file'));
    return [
      ...here.flatMap((diagnostic) => {
        const same = known.filter((other) => document.getText(other.range) === document.getText(diagnostic.range));
        const action = actionFor(document, same, vscode.l10n.t('Replace with an example that is nobody’s'));
        if (action !== undefined) action.isPreferred = true;
        return action ?? [];
      }),
      ...(known.length > here.length && all !== undefined ? [all] : []),
    ];
  }

  dispose(): void {
    this.clear();
    this.disposables.dispose();
  }

  private clear(): void {
    for (const latest of this.looks.values()) latest.dispose();
    this.looks.clear();
    this.found.clear();
  }

  private forget(uri: vscode.Uri): void {
    this.looks.get(uri.toString())?.dispose();
    this.looks.delete(uri.toString());
    this.found.delete(uri);
  }

  private async diagnosticsOf(document: vscode.TextDocument, signal: AbortSignal): Promise<vscode.Diagnostic[]> {
    const diagnostics: vscode.Diagnostic[] = [];
    const asked = new Set<string>();
    for (let line = 0; line < document.lineCount; line++) {
      for (const mention of mentionsIn(document.lineAt(line).text).filter(isPersonal)) {
        asked.add(mention.text);
        if (asked.size > maxAsked || signal.aborted) return diagnostics;
        const contact = await this.finder.find(mention);
        if (contact === undefined) continue;
        const name = displayText(contactName(contact), 'label');
        const message =
          mention.kind === 'email'
            ? vscode.l10n.t('This is the e-mail address of {0}, a real contact.', name)
            : vscode.l10n.t('This is the phone number of {0}, a real contact.', name);
        const range = new vscode.Range(line, mention.start, line, mention.end);
        const diagnostic = new vscode.Diagnostic(range, message, vscode.DiagnosticSeverity.Warning);
        diagnostic.source = 'Contact Lookup';
        diagnostics.push(diagnostic);
      }
    }
    return diagnostics;
  }
}

const isPersonal = (mention: Mention): mention is PersonalMention => mention.kind !== 'id';

/** Puts the same example wherever the same is, so that what belonged together still does. */
function actionFor(
  document: vscode.TextDocument,
  diagnostics: readonly vscode.Diagnostic[],
  title: string,
): vscode.CodeAction | undefined {
  const taken = new Set(
    document
      .getText()
      .split('\n')
      .flatMap((line) => mentionsIn(line).map(({ text }) => text)),
  );
  const examples = new Map<string, string>();
  const edit = new vscode.WorkspaceEdit();
  for (const { range } of diagnostics) {
    const text = document.getText(range);
    const example = examples.get(text) ?? safeExample(text.includes('@') ? 'email' : 'phone', taken);
    if (example === undefined) return undefined;
    examples.set(text, example);
    taken.add(example);
    edit.replace(document.uri, range, example);
  }
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.edit = edit;
  action.diagnostics = [...diagnostics];
  return action;
}
