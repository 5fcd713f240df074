import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Workbench } from '../browser/workbench.ts';
import { launchChromium } from '../harness/chromium.ts';
import { startCodeServer } from '../harness/codeServer.ts';
import { extensionId } from '../harness/manifest.ts';
import { poll } from '../harness/processes.ts';
import { spreadOf, type BenchRow } from './statistics.ts';

const windows = 21;
const maxActivationMs = 10;

type Marks = [id: string, load: number, activate: number][];

/**
 * Activation beside VS Code's built-in `git` and `npm` in the same extension host: the time from `willLoadExtensionCode`
 * to `didLoadExtensionCode` and from `willActivateExtension` to `didActivateExtension`, by VS Code's own marks. What
 * its list of running extensions shows counts the loading of extensions that start in the same moment as well.
 */
export async function benchActivation(): Promise<BenchRow[]> {
  const home = mkdtempSync(join(tmpdir(), 'contact-lookup-bench-'));
  const workspace = join(home, 'workspace');
  mkdirSync(workspace);
  // What wakes the npm extension.
  writeFileSync(join(workspace, 'package.json'), '{ "name": "bench", "scripts": { "a": "true" } }');
  const server = await startCodeServer({
    home,
    workspace,
    helpers: [fileURLToPath(new URL('probe', import.meta.url))],
  });
  const file = join(server.userData, 'User', 'globalStorage', 'contact-lookup.probe', 'marks.jsonl');
  const marks = (): Marks[] =>
    existsSync(file)
      ? readFileSync(file, 'utf8')
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as Marks)
      : [];
  const browser = await launchChromium();
  try {
    // The first window starts with cold caches; it is not counted.
    for (let window = 0; window <= windows; window++) {
      const workbench = await Workbench.open(browser, server.url);
      await poll('the marks of VS Code', 60_000, () => marks().length > window);
      await workbench.close();
    }
    const counted = marks().slice(1);
    const times = (id: string, of: (load: number, activate: number) => number): number[] =>
      counted.flatMap((window) =>
        window.filter(([name]) => name === id).map(([, load, activate]) => of(load, activate)),
      );
    const whole = (id: string) => spreadOf(times(id, (load, activate) => load + activate));
    const ours = whole(extensionId);
    const git = whole('vscode.git');
    const npm = whole('vscode.npm');
    const holds = ours.median <= maxActivationMs && [git, npm].every(({ median }) => ours.median < median);
    const bound = { text: `at most ${maxActivationMs} ms and below git and npm`, holds };
    return [
      { name: 'activation: Contact Lookup', unit: 'ms', spread: ours, bound },
      {
        name: 'activation: of that, loading code',
        unit: 'ms',
        spread: spreadOf(times(extensionId, (load) => load)),
      },
      { name: 'activation: built-in git', unit: 'ms', spread: git },
      { name: 'activation: built-in npm', unit: 'ms', spread: npm },
    ];
  } finally {
    await browser.close();
    await server.stop();
    rmSync(home, { recursive: true, force: true });
  }
}
