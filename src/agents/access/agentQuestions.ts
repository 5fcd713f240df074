import * as vscode from 'vscode';
import { withComparison } from '../../contacts/merge/sideBySide.ts';
import { displayLines, displayTerm } from '../../platform/displayText.ts';
import { choose } from '../../platform/steps.ts';
import type { ChangedField, ProposedChange } from '../tools/agentTool.ts';
import { nameIn, questionAbout } from './changeText.ts';

/** How long an agent waits for a person who may be at lunch. */
const limitMs = 10 * 60_000;
const maxWaiting = 8;

/** What a person was asked for an agent, and has not answered yet. */
export interface AgentQuestion {
  client: string;
  text: string;
  /** Lets the user answer it. */
  review: () => Promise<void>;
}

export type Consent = 'always' | 'thisWindow' | 'no' | 'unanswered';

/**
 * Asks a person what an agent may do. A question never takes the focus, so that nobody agrees to anything with a key
 * meant for a text; it waits in the status bar, also where notifications are off.
 */
export class AgentQuestions implements vscode.Disposable {
  private readonly waiting = new Set<AgentQuestion>();
  private readonly mark = vscode.window.createStatusBarItem('agents', vscode.StatusBarAlignment.Left, 0);
  /** One review at a time. */
  private lastReview: Promise<unknown> = Promise.resolve();

  constructor() {
    this.mark.name = vscode.l10n.t('Contacts: Questions of Agents');
    this.mark.command = 'contactLookup.manageAgents';
    this.mark.backgroundColor = new vscode.ThemeColor('statusBarItem.warningBackground');
  }

  /** Those that wait for an answer, the oldest first. */
  get open(): readonly AgentQuestion[] {
    return [...this.waiting];
  }

  /** Whether a program may read contacts. @param whose the account's own name. */
  mayRead(client: string, whose: string, signal: AbortSignal): Promise<Consent> {
    const always = vscode.l10n.t('Allow');
    const here = vscode.l10n.t('Only in This Window');
    const no = vscode.l10n.t('Refuse');
    const text = vscode.l10n.t(
      'A program that calls itself “{0}” wants to search and read the contacts of {1}. You are asked about each change.',
      displayTerm(client, 'description'),
      displayTerm(whose, 'description'),
    );
    const consents = new Map<string | undefined, Consent>([
      [always, 'always'],
      [here, 'thisWindow'],
      [no, 'no'],
    ]);
    return this.ask<Consent>(
      client,
      text,
      'unanswered',
      signal,
      async (answer) => {
        const asked = vscode.window.showWarningMessage(text, always, here, no);
        answer(consents.get(await asked));
      },
      async () => {
        const picked = await vscode.window.showWarningMessage(text, { modal: true }, no, always, here);
        return consents.get(picked);
      },
    );
  }

  /** Whether a change may be made. */
  mayChange(client: string, change: ProposedChange, signal: AbortSignal): Promise<boolean> {
    const text = proposalText(displayTerm(client, 'description'), change);
    const look = vscode.l10n.t('Review…');
    const no = vscode.l10n.t('Refuse');
    const reviewed = (): Promise<boolean | undefined> => askBeside(displayTerm(client, 'description'), change);
    return this.ask<boolean>(
      client,
      text,
      false,
      signal,
      async (answer, open) => {
        const picked = await vscode.window.showWarningMessage(text, look, no);
        if (picked === no) answer(false);
        if (picked === look) await open();
      },
      reviewed,
    );
  }

  dispose(): void {
    this.mark.dispose();
  }

  /**
   * @param unanswered what holds where nobody answers in time, or at all.
   * @param show tells the user; gets how to answer, and how to open the review.
   * @param review asks in full; `undefined` where the user leaves it for later.
   */
  private ask<T>(
    client: string,
    text: string,
    unanswered: T,
    signal: AbortSignal,
    show: (answer: (given: T | undefined) => void, open: () => Promise<void>) => Promise<void>,
    review: () => Promise<T | undefined>,
  ): Promise<T> {
    if (this.waiting.size >= maxWaiting || signal.aborted) return Promise.resolve(unanswered);
    return new Promise<T>((resolve, reject) => {
      const end = (): void => finish(unanswered);
      const limit = setTimeout(end, limitMs);
      signal.addEventListener('abort', end, { once: true });
      const finish = (given: T): void => {
        clearTimeout(limit);
        signal.removeEventListener('abort', end);
        this.waiting.delete(question);
        this.showMark();
        resolve(given);
      };
      const open = (): Promise<void> => {
        const turn = this.lastReview.then(async () => {
          if (!this.waiting.has(question)) return noLonger(client);
          const given = await review();
          // Whoever has asked may have gone meanwhile.
          if (!this.waiting.has(question)) return given === undefined ? undefined : noLonger(client);
          if (given !== undefined) finish(given);
        });
        this.lastReview = turn.catch(reject);
        return turn;
      };
      const question: AgentQuestion = { client, text, review: open };
      this.waiting.add(question);
      this.showMark();
      show((given) => given !== undefined && this.waiting.has(question) && finish(given), open).catch(reject);
    });
  }

  private showMark(): void {
    const [first] = this.waiting;
    if (first === undefined) return this.mark.hide();
    this.mark.text = `$(question) ${displayTerm(first.client, 'label')}`;
    this.mark.tooltip = first.text;
    this.mark.accessibilityInformation = { label: first.text };
    this.mark.show();
  }
}

function noLonger(client: string): void {
  void vscode.window.showInformationMessage(
    vscode.l10n.t('“{0}” no longer waits for an answer; nothing was changed.', displayTerm(client, 'description')),
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

/** Both sides in VS Code's own comparison; Enter alone changes nothing. */
async function askBeside(client: string, change: ProposedChange): Promise<boolean | undefined> {
  const sides = [
    { name: vscode.l10n.t('Now'), text: linesOf(change.rows, 'before') },
    { name: client, text: linesOf(change.rows, 'after') },
  ] as const;
  const title = questionAbout(change);
  const picked = await withComparison(...sides, title, () =>
    choose({
      title,
      placeholder: vscode.l10n.t('What “{0}” wants is marked with +', client),
      items: [
        { label: vscode.l10n.t('Refuse'), iconPath: new vscode.ThemeIcon('circle-slash'), value: false },
        { label: vscode.l10n.t('Make This Change'), iconPath: new vscode.ThemeIcon('check'), value: true },
      ],
      first: false,
    }),
  );
  return typeof picked === 'boolean' ? picked : undefined;
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
    .split('\n')
    .flatMap((line) => line.match(new RegExp(`.{1,${lineLength}}(?:\\s|$)|.{1,${lineLength}}`, 'gu')) ?? [''])
    .map((line) => `    ${line.trimEnd()}`)
    .join('\n');
