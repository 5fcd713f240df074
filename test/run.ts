/**
 * `npm test`: checks, builds, packages, and runs the three tiers.
 *
 *     npm test [-- node] [-- host] [-- browser]     only these
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { check } from './check.ts';
import { runHostTests } from './harness/hostTests.ts';
import { packageExtension } from './harness/packageExtension.ts';
import { projectRoot } from './harness/paths.ts';
import { exitOf } from './harness/processes.ts';
import { vscodeHost } from './harness/vscodeHosts.ts';

interface Tier {
  name: string;
  group: 'node' | 'host' | 'browser';
  run(): Promise<number>;
}

const tiers: Tier[] = [
  { name: 'Node', group: 'node', run: () => mocha('test/node/**/*.test.ts') },
  { name: 'extension host of VS Code 1.139', group: 'host', run: () => host('1.139') },
  { name: 'extension host of VS Code 1.110', group: 'host', run: () => host('1.110') },
  { name: 'browser', group: 'browser', run: () => mocha('test/browser/**/*.test.ts') },
];

const wanted = process.argv.slice(2);
const isWanted = (tier: Tier): boolean => wanted.length === 0 || wanted.includes(tier.group);

await check();
await packageExtension();
await vscodeHost('1.139');
const counts: string[] = [];
for (const tier of tiers.filter(isWanted)) {
  console.log(`\n${tier.name}`);
  const started = Date.now();
  const count = await tier.run();
  // A tier that finds no tests would pass for nothing.
  if (count === 0) throw new Error(`${tier.name}: no test ran`);
  counts.push(`${tier.name} ${count} (${Math.round((Date.now() - started) / 1000)} s)`);
}
const total = counts.reduce((sum, text) => sum + Number(/ (\d+) \(/.exec(text)?.[1]), 0);
console.log(`\n${total} tests passed: ${counts.join(', ')}`);

/** Runs files with mocha in a process of their own. @returns how many passed; throws when one failed. */
async function mocha(files: string): Promise<number> {
  const bin = join(projectRoot, 'node_modules', 'mocha', 'bin', 'mocha.js');
  const child = spawn(process.execPath, [bin, files], { cwd: projectRoot, stdio: ['ignore', 'pipe', 'inherit'] });
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
    await runHostTests(version, (text) => {
      output += text;
    });
  } catch (error) {
    console.log(output);
    throw error;
  }
  // VS Code itself has much to say in between.
  const results = output.split('\n').filter((line) => /^\s+(?:✔|\d+ passing)/.test(line));
  console.log(results.join('\n'));
  return Number(/tests ran: (\d+) passed, 0 failed/.exec(output)?.[1] ?? 0);
}
