/** Most characters shown in each kind of place. */
export const textLimits = { label: 200, description: 120, tooltip: 2000, message: 300, document: 20_000 } as const;

/** Characters that reorder or hide others, with the signs that show them. */
const hiddenCharacters = /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

let isHidden = false;
const listeners = new Set<() => void>();

/** Whether texts of people are dots, for a screen that others see. */
export const isPersonalDataHidden = (): boolean => isHidden;

export function hidePersonalData(hide: boolean): void {
  if (hide === isHidden) return;
  isHidden = hide;
  for (const listener of listeners) listener();
}

/** Whoever shows texts of people draws them anew then. */
export function onDidHidePersonalData(listener: () => void): { dispose(): void } {
  listeners.add(listener);
  return { dispose: () => listeners.delete(listener) };
}

const dotted = (text: string): string =>
  isHidden ? text.replace(/\p{M}+/gu, '').replace(/[\p{L}\p{N}]/gu, '•') : text;

/**
 * Remote text as VS Code's own parts may show it: on one line, no control characters, no icon or link syntax, with
 * characters that reorder or hide text made visible, and clipped. Dots while personal data is hidden.
 */
export const displayText = (text: string, limit: keyof typeof textLimits): string => dotted(displayTerm(text, limit));

/** As `displayText`, of what says nothing of anybody: a label, a channel, an organization, a file that is read in. */
export function displayTerm(text: string, limit: keyof typeof textLimits): string {
  const shown = withHiddenShown(text)
    // oxlint-disable-next-line no-control-regex -- these are what is to be removed
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .replace(/\$\(/g, '$ (')
    // VS Code makes links of these in its messages, of commands too.
    .replace(/\]\(/g, '] (')
    .trim();
  return clip(shown, textLimits[limit]);
}

/**
 * Several remote texts beside each other, each kept from reordering its neighbors: after a name that is written from
 * right to left, the sign of a phone number would stand behind its digits.
 */
export const displayParts = (
  parts: readonly (string | undefined)[],
  separator: string,
  limit: keyof typeof textLimits,
): string =>
  parts
    .map((part) => displayText(part ?? '', limit))
    .filter((part) => part !== '')
    .map((part) => `\u2068${part}\u2069`)
    .join(separator);

/** As `displayText`, with its lines kept. @param shown how each is shown. */
export const displayLines = (text: string, limit: keyof typeof textLimits, shown = displayText): string =>
  clip(
    text
      .split('\n')
      .map((line) => shown(line, limit))
      .join('\n'),
    textLimits[limit],
  );

/** Remote text for a page that takes it for nothing but text: with its lines and spaces, and clipped. */
export const visibleText = (text: string, length: number): string =>
  clip(
    dotted(withHiddenShown(text))
      .replace(/\r\n?|[\u2028\u2029]/g, '\n')
      // oxlint-disable-next-line no-control-regex -- these are what is to be removed
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]+/g, ' '),
    length,
  );

const withHiddenShown = (text: string): string =>
  text
    .normalize('NFC')
    .replace(hiddenCharacters, (character) => `⟨${character.codePointAt(0)?.toString(16).toUpperCase()}⟩`);

const clip = (text: string, length: number): string => {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
};
