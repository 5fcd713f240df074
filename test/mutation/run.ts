/**
 * `npm run mutate [-- --seed N --count N --only PART --near]`: puts faults into a copy of `src`, one at a time and each in
 * another file, and tells which the tests notice. A fault that the compiler finds is not counted.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { projectRoot } from '../harness/paths.ts';
import { faultsIn, type Fault } from './faults.ts';
import { browserTestsOf, nodeTestsOf } from './nearTests.ts';
import { Sandbox, type Outcome } from './sandbox.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '50' },
    /** A part of the path of the files to look at. */
    only: { type: 'string', default: '' },
    /** Leaves out the windows that have little to do with a fault. */
    near: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed);
const atOnce = 2;
const mocha = 'node_modules/mocha/bin/mocha.js';
const passed = Promise.resolve({ isPassed: true, output: '' });

const shuffled = <T>(items: readonly T[]): T[] =>
  fc.sample(fc.shuffledSubarray([...items], { minLength: items.length }), { seed, numRuns: 1 })[0] ?? [];

const files = shuffled(globSync('src/**/*.ts', { cwd: projectRoot }).sort()).filter((file) =>
  file.includes(values.only),
);
let wanted = Number(values.count);
const missed: string[] = [];
let caught = 0;

await Promise.all(Array.from({ length: atOnce }, (_, index) => work(index)));
console.log(`\n${caught} of ${caught + missed.length} faults were noticed (seed ${seed}). Not noticed:`);
for (const text of missed) console.log(`  ${text}`);

async function work(index: number): Promise<void> {
  const sandbox = await Sandbox.create(index);
  for (let file = files.pop(); file !== undefined && wanted > 0; file = files.pop()) {
    const original = readFileSync(join(projectRoot, file), 'utf8');
    for (const fault of shuffled(faultsIn(original))) {
      await sandbox.write(file, fault.source);
      if (!(await compiles(sandbox))) continue;
      // The last ones are begun at the same time.
      if (wanted-- > 0) await validate(sandbox, file, original, fault);
      break;
    }
    await sandbox.write(file, original);
  }
  await sandbox.remove();
}

async function compiles(sandbox: Sandbox): Promise<boolean> {
  const tsc = 'node_modules/typescript/bin/tsc';
  const outcomes = [await sandbox.run(tsc, '--project', '.'), await sandbox.run(tsc, '--project', 'src/webview')];
  return outcomes.every(({ isPassed }) => isPassed);
}

async function validate(sandbox: Sandbox, file: string, original: string, { kind, line }: Fault): Promise<void> {
  const text = `${file}:${line} ${kind}: ${original.split('\n')[line - 1]?.trim()}`;
  const began = Date.now();
  const [where, outcome] = await firstToNotice(sandbox, file);
  const seconds = Math.round((Date.now() - began) / 1000);
  if (outcome === undefined) {
    missed.push(text);
    console.log(`MISSED (${seconds} s) ${text}`);
  } else {
    caught++;
    console.log(`caught by ${where} (${seconds} s) ${text}\n    ${reasonOf(outcome)}`);
  }
}

/** The stage that fails, and what it says. */
async function firstToNotice(sandbox: Sandbox, file: string): Promise<[string, Outcome | undefined]> {
  const { near, others } = browserTestsOf(file);
  const inBrowser = ['--require', 'test/browser/evidence.ts'];
  const nodeTests = nodeTestsOf(file);
  const stages: [string, () => Promise<Outcome>][] = [
    ['the build', () => sandbox.run('esbuild.mjs', '--minify')],
    ['Node', () => (nodeTests.length === 0 ? passed : sandbox.run(mocha, '--bail', ...nodeTests))],
    ['host', () => sandbox.run('test/harness/hostTests.ts')],
    ['the package', () => sandbox.run('test/harness/package.ts')],
    ['near windows', () => sandbox.run(mocha, '--bail', ...inBrowser, ...near)],
    ['other windows', () => (values.near ? passed : sandbox.run(mocha, '--bail', ...inBrowser, ...others))],
  ];
  for (const [name, run] of stages) {
    const outcome = await run();
    if (!outcome.isPassed) return [name, outcome];
  }
  return ['nothing', undefined];
}

/** The first that failed, by its title. */
function reasonOf({ output }: Outcome): string {
  const lines = output.split('\n');
  const start = lines.findIndex((line) => /^\s*1\) /.test(line));
  return (start < 0 ? lines.slice(-4) : lines.slice(start, start + 1))
    .map((line) => line.trim())
    .join(' ')
    .slice(0, 200);
}
