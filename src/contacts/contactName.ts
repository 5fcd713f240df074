import type { Contact } from '../api/decode/contact.ts';

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

/** The whole number, where the code of its country is kept apart. */
export function contactPhone({ area_code: area, phone_number: phone }: Contact): string | undefined {
  const code = area?.replace(/\D/g, '') ?? '';
  const isWhole = phone === undefined || code === '' || /^(?:\+|00)/.test(phone);
  return isWhole ? phone : `+${code}${phone.replace(/^0/, '')}`;
}
