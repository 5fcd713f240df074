import type { CallOptions, ContactService } from '../api/contactService.ts';
import type { Contact } from '../api/decode/contact.ts';
import { isSamePhone } from '../contract/phone.ts';

/**
 * Those who may have a number, best match first; a search gives similar ones too, which are left out. A server that
 * keeps the code of the country apart, and finds whole words only, is asked for what is dialled within the country
 * (contract, section 6).
 * @throws ApiError
 */
export async function contactsByPhone(
  service: ContactService,
  phone: string,
  { limit, ...call }: CallOptions & { limit: number },
): Promise<readonly Contact[]> {
  const search = async (q: string): Promise<readonly Contact[]> => {
    const { items } = await service.search({ q, limit, ...call });
    return items.filter((contact) => isSamePhone(contact, { phone_number: phone }));
  };
  const found = await search(phone);
  if (found.length > 0 || !/^\s*\(?(?:\+|00)/.test(phone)) return found;
  // The rules of all countries are large.
  const { nationalNumber } = await import('./phone.ts');
  const national = nationalNumber(phone);
  return national === undefined ? [] : search(national);
}
