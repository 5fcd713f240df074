import { getCountryCallingCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** Whether `text` may be a number: with a country code one of its length, without one any of 3 to 15 digits. */
export function isPhone(text: string): boolean {
  if (!/^\+?[\d\s().\-/]+$/.test(text)) return false;
  if (text.startsWith('+')) return parsePhoneNumberFromString(text)?.isPossible() === true;
  const digits = text.replace(/\D/g, '').length;
  return digits >= 3 && digits <= 15;
}

/**
 * A number as it is dialled within a country, with that country's code (ITU-T E.164); as it is where it can be none of
 * its numbers, such as an extension.
 * @param country by its two letters (ISO 3166-1).
 */
export function internationalFrom(country: string, text: string): string {
  if (!isSupportedCountry(country)) return text;
  const parsed = parsePhoneNumberFromString(text, country);
  // Several countries may share a code, such as the United States and Canada.
  const isOfCountry = parsed?.isValid() === true && parsed.countryCallingCode === getCountryCallingCode(country);
  return isOfCountry ? parsed.number : text;
}

/** What is dialled of an international number within its country, in digits; `undefined` for what is none. */
export const nationalNumber = (text: string): string | undefined =>
  parsePhoneNumberFromString(text.trim().replace(/^00/, '+'))?.nationalNumber;
