import { isApiError } from '../api/apiError.ts';
import type { CallOptions, ContactService } from '../api/contactService.ts';
import type { Contact } from '../api/decode/contact.ts';
import { contactsByPhone } from '../contacts/contactsByPhone.ts';
import type { Mention } from './mentions.ts';

const limit = 10;

/** The one contact that a mention means; `undefined` for nobody, and where it may be one of several. */
export async function findUniqueContact(
  service: ContactService,
  mention: Mention,
  signal?: AbortSignal,
): Promise<Contact | undefined> {
  const contacts = await contactsOf(service, mention, { signal });
  return contacts.length === 1 ? contacts[0] : undefined;
}

/** Whom a mention may mean, best match first; a search gives similar ones too, which are left out. */
export async function contactsOf(
  service: ContactService,
  { kind, text }: Mention,
  call: CallOptions,
): Promise<readonly Contact[]> {
  if (kind === 'id') {
    try {
      return [await service.get(text, { ...call, mayBeKept: true })];
    } catch (error) {
      if (isApiError(error) && error.kind === 'notFound') return [];
      throw error;
    }
  }
  if (kind === 'phone') return contactsByPhone(service, text, { limit, ...call });
  const { items } = await service.search({ q: text, limit, ...call });
  return items.filter(({ email }) => email?.toLowerCase() === text.toLowerCase());
}
