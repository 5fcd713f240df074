/** A copy of the project in which a fault does no harm. */
import { execFileSync } from 'node:child_process';
import { cp, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { cacheRoot, projectRoot } from '../harness/paths.ts';
import { exitOf, spawnGroup, stopTree } from '../harness/processes.ts';

/** A fault may let a test wait for ever. */
const stageLimitMs = 1_200_000;
/** What is installed once and only read. */
const shared = ['code-server-4.139.1', 'code-server-4.110.0', 'chromium'];

export interface Outcome {
  isPassed: boolean;
  output: string;
}

export class Sandbox {
  readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  static async create(index: number): Promise<Sandbox> {
    const sandbox = new Sandbox(join(cacheRoot, `mutation-${index}`));
    const { root } = sandbox;
    await rm(root, { recursive: true, force: true });
    const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
      cwd: projectRoot,
      encoding: 'utf8',
    });
    for (const file of files.trimEnd().split('\n')) {
      await mkdir(dirname(join(root, file)), { recursive: true });
      await cp(join(projectRoot, file), join(root, file));
    }
    await mkdir(join(root, '.vscode-test'));
    await symlink(join(projectRoot, 'node_modules'), join(root, 'node_modules'));
    for (const name of shared) await symlink(join(cacheRoot, name), join(root, '.vscode-test', name));
    return sandbox;
  }

  write(file: string, source: string): Promise<void> {
    return writeFile(join(this.root, file), source);
  }

  remove(): Promise<void> {
    return rm(this.root, { recursive: true, force: true });
  }

  /** Runs a script of the copy with Node. */
  run(script: string, ...parameters: string[]): Promise<Outcome> {
    return this.runWith({}, script, ...parameters);
  }

  async runWith(env: NodeJS.ProcessEnv, script: string, ...parameters: string[]): Promise<Outcome> {
    const child = spawnGroup(process.execPath, [join(this.root, script), ...parameters], {
      cwd: this.root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const take = (chunk: Buffer): void => {
      output += chunk.toString('utf8');
    };
    child.stdout?.on('data', take);
    child.stderr?.on('data', take);
    const timer = setTimeout(() => void stopTree(child), stageLimitMs);
    const code = await exitOf(child);
    clearTimeout(timer);
    return { isPassed: code === 0, output };
  }
}
