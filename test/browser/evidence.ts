/** After a test that failed: what the windows showed, and what the extension's log says. */
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheRoot } from '../harness/paths.ts';
import { openDesks, type Desk } from './support.ts';

const target = join(cacheRoot, 'failures');
const logLines = 40;

export const mochaHooks: Mocha.RootHookObject = {
  /** What a test could not leave goes with its file: a window that stays slows down all that come after it. */
  async afterAll() {
    for (const desk of openDesks) await desk.leave();
  },
  async afterEach(this: Mocha.Context) {
    if (this.currentTest?.state === 'failed') await keepEvidence(this.currentTest.fullTitle());
  },
};

// A run that is stopped leaves no VS Code behind.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));

async function keepEvidence(title: string): Promise<void> {
  await mkdir(target, { recursive: true });
  const name = title.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 100);
  for (const desk of openDesks) {
    for (const [index, page] of desk.profile.pages().entries()) {
      const path = join(target, `${name}-${index}.png`);
      await page.screenshot({ path, timeout: 10_000 }).then(
        () => console.log(`    screenshot: ${path}`),
        (error: unknown) => console.log(`    no screenshot: ${String(error)}`),
      );
    }
    for (const log of await logsOf(desk)) console.log(log);
  }
}

/** The last lines of the extension's log in each window. */
async function logsOf({ server }: Desk): Promise<string[]> {
  const files = await readdir(server.userData, { recursive: true }).catch(() => []);
  return Promise.all(
    files
      .filter((file) => file.endsWith('Contact Lookup.log'))
      .map(async (file) => {
        const lines = (await readFile(join(server.userData, file), 'utf8')).trimEnd().split('\n');
        return [`    ${file}:`, ...lines.slice(-logLines)].join('\n      ');
      }),
  );
}
