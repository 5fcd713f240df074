import { contactTextFields } from '../../contract/vocabulary.ts';
import { isObject } from '../../contract/json.ts';
import type { MirroredContact } from '../../contract/mirror.ts';
import type { Contact } from '../decode/contact.ts';

/** A contact as the mirror keeps it: what another server sent beyond the contract goes beside its parameters. */
export function toMirror(contact: Contact): MirroredContact {
  const { id, labels, additional_params: parameters, other } = contact;
  const texts = contactTextFields.map((field) => [field, contact[field] ?? ''] as const);
  const isPlain = Object.keys(parameters).length === 0 && Object.keys(other).length === 0;
  return {
    id,
    ...(Object.fromEntries(texts) as Record<(typeof contactTextFields)[number], string>),
    labels: [...labels],
    additional_params: isPlain ? {} : { parameters, other },
  };
}

/** The contact that `toMirror` was given, out of what the mirror's server answers. */
export function fromMirror(contact: Contact): Contact {
  const { parameters, other } = contact.additional_params;
  return {
    ...contact,
    additional_params: isObject(parameters) ? parameters : {},
    other: isObject(other) ? other : {},
  };
}
