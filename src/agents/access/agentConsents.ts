import type { Account } from '../../session/account.ts';
import type { AgentClients } from './agentClients.ts';
import type { AgentQuestions, Consent, NoAnswer } from './agentQuestions.ts';

/** A question that was closed without an answer is not asked again so soon. */
const silentMs = 60_000;

export interface ConsentParts {
  clients: Pick<AgentClients, 'isAllowed' | 'allow'>;
  questions: Pick<AgentQuestions, 'mayRead'>;
  /** The account in use. */
  account: () => Account | undefined;
  /** An account's own name. */
  accountName: (account: Account) => string;
}

/** Whether a program may read: let in, refused, or nobody could say. */
export type Admission = 'letIn' | 'refused' | NoAnswer;

interface Decision {
  name: string;
  accountId: string;
  isAllowed: boolean;
}

/** One question for all calls of a program that wait for its answer; it goes when the last of them has gone. */
interface Asking {
  answered: Promise<Admission>;
  controller: AbortController;
  accountId: string;
  waiting: number;
}

/** Whom the user has let in: for good, which is stored, or for as long as this window is open. */
export class AgentConsents {
  private readonly parts: ConsentParts;
  /** Of this window. These are by `keyOf`. */
  private readonly decided = new Map<string, Decision>();
  private readonly silentUntil = new Map<string, number>();
  private readonly asking = new Map<string, Asking>();

  constructor(parts: ConsentParts) {
    this.parts = parts;
  }

  get decidedHere(): readonly Decision[] {
    return [...this.decided.values()];
  }

  /** Asks the user anew when the program comes again. */
  forget({ name, accountId }: { name: string; accountId: string }): void {
    this.decided.delete(keyOf(name, accountId));
    this.silentUntil.delete(keyOf(name, accountId));
  }

  /** Forgets what was said, and is just asked, about accounts other than these. */
  keepOnly(accountIds: ReadonlySet<string>): void {
    for (const decision of this.decidedHere) if (!accountIds.has(decision.accountId)) this.forget(decision);
    for (const { accountId, controller } of this.asking.values()) if (!accountIds.has(accountId)) controller.abort();
  }

  async admit(name: string, account: Account, signal: AbortSignal): Promise<Admission> {
    const key = keyOf(name, account.id);
    const isAllowed = this.decided.get(key)?.isAllowed ?? (await this.parts.clients.isAllowed(name, account.id));
    if (isAllowed) return 'letIn';
    if (this.decided.has(key)) return 'refused';
    if ((this.silentUntil.get(key) ?? 0) > performance.now()) return 'unanswered';
    const asking = this.asking.get(key) ?? this.ask(name, account, key);
    asking.waiting += 1;
    const leave = (): void => {
      asking.waiting -= 1;
      if (asking.waiting > 0) return;
      asking.controller.abort();
      this.end(key, asking);
    };
    signal.addEventListener('abort', leave, { once: true });
    if (signal.aborted) leave();
    return asking.answered.finally(() => signal.removeEventListener('abort', leave));
  }

  private ask(name: string, account: Account, key: string): Asking {
    const controller = new AbortController();
    const answered = this.consent(name, account, key, controller.signal).finally(() => this.end(key, asking));
    const asking = { answered, controller, accountId: account.id, waiting: 0 };
    this.asking.set(key, asking);
    return asking;
  }

  private end(key: string, asking: Asking): void {
    if (this.asking.get(key) === asking) this.asking.delete(key);
  }

  private async consent(name: string, account: Account, key: string, signal: AbortSignal): Promise<Admission> {
    const { questions, clients, accountName } = this.parts;
    const consent: Consent | NoAnswer = await questions.mayRead(name, accountName(account), signal);
    if (consent === 'busy') return consent;
    if (consent === 'unanswered') {
      if (!signal.aborted) this.silentUntil.set(key, performance.now() + silentMs);
      return consent;
    }
    // What is said of an account that is in use no more holds for nothing.
    if (this.parts.account()?.id !== account.id) return 'unanswered';
    if (consent === 'always') await clients.allow(name, account.id);
    else this.decided.set(key, { name, accountId: account.id, isAllowed: consent === 'thisWindow' });
    return consent === 'no' ? 'refused' : 'letIn';
  }
}

const keyOf = (name: string, accountId: string): string => `${accountId}\n${name}`;
