import { PNG } from 'pngjs';

/** A valid PNG of one color. */
export const png = (width = 8, height = 8): Uint8Array => new Uint8Array(PNG.sync.write(new PNG({ width, height })));

/** The smallest GIF that is one. */
export const gif = Uint8Array.from(Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64'));

export const jpeg = Uint8Array.from(
  Buffer.from(
    '/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA=',
    'base64',
  ),
);

export const webp = Uint8Array.from(
  Buffer.from('UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAwA0JaQAA3AA/vuUAAA=', 'base64'),
);

export const svg = new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>');

/** A PNG whose header claims `side` pixels each way. */
export function claimedSize(side: number): Uint8Array {
  const bytes = png();
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  view.setUint32(16, side);
  view.setUint32(20, side);
  return bytes;
}
