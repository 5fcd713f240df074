import { parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** Whether `text` may be a number: with a country code one of its length, without one any of 3 to 15 digits. */
export function isPhone(text: string): boolean {
  if (!/^\+?[\d\s().\-/]+$/.test(text)) return false;
  if (text.startsWith('+')) return parsePhoneNumberFromString(text)?.isPossible() === true;
  const digits = text.replace(/\D/g, '').length;
  return digits >= 3 && digits <= 15;
}
