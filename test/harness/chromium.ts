import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser } from 'playwright-core';
import { cacheRoot } from './paths.ts';

const installed = [
  process.env['CHROMIUM_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const quietArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * A Chromium to drive: an installed one, or on Linux the one that an npm package carries.
 * @param more arguments beside those that keep it quiet.
 */
export async function launchChromium(...more: string[]): Promise<Browser> {
  const launch = (executablePath: string, env: NodeJS.ProcessEnv = process.env): Promise<Browser> =>
    chromium.launch({ executablePath, args: [...quietArguments, ...more], env });
  const found = installed.find((path) => path !== undefined && path !== '' && existsSync(path));
  if (found !== undefined) return launch(found);
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('No Chromium was found. Install Chrome or Chromium, or name one in CHROMIUM_PATH.');
  }
  const { executable, libraries, fonts } = await unpackChromium();
  try {
    return await launch(executable);
  } catch {
    // A bare machine lacks the system libraries; the package carries those too.
    return launch(executable, { ...process.env, LD_LIBRARY_PATH: libraries, FONTCONFIG_PATH: fonts });
  }
}

/** What `@sparticuz/chromium` carries, unpacked into a folder of the project's own. */
async function unpackChromium(): Promise<{ executable: string; libraries: string; fonts: string }> {
  const home = join(cacheRoot, 'chromium');
  if (!existsSync(home)) {
    await mkdir(cacheRoot, { recursive: true });
    const part = await mkdtemp(`${home}-`);
    await unpackInto(part);
    // Whole or not at all: of several processes that do this at once, one is first.
    await rename(part, home).catch(() => rm(part, { recursive: true, force: true }));
  }
  return { executable: join(home, 'chromium'), libraries: join(home, 'al2023', 'lib'), fonts: join(home, 'fonts') };
}

async function unpackInto(folder: string): Promise<void> {
  const before = process.env['TMPDIR'];
  // The package unpacks into the folder for temporary files.
  process.env['TMPDIR'] = folder;
  try {
    const { default: packed, inflate } = await import('@sparticuz/chromium');
    await packed.executablePath();
    await inflate(fileURLToPath(new URL('../bin/al2023.tar.br', import.meta.resolve('@sparticuz/chromium'))));
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
}
