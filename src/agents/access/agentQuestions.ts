import * as vscode from 'vscode';
import { withComparison } from '../../contacts/merge/sideBySide.ts';
import { displayLines, displayTerm, onDidHidePersonalData } from '../../platform/displayText.ts';
import { isPersonalDataShown } from '../../platform/hiddenPersonalData.ts';
import { choose } from '../../platform/steps.ts';
import type { ChangedField, ProposedChange } from '../tools/agentTool.ts';
import { nameIn, questionAbout } from './changeText.ts';

/** How long an agent waits for a person who may be at lunch. */
const limitMs = 10 * 60_000;
const maxWaiting = 16;
const maxOfOneClient = 4;

/** What a person was asked for an agent, and has not answered yet. */
export interface AgentQuestion {
  client: string;
  /** As it may be shown now. */
  text: () => string;
  /** Lets the user answer it. */
  review: () => Promise<void>;
}

export type Consent = 'always' | 'thisWindow' | 'no';
export type Agreement = 'yes' | 'no';
/** Nobody has answered in time, or so much is asked already that nobody was asked. */
export type NoAnswer = 'unanswered' | 'busy';

interface Asked<T> {
  client: string;
  text: () => string;
  signal: AbortSignal;
  /** Tells the user, without the focus; `undefined` where the user leaves it for later. */
  show: (text: string) => Promise<T | 'review' | undefined>;
  /** Whether it can be reviewed now. */
  mayReview?: () => Promise<boolean>;
  /** Asks in full, until `over` aborts: nobody waits for the answer any more. */
  review: (text: string, over: AbortSignal) => Promise<T | undefined>;
}

/**
 * Asks a person what an agent may do. A question never takes the focus, so that nobody agrees to anything with a key
 * meant for a text; it waits in the status bar, also where notifications are off.
 */
export class AgentQuestions implements vscode.Disposable {
  private readonly onError: (error: unknown) => void;
  private readonly waiting = new Set<AgentQuestion>();
  private readonly mark = vscode.window.createStatusBarItem('agents', vscode.StatusBarAlignment.Left, 0);
  private readonly listener = onDidHidePersonalData(() => this.showMark());
  /** One review at a time. */
  private lastReview: Promise<unknown> = Promise.resolve();

  constructor(onError: (error: unknown) => void) {
    this.onError = onError;
    this.mark.name = vscode.l10n.t('Contacts: Questions of Agents');
    this.mark.command = 'contactLookup.manageAgents';
    this.mark.backgroundColor = new vscode.ThemeColor('statusBarItem.warningBackground');
  }

  /** Those that wait for an answer, the oldest first. */
  get open(): readonly AgentQuestion[] {
    return [...this.waiting];
  }

  /** Whether a program may read contacts. @param whose the account's own name. */
  mayRead(client: string, whose: string, signal: AbortSignal): Promise<Consent | NoAnswer> {
    const always = vscode.l10n.t('Allow');
    const here = vscode.l10n.t('Only in This Window');
    const no = vscode.l10n.t('Refuse');
    const consents = new Map<string | undefined, Consent>([
      [always, 'always'],
      [here, 'thisWindow'],
      [no, 'no'],
    ]);
    return this.ask<Consent>({
      client,
      text: () =>
        vscode.l10n.t(
          'A program that calls itself “{0}” wants to search and read the contacts of {1}. You are asked about each change.',
          displayTerm(client, 'description'),
          displayTerm(whose, 'description'),
        ),
      signal,
      show: async (text) => consents.get(await vscode.window.showWarningMessage(text, always, here, no)),
      review: async (text) =>
        consents.get(await vscode.window.showWarningMessage(text, { modal: true }, no, always, here)),
    });
  }

  /** Whether a change may be made. */
  mayChange(client: string, change: ProposedChange, signal: AbortSignal): Promise<Agreement | NoAnswer> {
    const look = vscode.l10n.t('Review…');
    const no = vscode.l10n.t('Refuse');
    return this.ask<Agreement>({
      client,
      text: () => proposalText(displayTerm(client, 'description'), change),
      signal,
      show: async (text) => {
        const picked = await vscode.window.showWarningMessage(text, look, no);
        return picked === look ? 'review' : picked === no ? 'no' : undefined;
      },
      // Of dots nobody can say yes to anything.
      mayReview: isPersonalDataShown,
      review: (_text, over) => askBeside(displayTerm(client, 'description'), change, over),
    });
  }

  dispose(): void {
    this.listener.dispose();
    this.mark.dispose();
  }

  private ask<T extends string>({ client, text, signal, show, mayReview, review }: Asked<T>): Promise<T | NoAnswer> {
    const ofClient = this.open.filter((question) => question.client === client);
    if (this.waiting.size >= maxWaiting || ofClient.length >= maxOfOneClient) return Promise.resolve('busy');
    if (signal.aborted) return Promise.resolve('unanswered');
    const { promise, resolve } = Promise.withResolvers<T | NoAnswer>();
    const over = new AbortController();
    let outcome: 'waiting' | 'answered' | 'gone' = 'waiting';
    const settle = (given: T | NoAnswer, how: 'answered' | 'gone'): void => {
      outcome = how;
      clearTimeout(limit);
      signal.removeEventListener('abort', leave);
      this.waiting.delete(question);
      this.showMark();
      resolve(given);
      over.abort();
    };
    const leave = (): void => settle('unanswered', 'gone');
    const limit = setTimeout(leave, limitMs);
    signal.addEventListener('abort', leave, { once: true });
    const take = (given: T | undefined): void => {
      if (given === undefined) return;
      if (outcome === 'waiting') settle(given, 'answered');
      else tellWhyNot(client, outcome);
    };
    const open = async (): Promise<void> => {
      if (mayReview !== undefined && outcome === 'waiting' && !(await mayReview())) return;
      const turn = this.lastReview.then(async () => {
        if (outcome === 'waiting') take(await review(text(), over.signal));
        else tellWhyNot(client, outcome);
      });
      this.lastReview = turn.catch(() => undefined);
      await turn;
    };
    const question: AgentQuestion = { client, text, review: open };
    this.waiting.add(question);
    this.showMark();
    show(text())
      .then((picked) => (picked === 'review' ? open() : take(picked)))
      .catch(this.onError);
    return promise;
  }

  private showMark(): void {
    const [first] = this.waiting;
    if (first === undefined) return this.mark.hide();
    this.mark.text = `$(question) ${displayTerm(first.client, 'label')}`;
    this.mark.tooltip = first.text();
    this.mark.accessibilityInformation = { label: first.text() };
    this.mark.show();
  }
}

/** To who answers what was answered elsewhere, or is not waited for any more. */
function tellWhyNot(client: string, outcome: 'answered' | 'gone'): void {
  const name = displayTerm(client, 'description');
  void vscode.window.showInformationMessage(
    outcome === 'answered'
      ? vscode.l10n.t('This question of “{0}” was answered already.', name)
      : vscode.l10n.t('“{0}” no longer waits for an answer; nothing was changed.', name),
  );
}

function proposalText(client: string, change: ProposedChange): string {
  const whom = nameIn(change);
  switch (change.kind) {
    case 'update':
      return vscode.l10n.t('“{0}” wants to change {1}.', client, whom);
    case 'labels':
      return vscode.l10n.t('“{0}” wants to change the labels of {1}.', client, whom);
    case 'comment':
      return vscode.l10n.t('“{0}” wants to comment on {1}.', client, whom);
    case 'create':
      return vscode.l10n.t('“{0}” wants to create a contact.', client);
  }
}

/** Both sides in VS Code's own comparison, while they may be seen; Enter alone changes nothing. */
async function askBeside(client: string, change: ProposedChange, over: AbortSignal): Promise<Agreement | undefined> {
  const hidden = new AbortController();
  const listener = onDidHidePersonalData(() => hidden.abort());
  const sides = [
    { name: vscode.l10n.t('Now'), text: linesOf(change.rows, 'before') },
    { name: client, text: linesOf(change.rows, 'after') },
  ] as const;
  const title = questionAbout(change);
  try {
    const picked = await withComparison(...sides, title, () =>
      choose<Agreement>({
        title,
        placeholder: vscode.l10n.t('What “{0}” wants is marked with +', client),
        items: [
          { label: vscode.l10n.t('Refuse'), iconPath: new vscode.ThemeIcon('circle-slash'), value: 'no' },
          { label: vscode.l10n.t('Make This Change'), iconPath: new vscode.ThemeIcon('check'), value: 'yes' },
        ],
        first: 'no',
        signal: AbortSignal.any([over, hidden.signal]),
      }),
    );
    return picked === 'yes' || picked === 'no' ? picked : undefined;
  } finally {
    listener.dispose();
  }
}

/** The question stands over the first lines of the comparison. */
const coveredLines = 6;
const lineLength = 72;

/** Each field with its value below it, in lines that need no scrolling: nothing of a change may be out of sight. */
const linesOf = (rows: readonly ChangedField[], side: 'before' | 'after'): string =>
  '\n'.repeat(coveredLines) +
  rows.map((row) => `${row.label}:\n${wrapped(displayLines(row[side], 'document'))}\n\n`).join('');

const wrapped = (text: string): string =>
  text
    // What follows a thousand empty lines would be out of sight.
    .replace(/\n\s*\n\s*\n+/g, '\n\n')
    .split('\n')
    .flatMap((line) => line.match(new RegExp(`.{1,${lineLength}}(?:\\s|$)|.{1,${lineLength}}`, 'gu')) ?? [''])
    .map((line) => `    ${line.trimEnd()}`)
    .join('\n');
