import { isCancelled } from '../../api/apiError.ts';
import { textFields } from '../../contacts/formFields.ts';
import { logText } from '../../platform/errorReport.ts';
import type { Log } from '../../platform/log.ts';
import type { Session } from '../../session/session.ts';
import { untilConnected } from '../../session/untilConnected.ts';
import type { AgentReply } from '../../mcp/wire.ts';
import { notice, serviceFor, type AgentTool, type ToolAnswer, type ToolInput } from '../tools/agentTool.ts';
import { fieldsOnDemand } from '../tools/readingTools.ts';
import type { AgentTools } from '../tools/index.ts';
import { carryOut, propose, read } from '../tools/runTool.ts';
import { toolNamed, type ToolName } from '../tools/toolKinds.ts';
import type { AgentConsents, Admission } from './agentConsents.ts';
import type { ReceivedCall } from './agentGate.ts';
import type { AgentQuestions, NoAnswer } from './agentQuestions.ts';
import { CallLimit } from './callLimit.ts';

const callsPerMinute = 60;
const maxNameLength = 60;

export interface AgentCallParts {
  session: Session;
  consents: AgentConsents;
  questions: AgentQuestions;
  tools: AgentTools;
  /** What agents have done, for the user to read. */
  log: Log;
}

/** What each call of an agent goes through: who asks, how often, whether the user has let it in, and what it may do. */
export class AgentCalls {
  private readonly parts: AgentCallParts;
  private readonly limit = new CallLimit(callsPerMinute);

  constructor(parts: AgentCallParts) {
    this.parts = parts;
  }

  async answer({ client, tool, input }: ReceivedCall, signal: AbortSignal): Promise<AgentReply> {
    const name = nameOf(client);
    const toolName = toolNamed(tool);
    const started = performance.now();
    const told = (outcome: string): void => {
      const took = (performance.now() - started).toFixed(0);
      this.parts.log.info(`${name}: ${toolName ?? 'unknown tool'}${fieldsOf(input)}: ${outcome} (${took} ms)`);
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

  private async run(
    name: string,
    toolName: ToolName | undefined,
    input: ToolInput,
    signal: AbortSignal,
  ): Promise<ToolAnswer> {
    const { session, tools, questions, consents } = this.parts;
    if (toolName === undefined) throw new Refusal('There is no such tool.');
    const wait = this.limit.secondsUntilAllowed(name);
    if (wait > 0) throw new Refusal(`At most ${callsPerMinute} calls a minute. Try again in ${wait} s.`);
    // VS Code may have started this moment.
    await untilConnected(session, signal);
    serviceFor(session);
    const { account } = session;
    if (account === undefined) throw new Refusal('Nobody is signed in.');
    const admission = await consents.admit(name, account, signal);
    if (admission !== 'letIn') throw new Refusal(notLetIn[admission]);
    if (session.account?.id !== account.id) throw new Refusal('Another account is in use now. Try again.');
    const tool: AgentTool = tools[toolName];
    if (tool.kind === 'reading') return read(session, tool, input, signal);
    const proposal = await propose(session, tool, input, signal);
    const agreement = await questions.mayChange(name, proposal.change, signal);
    if (agreement !== 'yes') throw new Refusal(notAgreed[agreement]);
    return carryOut(session, proposal, signal);
  }
}

const notLetIn: Readonly<Record<Exclude<Admission, 'letIn'>, string>> = {
  refused: 'The user has not let this program in. Do not try again unless the user says so.',
  unanswered: 'The user was asked to let this program in, and has not answered. Tell the user to look at VS Code.',
  busy: 'Too many questions wait for the user already. Try again once they are answered.',
};

const notAgreed: Readonly<Record<'no' | NoAnswer, string>> = {
  no: 'The user has not agreed to this change. Nothing was changed.',
  unanswered: 'The user was asked about this change, and has not answered. Nothing was changed.',
  busy: 'Too many questions wait for the user already. Nothing was changed; try again once they are answered.',
};

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

const named = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : typeof value === 'object' && value !== null ? Object.keys(value) : [];

/** Which of the known fields were asked for, or are to be changed; never a value. */
function fieldsOf({ fields, changes }: ToolInput): string {
  const asked = new Set([...named(fields), ...named(changes)]);
  const known = [...new Set<string>([...textFields, ...fieldsOnDemand])].filter((field) => asked.has(field));
  return known.length === 0 ? '' : ` (${known.join(', ')})`;
}
