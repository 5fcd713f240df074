import { parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** A number in international form, such as `+84 28 5555 0199`; `undefined` where that cannot be told. */
export function internationalPhone(text: string): string | undefined {
  const number = parsePhoneNumberFromString(text);
  return number?.isPossible() === true ? number.formatInternational() : undefined;
}

/** Whether `text` may be a number: with a country code one of its length, without one any of 3 to 15 digits. */
export function isPhone(text: string): boolean {
  if (!/^\+?[\d\s().\-/]+$/.test(text)) return false;
  if (text.startsWith('+')) return internationalPhone(text) !== undefined;
  const digits = text.replace(/\D/g, '').length;
  return digits >= 3 && digits <= 15;
}
