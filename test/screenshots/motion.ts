import { writeFileSync } from 'node:fs';
import gifenc from 'gifenc';
import { PNG } from 'pngjs';
import type { Browser } from 'playwright-core';
import { Workbench } from '../browser/workbench.ts';
import type { CodeServer } from '../harness/codeServer.ts';
import { poll } from '../harness/processes.ts';

// CommonJS, whose names an import of single ones does not see.
const { GIFEncoder, quantize } = gifenc;

const size = { width: 960, height: 600 };
/** Milliseconds. */
const [aKey, aLook, aRead] = [110, 900, 2_200];
const maxColors = 255;
const exactColors = 160;

interface Frame {
  pixels: Uint8Array;
  delay: number;
}

/** The moving picture of the README: who an address in a log is, and a search that ends with somebody's panel. */
export async function movingPicture(browser: Browser, server: CodeServer, path: string): Promise<void> {
  const workbench = await Workbench.open(browser, server.url, size);
  const { page } = workbench;
  const frames: Frame[] = [];
  const take = async (delay: number): Promise<void> => {
    frames.push({ pixels: PNG.sync.read(await page.screenshot({ animations: 'disabled' })).data, delay });
  };
  await workbench.rows('Contacts').first().waitFor();
  const faces = workbench.view('Contacts').locator('[style*="data:image/png"]');
  await poll('the pictures in the tree', 20_000, async () => (await faces.count()) > 3);
  await workbench.runCommand('View: Close All Editors');
  await workbench.runCommand('Contacts: Open an Example Log');
  await page.locator('.editor-instance .detected-link').first().waitFor();
  await workbench.runCommand('Notifications: Clear All Notifications');
  await take(aLook);
  await workbench.hoverOnMention((hover) => hover.getByText('Open'));
  await take(aRead);
  await page.mouse.move(0, 0);
  await page.keyboard.press('Escape');
  await page.locator('.monaco-hover:visible').first().waitFor({ state: 'hidden' });
  await take(aLook / 2);
  await workbench.searchFor('');
  await workbench.quickInput.getByPlaceholder('Name, e-mail').waitFor();
  await take(aLook);
  for (const letter of 'thuy linh') {
    await page.keyboard.press(letter === ' ' ? 'Space' : letter);
    await take(aKey);
  }
  await workbench.pick('Thùy Linh').first().waitFor();
  await take(aRead);
  await page.keyboard.press('Enter');
  const opened = page.locator('.tabs-container .tab.active').filter({ hasText: 'Thùy Linh' });
  await opened.waitFor();
  const panel = await workbench.contactPage((await opened.innerText()).trim());
  await panel.locator('.details').waitFor();
  await take(aRead * 1.5);
  await workbench.close();
  writeFileSync(path, encoded(frames));
}

/**
 * All frames have the same colors, so that what stays looks the same; of each after the first there is only what differs.
 */
function encoded(frames: readonly Frame[]): Uint8Array {
  const { width, height } = size;
  const palette = paletteOf(frames);
  const indexOf = nearestIn(palette);
  const gif = GIFEncoder();
  let before: Uint8Array | undefined;
  for (const { pixels, delay } of frames) {
    const indexes = new Uint8Array(width * height);
    for (const at of indexes.keys()) {
      const color = colorAt(pixels, at);
      const isSame = before !== undefined && colorAt(before, at) === color;
      indexes[at] = isSame ? palette.length : indexOf(color);
    }
    gif.writeFrame(indexes, width, height, {
      // One more for what shows the frame before.
      palette: [...palette, [0, 0, 0]],
      delay,
      dispose: 1,
      ...(before === undefined ? {} : { transparent: true, transparentIndex: palette.length }),
    });
    before = pixels;
  }
  gif.finish();
  return gif.bytes();
}

/** As 0xRRGGBB. */
const colorAt = (pixels: Uint8Array, at: number): number =>
  ((pixels[at * 4] ?? 0) << 16) | ((pixels[at * 4 + 1] ?? 0) << 8) | (pixels[at * 4 + 2] ?? 0);

const channels = (color: number): [number, number, number] => [color >> 16, (color >> 8) & 255, color & 255];

/** The colors that a window is made of, exactly; those of letters' edges and of faces, about. */
function paletteOf(frames: readonly Frame[]): number[][] {
  const counts = new Map<number, number>();
  for (const { pixels } of frames) {
    for (let at = 0; at < pixels.length / 4; at++) {
      const color = colorAt(pixels, at);
      counts.set(color, (counts.get(color) ?? 0) + 1);
    }
  }
  const byCount = [...counts].sort(([, one], [, other]) => other - one).map(([color]) => color);
  const exact = byCount.slice(0, exactColors).map(channels);
  const others = byCount.slice(exactColors).flatMap((color) => [...channels(color), 255]);
  return [...exact, ...quantize(Uint8Array.from(others), maxColors - exactColors)];
}

function nearestIn(palette: readonly (readonly number[])[]): (color: number) => number {
  const known = new Map<number, number>();
  const distance = (color: number, [r = 0, g = 0, b = 0]: readonly number[]): number => {
    const [red, green, blue] = channels(color);
    return (red - r) ** 2 + (green - g) ** 2 + (blue - b) ** 2;
  };
  return (color) => {
    let nearest = known.get(color);
    if (nearest === undefined) {
      const distances = palette.map((entry) => distance(color, entry));
      nearest = distances.indexOf(Math.min(...distances));
      known.set(color, nearest);
    }
    return nearest;
  };
}
