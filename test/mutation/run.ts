/**
 * `npm run mutate [-- --seed N --count N --only PART --near]`: puts faults into a copy of `src`, one at a time and each in
 * another file, and tells which the tests notice. A fault that the compiler finds is not counted.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { engineVariable } from '../harness/engineVariable.ts';
import { projectRoot } from '../harness/paths.ts';
import { databaseVariable, startPostgres } from '../harness/postgres.ts';
import { faultsIn, type Fault } from './faults.ts';
import { browserTestsOf, nodeTestsOf, teamTestsOf } from './nearTests.ts';
import { Sandbox } from './sandbox.ts';
import { bundling, mochaStage, packaging, scriptStage, type Script, type Stage } from './stages.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '50' },
    /** A part of the path of the files to look at. */
    only: { type: 'string', default: '' },
    /** Leaves out the files of tests that have little to do with a fault. */
    near: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed);
const atOnce = 2;
/** Files of the Node tier that come to what was changed by the fewest steps. */
const nearCount = 12;

const shuffled = <T>(items: readonly T[]): T[] =>
  fc.sample(fc.shuffledSubarray([...items], { minLength: items.length }), { seed, numRuns: 1 })[0] ?? [];

const files = shuffled(globSync('src/**/*.ts', { cwd: projectRoot }).sort()).filter((file) =>
  file.includes(values.only),
);
let wanted = Number(values.count);
const missed: string[] = [];
let caught = 0;

const postgres = await startPostgres();
process.env[databaseVariable] = postgres.url;
await Promise.all(Array.from({ length: atOnce }, (_, index) => work(index)));
await postgres.stop();
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

async function validate(
  sandbox: Sandbox,
  file: string,
  original: string,
  { kind, line, source }: Fault,
): Promise<void> {
  const text = `${file}:${line} ${kind}: ${original.split('\n')[line - 1]?.trim()}`;
  const began = Date.now();
  const stages = stagesOf(sandbox, file);
  for (const stage of stages) {
    const failure = await stage.run();
    if (failure === undefined) continue;
    // What fails anyway has noticed nothing.
    await buildWith(sandbox, stage, file, original);
    if ((await failure.again()) !== undefined) {
      await buildWith(sandbox, stage, file, source);
      console.log(`fails without the fault too: ${stage.name}: ${failure.reason}`);
      continue;
    }
    caught++;
    console.log(`caught by ${stage.name} (${secondsSince(began)} s) ${text}\n    ${failure.reason}`);
    return;
  }
  missed.push(text);
  console.log(`MISSED (${secondsSince(began)} s) ${text}`);
}

async function buildWith(sandbox: Sandbox, { build }: { build: Script }, file: string, source: string): Promise<void> {
  await sandbox.write(file, source);
  const { isPassed, output } = await sandbox.run(...build);
  if (!isPassed) throw new Error(`${file} cannot be built:\n${output}`);
}

function secondsSince(began: number): number {
  return Math.round((Date.now() - began) / 1000);
}

/** Where a fault may be noticed, cheapest first. */
function stagesOf(sandbox: Sandbox, file: string): Stage[] {
  const { near, others } = browserTestsOf(file);
  const inBrowser = { parameters: ['--require', 'test/browser/evidence.ts'], build: packaging };
  const onPostgres = {
    parameters: ['--require', 'test/node/support/engine.ts'],
    env: { [engineVariable]: 'postgres' },
  };
  const nodeTests = nodeTestsOf(file);
  const stages = [
    scriptStage(sandbox, 'the build', ...bundling),
    mochaStage(sandbox, 'Node', nodeTests.slice(0, nearCount)),
    mochaStage(sandbox, 'a team’s server', teamTestsOf(file), onPostgres),
    scriptStage(sandbox, 'host', 'test/harness/hostTests.ts'),
    scriptStage(sandbox, 'the package', ...packaging),
    mochaStage(sandbox, 'near windows', near, inBrowser),
  ];
  if (values.near) return stages;
  const rest = mochaStage(sandbox, 'other windows', others, inBrowser);
  return [...stages, mochaStage(sandbox, 'Node, far', nodeTests.slice(nearCount)), rest];
}
