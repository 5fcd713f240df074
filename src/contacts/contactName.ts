import type { Contact } from '../api/decode/contact.ts';

/** What to call a contact: its name, else whatever tells it from others. */
export const contactName = (contact: Contact): string =>
  contact.display_name ??
  ([contact.first_name, contact.last_name].filter(Boolean).join(' ') ||
    (contact.email ?? contact.phone_number ?? contact.id));
