const reservedOnWindows = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;
const maxLength = 120;

/** What a file is saved as: by its name, with the ending that says what it is, where its name has none. */
export function savedFileName({ name, extension = '' }: { name: string; extension?: string | undefined }): string {
  const isPlain = /^[a-z0-9]{1,10}$/.test(extension);
  // `Offer 1.2` has no ending.
  const hasEnding = /\.[a-z][a-z0-9]{0,9}$/i.test(name);
  return safeFileName(isPlain && !hasEnding ? `${safeFileName(name)}.${extension}` : name);
}

/** A file's remote name as one plain name on any system: no folder, no hidden or reordering characters. */
export function safeFileName(remoteName: string): string {
  const name = remoteName
    .normalize('NFC')
    .replace(/^.*[\\/]/s, '')
    // oxlint-disable-next-line no-control-regex -- these are what is to be removed
    .replace(/[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, '')
    .replace(/[<>:"|?*]/g, '_')
    .replace(/^[.\s]+|[.\s]+$/g, '');
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 ? name.slice(dot).slice(0, 20) : '';
  const stem = (dot > 0 ? name.slice(0, dot) : name).slice(0, maxLength - extension.length);
  const whole = `${stem}${extension}`;
  if (whole === '') return 'file';
  return reservedOnWindows.test(whole) ? `_${whole}` : whole;
}
