/** Which tests are asked first about a fault: those that are most likely to notice it, cheapest first. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectRoot } from '../harness/paths.ts';

/** What is started as it is built, and not imported. */
const started: Record<string, string> = {
  'test/node/support/serverProcess.ts': 'src/server/main.ts',
  'test/node/library.test.ts': 'src/api/index.ts',
};

/** The longest prefix decides. */
const windows: Record<string, string[]> = {
  'src/': ['dayOfWork', 'gateway'],
  'src/notifications/': ['notifications', 'gateway'],
  'src/lookup/': ['search', 'lookup'],
  'src/agents/': ['agents'],
  'src/mcp/': ['agents'],
  'src/mirror/': ['mirror', 'keptConsent'],
  'src/server/': ['localWorkspace', 'dayOfWork'],
  'src/webview/': ['contactPanel', 'localWorkspace'],
  'src/protocol/': ['contactPanel', 'hostileText'],
  'src/contacts/': ['contactsTree', 'dayOfWork', 'contactPanel'],
  'src/contacts/panel/': ['contactPanel', 'hostileText'],
  'src/contacts/files/': ['contactPanel'],
  'src/session/': ['signIn', 'dayOfWork'],
  'src/localData/': ['localWorkspace'],
  'src/platform/': ['contactPanel', 'notifications', 'gateway'],
};

/** Files of the Node tier that come to `file` by what they import, those by the fewest steps first. */
export const nodeTestsOf = (file: string): string[] => testsOf(file, 'test/node/**/*.test.ts');

/** Those of a team's server, for what belongs to a server. */
export const teamTestsOf = (file: string): string[] =>
  file.startsWith('src/server/') ? testsOf(file, 'test/team/*.test.ts') : [];

function testsOf(file: string, pattern: string): string[] {
  return globSync(pattern, { cwd: projectRoot })
    .map((test) => ({ test, steps: stepsTo(file, test) }))
    .filter(({ steps }) => steps !== undefined)
    .sort((one, other) => (one.steps ?? 0) - (other.steps ?? 0))
    .map(({ test }) => test);
}

/** Files of the browser tier: those that look at `file`'s feature, and the others. */
export function browserTestsOf(file: string): { near: string[]; others: string[] } {
  const [prefix = ''] = Object.keys(windows)
    .filter((each) => file.startsWith(each))
    .sort((one, other) => other.length - one.length);
  const near = (windows[prefix] ?? []).map((name) => `test/browser/${name}.test.ts`);
  const others = globSync('test/browser/*.test.ts', { cwd: projectRoot }).filter((test) => !near.includes(test));
  return { near, others };
}

function stepsTo(file: string, test: string): number | undefined {
  const seen = new Set([test]);
  let level = [test];
  for (let steps = 0; level.length > 0; steps++) {
    if (level.includes(file)) return steps;
    level = [...new Set(level.flatMap(importsOf))].filter((each) => !seen.has(each));
    for (const each of level) seen.add(each);
  }
  return undefined;
}

const known = new Map<string, string[]>();

function importsOf(file: string): string[] {
  const path = join(projectRoot, file);
  if (!existsSync(path)) return [];
  const imported = known.get(file) ?? [
    ...[...readFileSync(path, 'utf8').matchAll(/(?:from |import\(|URL\()'(\.[^']+\.ts)'/g)].map(([, name]) =>
      join(dirname(file), name ?? ''),
    ),
    ...(started[file] === undefined ? [] : [started[file]]),
  ];
  known.set(file, imported);
  return imported;
}
