/** Fewer digits are an extension or a short code, which many people have. */
const minComparedDigits = 6;
const maxCountryDigits = 3;

interface PhoneDigits {
  /** Without trunk zeros, and without what dials abroad. */
  digits: string;
  hasCountry: boolean;
}

/** A number with the country code that is kept beside it, unless it has one of its own. */
export function wholePhone(areaCode: string | undefined, phone: string | undefined): string {
  const { digits, hasCountry } = digitsIn(phone ?? '');
  return !areaCode || digits === '' || hasCountry ? (phone ?? '') : `+${digitsIn(areaCode).digits}${digits}`;
}

/**
 * Whether two numbers are one phone's, however they are written: both with a country code, digit for digit; else as
 * far as the one goes that may be without.
 */
export function isSamePhone(one: string, other: string): boolean {
  const [shorter, longer] = [digitsIn(one), digitsIn(other)].sort((a, b) => a.digits.length - b.digits.length);
  if (shorter === undefined || longer === undefined || shorter.digits.length < minComparedDigits) return false;
  if (shorter.digits === longer.digits) return true;
  const isCountry = longer.digits.length - shorter.digits.length <= maxCountryDigits;
  return !shorter.hasCountry && isCountry && longer.digits.endsWith(shorter.digits);
}

function digitsIn(phone: string): PhoneDigits {
  const text = phone.normalize('NFKC').replace(/[^\d+()]/g, '');
  const hasCountry = /^\(?(?:\+|00)/.test(text);
  // After a country code, the zero in "(0)20" is not dialled.
  const dialled = hasCountry ? text.replace(/\((0+)\)/, '').replace(/\(0+(\d+)\)/, '$1') : text;
  return { digits: dialled.replace(/\D/g, '').replace(/^0+/, ''), hasCountry };
}
