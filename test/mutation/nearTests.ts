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
  'src/agents/': ['lookup'],
  'src/webview/': ['contactPanel', 'localWorkspace'],
  'src/protocol/': ['contactPanel', 'hostileText'],
  'src/contacts/': ['contactsTree', 'dayOfWork', 'contactPanel'],
  'src/contacts/panel/': ['contactPanel', 'hostileText'],
  'src/contacts/files/': ['contactPanel'],
  'src/session/': ['signIn', 'dayOfWork'],
  'src/localData/': ['localWorkspace'],
  'src/platform/': ['contactPanel', 'notifications', 'gateway'],
};

/** Files of the Node tier that come to `file` by what they import. */
export function nodeTestsOf(file: string): string[] {
  return globSync('test/node/*.test.ts', { cwd: projectRoot }).filter((test) => reaches(test, file));
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

function reaches(test: string, file: string): boolean {
  const seen = new Set<string>();
  const waiting = [test];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    waiting.push(...importsOf(next));
  }
  return seen.has(file);
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
