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

/** A mark with the text that it was for: an edit before it moves that away. */
interface Mark {
  diagnostic: vscode.Diagnostic;
  kind: PersonalMention['kind'];
  text: string;
}

/**
 * Marks real contacts' e-mail addresses and phone numbers in what is saved, such as test data and logs, and offers
 * examples that are nobody's in their place.
 */
export class RealContacts implements vscode.Disposable, vscode.CodeActionProvider {
  private readonly finder: PersonFinder;
  private readonly log: Log;
  private readonly shown = vscode.languages.createDiagnosticCollection('contactLookup');
  /** By the document's address. */
  private readonly marks = new Map<string, readonly Mark[]>();
  private readonly looks = new Map<string, LatestOnly>();
  private readonly disposables: vscode.Disposable;

  constructor(finder: PersonFinder, log: Log) {
    this.finder = finder;
    this.log = log;
    this.disposables = vscode.Disposable.from(
      this.shown,
      // Its names would stay readable.
      onDidHidePersonalData(() => this.clear()),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.forget(uri)),
      vscode.languages.registerCodeActionsProvider({ scheme: '*' }, this, {
        providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
      }),
    );
  }

  /** Looks at a document as it was saved. One that is written on meanwhile is left for when it is saved next. */
  async look(document: vscode.TextDocument): Promise<void> {
    const { uri, version } = document;
    const key = uri.toString();
    const latest = this.looks.get(key) ?? new LatestOnly();
    this.looks.set(key, latest);
    const signal = latest.next();
    try {
      const marks = await this.marksIn(document.getText(), signal);
      if (signal.aborted || document.isClosed || document.version !== version) return;
      this.marks.set(key, marks);
      this.shown.set(
        uri,
        marks.map(({ diagnostic }) => diagnostic),
      );
    } catch (error) {
      this.log.warn(`real contacts: ${logText(error)}`);
    }
  }

  provideCodeActions(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
    const marks = (this.marks.get(document.uri.toString()) ?? []).filter(
      ({ diagnostic, text }) => document.getText(diagnostic.range) === text,
    );
    const here = marks.filter(({ diagnostic }) => diagnostic.range.intersection(range) !== undefined);
    const one = vscode.l10n.t('Replace with an example that is nobody’s');
    const all = vscode.l10n.t('Replace all real contacts’ data in this file');
    return [
      ...here.map(({ text }) => ({ marks: marks.filter((mark) => mark.text === text), title: one, isPreferred: true })),
      ...(marks.length > here.length && here.length > 0 ? [{ marks, title: all, isPreferred: false }] : []),
    ].flatMap(({ isPreferred, ...offered }) => {
      const action = actionFor(document, offered.marks, offered.title);
      return action === undefined ? [] : [Object.assign(action, { isPreferred })];
    });
  }

  dispose(): void {
    this.clear();
    this.disposables.dispose();
  }

  private clear(): void {
    for (const latest of this.looks.values()) latest.dispose();
    this.looks.clear();
    this.marks.clear();
    this.shown.clear();
  }

  private forget(uri: vscode.Uri): void {
    const key = uri.toString();
    this.looks.get(key)?.dispose();
    this.looks.delete(key);
    this.marks.delete(key);
    this.shown.delete(uri);
  }

  private async marksIn(text: string, signal: AbortSignal): Promise<Mark[]> {
    const marks: Mark[] = [];
    const asked = new Set<string>();
    for (const [line, written] of text.split(/\r\n|[\r\n]/).entries()) {
      for (const mention of mentionsIn(written).filter(isPersonal)) {
        asked.add(mention.text);
        if (asked.size > maxAsked || signal.aborted) return marks;
        const contact = await this.finder.find(mention);
        if (contact !== undefined) marks.push(markOf(mention, line, displayText(contactName(contact), 'label')));
      }
    }
    return marks;
  }
}

const isPersonal = (mention: Mention): mention is PersonalMention => mention.kind !== 'id';

function markOf({ kind, text, start, end }: PersonalMention, line: number, name: string): Mark {
  const message =
    kind === 'email'
      ? vscode.l10n.t('This is the e-mail address of {0}, a real contact.', name)
      : vscode.l10n.t('This is the phone number of {0}, a real contact.', name);
  const range = new vscode.Range(line, start, line, end);
  const diagnostic = new vscode.Diagnostic(range, message, vscode.DiagnosticSeverity.Warning);
  diagnostic.source = 'Contact Lookup';
  return { diagnostic, kind, text };
}

/** Puts the same example wherever the same is, so that what belonged together still does. */
function actionFor(
  document: vscode.TextDocument,
  marks: readonly Mark[],
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
  for (const { kind, text, diagnostic } of marks) {
    const example = examples.get(text) ?? safeExample(kind, taken);
    if (example === undefined) return undefined;
    examples.set(text, example);
    taken.add(example);
    edit.replace(document.uri, diagnostic.range, example);
  }
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.edit = edit;
  action.diagnostics = marks.map(({ diagnostic }) => diagnostic);
  return action;
}
