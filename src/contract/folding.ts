/** Letters that no Unicode decomposition takes apart, and what people type for them. */
const plainLetters: Record<string, string> = {
  đ: 'd',
  ð: 'd',
  ø: 'o',
  ł: 'l',
  ı: 'i',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  þ: 'th',
};

/**
 * `text` as search compares it: no case, no accents, no width variants, nothing invisible, one kind of dash and of
 * apostrophe, NUL as a space.
 */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .replace(/\p{Pd}/gu, '-')
    .replace(/[‘’ʼ′]/g, "'")
    .toLowerCase()
    .replaceAll('ς', 'σ')
    .replace(/[đðøłıßæœþ]/g, (letter) => plainLetters[letter] ?? letter)
    .replaceAll('\0', ' ')
    .normalize('NFC');
}

/** The ASCII digits of a text, full-width ones normalized. */
export const digitsOf = (text: string): string => text.normalize('NFKC').replace(/\D/g, '');
