import { isPersonalDataHidden } from '../../platform/displayText.ts';
import type { Session } from '../../session/session.ts';
import { untilConnected } from '../../session/untilConnected.ts';
import {
  serviceFor,
  withAdvice,
  type AgentTool,
  type ProposedChange,
  type ToolAnswer,
  type ToolInput,
} from './agentTool.ts';

type ReadingTool = Extract<AgentTool, { kind: 'reading' }>;
type ChangingTool = Extract<AgentTool, { kind: 'changing' }>;

/** A change with whose contacts it is about. */
export interface Proposal {
  change: ProposedChange;
  accountId: string | undefined;
}

/** What a tool reads, unless it is another's, or hidden, when it has come. @throws {Error} for a model. */
export async function read(
  session: Session,
  tool: ReadingTool,
  input: ToolInput,
  signal: AbortSignal,
): Promise<ToolAnswer> {
  // VS Code may have started this moment.
  await untilConnected(session, signal);
  const service = serviceFor(session);
  const answer = await withAdvice(() => tool.read(input, signal));
  if (serviceFor(session) !== service) throw new Error('The connection to the contacts is another now. Try again.');
  return answer;
}

/** What a tool would change, for a person to be asked about. @throws {Error} for a model. */
export async function propose(
  session: Session,
  tool: ChangingTool,
  input: ToolInput,
  signal: AbortSignal,
): Promise<Proposal> {
  await untilConnected(session, signal);
  const accountId = session.account?.id;
  return { change: await withAdvice(() => tool.propose(input, signal)), accountId };
}

/** Makes the change that a person has agreed to, as it was shown. @throws {Error} for a model. */
export async function carryOut(
  session: Session,
  { change, accountId }: Proposal,
  signal: AbortSignal,
): Promise<ToolAnswer> {
  if (session.account?.id !== accountId) throw new Error('Another account is in use now. Nothing was changed.');
  const answer = await withAdvice(() => change.carryOut(signal));
  // It is done, and nothing more is told of it.
  return isPersonalDataHidden() ? { value: { done: true }, people: answer.people } : answer;
}
