import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { poll } from '../harness/processes.ts';
import type { Desk } from './support.ts';

/** Changes settings as the settings editor does, in the window that is open; its desk has the helper `agent`. */
export async function changeSettings({ workspace, workbench }: Desk, settings: Record<string, unknown>): Promise<void> {
  const outcome = join(workspace, 'outcome.json');
  rmSync(outcome, { force: true });
  writeFileSync(join(workspace, 'call.json'), JSON.stringify({ settings }));
  await workbench.runCommand('Agent: Change Settings');
  await poll('the settings', 60_000, () => existsSync(outcome));
}

/** What a tool for agents gave, or what was wrong. */
export interface ToolOutcome {
  result?: Record<string, unknown>;
  error?: string;
}

/** Begins what an agent asks for, in the window that is open; its desk has the helper `agent`. */
export async function invokeTool(
  { workspace, workbench }: Desk,
  name: string,
  input: Record<string, unknown>,
): Promise<void> {
  rmSync(join(workspace, 'outcome.json'), { force: true });
  writeFileSync(join(workspace, 'call.json'), JSON.stringify({ name, input }));
  await workbench.runCommand('Agent: Invoke Tool');
}

/** What the tool that was invoked last gives in the end. */
export async function toolOutcome({ workspace }: Desk): Promise<ToolOutcome> {
  const path = join(workspace, 'outcome.json');
  await poll('the outcome', 60_000, () => existsSync(path));
  return JSON.parse(readFileSync(path, 'utf8')) as ToolOutcome;
}
