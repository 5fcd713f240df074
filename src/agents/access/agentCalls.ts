import { isCancelled } from '../../api/apiError.ts';
import { textFields } from '../../contacts/formFields.ts';
import { logText } from '../../platform/errorReport.ts';
import type { Log } from '../../platform/log.ts';
import type { Account } from '../../session/account.ts';
import type { Session } from '../../session/session.ts';
import type { AgentReply } from '../../mcp/wire.ts';
import { notice, serviceFor, withAdvice, type AgentTool, type ToolAnswer, type ToolInput } from '../tools/agentTool.ts';
import { fieldsOnDemand } from '../tools/readingTools.ts';
import type { AgentTools } from '../tools/index.ts';
import { isToolName } from '../tools/toolKinds.ts';
import type { AgentClients } from './agentClients.ts';
import type { ReceivedCall } from './agentGate.ts';
import type { AgentQuestions } from './agentQuestions.ts';
import { CallLimit } from './callLimit.ts';

const callsPerMinute = 60;
const maxNameLength = 60;
/** A question that was closed without an answer is not asked again so soon. */
const silentMs = 60_000;
const toolPrefix = 'contactLookup_';

export interface AgentCallParts {
  session: Session;
  clients: AgentClients;
  questions: AgentQuestions;
  tools: AgentTools;
  /** An account's own name. */
  accountName: (account: Account) => string;
  /** What agents have done, for the user to read. */
  log: Log;
}

/** What each call of an agent goes through: who asks, how often, whether the user has let it in, and what it may do. */
export class AgentCalls {
  private readonly parts: AgentCallParts;
  private readonly limit = new CallLimit(callsPerMinute);
  /** Let in, or kept out, until this window closes; by `keyOf`. */
  private readonly decided = new Map<string, boolean>();
  private readonly silentUntil = new Map<string, number>();
  private readonly asking = new Map<string, Asking>();

  constructor(parts: AgentCallParts) {
    this.parts = parts;
  }

  /** Who was let in, or kept out, for as long as this window is open. */
  get decidedHere(): readonly { name: string; accountId: string; isAllowed: boolean }[] {
    return [...this.decided].map(([key, isAllowed]) => {
      const [accountId = '', name = ''] = key.split('\n');
      return { name, accountId, isAllowed };
    });
  }

  /** Asks the user anew when the program comes again. */
  forgetDecision({ name, accountId }: { name: string; accountId: string }): void {
    this.decided.delete(keyOf(name, accountId));
    this.silentUntil.delete(keyOf(name, accountId));
  }

  /** Of an account that was signed out. */
  forgetAccount(accountId: string): void {
    for (const decision of this.decidedHere) if (decision.accountId === accountId) this.forgetDecision(decision);
  }

  forgetAll(): void {
    this.decided.clear();
    this.silentUntil.clear();
  }

  async answer({ client, tool, input }: ReceivedCall, signal: AbortSignal): Promise<AgentReply> {
    const name = nameOf(client);
    const toolName = tool.startsWith(toolPrefix) ? tool.slice(toolPrefix.length) : '';
    const started = performance.now();
    const told = (outcome: string): void => {
      const took = (performance.now() - started).toFixed(0);
      this.parts.log.info(`${name}: ${toolName || 'unknown tool'}${fieldsOf(input)}: ${outcome} (${took} ms)`);
    };
    try {
      const { value, people } = await this.run(name, toolName, input, signal);
      told(`contacts: ${people}`);
      return { result: JSON.stringify({ notice, ...value }) };
    } catch (error) {
      told(error instanceof Refusal ? error.message : logText(error));
      if (isCancelled(error) || signal.aborted) return { error: 'Cancelled.' };
      return { error: error instanceof Error ? error.message : 'Something went wrong.' };
    }
  }

  private async run(name: string, toolName: string, input: ToolInput, signal: AbortSignal): Promise<ToolAnswer> {
    const { session, tools, questions } = this.parts;
    if (!isToolName(toolName)) throw new Refusal('There is no such tool.');
    const wait = this.limit.secondsUntilAllowed(name);
    if (wait > 0) throw new Refusal(`At most ${callsPerMinute} calls a minute. Try again in ${wait} s.`);
    serviceFor(session);
    const { account } = session;
    if (account === undefined) throw new Refusal('Nobody is signed in.');
    if (!(await this.isLetIn(name, account, signal))) {
      throw new Refusal('The user has not let this program in. Do not try again unless the user says so.');
    }
    const isSameAccount = (): boolean => session.account?.id === account.id;
    if (!isSameAccount()) throw new Refusal('Another account is in use now. Try again.');
    const tool: AgentTool = tools[toolName];
    if (tool.kind === 'reading') {
      const answer = await withAdvice(() => tool.read(input, signal));
      // It may have been hidden meanwhile.
      serviceFor(session);
      return answer;
    }
    const change = await withAdvice(() => tool.propose(input, signal));
    if (!(await questions.mayChange(name, change, signal))) {
      throw new Refusal('The user has not agreed to this change. Nothing was changed.');
    }
    if (signal.aborted) throw new Refusal('Cancelled.');
    if (!isSameAccount()) throw new Refusal('Another account is in use now. Nothing was changed.');
    return change.carryOut(signal);
  }

  private async isLetIn(name: string, account: Account, signal: AbortSignal): Promise<boolean> {
    const key = keyOf(name, account.id);
    const decided = this.decided.get(key);
    if (decided !== undefined) return decided;
    if (await this.parts.clients.isAllowed(name, account.id)) return true;
    // Somebody may have answered meanwhile.
    const decidedSince = this.decided.get(key);
    if (decidedSince !== undefined) return decidedSince;
    if ((this.silentUntil.get(key) ?? 0) > performance.now()) return false;
    const asking = this.asking.get(key) ?? this.ask(name, account, key);
    asking.waiting += 1;
    const leave = (): void => {
      asking.waiting -= 1;
      if (asking.waiting > 0) return;
      asking.controller.abort();
      if (this.asking.get(key) === asking) this.asking.delete(key);
    };
    signal.addEventListener('abort', leave, { once: true });
    if (signal.aborted) leave();
    return asking.answered.finally(() => signal.removeEventListener('abort', leave));
  }

  private ask(name: string, account: Account, key: string): Asking {
    const controller = new AbortController();
    const answered = this.consent(name, account, key, controller.signal).finally(() => {
      if (this.asking.get(key) === asking) this.asking.delete(key);
    });
    const asking = { answered, controller, waiting: 0 };
    this.asking.set(key, asking);
    return asking;
  }

  private async consent(name: string, account: Account, key: string, signal: AbortSignal): Promise<boolean> {
    const { questions, clients, accountName } = this.parts;
    const consent = await questions.mayRead(name, accountName(account), signal);
    if (consent === 'always') await clients.allow(name, account.id);
    else if (consent !== 'unanswered') this.decided.set(key, consent === 'thisWindow');
    else if (!signal.aborted) this.silentUntil.set(key, performance.now() + silentMs);
    return consent === 'always' || consent === 'thisWindow';
  }
}

/** One question for all calls of a program that wait for its answer; it goes when the last of them has gone. */
interface Asking {
  answered: Promise<boolean>;
  controller: AbortController;
  waiting: number;
}

/** What is said to the agent, and to the user in the log, in the same words. */
class Refusal extends Error {}

/** A client's own name, without what would let it go on with a sentence of ours. */
const nameOf = (client: string): string =>
  [
    ...client
      .replace(/[\p{C}\s]+/gu, ' ')
      .replace(/["“”„«»「」]/gu, "'")
      .trim(),
  ]
    .slice(0, maxNameLength)
    .join('') || '?';

const keyOf = (name: string, accountId: string): string => `${accountId}\n${name}`;

const named = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : typeof value === 'object' && value !== null ? Object.keys(value) : [];

/** Which of the known fields were asked for, or are to be changed; never a value. */
function fieldsOf({ fields, changes }: ToolInput): string {
  const asked = new Set([...named(fields), ...named(changes)]);
  const known = [...new Set<string>([...textFields, ...fieldsOnDemand])].filter((field) => asked.has(field));
  return known.length === 0 ? '' : ` (${known.join(', ')})`;
}
