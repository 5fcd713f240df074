import { existsSync, rmSync, writeFileSync } from 'node:fs';
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
