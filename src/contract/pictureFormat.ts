/** The picture formats that may be uploaded, told by their first bytes and never by a name or a header. */

const formats = [
  { type: 'image/png', extension: 'png', starts: [[0, '\x89PNG\r\n\x1a\n']] },
  { type: 'image/jpeg', extension: 'jpg', starts: [[0, '\xff\xd8\xff']] },
  { type: 'image/gif', extension: 'gif', starts: [[0, 'GIF8']] },
  {
    type: 'image/webp',
    extension: 'webp',
    starts: [
      [0, 'RIFF'],
      [8, 'WEBP'],
    ],
  },
] as const;

export type PictureFormat = (typeof formats)[number];
export type PictureType = PictureFormat['type'];

/** As many of the first bytes as tell the format. */
export const pictureHeadBytes = 12;

/** What `bytes` begin with, or `undefined` for anything that is not PNG, JPEG, GIF or WebP. */
export function pictureFormatOf(bytes: Uint8Array): PictureFormat | undefined {
  return formats.find((format) =>
    format.starts.every(([offset, mark]) =>
      [...mark].every((character, index) => bytes[offset + index] === character.charCodeAt(0)),
    ),
  );
}
