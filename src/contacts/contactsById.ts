import { isApiError } from '../api/apiError.ts';
import type { ContactService } from '../api/contactService.ts';
import type { CallOptions } from '../api/jsonCalls.ts';
import type { Contact } from '../api/decode/contact.ts';
import type { ContactsModel } from './contactsModel.ts';

/** The contacts of some ids: those that the list has, and the others from the server, as far as it gives them now. */
export async function contactsById(
  ids: readonly string[],
  model: ContactsModel,
  service: ContactService,
  call: CallOptions,
): Promise<{ contacts: Contact[]; goneIds: string[] }> {
  const goneIds: string[] = [];
  const contacts = await Promise.all(
    ids.map(async (id) => {
      try {
        return model.find(id) ?? (await service.get(id, { ...call, mayBeKept: true }));
      } catch (error) {
        if (isApiError(error) && error.kind === 'notFound') goneIds.push(id);
        return undefined;
      }
    }),
  );
  return { contacts: contacts.filter((contact) => contact !== undefined), goneIds };
}
