import assert from 'node:assert/strict';
import { AgentConsents } from '../../src/agents/access/agentConsents.ts';
import type { Consent, NoAnswer } from '../../src/agents/access/agentQuestions.ts';
import { localAccount, type Account } from '../../src/session/account.ts';

describe('whom the user has let in', () => {
  const never = new AbortController().signal;
  const other: Account = { ...localAccount, id: 'other' } as unknown as Account;
  let inUse: Account | undefined;
  let allowed: string[];
  let asked: { name: string; answer: (consent: Consent | NoAnswer) => void; signal: AbortSignal }[];
  let consents: AgentConsents;
  beforeEach(() => {
    inUse = localAccount;
    allowed = [];
    asked = [];
    consents = new AgentConsents({
      clients: {
        isAllowed: async (name, accountId) => allowed.includes(`${accountId} ${name}`),
        allow: async (name, accountId) => void allowed.push(`${accountId} ${name}`),
      },
      questions: {
        mayRead: (name, _whose, signal) => {
          const { promise, resolve } = Promise.withResolvers<Consent | NoAnswer>();
          signal.addEventListener('abort', () => resolve('unanswered'));
          asked.push({ name, answer: resolve, signal });
          return promise;
        },
      },
      account: () => inUse,
      accountName: ({ id }) => id,
    });
  });
  const admit = (name: string, signal = never, account: Account = localAccount): Promise<string> =>
    consents.admit(name, account, signal);
  /** The question that was asked last, once it is. */
  const question = async (): Promise<(typeof asked)[number]> => {
    for (;;) {
      const last = asked.at(-1);
      if (last !== undefined) return last;
      await new Promise(setImmediate);
    }
  };

  it('is asked once for all calls that wait, and not again', async () => {
    const both = [admit('one'), admit('one')];
    (await question()).answer('always');
    assert.deepEqual(await Promise.all(both), ['letIn', 'letIn']);
    assert.equal(await admit('one'), 'letIn');
    assert.deepEqual(allowed, ['local one']);
    assert.equal(asked.length, 1);
  });

  it('is of one account', async () => {
    const first = admit('one');
    (await question()).answer('thisWindow');
    assert.equal(await first, 'letIn');
    assert.equal(await admit('one'), 'letIn');
    inUse = other;
    asked.length = 0;
    const second = admit('one', never, other);
    (await question()).answer('no');
    assert.equal(await second, 'refused');
    assert.equal(await admit('one', never, other), 'refused');
  });

  it('tells a no from no answer and from too many questions, which are asked again', async () => {
    const first = admit('one');
    (await question()).answer('busy');
    assert.equal(await first, 'busy');
    asked.length = 0;
    const second = admit('one');
    (await question()).answer('unanswered');
    assert.equal(await second, 'unanswered');
    // Not so soon.
    assert.equal(await admit('one'), 'unanswered');
    assert.equal(asked.length, 1);
  });

  it('goes with the last who waits, and is asked anew for who comes then', async () => {
    const [one, next] = [new AbortController(), new AbortController()];
    const calls = [admit('one', one.signal), admit('one', next.signal)];
    const { signal } = await question();
    one.abort();
    assert.equal(signal.aborted, false);
    next.abort();
    assert.equal(signal.aborted, true);
    asked.length = 0;
    const another = admit('one');
    (await question()).answer('thisWindow');
    assert.equal(await another, 'letIn');
    assert.deepEqual(await Promise.all(calls), ['unanswered', 'unanswered']);
  });

  it('holds no longer than the account is signed in, nor does a question about it', async () => {
    const first = admit('one');
    (await question()).answer('thisWindow');
    await first;
    asked.length = 0;
    const second = admit('two');
    const { signal } = await question();
    consents.keepOnly(new Set(['other']));
    assert.equal(signal.aborted, true);
    assert.equal(await second, 'unanswered');
    assert.deepEqual(consents.decidedHere, []);
    asked.length = 0;
    const again = admit('one');
    (await question()).answer('no');
    assert.equal(await again, 'refused');
  });

  it('is nothing where another account was in use when it was given', async () => {
    const first = admit('one');
    const { answer } = await question();
    inUse = other;
    answer('always');
    assert.equal(await first, 'unanswered');
    assert.deepEqual(allowed, []);
  });
});
