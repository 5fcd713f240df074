import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { runTests } from '@vscode/test-electron';
import { buildHostTests } from './buildHostTests.ts';
import { cacheRoot, projectRoot } from './paths.ts';
import { vscodeHost, type VSCodeVersion } from './vscodeHosts.ts';

/**
 * Runs `test/host` in the extension host of a VS Code: of `version` from the npm registry, or, with
 * `VSCODE_TEST=desktop`, of a desktop one that is downloaded.
 * @param grep a part of the title of those to run; all without it.
 */
export async function runHostTests(
  version: VSCodeVersion,
  grep: string | undefined,
  onOutput: (text: string) => void,
): Promise<void> {
  const entry = await buildHostTests();
  const home = join(cacheRoot, `host-${version}`);
  await rm(home, { recursive: true, force: true });
  const workspace = join(home, 'workspace');
  await mkdir(workspace, { recursive: true });
  const isDesktop = process.env['VSCODE_TEST'] === 'desktop';
  if (!isDesktop) await vscodeHost(version);
  await runTests({
    ...(isDesktop
      ? { version: `${version}.0` }
      : { vscodeExecutablePath: fileURLToPath(new URL('vscodeStandIn.ts', import.meta.url)) }),
    extensionDevelopmentPath: projectRoot.replace(/[\\/]$/, ''),
    extensionTestsPath: entry,
    launchArgs: [workspace, `--user-data-dir=${join(home, 'data')}`, `--extensions-dir=${join(home, 'extensions')}`],
    extensionTestsEnv: {
      VSCODE_TEST_VERSION: version,
      HOST_TEST_HOME: home,
      ...(grep === undefined ? {} : { TESTS_GREP: grep }),
    },
    stdout: outputTo(onOutput),
    stderr: outputTo(onOutput),
  });
}

function outputTo(onOutput: (text: string) => void): NodeJS.WritableStream {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      onOutput(chunk.toString('utf8'));
      done();
    },
  });
}

if (import.meta.main) await runHostTests('1.139', undefined, (text) => process.stdout.write(text));
