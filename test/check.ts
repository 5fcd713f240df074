/** `npm run check`: types of each world, format, lint, the rule on which folder may know which, and translations. */
import { join } from 'node:path';
import { projectRoot } from './harness/paths.ts';
import { run } from './harness/processes.ts';
import { faultsOfAll } from './l10n/texts.ts';

const bin = (name: string): string => join(projectRoot, 'node_modules', '.bin', name);

/** Where code runs, and so what it can name: the tests, which know all; the extension host; processes; the page. */
const worlds = ['.', 'src', 'src/api', 'src/server', 'src/mcp', 'src/webview'];

export async function check(): Promise<void> {
  for (const world of worlds) await run(bin('tsc'), ['--project', world]);
  await run(bin('oxfmt'), ['--check']);
  await run(bin('oxlint'), ['--type-aware', '--deny-warnings']);
  const faults = faultsOfAll();
  if (faults.length > 0) throw new Error(`Texts:\n${faults.join('\n')}`);
}

if (import.meta.main) await check();
