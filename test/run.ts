/**
 * `npm test`: checks, builds, packages, and runs the three tiers.
 *
 *     npm test [-- node] [-- host] [-- team] [-- browser]     only these
 *     npm test -- browser -g text                   only the tests whose title has this text in it
 */
import { spawn } from 'node:child_process';
import { globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { check } from './check.ts';
import { runHostTests } from './harness/hostTests.ts';
import { databaseVariable, startPostgres } from './harness/postgres.ts';
import { engineVariable } from './harness/engineVariable.ts';
import { packageExtension } from './harness/packageExtension.ts';
import { projectRoot } from './harness/paths.ts';
import { exitOf } from './harness/processes.ts';
import { vscodeHost } from './harness/vscodeHosts.ts';

interface Tier {
  name: string;
  group: 'node' | 'host' | 'team' | 'browser';
  /** Gives how many tests passed, and prints what was run. @throws when one failed. */
  run(): Promise<number>;
}

const { values, positionals: wanted } = parseArgs({
  options: { grep: { type: 'string', short: 'g' } },
  allowPositionals: true,
});

/** What is the same for every engine that keeps contacts. */
const onEveryEngine = `test/node/{${[
  'apiService',
  'contract',
  'listings',
  'lookup',
  'notifications',
  'search',
  'serverImport',
  'serverRoutes',
  'signIn',
].join()}}.test.ts`;
/** Most of a test's time is spent waiting, for a server that is slow on purpose or for a window to be drawn. */
const jobs = { node: 2, team: 1, browser: 3 };
const node: Tier = {
  name: 'Node',
  group: 'node',
  run: () => mocha(['test/node/**/*.test.ts'], jobs.node),
};
const team: Tier = {
  name: 'a team’s server',
  group: 'team',
  run: () =>
    mocha(['test/team/*.test.ts', onEveryEngine], jobs.team, {
      env: { [engineVariable]: 'postgres' },
      parameters: ['--require', 'test/node/support/engine.ts'],
    }),
};
const hosts = (['1.139', '1.110'] as const).map((version): Tier => ({
  name: `extension host of VS Code ${version}`,
  group: 'host',
  run: () => host(version),
}));
const browser: Tier = {
  name: 'browser',
  group: 'browser',
  run: () =>
    mocha(['test/browser/**/*.test.ts'], jobs.browser, { parameters: ['--require', 'test/browser/evidence.ts'] }),
};

await check();
await packageExtension();
await vscodeHost('1.139');
// The hosts leave most of the machine to the others. The browser does not, and some tests of Node are about time.
const all = await withPostgres(async () => [
  ...(await Promise.all([inTurn([node]), inTurn([...hosts, team])])).flat(),
  ...(await inTurn([browser])),
]);
const total = all.reduce((sum, { passed }) => sum + passed, 0);
if (total === 0) throw new Error('No test ran');
console.log(`\n${total} tests passed: ${all.map(({ text }) => text).join(', ')}`);

/** Runs `work` beside a PostgreSQL for all of its tests, where there is not one already. */
async function withPostgres<T>(work: () => Promise<T>): Promise<T> {
  const isNeeded = wanted.length === 0 || wanted.some((group) => group !== 'host');
  if (!isNeeded || process.env[databaseVariable] !== undefined) return work();
  const server = await startPostgres();
  process.env[databaseVariable] = server.url;
  try {
    return await work();
  } finally {
    await server.stop();
  }
}

/** Runs those of `tiers` that are wanted. @throws when a test failed */
async function inTurn(tiers: readonly Tier[]): Promise<{ text: string; passed: number }[]> {
  const results = [];
  for (const tier of tiers.filter(({ group }) => wanted.length === 0 || wanted.includes(group))) {
    const started = Date.now();
    const passed = await tier.run();
    // A tier that finds no tests would pass for nothing.
    if (passed === 0 && values.grep === undefined) throw new Error(`${tier.name}: no test ran`);
    results.push({ passed, text: `${tier.name} ${passed} (${Math.round((Date.now() - started) / 1000)} s)` });
  }
  return results;
}

/** Runs files with mocha, several at a time, each in a process with others of the tier. */
async function mocha(
  patterns: string[],
  jobCount: number,
  { parameters = [], env = {} }: { parameters?: readonly string[]; env?: NodeJS.ProcessEnv } = {},
): Promise<number> {
  const bin = join(projectRoot, 'node_modules', 'mocha', 'bin', 'mocha.js');
  // The long ones first, so that the last to end is not the longest.
  const size = (path: string): number => {
    const text = readFileSync(join(projectRoot, path), 'utf8');
    // With the suites that share its window, each in a folder beside it.
    const suites = [...text.matchAll(/from '\.\/(\w+\/\w+\.ts)'/g)].map(([, suite]) =>
      join(dirname(path), suite ?? ''),
    );
    return [path, ...suites].reduce((sum, each) => sum + statSync(join(projectRoot, each)).size, 0);
  };
  const files = globSync(patterns, { cwd: projectRoot }).sort((one, other) => size(other) - size(one));
  const grep = values.grep === undefined ? [] : ['--fgrep', values.grep];
  const child = spawn(
    process.execPath,
    [bin, '--parallel', '--jobs', String(jobCount), ...parameters, ...grep, ...files],
    {
      cwd: projectRoot,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString('utf8');
    process.stdout.write(chunk);
  });
  if ((await exitOf(child)) !== 0) throw new Error('Tests failed.');
  return Number(/(\d+) passing/.exec(output)?.[1] ?? 0);
}

async function host(version: '1.139' | '1.110'): Promise<number> {
  let output = '';
  try {
    await runHostTests(version, values.grep, (text) => {
      output += text;
    });
  } catch (error) {
    console.log(output);
    throw error;
  }
  // VS Code itself has much to say in between.
  const results = output.split('\n').filter((line) => /^\s+(?:✔|\d+ passing)/.test(line));
  console.log(`\nextension host of VS Code ${version}\n${results.join('\n')}`);
  return Number(/tests ran: (\d+) passed, 0 failed/.exec(output)?.[1] ?? 0);
}
