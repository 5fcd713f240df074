/** `npm run check`: types of both worlds, format, lint, and the rule on which folder may know which. */
import { join } from 'node:path';
import { projectRoot } from './harness/paths.ts';
import { run } from './harness/processes.ts';

const bin = (name: string): string => join(projectRoot, 'node_modules', '.bin', name);

export async function check(): Promise<void> {
  await Promise.all([run(bin('tsc'), ['--project', '.']), run(bin('tsc'), ['--project', 'src/webview'])]);
  await run(bin('oxfmt'), ['--check']);
  await run(bin('oxlint'), ['--type-aware', '--deny-warnings']);
}

if (import.meta.main) await check();
