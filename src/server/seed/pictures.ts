/** Pictures drawn here, point by point, so that a sample workspace loads nothing from anywhere. */
import { PNG } from 'pngjs';
import type { Random } from './random.ts';

type Color = readonly [red: number, green: number, blue: number];

/** A person's outline on a plain color, 96 pixels a side. */
export function drawAvatar(random: Random): Uint8Array {
  const hue = random.between(0, 359);
  const background = colorOf(hue, 0.45, 0.62);
  const clothes = colorOf(hue + random.between(120, 240), 0.4, 0.42);
  const skin = colorOf(random.between(18, 32), 0.5, random.between(45, 82) / 100);
  const hair = colorOf(random.between(10, 40), 0.35, random.between(12, 45) / 100);
  const hairLine = random.between(26, 38) / 100;
  return draw(96, 96, (x, y) => {
    const inHead = inEllipse(x, y, 0.5, 0.42, 0.18, 0.22);
    if (inHead && y > hairLine) return skin;
    if (inEllipse(x, y, 0.5, 0.38, 0.22, 0.23) && y < 0.46) return hair;
    if (x > 0.43 && x < 0.57 && y > 0.5 && y < 0.7) return skin;
    return inEllipse(x, y, 0.5, 1.02, 0.36, 0.36) ? clothes : background;
  });
}

/** Something that looks like a photo of a bar chart on a slide. */
export function drawChart(random: Random): Uint8Array {
  const heights = Array.from({ length: 8 }, () => random.between(20, 85) / 100);
  const paper: Color = [250, 250, 248];
  const bars = colorOf(random.between(190, 260), 0.55, 0.5);
  return draw(480, 300, (x, y) => {
    const column = Math.floor(x * heights.length);
    const within = x * heights.length - column;
    const isBar = within > 0.2 && within < 0.8 && 1 - y > 0.08 && 1 - y < (heights[column] ?? 0);
    return isBar ? bars : paper;
  });
}

function draw(width: number, height: number, colorAt: (x: number, y: number) => Color): Uint8Array {
  const png = new PNG({ width, height });
  // Four points of each pixel, so that edges are smooth.
  const points = [0.25, 0.75];
  for (let row = 0, at = 0; row < height; row++) {
    for (let column = 0; column < width; column++, at += 4) {
      let [red, green, blue] = [0, 0, 0];
      for (const dy of points) {
        for (const dx of points) {
          const color = colorAt((column + dx) / width, (row + dy) / height);
          red += color[0];
          green += color[1];
          blue += color[2];
        }
      }
      png.data[at] = red / 4;
      png.data[at + 1] = green / 4;
      png.data[at + 2] = blue / 4;
      png.data[at + 3] = 255;
    }
  }
  // Areas of one color are small without a filter; to try all of them for every line takes most of the time.
  return new Uint8Array(PNG.sync.write(png, { filterType: 0, deflateStrategy: 0, deflateLevel: 6 }));
}

const inEllipse = (x: number, y: number, cx: number, cy: number, rx: number, ry: number): boolean =>
  ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 < 1;

function colorOf(hue: number, saturation: number, lightness: number): Color {
  const reach = saturation * Math.min(lightness, 1 - lightness);
  const channel = (offset: number): number => {
    const k = (offset + hue / 30) % 12;
    return Math.round(255 * (lightness - reach * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}
