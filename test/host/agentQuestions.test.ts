import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { AgentQuestions, type Consent, type NoAnswer } from '../../src/agents/access/agentQuestions.ts';
import { eventually } from './support.ts';

describe('questions of agents', () => {
  const asUsual = vscode.window.showWarningMessage;
  const errors: unknown[] = [];
  /** Those that stand in front of everything, with who asks and what takes the answer. */
  let reviews: { text: string; answer: (button: string) => void }[];
  let questions: AgentQuestions;
  beforeEach(() => {
    reviews = [];
    // Nobody is there to press a button of VS Code's own.
    vscode.window.showWarningMessage = async (text: string, ...items: unknown[]): Promise<undefined> => {
      const isModal = typeof items[0] === 'object';
      const { promise, resolve } = Promise.withResolvers<string | undefined>();
      if (isModal) reviews.push({ text, answer: resolve });
      return promise as Promise<undefined>;
    };
    questions = new AgentQuestions((error) => errors.push(error));
  });
  afterEach(() => {
    vscode.window.showWarningMessage = asUsual;
    questions.dispose();
  });
  const ask = (client: string): Promise<Consent | NoAnswer> =>
    questions.mayRead(client, 'Me', new AbortController().signal);
  const reviewed = (count: number): Promise<true> =>
    eventually(`${count} questions in front`, () => (reviews.length >= count ? true : undefined));

  it('stand in front of everything one at a time, each until it is answered', async () => {
    const answers = [ask('First'), ask('Second')];
    const reviewing = questions.open.map((question) => question.review());
    await reviewed(1);
    // By now a second would be there too.
    await vscode.commands.executeCommand('noop');
    assert.deepEqual(
      reviews.map(({ text }) => /“(\w+)”/.exec(text)?.[1]),
      ['First'],
    );
    reviews[0]?.answer('Allow');
    await reviewed(2);
    assert.match(reviews[1]?.text ?? '', /“Second”/);
    reviews[1]?.answer('Refuse');
    assert.deepEqual(await Promise.all(answers), ['always', 'no']);
    await Promise.all(reviewing);
    assert.deepEqual([questions.open.length, errors], [0, []]);
  });
});
