import type { Contact } from '../api/decode/contact.ts';
import { internationalNumber } from '../contract/internationalNumber.ts';

/** What to call a contact: its name, else whatever tells it from others. */
export const contactName = (contact: Contact): string =>
  contact.display_name ??
  ([contact.first_name, contact.last_name].filter(Boolean).join(' ') ||
    (contact.email ?? contactPhone(contact) ?? contact.id));

/** What the platform calls a visitor of whom it knows nothing: a country or UNK, letters and digits (contract, section 6). */
const visitorName = /^[A-Z]{2,3}#[A-Z]{1,3}\d+$/;

/** Whether nobody knows who it is: no name that a person has given, no e-mail, no phone. */
export const isAnonymous = ({ display_name, first_name, last_name, email, phone_number }: Contact): boolean =>
  [first_name, last_name, email, phone_number].every((field) => field === undefined) &&
  (display_name === undefined || visitorName.test(display_name));

/** Where a contact is, as far as it is known: a place, else the city of the time zone. */
export const placeOf = ({ location, time_zone: zone }: Contact): string | undefined =>
  location ?? (zone?.includes('/') === true ? zone.slice(zone.lastIndexOf('/') + 1).replaceAll('_', ' ') : undefined);

/** The country codes of the world, as far as their first digits tell (ITU-T E.164). */
const countryCode =
  /^(?:1|7|20|27|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|2[1-69]\d|35\d|37\d|38\d|42\d|50\d|59\d|6[7-9]\d|80\d|8[578]\d|9[679]\d)$/;
/** Shorter numbers may be local to the area whose code is stored beside them. */
const minNationalDigits = 8;
const maxDigits = 15;
/** In these countries the zero is a part of the number. */
const keepsZero: ReadonlySet<string> = new Set(['39', '378', '379']);

/**
 * The number in international form (E.164), even if its country code is stored separately; unchanged if that code may
 * be something else, such as an area code.
 */
export function contactPhone({ area_code: area = '', phone_number: phone }: Contact): string | undefined {
  if (phone === undefined) return undefined;
  const international = internationalNumber(phone);
  if (international !== undefined) return international;
  const code = area.replace(/\D/g, '').replace(/^00/, '');
  if (/^\s*\(?(?:\+|00)/.test(phone) || !countryCode.test(code)) return phone;
  const digits = phone.replace('(0)', '').replace(/\D/g, '');
  if (digits.startsWith(code) && digits.length >= code.length + minNationalDigits) return `+${digits}`;
  const national = keepsZero.has(code) ? digits : digits.replace(/^0+/, '');
  const isWhole = national.length >= minNationalDigits && code.length + national.length <= maxDigits;
  return isWhole ? `+${code}${national}` : phone;
}
