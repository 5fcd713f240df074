/** What a fault has to pass, and how to see whether it failed because of the fault. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome, Sandbox } from './sandbox.ts';

/** A path and parameters. */
export type Script = readonly [string, ...string[]];

export const bundling: Script = ['esbuild.mjs', '--minify'];
export const packaging: Script = ['test/harness/package.ts'];

export interface Stage {
  name: string;
  /** Makes what is tested. */
  build: Script;
  /** @returns `undefined` where all has passed. */
  run(): Promise<Failure | undefined>;
}

export interface Failure {
  reason: string;
  /** Runs what failed once more. */
  again(): Promise<Failure | undefined>;
}

interface Report {
  failures: { fullTitle: string; file: string; err: { message?: string } }[];
}

const mocha = 'node_modules/mocha/bin/mocha.js';
const reasonLength = 200;

export function scriptStage(sandbox: Sandbox, name: string, ...script: Script): Stage {
  const run = async (): Promise<Failure | undefined> => {
    const outcome = await sandbox.run(...script);
    return outcome.isPassed ? undefined : { reason: lastLines(outcome), again: run };
  };
  return { name, build: bundling, run };
}

/** Up to the first test that fails. No files pass. */
export function mochaStage(
  sandbox: Sandbox,
  name: string,
  files: readonly string[],
  {
    parameters = [],
    env = {},
    build = bundling,
  }: { parameters?: readonly string[]; env?: NodeJS.ProcessEnv; build?: Script } = {},
): Stage {
  const report = join(sandbox.root, '.vscode-test', 'report.json');
  const run = async (paths: readonly string[], ...more: string[]): Promise<Failure | undefined> => {
    if (paths.length === 0) return undefined;
    rmSync(report, { force: true });
    const reporter = ['--reporter', 'json', '--reporter-option', `output=${report}`];
    const outcome = await sandbox.runWith(env, mocha, '--bail', ...reporter, ...parameters, ...more, ...paths);
    if (outcome.isPassed) return undefined;
    const [first] = existsSync(report) ? (JSON.parse(readFileSync(report, 'utf8')) as Report).failures : [];
    if (first === undefined) return { reason: lastLines(outcome), again: () => run(paths, ...more) };
    const isHook = / hook(?: |$)/.test(first.fullTitle);
    const only = isHook ? [] : ['--fgrep', first.fullTitle];
    const reason = `${first.fullTitle}: ${first.err.message ?? ''}`.replace(/\s+/g, ' ').slice(0, reasonLength);
    return { reason, again: () => run([first.file], ...only) };
  };
  return { name, build, run: () => run(files) };
}

const lastLines = ({ output }: Outcome): string =>
  output
    .trimEnd()
    .split('\n')
    .slice(-4)
    .map((line) => line.trim())
    .join(' ')
    .slice(0, reasonLength);
