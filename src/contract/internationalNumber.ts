/** The digits of a number behind a plus sign or two zeros. After a country code, the zero in "(0)20" is not dialled. */
export const internationalDigits = (text: string): string =>
  text
    .replace(/\(0+\)/, '')
    .replace(/\D/g, '')
    .replace(/^0+/, '');

/** What stands between the digits of a number that somebody wrote. */
const written = /^\(?\+[\d\s().\-/]+$/;
const minDigits = 7;
const maxDigits = 15;

/**
 * A number that names its country by a plus sign, in the one form in which all of them are kept and shown,
 * `+842855550199` (ITU-T E.164); `undefined` for any other text.
 */
export function internationalNumber(text: string): string | undefined {
  const plain = text
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{Pd}]/gu, '')
    .trim();
  if (!written.test(plain)) return undefined;
  const digits = internationalDigits(plain);
  return digits.length >= minDigits && digits.length <= maxDigits ? `+${digits}` : undefined;
}

/** A number as it is kept: in that form, or as it was written. */
export const normalizePhone = (text: string): string => internationalNumber(text) ?? text;
